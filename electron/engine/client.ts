// The app's end of the engine host: starts the child process, restarts it after a crash, sends tasks, hears progress.
// The launcher is an argument, because Electron starts utility processes and everybody else forks.
import { fork } from 'node:child_process'
import { prettifyError } from 'zod'
import { failing, fromFailure } from '../shared/contract/errors.js'
import { knownTools } from '../ffmpeg/resolve.js'
import { hostEnvironment } from './environment.js'
import {
  FromHost,
  type OnProgress,
  Results,
  type ResultOf,
  type Task,
  type WorkProgress,
  beatMs,
} from './protocol.js'

export { StillResult } from './protocol.js'
export type {
  FileSink,
  Inspection,
  LoadedInfo,
  ModelOnDevice,
  OnProgress,
  PhotoResult,
  PhotoTask,
  SegmentResult,
  SegmentTask,
  SinkSpec,
  Task,
  WorkProgress,
} from './protocol.js'
export { contractOf, numerics } from './facts.js'
export { MotionMade } from './protocol.js'

/** A started engine host, whatever started it. */
export interface EngineProcess {
  send(message: unknown): void
  onMessage(listener: (message: unknown) => void): void
  /** Called once, with the exit code or signal as a word. */
  onExit(listener: (reason: string) => void): void
  kill(): void
  /** Where the launcher knows it. */
  readonly pid?: number
}
/** Starts `out/engine/host.js` with this environment; must give a new process on every call. */
export type LaunchEngine = (entry: string, env: NodeJS.ProcessEnv) => EngineProcess

export interface RunOptions {
  signal?: AbortSignal
  /** Frames delivered so far, and how long others went first; starts again from 0 when a crashed task is retried. */
  onProgress?: OnProgress
  /** How far a look at weights, or their import, is. */
  onWork?: (work: WorkProgress) => void
}

export interface Engine {
  run<T extends Task>(task: T, options?: RunOptions): Promise<ResultOf<T>>
  /** Process id of the running host, for tests and the log; undefined under launchers that do not tell. */
  readonly pid: number | undefined
  /** Ends the host if it has nothing to do; the next task starts another. Its memory, and the files it has open, are given back. */
  rest(): void
  close(): void
}

/** A host that was asked to cancel gets this long before it is killed. */
const cancelDeadlineMs = 5000
/** One that was told to end, before it is made to. */
const killDeadlineMs = 1000
/** Silence of a host that has work, counted in our own looks: while the computer sleeps, or this process stands still, there are none. */
const stillLooks = 6
/** A host that starts loads the addon and the graphics driver, which may take a slow disk long and lets no beat through. */
const startLooks = 30
const stderrTail = 4000

export const forkEngine: LaunchEngine = (entry, env) => {
  // A small nursery: frames are collected soon after they have passed, so that memory does not creep up with the film's length.
  const child = fork(entry, [], {
    env,
    execArgv: ['--max-semi-space-size=1'],
    stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
    detached: process.platform !== 'win32', // a terminal's Ctrl-C is for the app; without it this process ends by itself
  })
  let tail = ''
  child.stderr?.setEncoding('utf8').on('data', (text: string) => (tail = (tail + text).slice(-stderrTail)))
  return {
    pid: child.pid,
    // A host that has just died cannot be told anything; its exit says so to everybody waiting.
    send: (message) => void (child.connected && child.send(message as object, () => undefined)),
    onMessage: (listener) => void child.on('message', listener),
    onExit: (listener) => {
      let isTold = false
      const tell = (reason: string): void => {
        if (isTold) return
        isTold = true
        listener(tail === '' ? reason : `${reason}: ${tail.trim()}`)
      }
      child.on('error', (error) => tell(error.message))
      child.on('exit', (code, signal) => tell(signal ?? `exit ${code ?? ''}`))
    },
    // Asked first, so that it takes its ffmpeg with it; one that no longer listens is not asked twice.
    kill: () => {
      child.kill('SIGTERM')
      setTimeout(() => child.kill('SIGKILL'), killDeadlineMs).unref()
    },
  }
}

interface Pending {
  /** Units of exports stand aside for it. */
  isUrgent: boolean
  settle(outcome: { result: unknown } | { error: unknown }): void
  onProgress?: OnProgress | undefined
  onWork?: ((work: WorkProgress) => void) | undefined
}

/** As the host takes it (room.ts). */
const isUrgent = (task: Task): boolean =>
  ['photo', 'still', 'damage', 'measure'].includes(task.kind) ||
  (task.kind === 'segment' && task.isUrgent === true)

/** Marks a task that ended because its host died, or was ended because it stood still, so that it can be tried once more. */
class HostDied extends Error {
  constructor(
    reason: string,
    readonly wasStill: boolean,
    /** Somebody else's urgent work was under way. */
    readonly wasAside: boolean,
  ) {
    super(reason)
  }
}

/** Calls `onStill` when nothing was heard for so many looks while there was work. */
function watch(isBusy: () => boolean, onStill: () => void): { heard(): void; leave(): void } {
  let [silent, limit] = [0, startLooks]
  const timer = setInterval(() => {
    silent = isBusy() ? silent + 1 : 0
    if (silent === limit) onStill()
  }, beatMs).unref()
  const heard = (): void => {
    ;[silent, limit] = [0, stillLooks]
  }
  return { heard, leave: () => clearInterval(timer) }
}

/** The host that runs, and what it was asked; another one is started for the next task after its end. */
interface Link {
  pid(): number | undefined
  isIdle(): boolean
  /** Rejects as HostDied when the host ends before it has answered. */
  ask(task: Task, options: RunOptions): Promise<unknown>
  /** The next task gets another host. */
  leave(): void
  kill(): void
}

