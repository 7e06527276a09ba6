// What of a host goes into the log: its start and end, what it found here, jobs, and everything that failed.
import { arch, release } from 'node:os'
import type { Api, ApiEvent } from '../../shared/contract/api.js'
import type { AppInfo } from '../../shared/contract/app.js'
import { type Failure, toFailure } from '../../shared/contract/errors.js'
import { type JobState, isEnded } from '../../shared/contract/job.js'
import { version } from '../access/resources.js'
import type { Log } from './log.js'

export function logStart(log: Log, kind: AppInfo['host']): void {
  const { node, electron } = process.versions
  log.write('start', {
    version: version(),
    host: kind,
    system: `${process.platform} ${release()} ${arch()}`,
    node,
    electron,
  })
}

function logFound(log: Log, { ffmpeg, devices, engineFailure, unusable }: AppInfo): void {
  const seen = devices.map(
    ({ id, name, memoryBytes }) => `${id}: ${name}, ${Math.round(memoryBytes / 2 ** 20)} MiB`,
  )
  log.write('found', {
    ffmpeg,
    devices: seen,
    engineFailure,
    unusable: unusable.map(({ failure }) => failure),
  })
}

export const logFailure = (log: Log, where: string, failure: Failure): void => {
  if (failure.code !== 'cancelled') log.write('failed', { where, ...failure })
}

/** Of the events that windows are told: jobs as they begin and end. */
export function logEvents(log: Log): (event: ApiEvent) => void {
  const states = new Map<string, JobState['state']>()
  const onJob = (job: JobState): void => {
    const { id, kind, name, state, framesDone, framesTotal, elapsedMs, outputPath, failure } = job
    if (states.get(id) === state) return
    states.set(id, state)
    if (state === 'running') log.write('jobBegins', { job: id, kind, name, framesTotal })
    if (!isEnded(job)) return
    states.delete(id)
    log.write('jobEnded', {
      job: id,
      kind,
      name,
      state,
      framesDone,
      framesTotal,
      elapsedMs,
      outputPath,
      failure,
    })
  }
  return (event) => {
    if (event.type === 'job') onJob(event.job)
  }
}

type Method = (...args: unknown[]) => Promise<unknown>

const logged =
  (log: Log, where: string, method: Method): Method =>
  async (...args) => {
    try {
      return await method(...args)
    } catch (error) {
      logFailure(log, where, toFailure(error))
      throw error
    }
  }

/** What this computer has is logged the first time that somebody asks. */
function loggingFound(log: Log, info: Api['app']['info']): Api['app']['info'] {
  let hasFound = false
  return async () => {
    const about = await info()
    if (!hasFound) logFound(log, about)
    hasFound = true
    return about
  }
}

/** The same contract; what it rejects with is logged. */
export function logCalls(log: Log, api: Api): Api {
  const methods = { ...api, app: { ...api.app, info: loggingFound(log, api.app.info) } }
  const watched = Object.entries(methods).map(([namespace, own]) => [
    namespace,
    Object.fromEntries(
      Object.entries(own as Record<string, Method>).map(([name, method]) => [
        name,
        logged(log, `${namespace}.${name}`, method),
      ]),
    ),
  ])
  return Object.fromEntries(watched) as Api
}

const watchers = new Set<Log>()
const onCrash = (error: unknown): void => {
  for (const log of watchers) log.write('crashed', { ...toFailure(error) })
}

/** Writes what ends this process before it does. Answers a function that stops that. */
export function logCrash(log: Log): () => void {
  if (watchers.size === 0) process.on('uncaughtExceptionMonitor', onCrash) // one for all hosts of the process
  watchers.add(log)
  return () => {
    watchers.delete(log)
    if (watchers.size === 0) process.off('uncaughtExceptionMonitor', onCrash)
  }
}
