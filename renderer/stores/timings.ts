// In what rhythm sources show their frames: found out when somebody wants to know, once per source, by a job that decodes all of it.
import { create } from 'zustand'
import { Failure, toFailure } from '../../electron/shared/contract/errors.js'
import { JobState, isEnded } from '../../electron/shared/contract/job.js'
import { Source, SourceId } from '../../electron/shared/media/source.js'
import { FoundTiming } from './findings.js'
import { api } from './host.js'
import { notifyFailure } from './session.js'

interface TimingsState {
  found: Record<SourceId, FoundTiming>
  /** Sources that are being looked at. */
  asked: SourceId[]
  /** Why it could not be told. */
  failed: Record<SourceId, Failure>
  /** The look that goes on. */
  job?: JobState
}

export const timingsStart: TimingsState = { found: {}, asked: [], failed: {}, job: undefined }
export const useTimings = create<TimingsState>()(() => timingsStart)

/** Frames as they are stored: fields that are taken apart have no rhythm of their own. */
async function look(id: SourceId): Promise<FoundTiming> {
  const stored = await api().sources.readFields(id, 'progressive')
  const timing = await api().sources.timing(stored.id)
  return { timing, table: await api().sources.frameTable(stored.id) }
}

/** Has a source looked at, unless that was done, is being done or was stopped. */
export async function askForTiming(id: SourceId): Promise<void> {
  const { found, asked, failed } = useTimings.getState()
  if (found[id] || failed[id] || asked.includes(id)) return
  useTimings.setState({ asked: [...asked, id] })
  try {
    const one = await look(id)
    useTimings.setState((state) => ({ found: { ...state.found, [id]: one } }))
  } catch (error) {
    useTimings.setState((state) => ({ failed: { ...state.failed, [id]: toFailure(error) } }))
  } finally {
    useTimings.setState((state) => ({ asked: state.asked.filter((other) => other !== id) }))
  }
}

/** Once more, after a failure or a stop. */
export function askAgain(id: SourceId): void {
  useTimings.setState(({ failed }) => ({
    failed: Object.fromEntries(Object.entries(failed).filter(([other]) => other !== id)),
  }))
  void askForTiming(id)
}

export function receiveTimingJob(job: JobState): void {
  if (job.kind === 'timing') useTimings.setState({ job: isEnded(job) ? undefined : job })
}

/** The look at this source that goes on, as far as the host has told of it. */
export const jobOf = ({ job }: TimingsState, { name }: Source): JobState | undefined =>
  job?.name === name ? job : undefined

export function stopLooking(job: JobState): void {
  api().jobs.cancel(job.id).catch(notifyFailure)
}
