// Take a clip out of the film; its file is never touched.
import { ClipId } from '../../electron/shared/document/project.js'
import * as timeline from '../../electron/shared/document/timeline.js'
import { Command } from './command.js'

export const removeClip = (id: ClipId): Command => ({ label: 'removeClip', apply: timeline.remove(id) })
