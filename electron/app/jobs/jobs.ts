// All that takes long: each a JobSpec, run by the runner of its kind when the scheduler says so, told as a JobState. Some end with a file, some with an answer.
import { randomBytes } from 'node:crypto'
import { AppError, failing, fault, isCancelled, toFailure } from '../../shared/contract/errors.js'
import { type FileStep, type FilmMotion, JobId, JobState, isEnded } from '../../shared/contract/job.js'
import type { KeepsakeResult } from '../../shared/contract/keepsake.js'
import type { Report } from '../../shared/contract/report.js'
import type { Message } from '../../shared/words/sentences.js'
import { type Pace, type StepProgress, createPace } from './pace.js'
import type { JobRecords, RecordedFacts, RecordedState } from './records.js'
import { type Scheduler, createScheduler } from './scheduler.js'
import type { AnsweringKind, Answers, JobSpec, RequestOf, SpecOf } from './spec.js'
import { type JobProgress, type Speed, createSpeed } from './speed.js'

export type { JobProgress } from './speed.js'

export interface JobContext {
  id: JobId
  signal: AbortSignal
  /** In frames, or in bytes. */
  progress: (progress: JobProgress | StepProgress) => void
}

export interface JobResult {
  outputPath?: string
  notes?: Message[]
  report?: Report | undefined
  motion?: FilmMotion | undefined
  keepsake?: KeepsakeResult | undefined
  modelId?: string
}

/** Of any kind. */
type Outcome = JobResult & { answer?: unknown }

/** What windows are told of a job before it begins. */
export interface JobFacts extends RecordedFacts {
  name: string
  /** Frames of film per second of film, to say how fast the work is; left out where it is not counted in frames (`framesTotal` is 0 then). */
  filmRate?: number
  /** Work on files begins with it. */
  step?: FileStep['name']
  preview?: JobState['preview']
  /** The real path of the file that it will leave behind. */
  writes?: string
}

/** A job that was made from its data. */
export interface JobWork extends JobFacts {
  run(context: JobContext): Promise<JobResult>
}

/** Kinds that can be interrupted are run anew after that, with the signal of their new turn. */
export type Runner<Kind extends JobSpec['kind']> = (
  request: RequestOf<Kind>,
  context: JobContext,
) => Promise<Kind extends AnsweringKind ? JobResult & { answer: Answers[Kind] } : JobResult>
type Runners = { [Kind in JobSpec['kind']]: Runner<Kind> }

export interface Jobs {
  /** How jobs of this kind are run; told once, by the room that knows. */
  register<Kind extends JobSpec['kind']>(kind: Kind, runner: Runner<Kind>): void
  add(spec: JobSpec, facts: JobFacts): JobId
  /** Adds it; `answer` rejects with what ended it, as `cancelled` where it was. */
  ask<Kind extends AnsweringKind>(
    spec: SpecOf<Kind>,
    facts: JobFacts,
  ): { id: JobId; answer: Promise<Answers[Kind]> }
  list(): JobState[]
  find(id: JobId): JobState | undefined
  /** What it was asked for. */
  spec(id: JobId): JobSpec | undefined
  /** Fails with `not-found` for an unknown job; nothing happens to one that has ended. */
  cancel(id: JobId): void
  /** Hears every change of every job, as long as there are jobs. */
  watch(listener: (job: JobState) => void): void
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
  pace?: Pace
  done: Promise<JobState>
  settle: (state: JobState) => void
  answer: Promise<unknown>
  resolve: (answer: unknown) => void
  reject: (error: unknown) => void
}

/** Ended jobs of each kind that are remembered. */
const keepEnded = 50

function entryOf(id: JobId, spec: JobSpec, facts: JobFacts): Entry {
  const { name, framesTotal, preview, step } = facts
  let settle: Entry['settle'] = () => undefined
  const done = new Promise<JobState>((resolve) => (settle = resolve))
  let [resolve, reject]: [Entry['resolve'], Entry['reject']] = [() => undefined, () => undefined]
  const answer = new Promise<unknown>((...both) => ([resolve, reject] = both))
  answer.catch(() => undefined) // most jobs are asked for no answer
  const state: JobState = {
    ...{ id, kind: spec.kind, name, state: 'waiting', framesDone: 0, framesTotal, framesPerSecond: 0 },
    ...{ speed: 0, elapsedMs: 0, notes: [], preview },
    step: step && { name: step, bytesDone: 0, bytesTotal: 0, bytesPerSecond: 0 },
  }
  return { state, spec, facts, controller: new AbortController(), done, settle, answer, resolve, reject }
}

const endOf = (
  { state }: Entry,
  { outputPath, notes = [], report, motion, keepsake, modelId }: JobResult,
) => ({
  ...{ state: 'done' as const, framesDone: state.framesTotal, outputPath, notes, report, motion, modelId },
  keepsake,
  step: state.step && { ...state.step, file: undefined },
})

