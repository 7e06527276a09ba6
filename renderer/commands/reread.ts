// Read the fields of a source otherwise; all its clips go along.
import { SourceReference } from '../../electron/shared/document/project.js'
import * as timeline from '../../electron/shared/document/timeline.js'
import { Command } from './command.js'

export const reread = (id: SourceReference['id'], as: SourceReference): Command => ({
  label: 'reread',
  apply: timeline.reread(id, as),
})
