// The document on disk: saved a moment after each edit into the file it belongs to, over nothing but what this window knows of. What another
// window saves is followed as long as nothing was changed here.
import { AppError } from '../../electron/shared/contract/errors.js'
import { LoadedProject, ProjectFile, SavedProject } from '../../electron/shared/contract/project.js'
import { Project, emptyProject } from '../../electron/shared/document/document.js'
import { useContact } from './contact.js'
import { api } from './host.js'
import { followProject, replaceProject, useProject } from './project.js'
import { rememberedPath, setProjectFile, useProjectFile } from './projectFile.js'
import { notify, notifyAbout, settle } from './session.js'
import { reloadAll } from './sources.js'

/** An edit is on disk this soon after the last one. */
const saveDelayMs = 400

/** What this window loaded or saved last; undefined before it has loaded. */
let revision: string | undefined
/** The edits that are not on disk. */
let isUnsaved = false
/** What was sent to be saved last: its answer may have been lost with the connection. */
let sent: Project | undefined
/** One save after the other: each goes over the one before. */
let saving: Promise<void> = Promise.resolve()

/** Without what the host writes beside it. */
const textOf = (project: Project): string => {
  const { media, ...rest } = Project.parse(project)
  const bare = media.map(({ locations, ...one }) => ({
    ...{ ...one, fingerprint: undefined, absolute: locations.absolute },
  }))
  return JSON.stringify({ ...rest, media: bare })
}

/** Only the answer was lost when what is saved is what was sent from here. */
async function isSaved(path: string, document: Project | undefined): Promise<boolean> {
  if (!document) return false
  const loaded = await api().project.load(path)
  if (!loaded.project || textOf(loaded.project) !== textOf(document)) return false
  revision = loaded.revision
  return true
}

async function send(path: string, project: Project): Promise<SavedProject> {
  const before = sent
  sent = project
  try {
    return await api().project.save(path, project, revision ?? '')
  } catch (error) {
    if (!(error instanceof AppError) || error.code !== 'project-changed') throw error
    sent = before // nothing was written now
    if (!(await isSaved(path, before))) throw error
    sent = project
    return api().project.save(path, project, revision ?? '')
  }
}

/** The file that the shown project belongs to; one without a name, where none could be loaded. */
async function fileOfShown(): Promise<ProjectFile> {
  const known = useProjectFile.getState().file
  if (known) return known
  const file = await api().project.begin()
  setProjectFile(file)
  return file
}

async function saveOnce(): Promise<void> {
  const { document } = useProject.getState()
  if (!isUnsaved) return
  const { path } = await fileOfShown()
  const saved = await send(path, document)
  revision = saved.revision
  if (saved.kept) notify({ failure: saved.kept, about: 'saving' })
  else settle('saving')
  if (useProject.getState().document === document) isUnsaved = false
}

async function saveAsOnce(path: string, mayOverwrite: boolean): Promise<void> {
  const { path: from } = await fileOfShown()
  if (path === from) return saveOnce()
  await saveOnce().catch(() => undefined) // whatever stands in the way there: it is for this that another file was chosen
  const { document } = useProject.getState()
  const saved = await api().project.saveAs(from, path, document, mayOverwrite)
  revision = saved.revision
  sent = document
  setProjectFile(saved.file)
  settle('saving')
  if (useProject.getState().document === document) isUnsaved = false
}

function inTurn(work: () => Promise<void>): Promise<void> {
  const next = saving.then(work)
  saving = next.catch(() => undefined) // told to whoever asked
  return next
}

/** Rejects when the host cannot be reached or does not write; the edits stay unsaved then and go with the next try. */
export const saveNow = (): Promise<void> => inTurn(saveOnce)

/** Into another file, in which the work goes on. */
export const saveAs = (path: string, mayOverwrite: boolean): Promise<void> =>
  inTurn(() => saveAsOnce(path, mayOverwrite))

/** Takes the place of what is shown, whose edits are saved or given up. Its history begins here, unless `take` goes on with the one that is there. */
export function show({ file, project, revision: loaded, notes }: LoadedProject, take = replaceProject): void {
  revision = loaded
  sent = undefined
  setProjectFile(file)
  take(project ?? emptyProject)
  isUnsaved = false
  for (const failure of notes) notify({ failure, about: 'project' })
}

export const beginNew = async (): Promise<LoadedProject> => ({
  file: await api().project.begin(),
  ...{ project: null, revision: '', notes: [], isFirst: false },
})

/** Shows what was open last, and an empty project where that cannot be opened, which is told. Answers whether none was ever saved. */
export async function showLast(): Promise<boolean> {
  revision ??= '' // when the host cannot even begin one, too: what is there is not overwritten
  try {
    const loaded = await api().project.load(rememberedPath())
    show(loaded)
    return loaded.isFirst
  } catch (error) {
    notifyAbout('opening')(error)
    show(await beginNew())
    return false
  }
}

/** Opens the files of the document that is shown. */
export async function reloadSources(): Promise<void> {
  await reloadAll(useProject.getState().project.sources)
}

const isShown = (path: string): boolean => useProjectFile.getState().file?.path === path

/** A project was saved, by this window or another. Edits that are not saved stay; saving them is refused then, and says why. */
export async function followSaved(path: string, saved: string): Promise<void> {
  await saving
  if (!isShown(path) || saved === revision || isUnsaved) return
  const loaded = await api().project.load(path)
  if (!loaded.project || !isShown(path) || isUnsaved) return
  show(loaded, followProject)
  await reloadSources()
}

/** Saves after each edit, and at once when the window is being left. Answers a function that stops it. */
export function startAutosave(): () => void {
  let timer: ReturnType<typeof setTimeout> | undefined
  const save = (): void => {
    clearTimeout(timer)
    timer = undefined
    if (useContact.getState().isLost) return // said already; saved when the host is there again
    saveNow().catch(notifyAbout('saving'))
  }
  const saveSoon = (): void => {
    isUnsaved = true
    clearTimeout(timer)
    timer = setTimeout(save, saveDelayMs)
  }
  const saveBeforeLeaving = (): void => {
    if (timer !== undefined) save()
  }
  const askBeforeLeaving = (event: BeforeUnloadEvent): void => {
    if (isUnsaved && useContact.getState().isLost) event.preventDefault()
  }
  const stop = useProject.subscribe((state, before) => {
    if (state.document !== before.document) saveSoon()
  })
  window.addEventListener('pagehide', saveBeforeLeaving)
  window.addEventListener('beforeunload', askBeforeLeaving)
  return () => {
    stop()
    clearTimeout(timer)
    window.removeEventListener('pagehide', saveBeforeLeaving)
    window.removeEventListener('beforeunload', askBeforeLeaving)
  }
}
