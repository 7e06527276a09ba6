// Cut a clip in two at a frame. At its first frame or outside it there is nothing to cut.
import { ClipId, Frame } from '../../electron/shared/document/project.js'
import * as timeline from '../../electron/shared/document/timeline.js'
import { Command } from './command.js'

export const splitClip = (id: ClipId, at: Frame, newId: ClipId): Command => ({
  label: 'splitClip',
  apply: timeline.split(id, at, newId),
})
