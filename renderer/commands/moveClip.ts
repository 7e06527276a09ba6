// Move a clip to a place in the playing order (0 = first).
import { ClipId } from '../../electron/shared/document/project.js'
import * as timeline from '../../electron/shared/document/timeline.js'
import { Command } from './command.js'

export const moveClip = (id: ClipId, index: number): Command => ({
  label: 'moveClip',
  apply: timeline.move(id, index),
})
