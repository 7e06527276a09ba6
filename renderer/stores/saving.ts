// The document on disk: saved a moment after each edit, over nothing but what this window knows of. What another window saves is followed
// as long as nothing was changed here.
import { AppError } from '../../electron/shared/contract/errors.js'
import { Project } from '../../electron/shared/document/document.js'
import { useContact } from './contact.js'
import { api } from './host.js'
import { replaceProject, useProject } from './project.js'
import { notify, notifyAbout, settle } from './session.js'
import { reloadSource } from './sources.js'

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

const textOf = (project: Project): string => JSON.stringify(Project.parse(project))

/** Only the answer was lost when what is saved is what was sent from here. */
async function isSaved(document: Project | undefined): Promise<boolean> {
  if (!document) return false
  const loaded = await api().project.load()
  if (!loaded.project || textOf(loaded.project) !== textOf(document)) return false
  revision = loaded.revision
  return true
}

async function send(project: Project): Promise<string> {
  const before = sent
  sent = project
  try {
    return await api().project.save(project, revision ?? '')
  } catch (error) {
    if (!(error instanceof AppError) || error.code !== 'project-changed') throw error
    sent = before // nothing was written now
    if (!(await isSaved(before))) throw error
    sent = project
    return api().project.save(project, revision ?? '')
  }
}

async function saveOnce(): Promise<void> {
  const { document } = useProject.getState()
  if (!isUnsaved) return
  revision = await send(document)
  settle('saving')
  if (useProject.getState().document === document) isUnsaved = false
}

/** Rejects when the host cannot be reached or does not write; the edits stay unsaved then and go with the next try. */
export function saveNow(): Promise<void> {
  const next = saving.then(saveOnce)
  saving = next.catch(() => undefined) // told to whoever asked
  return next
}

/** Shows what is saved; answers whether there was anything. */
export async function showSaved(): Promise<boolean> {
  revision ??= '' // when it cannot be loaded, too: what is there is not overwritten
  const { project, revision: loaded, notes } = await api().project.load()
  revision = loaded
  for (const failure of notes) notify({ failure })
  if (!project) return false
  replaceProject(project)
  isUnsaved = false
  return true
}

/** Opens the files of the document that is shown. */
export async function reloadSources(): Promise<void> {
  await Promise.all(useProject.getState().project.sources.map(reloadSource))
}

/** Something was saved, by this window or another. Edits that are not saved stay; saving them is refused then, and says why. */
export async function followSaved(saved: string): Promise<void> {
  if (revision === undefined) return
  await saving
  if (saved !== revision && !isUnsaved && (await showSaved())) await reloadSources()
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
