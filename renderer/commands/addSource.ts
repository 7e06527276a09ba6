// Put a newly opened source at the end of the film.
import { ClipId, EnhanceSettings, SourceReference } from '../../electron/shared/document/project.js'
import * as timeline from '../../electron/shared/document/timeline.js'
import { Command } from './command.js'

export const addSource = (source: SourceReference, id: ClipId, enhance: EnhanceSettings): Command => ({
  label: 'addSource',
  apply: timeline.addSource(source, id, enhance),
})