function createLink(entry: string, launch: LaunchEngine, onDeath: (reason: string) => void): Link {
  let current: EngineProcess | undefined
  let told: EngineProcess | undefined // has heard where ffmpeg is
  let serial = 0
  const pending = new Map<number, Pending>()

  function start(): EngineProcess {
    const started = launch(entry, hostEnvironment())
    current = started
    attend(started, {
      isBusy: () => current === started && pending.size > 0,
      hear: (message) => hear(pending, message),
      onExit(reason, wasStill) {
        if (current !== started) return
        current = undefined
        onDeath(wasStill ? `it stood still; ${reason}` : reason)
        failAll(pending, reason, wasStill)
      },
    })
    return started
  }

  /** It would find the same, by asking ffmpeg and ffprobe again. */
  function tellTools(host: EngineProcess): void {
    const tools = knownTools()
    if (!tools || told === host) return
    told = host
    host.send({ type: 'tools', tools: { ...tools, encoders: [...tools.encoders] } })
  }

  return {
    pid: () => current?.pid,
    isIdle: () => pending.size === 0,
    ask(task, options) {
      const host = current ?? start()
      const id = ++serial
      return answered(host, id, options, (settle) => {
        pending.set(id, { settle, ...options, isUrgent: isUrgent(task) })
        tellTools(host)
        host.send({ type: 'run', id, task })
      })
    },
    leave: () => (current = undefined),
    kill: () => current?.kill(),
  }
}

interface Attending {
  isBusy: () => boolean
  hear: (message: FromHost) => void
  /** `wasStill`: it was ended because it gave no sign of life. */
  onExit: (reason: string, wasStill: boolean) => void
}

/** Hears a host from its start to its end, and ends it when it stands still. */
function attend(host: EngineProcess, { isBusy, hear, onExit }: Attending): void {
  let isStill = false
  const watching = watch(isBusy, () => {
    isStill = true
    host.kill()
  })
  host.onMessage((raw) => {
    watching.heard()
    const message = FromHost.safeParse(raw)
    if (message.success) hear(message.data)
  })
  host.onExit((reason) => {
    watching.leave()
    onExit(reason, isStill)
  })
}

function hear(pending: Map<number, Pending>, message: FromHost): void {
  if (message.type === 'beat') return
  const task = pending.get(message.id)
  if (!task) return
  if (message.type === 'progress') return task.onProgress?.(message.frames, message.asideMs)
  if (message.type === 'work') return task.onWork?.(message.work)
  pending.delete(message.id)
  task.settle(message.type === 'done' ? { result: message.result } : { error: fromFailure(message.failure) })
}

function failAll(pending: Map<number, Pending>, reason: string, wasStill: boolean): void {
  const waiting = [...pending.values()]
  pending.clear()
  const isSomeUrgent = waiting.some((task) => task.isUrgent)
  for (const task of waiting)
    task.settle({ error: new HostDied(reason, wasStill, isSomeUrgent && !task.isUrgent) })
}

/** The answer to task `id`; the host is told when `signal` ends it, and killed when it does not listen. */
function answered(
  host: EngineProcess,
  id: number,
  { signal }: RunOptions,
  ask: (settle: Pending['settle']) => void,
): Promise<unknown> {
  return new Promise((resolve, reject) => {
    let deadline: NodeJS.Timeout | undefined
    const onAbort = (): void => {
      host.send({ type: 'cancel', id })
      deadline = setTimeout(() => host.kill(), cancelDeadlineMs)
    }
    signal?.addEventListener('abort', onAbort)
    ask((outcome) => {
      clearTimeout(deadline)
      signal?.removeEventListener('abort', onAbort)
      if ('result' in outcome) resolve(outcome.result)
      else reject(signal?.aborted ? failing('cancelled', 'cancelled') : (outcome.error as Error))
    })
  })
}

/** Tried once more when the host has died; deaths while it stood aside for somebody else's work are not its own. */
async function retried<T>(attempt: () => Promise<T>): Promise<T> {
  for (let deaths = 0; ;) {
    try {
      return await attempt()
    } catch (error) {
      if (!(error instanceof HostDied)) throw error
      if (!error.wasAside) deaths++
      if (deaths < 2) continue
      const key = error.wasStill ? 'engineStalled' : 'engineCrashed'
      throw failing('engine-crashed', key, {}, { detail: error.message })
    }
  }
}

/** `onDeath` is told why a host ended that was not asked to. */
export function createEngine(
  entry: string,
  launch: LaunchEngine = forkEngine,
  onDeath: (reason: string) => void = () => undefined,
): Engine {
  let isClosed = false
  const link = createLink(entry, launch, (reason) => {
    if (!isClosed) onDeath(reason)
  })

  async function once<T extends Task>(task: T, options: RunOptions): Promise<ResultOf<T>> {
    if (isClosed || options.signal?.aborted) throw failing('cancelled', 'cancelled')
    const result = Results[task.kind].safeParse(await link.ask(task, options))
    if (!result.success)
      throw failing('engine-failed', 'engineForeign', {}, { detail: prettifyError(result.error) })
    return result.data as ResultOf<T>
  }

  return {
    run: (task, options = {}) => retried(() => once(task, options)),
    get pid() {
      return link.pid()
    },
    rest() {
      if (!link.isIdle()) return
      link.kill()
      link.leave()
    },
    close() {
      isClosed = true
      link.kill()
    },
  }
}
