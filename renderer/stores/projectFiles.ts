// New, open, save as: one project takes the place of another, whose edits are saved before. One after the other.
import { failing } from '../../electron/shared/contract/errors.js'
import { LoadedProject } from '../../electron/shared/contract/project.js'
import { emptyProject } from '../../electron/shared/document/document.js'
import { exportWishStart, wishExport } from './exportWish.js'
import { api, useHost } from './host.js'
import { leaveEnded } from './jobs.js'
import { useProject } from './project.js'
import { useProjectFile } from './projectFile.js'
import { beginNew, reloadSources, saveAs, saveNow, show } from './saving.js'
import { inform, notifyAbout, openDialog, sessionStart, setSession, settle, useSession } from './session.js'
import { useSources } from './sources.js'
import { useWords } from './words.js'

let switching: Promise<void> = Promise.resolve()

/** Nothing of the project before is in hand any more; what the window shows besides stays. */
function lookAnew(): void {
  const { playhead, isPlaying, rate, timeline, view } = sessionStart
  setSession({
    ...{ playhead, isPlaying, rate, timeline, view, selectedClipId: undefined, moment: undefined },
    ...{ range: undefined, trimming: undefined, dialog: undefined, awaited: undefined },
  })
  // Nothing is asked about files before they are opened again: they may have moved.
  useSources.setState({ sources: {}, tables: {}, waveforms: {}, playables: {}, missing: {} })
  for (const about of ['clip', 'opening', 'saving', 'project'] as const) settle(about)
  leaveEnded()
  wishExport({ what: exportWishStart.what, named: undefined }) // of that project
}

/** Whether nothing would be lost now; else it is told. */
const isSafe = (): Promise<boolean> =>
  saveNow().then(
    () => true,
    (error: unknown) => {
      notifyAbout('saving')(error)
      return false
    },
  )

async function switchTo(load: () => Promise<LoadedProject>): Promise<void> {
  if (useSession.getState().opening.length > 0) throw failing('bad-argument', 'projectWhileOpening')
  if (!(await isSafe())) return
  const loaded = await load()
  if (!(await isSafe())) return // it was edited meanwhile
  lookAnew()
  show(loaded)
  await reloadSources()
}

function inTurn(load: () => Promise<LoadedProject>): Promise<void> {
  settle('opening')
  const next = switching.then(() => switchTo(load)).catch(notifyAbout('opening'))
  switching = next
  return next
}

/** Others wait until the window has shown its first. */
export const afterFirst = (first: Promise<void>): void => void (switching = first.catch(() => undefined))

export const openProject = (path: string): Promise<void> => inTurn(() => api().project.load(path))

export async function newProject(): Promise<void> {
  const isEmpty = useProject.getState().document === emptyProject
  if (isEmpty && useProjectFile.getState().file?.name === null) return
  await inTurn(beginNew)
}

/** Asks which: the system's dialog where there is one, else our own page. */
export async function chooseProject(): Promise<void> {
  if (!useHost.getState().info?.hasDialogs) return openDialog('openProject')
  try {
    const path = await api().files.chooseProject()
    if (path !== null) await openProject(path)
  } catch (error) {
    notifyAbout('opening')(error)
  }
}

/** Where the shown project could go: beside the file it has, under a name that is free; else beside its first film. */
export async function suggestedPath(): Promise<string> {
  const { file } = useProjectFile.getState()
  if (file && file.name !== null) return (await api().files.checkOutput(file.path)).freePath ?? file.path
  const { sources } = useSources.getState()
  const first = useProject.getState().project.clips.find(({ sourceId }) => sources[sourceId])
  return api().files.suggestProject(first?.sourceId ?? null, useWords.getState().language)
}

/** Rejects where it cannot be saved; it stays in the file it was in then. */
export async function saveProjectIn(path: string, mayOverwrite: boolean): Promise<void> {
  await saveAs(path, mayOverwrite)
  inform('projectSaved', { name: useProjectFile.getState().file?.name ?? '' })
}

export async function saveProjectAs(): Promise<void> {
  if (!useHost.getState().info?.hasDialogs) return openDialog('saveProject')
  try {
    const path = await api().files.chooseProjectOutput(await suggestedPath())
    if (path !== null) await saveProjectIn(path, true) // the system has asked
  } catch (error) {
    notifyAbout('saving')(error)
  }
}

/** Every edit is saved anyway; one without a name is given one. */
export async function saveProject(): Promise<void> {
  const { file } = useProjectFile.getState()
  if (!file || file.name === null) return saveProjectAs()
  await saveNow().then(() => inform('projectSaved', { name: file.name ?? '' }), notifyAbout('saving'))
}
