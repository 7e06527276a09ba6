// What is found out about a Keepsake before it is made, when a person asks for it: how coarsely one of a wanted size is encoded, by pieces of the film, and
// how a frame of it will look. Jobs that are called like the file.
import { create } from 'zustand'
import { JobState, isEnded } from '../../electron/shared/contract/job.js'
import {
  ExportRequest,
  KeepsakeFit,
  KeepsakeLook,
  KeepsakeLookRequest,
} from '../../electron/shared/contract/render.js'
import { api } from './host.js'
import { notifyFailure } from './session.js'

interface Asked {
  /** The file that was asked about. */
  asked?: string | undefined
  /** The work that goes on, whoever asked for it. */
  job?: JobState | undefined
}
interface FitsState {
  fit: Asked
  look: Asked
}
type Kind = keyof FitsState

const useFits = create<FitsState>()(() => ({ fit: {}, look: {} }))

const put = (kind: Kind, part: Asked): void =>
  useFits.setState((state) => ({ [kind]: { ...state[kind], ...part } }))

export function receiveFitJob(job: JobState): void {
  if (job.kind === 'fit' || job.kind === 'look') put(job.kind, { job: isEnded(job) ? undefined : job })
}

const begin = (kind: Kind, { output: { path } }: ExportRequest): void =>
  put(kind, { asked: path.split(/[\\/]/).at(-1) })

/** Ends the work that was asked for here; nothing where none goes on. */
function stop(kind: Kind): void {
  const { asked, job } = useFits.getState()[kind]
  put(kind, { asked: undefined })
  if (job && job.name === asked) api().jobs.cancel(job.id).catch(notifyFailure)
}

export function findFit(request: ExportRequest): Promise<KeepsakeFit> {
  begin('fit', request)
  return api().render.fitKeepsake(request)
}
export const stopFit = (): void => stop('fit')

export function lookAtKeepsake(request: KeepsakeLookRequest): Promise<KeepsakeLook> {
  begin('look', request)
  return api().render.lookAtKeepsake(request)
}
export const stopLook = (): void => stop('look')

/** How far a look is, 0 to 1; undefined before it has begun. */
export const useLookDone = (): number | undefined =>
  useFits(({ look: { job } }) =>
    job && job.framesTotal > 0 && job.framesDone > 0 ? job.framesDone / job.framesTotal : undefined,
  )
