// How far work on files is, in the bytes of the step it is in, and how fast: each step by its own speed.
import type { FileStep, JobState } from '../../shared/contract/job.js'

export interface StepProgress {
  step: FileStep['name']
  bytesDone: number
  bytesTotal: number
  file?: string
}

/** What progress makes of the state, and whether it is worth telling. */
export type Pace = (
  progress: StepProgress,
  before: FileStep | undefined,
) => { change: Partial<JobState>; isTold: boolean }

const tellEveryMs = 200

/** From the moment of the call. */
export function createPace(now: () => number): Pace {
  let [toldMs, startMs, first] = [-Infinity, now(), 0]
  return ({ step: name, bytesDone, bytesTotal, file }, before) => {
    const ms = now()
    const isNewStep = before === undefined || name !== before.name || bytesDone < before.bytesDone
    if (isNewStep) [startMs, first] = [ms, bytesDone]
    const seconds = (ms - startMs) / 1000
    const bytesPerSecond = seconds > 0.5 ? Math.max(0, (bytesDone - first) / seconds) : 0
    const leftMs =
      seconds > 2 && bytesPerSecond > 0
        ? Math.max(0, Math.round((1000 * (bytesTotal - bytesDone)) / bytesPerSecond))
        : undefined
    const isTold = isNewStep || ms - toldMs >= tellEveryMs || bytesDone >= bytesTotal
    if (isTold) toldMs = ms
    return { change: { step: { name, file, bytesDone, bytesTotal, bytesPerSecond }, leftMs }, isTold }
  }
}
