// What undo and redo are called: by the edit that they take back or bring again. The window's menu and the desktop's say the same.
import { EditWords } from '../../electron/shared/contract/app.js'
import { Lookup } from '../../electron/shared/words/lookup.js'
import { useProject } from './project.js'

type Edits = Pick<ReturnType<typeof useProject.getState>, 'past' | 'future'>

export function editWords(t: Lookup, { past, future }: Edits): EditWords {
  const [done, undone] = [past.at(-1)?.label, future.at(-1)?.label]
  return {
    undo: done ? t('edit.undo', { what: t(`edit.${done}`) }) : null,
    redo: undone ? t('edit.redo', { what: t(`edit.${undone}`) }) : null,
  }
}
