// The queue of what the machine is doing: exports one after the other; beside them, one at a time, what a person waits for (previews, photos),
// for which the engine lets a running export stand aside; proxies beside both.
// Turns a piece of work into a JobState that the windows see; knows nothing of what the work is.
import { AppError, failing, isCancelled, toFailure } from '../../shared/contract/errors.js'
import { JobId, JobState, isEnded } from '../../shared/contract/job.js'
import type { Report } from '../../shared/contract/report.js'
import type { Said } from '../../shared/words/sentences.js'

export interface JobProgress {
  framesDone: number
  framesTotal?: number
  /** Frames that were found finished from earlier: they count as done, not as speed. */
  framesFound?: number
}

export interface JobContext {
  id: JobId
  signal: AbortSignal
  progress: (progress: JobProgress) => void
}

export interface JobResult {
  outputPath?: string
  notes?: Said[]
  report?: Report | undefined
}

export interface JobWork {
  kind: JobState['kind']
  name: string
  framesTotal: number
  /** Frames of film per second of film, to say how fast the work is. */
  filmRate: number
  preview?: JobState['preview']
  /** The real path of the file that it will leave behind. */
  writes?: string
  run(context: JobContext): Promise<JobResult>
}

export interface Jobs {
  add(work: JobWork): JobId
  list(): JobState[]
  find(id: JobId): JobState | undefined
  /** Fails with `not-found` for an unknown job; nothing happens to one that has ended. */
  cancel(id: JobId): void
  /** Resolves when the job has ended, however it ended. */
  ended(id: JobId): Promise<JobState>
  /** What waiting and running jobs will leave behind. */
  writing(): string[]
  /** Cancels everything and waits for it. */
  close(): Promise<void>
}

interface Entry {
  state: JobState
  work: JobWork
  controller: AbortController
  startedMs: number
  found: number
  /** The first progress of new work: speed counts from here, so that starting up does not look like slowness. */
  first?: { ms: number; frames: number }
  done: Promise<JobState>
  settle: (state: JobState) => void
}

/** Jobs of one lane run one after the other, lanes beside each other. */
const lanes = { export: 'export', preview: 'urgent', photo: 'urgent', proxy: 'proxy' } as const
const laneOf = (kind: JobState['kind']): string => lanes[kind]
/** Events at most this often while a job runs; changes of state are told at once. */
const progressEveryMs = 200
/** Ended jobs that are remembered. */
const keepEnded = 50

