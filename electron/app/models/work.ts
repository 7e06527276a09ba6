// The one piece of work around models that goes on: its state for the windows, its speed, how it is paused and cancelled. Knows nothing of what it is.
import { failing, isCancelled, toFailure } from '../../shared/contract/errors.js'
import type { ModelWork } from '../../shared/contract/models.js'
import type { Scheduler } from '../jobs/scheduler.js'

export interface WorkContext {
  signal: AbortSignal
  progress: (step: ModelWork['step'], bytesDone: number, bytesTotal: number, file?: string) => void
}

export interface WorkPlan<T> {
  about: Pick<ModelWork, 'kind' | 'name' | 'step' | 'download'>
  run: (context: WorkContext) => Promise<T>
  /** The model that is there now. */
  modelOf?: (result: T) => string
}

export interface Work {
  state(): ModelWork | null
  isRunning(): boolean
  /** One at a time: refused while another runs. Its end is told, and thrown to whoever waits. */
  begin<T>(plan: WorkPlan<T>): Promise<T>
  /** What an earlier time left; null: nothing to tell of any more. */
  put(state: ModelWork | null): void
  /** Ends as paused, where that can be gone on with. */
  pause(): void
  cancel(): void
  /** Resolves when nothing runs. */
  ended(): Promise<unknown>
}

interface Running {
  controller: AbortController
  isPausing: boolean
  ended: Promise<unknown>
}

const tellEveryMs = 200

/** What progress makes of the state, and whether it is worth telling. */
function createPace(): (
  state: ModelWork,
  seen: Pick<ModelWork, 'step' | 'bytesDone' | 'bytesTotal' | 'file'>,
) => { state: ModelWork; isTold: boolean } {
  let [toldMs, startMs, first] = [-Infinity, performance.now(), 0]
  return (state, { step, bytesDone, bytesTotal, file }) => {
    const now = performance.now()
    const isNewStep = step !== state.step || bytesDone < state.bytesDone
    if (isNewStep) [startMs, first] = [now, bytesDone]
    const seconds = (now - startMs) / 1000
    const bytesPerSecond = seconds > 0.5 ? Math.max(0, (bytesDone - first) / seconds) : 0
    const leftMs =
      seconds > 2 && bytesPerSecond > 0
        ? Math.max(0, Math.round((1000 * (bytesTotal - bytesDone)) / bytesPerSecond))
        : undefined
    const isTold = isNewStep || now - toldMs >= tellEveryMs || bytesDone >= bytesTotal
    if (isTold) toldMs = now
    return { state: { ...state, step, file, bytesDone, bytesTotal, bytesPerSecond, leftMs }, isTold }
  }
}

/** How work ends that did not succeed. */
function endOf({ isPausing, controller }: Running, error: unknown): Partial<ModelWork> {
  if (isPausing) return { state: 'paused' }
  if (controller.signal.aborted || isCancelled(error)) return { state: 'cancelled' }
  return { state: 'failed', failure: toFailure(error) }
}

/** `rest`: called when work has ended. */
export function createWork(
  scheduler: Scheduler,
  tell: (work: ModelWork | null) => void,
  rest: () => void,
): Work {
  let state: ModelWork | null = null
  let running: Running | undefined

  const put = (next: ModelWork | null): void => {
    state = next
    tell(next)
  }
  function progressOf(): WorkContext['progress'] {
    const pace = createPace()
    return (step, bytesDone, bytesTotal, file) => {
      if (state?.state !== 'running') return
      const next = pace(state, { step, bytesDone, bytesTotal, file })
      state = next.state
      if (next.isTold) tell(state)
    }
  }
  const end = (change: Partial<ModelWork>): void => {
    running = undefined
    rest()
    if (state) put({ ...state, leftMs: undefined, bytesPerSecond: 0, ...change })
  }

  function begin<T>({ about, run, modelOf }: WorkPlan<T>): Promise<T> {
    if (running) throw failing('bad-argument', 'modelWorkBusy')
    const current: Running = { controller: new AbortController(), isPausing: false, ended: Promise.resolve() }
    running = current
    put({ ...about, state: 'running', bytesDone: 0, bytesTotal: 0, bytesPerSecond: 0 })
    const work = (pass: AbortSignal): Promise<T> => run({ signal: pass, progress: progressOf() })
    const ended = scheduler.run('model', work, current.controller.signal).then(
      (result) => {
        end({ state: 'done', file: undefined, modelId: modelOf?.(result) })
        return result
      },
      (error: unknown) => {
        end(endOf(current, error))
        throw error
      },
    )
    current.ended = ended.catch(() => undefined)
    return ended
  }

  return {
    state: () => state,
    isRunning: () => running !== undefined,
    ...{ begin, put },
    pause() {
      if (running) running.isPausing = true
      running?.controller.abort()
    },
    cancel: () => running?.controller.abort(),
    ended: () => running?.ended ?? Promise.resolve(),
  }
}
