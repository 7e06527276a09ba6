// How coarsely a Keepsake of a wanted size is encoded: found out by a job that encodes pieces of the film, when a person asks for it.
import { create } from 'zustand'
import { JobState, isEnded } from '../../electron/shared/contract/job.js'
import { ExportRequest, KeepsakeFit } from '../../electron/shared/contract/render.js'
import { api } from './host.js'
import { notifyFailure } from './session.js'

interface FitsState {
  /** The file that was asked about. */
  asked?: string
  /** The work that goes on, whoever asked for it. */
  job?: JobState
}

const useFits = create<FitsState>()(() => ({}))

export function receiveFitJob(job: JobState): void {
  if (job.kind === 'fit') useFits.setState({ job: isEnded(job) ? undefined : job })
}

export function findFit(request: ExportRequest): Promise<KeepsakeFit> {
  useFits.setState({ asked: request.output.path.split(/[\\/]/).at(-1) })
  return api().render.fitKeepsake(request)
}

/** Ends the work that was asked for here; nothing where none goes on. */
export function stopFit(): void {
  const { asked, job } = useFits.getState()
  useFits.setState({ asked: undefined })
  if (job && job.name === asked) api().jobs.cancel(job.id).catch(notifyFailure)
}
