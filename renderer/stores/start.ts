// The start of the window: what the host knows is fetched, events are listened to, every edit is saved a moment later.
import { toFailure } from '../../electron/shared/contract/errors.js'
import { isCommandName } from '../../electron/shared/words/commandNames.js'
import { ApiEvent } from '../../electron/shared/contract/api.js'
import { Connection } from '../api/connect.js'
import { actions, inHand } from './actions.js'
import { watchClosing } from './damage.js'
import { useContact, watchContact } from './contact.js'
import { api, useHost } from './host.js'
import { receiveJob, receiveJobs } from './jobs.js'
import { receiveFirstModelWork, receiveModelWork, receiveModels } from './models.js'
import { watchEdits } from './editWords.js'
import { openPaths, openSample } from './open.js'
import { followSettings } from './preview.js'
import { usePreferences } from './preferences.js'
import { watchReading } from './reading.js'
import { replaceProject, useProject } from './project.js'
import { notify, notifyAbout, settle, useSession } from './session.js'
import { loadPlayable, reloadSource, useSources } from './sources.js'
import { receiveUnfinished } from './unfinished.js'
import { tellOfLostUploads } from './uploads.js'

/** An edit is on disk this soon after the last one. */
const saveDelayMs = 400

const tell = (error: unknown): void => notify({ failure: toFailure(error) })

function receive(event: ApiEvent): void {
  if (event.type === 'menu') {
    if (isCommandName(event.command)) actions[event.command]()
  } else if (event.type === 'open') {
    void openPaths(event.paths)
  } else if (event.type === 'models') {
    receiveModels(event.models, event.unusable)
  } else if (event.type === 'modelWork') {
    receiveModelWork(event.work)
  } else if (event.type === 'unfinished') {
    receiveUnfinished(event.exports)
  } else {
    receiveJob(event.job)
    if (event.job.kind === 'proxy' && event.job.state === 'done') askAgainWhatPlays(event.job.id)
  }
}

/** A finished proxy can be played now. */
function askAgainWhatPlays(jobId: string): void {
  for (const [id, playable] of Object.entries(useSources.getState().playables))
    if (playable.jobId === jobId) loadPlayable(id, true).catch(tell)
}

/** The edits that are not on disk. */
let isUnsaved = false

/** Rejects when the host cannot be reached or cannot write; the edits stay unsaved then and go with the next try. */
async function saveNow(): Promise<void> {
  const { project } = useProject.getState()
  if (!isUnsaved) return
  await api().project.save(project)
  settle('saving')
  if (useProject.getState().project === project) isUnsaved = false
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
    if (state.project !== before.project) saveSoon()
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

/** What went wrong with one clip says nothing of another that is in hand now. */
function watchHand(): void {
  let before = inHand()?.id
  const look = (): void => {
    const now = inHand()?.id
    if (now === before) return
    before = now
    settle('clip')
  }
  useSession.subscribe(look)
  useProject.subscribe(look)
}

async function loadLastTime(): Promise<void> {
  const project = await api().project.load().finally(startAutosave)
  watchClosing()
  followSettings()
  watchReading()
  watchHand()
  watchEdits()
  if (!project) return openSample()
  replaceProject(project)
  await Promise.all(project.sources.map(reloadSource))
}

/** Rejects only when the host does not even say who it is. */
export async function start(connection: Connection): Promise<void> {
  useHost.setState({ connection })
  connection.on(receive)
  watchContact(connection, saveNow)
  const [info, preferences] = await Promise.all([connection.api.app.info(), connection.api.app.preferences()])
  usePreferences.setState(preferences)
  useHost.setState({ info })
  connection.api.jobs.list().then(receiveJobs, tell)
  connection.api.render.unfinished().then(receiveUnfinished, tell)
  connection.api.models.work().then(receiveFirstModelWork, tell)
  loadLastTime().catch(tell)
  tellOfLostUploads().catch(tell)
}
