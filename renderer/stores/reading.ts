// What waits for films to be read: how long a film is, and so what an export of it holds, is known only when all of it has been read.
import { SourceId } from '../../electron/shared/media/source.js'
import { useProject } from './project.js'
import { DialogName, openDialog, setSession, useSession } from './session.js'
import { useSources } from './sources.js'

/** Read to its end, or known not to be readable: either way there is nothing to wait for. */
const isRead = (id: SourceId): boolean => {
  const { tables, missing } = useSources.getState()
  return tables[id] !== undefined || missing[id] !== undefined
}

/** The same for a component. */
export function useFilmRead(): boolean {
  const { tables, missing } = useSources()
  return useProject((s) =>
    s.project.sources.every(({ id }) => tables[id] !== undefined || missing[id] !== undefined),
  )
}

const isFilmRead = (): boolean => useProject.getState().project.sources.every(({ id }) => isRead(id))

/** Opens a dialog about the film, now or as soon as all of it has been read. */
export function openWhenRead(dialog: DialogName): void {
  if (isFilmRead()) openDialog(dialog)
  else setSession({ awaited: dialog })
}

function goOn(): void {
  const { awaited, dialog } = useSession.getState()
  if (!awaited || dialog || !isFilmRead()) return
  setSession({ awaited: undefined })
  if (useProject.getState().project.clips.length > 0) openDialog(awaited)
}

/** Answers a function that stops watching. */
export function watchReading(): () => void {
  const stops = [useSources.subscribe(goOn), useProject.subscribe(goOn)]
  return () => stops.forEach((stop) => stop())
}