/** The states of entries: who changes one tells of it. */
function createStates(tell: (job: JobState) => void, now: () => number) {
  const entries = new Map<JobId, Entry>()
  const update = (entry: Entry, change: Partial<JobState>): void => {
    entry.state = { ...entry.state, ...change }
    tell(entry.state)
  }
  const begin = (entry: Entry): void => {
    entry.speed = createSpeed(entry.facts.filmRate ?? 1, now)
    entry.pace = createPace(now)
    update(entry, { state: 'running' })
  }
  const wait = (entry: Entry): void => update(entry, { state: 'waiting' })
  const progress = (entry: Entry, how: JobProgress | StepProgress): void => {
    const { speed, pace, state } = entry
    if (isEnded(state) || !speed || !pace) return
    const { change, isTold } = 'step' in how ? pace(how, state.step) : speed.of(how, state)
    const now = { ...change, elapsedMs: speed.elapsedMs() }
    if (isTold) update(entry, now)
    else entry.state = { ...state, ...now }
  }
  const end = (entry: Entry, change: Partial<JobState>): void => {
    if (isEnded(entry.state)) return
    const { step = entry.state.step } = change
    const rest = { leftMs: undefined, elapsedMs: entry.speed?.elapsedMs() ?? 0 }
    update(entry, { ...change, ...rest, step: step && { ...step, bytesPerSecond: 0 } })
    entry.settle(entry.state)
    const ended = [...entries.values()].filter((e) => e.spec.kind === entry.spec.kind && isEnded(e.state))
    for (const old of ended.slice(0, Math.max(0, ended.length - keepEnded))) entries.delete(old.state.id)
  }
  return { entries, begin, wait, progress, end }
}

/** Who runs jobs of each kind. */
function createRunners() {
  const runners: Partial<Runners> = {}
  const register: Jobs['register'] = (kind, runner) => void Object.assign(runners, { [kind]: runner })
  const run = (spec: JobSpec, context: JobContext): Promise<Outcome> => {
    const runner = runners[spec.kind] as Runner<'export'> | undefined
    if (!runner) throw fault('internal', `Nobody runs jobs of the kind ${spec.kind}.`)
    return runner(spec.request as RequestOf<'export'>, context)
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

type Written = Pick<JobRecords, 'add' | 'change'>

/** Runs entries to their ends. `isClosed`: what is cancelled from now on ends because Heirloom does. */
function createWorkers(
  { begin, wait, progress, end: ended }: ReturnType<typeof createStates>,
  run: ReturnType<typeof createRunners>['run'],
  { scheduler, records, isClosed }: { scheduler: Scheduler; records: Written; isClosed: () => boolean },
) {
  function end(entry: Entry, change: Partial<JobState> & { state: RecordedState & JobState['state'] }): void {
    if (isEnded(entry.state)) return
    records.change(entry.state.id, isClosed() && change.state === 'cancelled' ? 'closed' : change.state)
    ended(entry, change)
  }

  function stop(entry: Entry): void {
    end(entry, { state: 'cancelled' })
    entry.reject(failing('cancelled', 'cancelled'))
  }

  async function turn(entry: Entry, signal: AbortSignal): Promise<Outcome> {
    const { spec, controller, state } = entry
    records.change(state.id, 'running')
    begin(entry)
    try {
      return await run(spec, { id: state.id, signal, progress: (how) => progress(entry, how) })
    } catch (error) {
      if (signal.aborted && !controller.signal.aborted) {
        records.change(state.id, 'waiting') // others go first
        wait(entry)
      }
      throw error
    }
  }

  async function work(entry: Entry): Promise<void> {
    const { spec, controller } = entry
    try {
      const result = await scheduler.run(spec.kind, (signal) => turn(entry, signal), controller.signal)
      end(entry, endOf(entry, result))
      entry.resolve(result.answer)
    } catch (error) {
      if (controller.signal.aborted || isCancelled(error)) return stop(entry)
      end(entry, { state: 'failed', failure: toFailure(error) })
      entry.reject(error)
    }
  }
  return { stop, work }
}

export function createJobs(
  tell: (job: JobState) => void,
  records: Written,
  scheduler: Scheduler = createScheduler(),
  now: () => number = () => performance.now(),
): Jobs {
  const listeners = [tell]
  const tellAll = (job: JobState): void => listeners.forEach((listener) => listener(job))
  const states = createStates(tellAll, now)
  const { entries } = states
  const runners = createRunners()
  let [serial, isClosed] = [0, false]
  const prefix = `${Date.now().toString(36)}${randomBytes(3).toString('hex')}` // of this process alone
  const workers = createWorkers(states, runners.run, { scheduler, records, isClosed: () => isClosed })

  function cancel(id: JobId): void {
    const entry = entries.get(id)
    if (!entry) throw failing('not-found', 'jobGone')
    if (isEnded(entry.state)) return
    entry.controller.abort()
    if (entry.state.state === 'waiting') workers.stop(entry)
  }

  function add(spec: JobSpec, facts: JobFacts): Entry {
    if (isClosed) throw new AppError('cancelled', 'Heirloom is closing.')
    const entry = entryOf(`${spec.kind}-${prefix}-${++serial}`, spec, facts)
    entries.set(entry.state.id, entry)
    records.add(entry.state.id, spec, facts)
    tellAll(entry.state)
    void workers.work(entry)
    return entry
  }

  return {
    ...answersFrom(entries),
    ...{ register: runners.register, cancel },
    watch: (listener) => void listeners.push(listener),
    add: (spec, facts) => add(spec, facts).state.id,
    ask<Kind extends AnsweringKind>(spec: SpecOf<Kind>, facts: JobFacts) {
      const { state, answer } = add(spec, facts)
      return { id: state.id, answer: answer as Promise<Answers[Kind]> }
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
