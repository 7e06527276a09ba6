// The jobs that windows see: each a JobSpec, run by the runner of its kind when the scheduler says so, told as a JobState.
import { randomBytes } from 'node:crypto'
import { AppError, failing, fault, isCancelled, toFailure } from '../../shared/contract/errors.js'
import { JobId, JobState, isEnded } from '../../shared/contract/job.js'
import type { Report } from '../../shared/contract/report.js'
import type { Message } from '../../shared/words/sentences.js'
import type { JobRecords, RecordedFacts, RecordedState } from './records.js'
import { type Scheduler, createScheduler } from './scheduler.js'
import type { JobSpec, RequestOf } from './spec.js'
import { type JobProgress, type Speed, createSpeed } from './speed.js'

export type { JobProgress } from './speed.js'

export interface JobContext {
  id: JobId
  signal: AbortSignal
  progress: (progress: JobProgress) => void
}

export interface JobResult {
  outputPath?: string
  notes?: Message[]
  report?: Report | undefined
}

/** What windows are told of a job before it begins. */
export interface JobFacts extends RecordedFacts {
  name: string
  /** Frames of film per second of film, to say how fast the work is. */
  filmRate: number
  preview?: JobState['preview']
  /** The real path of the file that it will leave behind. */
  writes?: string
}

/** A job that was made from its data. */
export interface JobWork extends JobFacts {
  run(context: JobContext): Promise<JobResult>
}

export type Runner<Kind extends JobSpec['kind']> = (
  request: RequestOf<Kind>,
  context: JobContext,
) => Promise<JobResult>
type Runners = { [Kind in JobSpec['kind']]: Runner<Kind> }

export interface Jobs {
  /** How jobs of this kind are run; told once, by the room that knows. */
  register<Kind extends JobSpec['kind']>(kind: Kind, runner: Runner<Kind>): void
  add(spec: JobSpec, facts: JobFacts): JobId
  list(): JobState[]
  find(id: JobId): JobState | undefined
  /** What it was asked for. */
  spec(id: JobId): JobSpec | undefined
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
  spec: JobSpec
  facts: JobFacts
  controller: AbortController
  /** Since it runs. */
  speed?: Speed
  done: Promise<JobState>
  settle: (state: JobState) => void
}

/** Ended jobs that are remembered. */
const keepEnded = 50

function entryOf(id: JobId, spec: JobSpec, facts: JobFacts): Entry {
  const { name, framesTotal, preview } = facts
  let settle: Entry['settle'] = () => undefined
  const done = new Promise<JobState>((resolve) => (settle = resolve))
  const state: JobState = {
    ...{ id, kind: spec.kind, name, state: 'waiting', framesDone: 0, framesTotal, framesPerSecond: 0 },
    ...{ speed: 0, elapsedMs: 0, notes: [], preview },
  }
  return { state, spec, facts, controller: new AbortController(), done, settle }
}

const endOf = ({ state }: Entry, { outputPath, notes = [], report }: JobResult) => ({
  ...{ state: 'done' as const, framesDone: state.framesTotal, outputPath, notes, report },
})

/** The states of entries: who changes one tells of it. */
function createStates(tell: (job: JobState) => void, now: () => number) {
  const entries = new Map<JobId, Entry>()
  const update = (entry: Entry, change: Partial<JobState>): void => {
    entry.state = { ...entry.state, ...change }
    tell(entry.state)
  }
  const begin = (entry: Entry): void => {
    entry.speed = createSpeed(entry.facts.filmRate, now)
    update(entry, { state: 'running' })
  }
  const progress = (entry: Entry, how: JobProgress): void => {
    if (isEnded(entry.state) || !entry.speed) return
    const { change, isTold } = entry.speed.of(how, entry.state)
    if (isTold) update(entry, change)
    else entry.state = { ...entry.state, ...change }
  }
  const end = (entry: Entry, change: Partial<JobState>): void => {
    if (isEnded(entry.state)) return
    update(entry, { ...change, leftMs: undefined, elapsedMs: entry.speed?.elapsedMs() ?? 0 })
    entry.settle(entry.state)
    const ended = [...entries.values()].filter((e) => isEnded(e.state))
    for (const old of ended.slice(0, Math.max(0, ended.length - keepEnded))) entries.delete(old.state.id)
  }
  return { entries, begin, progress, end }
}

