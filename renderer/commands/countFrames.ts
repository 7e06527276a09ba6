// A source has been read to its end: how many pictures it really has. Clips that used all of it use all of it still.
import { SourceReference } from '../../electron/shared/document/project.js'
import * as timeline from '../../electron/shared/document/timeline.js'
import { Command } from './command.js'

export const countFrames = (id: SourceReference['id'], frames: number): Command => ({
  label: 'reread',
  apply: timeline.countFrames(id, frames),
})
