// What undo and redo are called: by the edit that they take back or bring again. The window's menu and the desktop's say the same.
import { EditWords } from '../../electron/shared/contract/app.js'
import { Lookup } from '../../electron/shared/words/lookup.js'
import { api, useHost } from './host.js'
import { notifyFailure } from './session.js'
import { useProject } from './project.js'
import { useWords } from './words.js'

type Edits = Pick<ReturnType<typeof useProject.getState>, 'past' | 'future'>

export function editWords(t: Lookup, { past, future }: Edits): EditWords {
  const [done, undone] = [past.at(-1)?.label, future.at(-1)?.label]
  return {
    undo: done ? t('edit.undo', { what: t(`edit.${done}`) }) : null,
    redo: undone ? t('edit.redo', { what: t(`edit.${undone}`) }) : null,
  }
}

/** Keeps the desktop's menu up to date. Answers a function that stops that. */
export function watchEdits(): () => void {
  if (useHost.getState().connection?.host !== 'electron') return () => undefined
  let told = ''
  const tell = (): void => {
    const words = editWords(useWords.getState().t, useProject.getState())
    if (JSON.stringify(words) === told) return
    told = JSON.stringify(words)
    api().app.editWords(words).catch(notifyFailure)
  }
  tell()
  const stops = [useWords.subscribe(tell), useProject.subscribe(tell)]
  return () => {
    for (const stop of stops) stop()
  }
}