/** Who runs jobs of each kind. */
function createRunners() {
  const runners: Partial<Runners> = {}
  const register: Jobs['register'] = (kind, runner) => void Object.assign(runners, { [kind]: runner })
  const run = (spec: JobSpec, context: JobContext): Promise<JobResult> => {
    const runner = runners[spec.kind] as Runner<typeof spec.kind> | undefined
    if (!runner) throw fault('internal', `Nobody runs jobs of the kind ${spec.kind}.`)
    return runner(spec.request, context)
  }
  return { register, run }
}

/** What is said of entries to whoever asks. */
function answersFrom(
  entries: ReadonlyMap<JobId, Entry>,
): Pick<Jobs, 'list' | 'find' | 'spec' | 'ended' | 'writing'> {
  return {
    list: () => [...entries.values()].map((e) => e.state),
    find: (id) => entries.get(id)?.state,
    spec: (id) => entries.get(id)?.spec,
    ended: (id) => entries.get(id)?.done ?? Promise.reject(failing('not-found', 'jobGone')),
    writing: () =>
      [...entries.values()].flatMap((e) =>
        e.facts.writes !== undefined && !isEnded(e.state) ? [e.facts.writes] : [],
      ),
  }
}

export function createJobs(
  tell: (job: JobState) => void,
  records: Pick<JobRecords, 'add' | 'change'>,
  scheduler: Scheduler = createScheduler(),
  now: () => number = () => performance.now(),
): Jobs {
  const { entries, begin, progress, end: ended } = createStates(tell, now)
  const runners = createRunners()
  let [serial, isClosed] = [0, false]
  const prefix = `${Date.now().toString(36)}${randomBytes(3).toString('hex')}` // of this process alone

  function end(entry: Entry, change: Partial<JobState> & { state: RecordedState & JobState['state'] }): void {
    if (isEnded(entry.state)) return
    records.change(entry.state.id, isClosed && change.state === 'cancelled' ? 'closed' : change.state)
    ended(entry, change)
  }

  async function work(entry: Entry): Promise<void> {
    const { spec, controller, state } = entry
    const run = async (signal: AbortSignal): Promise<JobResult> => {
      records.change(state.id, 'running')
      begin(entry)
      return runners.run(spec, { id: state.id, signal, progress: (how) => progress(entry, how) })
    }
    try {
      end(entry, endOf(entry, await scheduler.run(spec.kind, run, controller.signal)))
    } catch (error) {
      if (controller.signal.aborted || isCancelled(error)) end(entry, { state: 'cancelled' })
      else end(entry, { state: 'failed', failure: toFailure(error) })
    }
  }

  function cancel(id: JobId): void {
    const entry = entries.get(id)
    if (!entry) throw failing('not-found', 'jobGone')
    if (isEnded(entry.state)) return
    entry.controller.abort()
    if (entry.state.state === 'waiting') end(entry, { state: 'cancelled' })
  }

  return {
    ...answersFrom(entries),
    ...{ register: runners.register, cancel },
    add(spec, facts) {
      if (isClosed) throw new AppError('cancelled', 'Heirloom is closing.')
      const entry = entryOf(`${spec.kind}-${prefix}-${++serial}`, spec, facts)
      entries.set(entry.state.id, entry)
      records.add(entry.state.id, spec, facts)
      tell(entry.state)
      void work(entry)
      return entry.state.id
    },
    async close() {
      isClosed = true
      const open = [...entries.values()].filter((e) => !isEnded(e.state))
      for (const entry of open) cancel(entry.state.id)
      await Promise.all(open.map((e) => e.done))
    },
  }
}

/**
 * A runner out of what makes a job from its data: called before the job is queued, so that everything that can be refused is refused then, and again
 * by the runner where that has been lost.
 */
export function prepared<Request extends object, Work extends JobWork>(
  make: (request: Request) => Promise<Work>,
) {
  const made = new WeakMap<Request, Work>()
  const prepare = async (request: Request): Promise<Work> => {
    const work = await make(request)
    made.set(request, work)
    return work
  }
  const run = async (request: Request, context: JobContext): Promise<JobResult> =>
    (made.get(request) ?? (await make(request))).run(context)
  return { prepare, run }
}
