// Read the fields of a source otherwise; all its clips go along and begin and end at the same moments.
import { exchange } from '../../electron/shared/document/edits/media.js'
import { mediaOf } from '../../electron/shared/document/cutList.js'
import { SourceReference } from '../../electron/shared/document/project.js'
import { Command } from './command.js'

export const reread = (id: SourceReference['id'], as: SourceReference): Command => ({
  label: 'reread',
  apply: (document, known) => exchange(id, mediaOf(as, known))(document),
})
