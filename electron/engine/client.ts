// The app's end of the engine host: starts the child process, restarts it after a crash, sends tasks, hears progress.
// The launcher is an argument, because Electron starts utility processes and everybody else forks.
import { fork } from 'node:child_process'
import { prettifyError } from 'zod'
import { failing, fromFailure } from '../shared/contract/errors.js'
import { knownTools } from '../ffmpeg/resolve.js'
import { hostEnvironment } from './environment.js'
import { FromHost, Results, type ResultOf, type Task, type WorkProgress, beatMs } from './protocol.js'

export type {
  FileSink,
  Inspection,
  LoadedInfo,
  PhotoResult,
  SegmentResult,
  SegmentTask,
  SinkSpec,
  Task,
} from './protocol.js'
export { numerics } from './numerics.js'

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
  /** Frames delivered so far; starts again from 0 when a crashed task is retried. */
  onProgress?: (frames: number) => void
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
      child.on('exit', (code, signal) => tell(signal ?? `exit ${code}`))
    },
    // Asked first, so that it takes its ffmpeg with it; one that no longer listens is not asked twice.
    kill: () => {
      child.kill('SIGTERM')
      setTimeout(() => child.kill('SIGKILL'), killDeadlineMs).unref()
    },
  }
}

interface Pending {
  settle(outcome: { result: unknown } | { error: unknown }): void
  onProgress?: (frames: number) => void
  onWork?: (work: WorkProgress) => void
}

/** Marks a task that ended because its host died, or was ended because it stood still, so that it can be tried once more. */
class HostDied extends Error {
  constructor(
    reason: string,
    readonly wasStill: boolean,
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

export function createEngine(entry: string, launch: LaunchEngine = forkEngine): Engine {
  let current: EngineProcess | undefined
  let told: EngineProcess | undefined // has heard where ffmpeg is
  let isClosed = false
  let serial = 0
  const pending = new Map<number, Pending>()

  function start(): EngineProcess {
    const started = launch(entry, hostEnvironment())
    current = started
    let isStill = false
    const watching = watch(
      () => current === started && pending.size > 0,
      () => {
        isStill = true
        started.kill()
      },
    )
    started.onMessage((raw) => {
      watching.heard()
      const message = FromHost.safeParse(raw)
      if (message.success) hear(message.data)
    })
    started.onExit((reason) => {
      watching.leave()
      if (current !== started) return
      current = undefined
      const waiting = [...pending.values()]
      pending.clear()
      for (const task of waiting) task.settle({ error: new HostDied(reason, isStill) })
    })
    return started
  }

  function hear(message: FromHost): void {
    if (message.type === 'beat') return
    const task = pending.get(message.id)
    if (!task) return
    if (message.type === 'progress') return task.onProgress?.(message.frames)
    if (message.type === 'work') return task.onWork?.(message.work)
    pending.delete(message.id)
    task.settle(
      message.type === 'done' ? { result: message.result } : { error: fromFailure(message.failure) },
    )
  }

  /** It would find the same, by asking ffmpeg and ffprobe again. */
  function tellTools(host: EngineProcess): void {
    const tools = knownTools()
    if (!tools || told === host) return
    told = host
    host.send({ type: 'tools', tools: { ...tools, encoders: [...tools.encoders] } })
  }

  function once(task: Task, { signal, onProgress, onWork }: RunOptions): Promise<unknown> {
    if (isClosed || signal?.aborted) return Promise.reject(failing('cancelled', 'cancelled'))
    const host = current ?? start()
    const id = ++serial
    return new Promise((resolve, reject) => {
      let deadline: NodeJS.Timeout | undefined
      const onAbort = (): void => {
        host.send({ type: 'cancel', id })
        deadline = setTimeout(() => host.kill(), cancelDeadlineMs)
      }
      const settle: Pending['settle'] = (outcome) => {
        clearTimeout(deadline)
        signal?.removeEventListener('abort', onAbort)
        if ('result' in outcome) resolve(outcome.result)
        else reject(signal?.aborted ? failing('cancelled', 'cancelled') : (outcome.error as Error))
      }
      signal?.addEventListener('abort', onAbort)
      pending.set(id, { settle, onProgress, onWork })
      tellTools(host)
      host.send({ type: 'run', id, task })
    })
  }

  async function run<T extends Task>(task: T, options: RunOptions = {}): Promise<ResultOf<T>> {
    const attempt = async (): Promise<ResultOf<T>> => {
      const result = Results[task.kind].safeParse(await once(task, options))
      if (!result.success)
        throw failing('engine-failed', 'engineForeign', {}, { detail: prettifyError(result.error) })
      return result.data as ResultOf<T>
    }
    try {
      return await attempt()
    } catch (error) {
      if (!(error instanceof HostDied)) throw error
    }
    try {
      return await attempt()
    } catch (error) {
      if (!(error instanceof HostDied)) throw error
      const key = error.wasStill ? 'engineStalled' : 'engineCrashed'
      throw failing('engine-crashed', key, {}, { detail: error.message })
    }
  }

  return {
    run,
    get pid() {
      return current?.pid
    },
    rest() {
      if (pending.size > 0) return
      const idle = current
      current = undefined
      idle?.kill()
    },
    close() {
      isClosed = true
      current?.kill()
    },
  }
}