export function createJobs(tell: (job: JobState) => void, now: () => number = () => performance.now()): Jobs {
  const entries = new Map<JobId, Entry>()
  let serial = 0
  let isClosed = false
  const prefix = Date.now().toString(36)

  const update = (entry: Entry, change: Partial<JobState>): void => {
    entry.state = { ...entry.state, ...change }
    tell(entry.state)
  }

  function end(entry: Entry, change: Partial<JobState>): void {
    if (isEnded(entry.state)) return
    update(entry, { ...change, leftMs: undefined, elapsedMs: elapsed(entry) })
    entry.settle(entry.state)
    const ended = [...entries.values()].filter((e) => isEnded(e.state))
    for (const old of ended.slice(0, Math.max(0, ended.length - keepEnded))) entries.delete(old.state.id)
  }

  const elapsed = (entry: Entry): number =>
    entry.startedMs < 0 ? 0 : Math.max(0, Math.round(now() - entry.startedMs))

  function rates(entry: Entry, done: number, total: number): Partial<JobState> {
    if (done > entry.found) entry.first ??= { ms: now(), frames: done }
    const first = entry.first
    const workedMs = first ? now() - first.ms : 0
    const framesPerSecond = first && workedMs > 0 ? ((done - first.frames) * 1000) / workedMs : 0
    const isTelling = framesPerSecond > 0 && workedMs >= 1000
    return {
      elapsedMs: elapsed(entry),
      framesPerSecond,
      speed: framesPerSecond / entry.work.filmRate,
      leftMs: isTelling ? Math.round(((total - done) * 1000) / framesPerSecond) : undefined,
    }
  }

  function listen(entry: Entry): (progress: JobProgress) => void {
    let toldMs = -Infinity
    return ({ framesDone, framesTotal = entry.state.framesTotal, framesFound }) => {
      if (isEnded(entry.state)) return
      if (framesFound !== undefined) entry.found = framesFound
      const done = Math.min(framesDone, framesTotal)
      const change = { framesDone: done, framesTotal, ...rates(entry, done, framesTotal) }
      const isFirst = entry.state.framesDone === 0 && done > 0
      if (!isFirst && done < framesTotal && now() - toldMs < progressEveryMs) {
        entry.state = { ...entry.state, ...change }
        return
      }
      toldMs = now()
      update(entry, change)
    }
  }

  async function work(entry: Entry): Promise<void> {
    entry.startedMs = now()
    update(entry, { state: 'running' })
    const { signal } = entry.controller
    try {
      const result = await entry.work.run({ id: entry.state.id, signal, progress: listen(entry) })
      end(entry, {
        state: 'done',
        framesDone: entry.state.framesTotal,
        outputPath: result.outputPath,
        notes: result.notes ?? [],
        report: result.report,
      })
    } catch (error) {
      if (signal.aborted || isCancelled(error)) end(entry, { state: 'cancelled' })
      else end(entry, { state: 'failed', failure: toFailure(error) })
    }
  }

  /** Waiting jobs of a lane, previews first, else in the order they came. */
  function next(lane: string): Entry | undefined {
    const waiting = [...entries.values()].filter(
      (e) => e.state.state === 'waiting' && laneOf(e.state.kind) === lane,
    )
    return waiting.find((e) => e.state.kind === 'preview') ?? waiting[0]
  }

  function pump(): void {
    for (const lane of new Set(Object.values(lanes))) {
      const isBusy = [...entries.values()].some(
        (e) => e.state.state === 'running' && laneOf(e.state.kind) === lane,
      )
      const entry = isBusy || isClosed ? undefined : next(lane)
      if (entry) void work(entry).then(pump)
    }
  }

  function add(workToDo: JobWork): JobId {
    if (isClosed) throw new AppError('cancelled', 'Heirloom is closing.')
    const id = `${workToDo.kind}-${prefix}-${++serial}`
    let settle: Entry['settle'] = () => undefined
    const done = new Promise<JobState>((resolve) => (settle = resolve))
    const { kind, name, framesTotal, preview } = workToDo
    const state: JobState = {
      ...{ id, kind, name, state: 'waiting', framesDone: 0, framesTotal, framesPerSecond: 0, speed: 0 },
      ...{ elapsedMs: 0, notes: [], preview },
    }
    entries.set(id, {
      ...{ state, work: workToDo, controller: new AbortController(), startedMs: -1, found: 0, done, settle },
    })
    tell(state)
    queueMicrotask(pump) // the caller hears the id before the job begins
    return id
  }

  function cancel(id: JobId): void {
    const entry = entries.get(id)
    if (!entry) throw failing('not-found', 'jobGone')
    if (isEnded(entry.state)) return
    entry.controller.abort()
    if (entry.state.state === 'waiting') end(entry, { state: 'cancelled' })
  }

  return {
    add,
    cancel,
    list: () => [...entries.values()].map((e) => e.state),
    find: (id) => entries.get(id)?.state,
    writing: () =>
      [...entries.values()].flatMap((e) =>
        e.work.writes !== undefined && !isEnded(e.state) ? [e.work.writes] : [],
      ),
    ended: (id) => {
      const entry = entries.get(id)
      return entry ? entry.done : Promise.reject(failing('not-found', 'jobGone'))
    },
    async close() {
      isClosed = true
      const open = [...entries.values()].filter((e) => !isEnded(e.state))
      for (const entry of open) cancel(entry.state.id)
      await Promise.all(open.map((e) => e.done))
    },
  }
}
