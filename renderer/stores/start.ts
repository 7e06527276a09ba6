// The start of the window: what the host knows is fetched, events are listened to, every edit is saved a moment later.
import { toFailure } from '../../electron/shared/contract/errors.js'
import { isCommandName } from '../../electron/shared/words/commandNames.js'
import { ApiEvent } from '../../electron/shared/contract/api.js'
import { Connection } from '../api/connect.js'
import { actions } from './actions.js'
import { inHand } from './scene.js'
import { watchClosing } from './damage.js'
import { watchContact } from './contact.js'
import { receiveFitJob } from './fits.js'
import { api, useHost } from './host.js'
import { receiveJob, receiveJobs } from './jobs.js'
import { receiveFirstModelWork, receiveModelWork, receiveModels } from './models.js'
import { watchCommands } from './commandState.js'
import { openPaths, openSample } from './open.js'
import { followCoverage, receiveCoverage } from './coverage.js'
import { followSettings } from './preview.js'
import { watchSpeeds } from './motion.js'
import { usePreferences } from './preferences.js'
import { watchReading } from './reading.js'
import { useProject } from './project.js'
import { refreshRecentProjects } from './projectFile.js'
import { afterFirst } from './projectFiles.js'
import { followSaved, reloadSources, saveNow, showLast, startAutosave } from './saving.js'
import { notify, setSession, settle, useSession } from './session.js'
import { loadPlayable, useSources } from './sources.js'
import { receiveTimingJob } from './timings.js'
import { receiveUnfinished } from './unfinished.js'
import { tellOfLostUploads } from './uploads.js'

const tell = (error: unknown): void => notify({ failure: toFailure(error) })

function receive(event: ApiEvent): void {
  if (event.type === 'menu') {
    if (isCommandName(event.command)) actions[event.command]()
  } else if (event.type === 'open') {
    void openPaths(event.paths)
  } else if (event.type === 'models') {
    receiveModels(event.models, event.photoModels, event.unusable)
  } else if (event.type === 'modelWork') {
    receiveModelWork(event.work)
  } else if (event.type === 'coverage') {
    receiveCoverage(event.coverage)
  } else if (event.type === 'unfinished') {
    receiveUnfinished(event.exports)
  } else if (event.type === 'project') {
    followSaved(event.path, event.revision).catch(tell)
  } else if (event.type === 'recentProjects') {
    void refreshRecentProjects()
  } else {
    receiveJob(event.job)
    receiveTimingJob(event.job)
    receiveFitJob(event.job)
    if (event.job.kind === 'proxy' && event.job.state === 'done') askAgainWhatPlays(event.job.id)
  }
}

/** A finished proxy can be played now. */
function askAgainWhatPlays(jobId: string): void {
  for (const [id, playable] of Object.entries(useSources.getState().playables))
    if (playable.jobId === jobId) loadPlayable(id, true).catch(tell)
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

/** Where a film was opened the last time is where the next one is looked for. */
async function beginInLastFolder(): Promise<void> {
  const [last] = await api().sources.recent()
  if (last && useSession.getState().lastFolder === undefined)
    setSession({ lastFolder: last.path.replace(/[\\/][^\\/]*$/, '') })
}

async function loadLastTime(): Promise<void> {
  const shown = showLast().finally(startAutosave)
  afterFirst(shown.then(() => undefined))
  const isFirst = await shown
  watchClosing()
  followSettings()
  followCoverage()
  watchReading()
  watchHand()
  watchSpeeds()
  await (isFirst ? openSample() : reloadSources())
}

/** Rejects only when the host does not even say who it is. */
export async function start(connection: Connection): Promise<void> {
  useHost.setState({ connection })
  connection.on(receive)
  watchContact(connection, saveNow)
  const [info, preferences] = await Promise.all([connection.api.app.info(), connection.api.app.preferences()])
  usePreferences.setState(preferences)
  useHost.setState({ info })
  watchCommands()
  connection.api.jobs.list().then(receiveJobs, tell)
  connection.api.render.unfinished().then(receiveUnfinished, tell)
  connection.api.models.work().then(receiveFirstModelWork, tell)
  void refreshRecentProjects()
  beginInLastFolder().catch(tell)
  loadLastTime().catch(tell)
  tellOfLostUploads().catch(tell)
}
