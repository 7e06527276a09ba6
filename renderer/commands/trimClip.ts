// Set where a clip starts or ends; kept inside its source and at least one frame long.
import { ClipId, Frame } from '../../electron/shared/document/project.js'
import * as timeline from '../../electron/shared/document/timeline.js'
import { Command } from './command.js'

export const trimClip = (id: ClipId, range: { from?: Frame; to?: Frame }): Command => ({
  label: 'trimClip',
  apply: timeline.trim(id, range),
})
