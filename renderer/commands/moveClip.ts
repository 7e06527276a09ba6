// Move a clip to a place in the playing order (0 = first).
import { reorder } from '../../electron/shared/document/edits/move.js'
import { ClipId } from '../../electron/shared/document/project.js'
import { Command } from './command.js'

export const moveClip = (id: ClipId, index: number): Command => ({
  label: 'moveClip',
  apply: reorder(id, index, id),
})
