// How far a job is and how fast: speed counts from the first frame that is new, so that starting up and frames found finished do not count.
import type { JobState } from '../../shared/contract/job.js'

export interface JobProgress {
  framesDone: number
  framesTotal?: number
  /** Frames that were found finished from earlier: they count as done, not as speed. */
  framesFound?: number
  /** How long others went first, since the job began: that is no work. */
  asideMs?: number
}

export interface Speed {
  /** Undefined: nothing to tell yet, `progress` came too soon after the last one. */
  of(progress: JobProgress, state: JobState): { change: Partial<JobState>; isTold: boolean }
  elapsedMs(): number
}

/** Events at most this often while a job runs; changes of state are told at once. */
const progressEveryMs = 200
/** Time left is told when so much new work has been seen. */
const leastMs = 1000

/** From the moment of the call. `filmRate`: frames of film per second of film. */
export function createSpeed(filmRate: number, now: () => number): Speed {
  const startMs = now()
  let first: { ms: number; frames: number } | undefined
  let [found, aside, toldMs] = [0, 0, -Infinity]
  const elapsedMs = (): number => Math.max(0, Math.round(now() - startMs))

  function rates(done: number, total: number): Partial<JobState> {
    const ms = now() - aside
    if (done > found) first ??= { ms, frames: done }
    const workedMs = first ? ms - first.ms : 0
    const framesPerSecond = first && workedMs > 0 ? ((done - first.frames) * 1000) / workedMs : 0
    const isTelling = framesPerSecond > 0 && workedMs >= leastMs
    return {
      ...{ elapsedMs: elapsedMs(), framesPerSecond, speed: framesPerSecond / filmRate },
      leftMs: isTelling ? Math.round(((total - done) * 1000) / framesPerSecond) : undefined,
    }
  }

  return {
    elapsedMs,
    of({ framesDone, framesFound, asideMs = aside, ...progress }, state) {
      aside = asideMs
      if (framesFound !== undefined) found = framesFound
      const { framesTotal = state.framesTotal } = progress
      const done = Math.min(framesDone, framesTotal)
      const change = { framesDone: done, framesTotal, ...rates(done, framesTotal) }
      const isFirst = state.framesDone === 0 && done > 0
      const isTold = isFirst || done >= framesTotal || now() - toldMs >= progressEveryMs
      if (isTold) toldMs = now()
      return { change, isTold }
    },
  }
}
