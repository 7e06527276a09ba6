// Jobs on models as the windows are told of them: one at a time, how far it is, and what became of the last one. A download that was stopped so
// that it can go on is called paused; to the queue it is a job that was cancelled.
import { failing } from '../../shared/contract/errors.js'
import { type JobId, type JobKind, type JobState, isEnded } from '../../shared/contract/job.js'
import type { ModelWork } from '../../shared/contract/models.js'
import type { Jobs } from '../jobs/jobs.js'

export interface ShownWork {
  state(): ModelWork | null
  isRunning(): boolean
  /** `start` adds one job. One at a time: refused while another has not ended. `download`: what it takes to go on. */
  begin<T>(start: () => T, download?: ModelWork['download']): T
  /** What an earlier time left; null: nothing to tell of any more. */
  put(state: ModelWork | null): void
  /** Ends as paused. */
  pause(): void
  cancel(): void
  /** Resolves when nothing runs. */
  ended(): Promise<unknown>
}

interface Current {
  id?: JobId
  download: ModelWork['download']
  isPausing: boolean
}

const kinds = ['inspect', 'import', 'download'] as const satisfies readonly JobKind[]
const kindOf = ({ kind }: JobState): ModelWork['kind'] | undefined => kinds.find((one) => one === kind)

function stateOf({ state }: JobState, { isPausing }: Current): ModelWork['state'] {
  if (state === 'waiting') return 'running'
  return state === 'cancelled' && isPausing ? 'paused' : state
}

function workOf(kind: ModelWork['kind'], job: JobState, current: Current): ModelWork {
  const { name: step = 'check', ...done } = job.step ?? { bytesDone: 0, bytesTotal: 0, bytesPerSecond: 0 }
  const { name, leftMs, modelId, failure } = job
  return {
    ...{ kind, name, state: stateOf(job, current), step, ...done, leftMs },
    ...{ modelId, failure, download: current.download },
  }
}

/** `rest`: called when a job has ended, before that is told. */
export function createShownWork(
  jobs: Jobs,
  tell: (work: ModelWork | null) => void,
  rest: () => void,
): ShownWork {
  let state: ModelWork | null = null
  let current: Current | undefined

  const put = (next: ModelWork | null): void => {
    state = next
    tell(next)
  }
  const cancel = (): void => {
    if (current?.id !== undefined) jobs.cancel(current.id)
  }
  jobs.watch((job) => {
    const kind = kindOf(job)
    if (!kind || !current) return
    current.id = job.id
    const work = workOf(kind, job, current)
    if (isEnded(job)) {
      current = undefined
      rest()
    }
    put(work)
  })

  return {
    ...{ put, cancel },
    state: () => state,
    isRunning: () => current !== undefined,
    begin(start, download) {
      if (current) throw failing('bad-argument', 'modelWorkBusy')
      current = { download, isPausing: false }
      try {
        return start()
      } catch (error) {
        current = undefined // Heirloom is closing
        throw error
      }
    },
    pause() {
      if (current) current.isPausing = true
      cancel()
    },
    ended: () => (current?.id === undefined ? Promise.resolve() : jobs.ended(current.id)),
  }
}
