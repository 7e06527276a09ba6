// Change how a clip is enhanced.
import { ClipId, EnhanceSettings } from '../../electron/shared/document/project.js'
import * as timeline from '../../electron/shared/document/timeline.js'
import { Command } from './command.js'

export const setEnhance = (id: ClipId, change: Partial<EnhanceSettings>): Command => ({
  label: 'setEnhance',
  apply: timeline.setEnhance(id, change),
})
