// The engine host: a child process that loads the addon and runs tasks. Its death costs a segment, never the app.
// Started by client.ts as `out/engine/host.js`, over a fork's channel or Electron's parentPort; ends when its parent has gone.
import { AppError, fault, toFailure } from '../shared/contract/errors.js'
import { isSystemError } from '../shared/words/systemReason.js'
import { useTools } from '../ffmpeg/resolve.js'
import { type Work, finished, fromNative, loadAddon } from './addon.js'
import { runDamage } from './damage.js'
import { runTiming } from './timing/run.js'
import { measure } from './measure.js'
import { forgetWords } from './environment.js'
import { planMemory } from './estimatesRoom.js'
import { isLight, modelIn } from './models.js'
import {
  type FromHost,
  type OnProgress,
  type Results,
  type Task,
  ToHost,
  type WorkProgress,
  beatMs,
} from './protocol.js'
import { runPictures } from './deliver.js'
import { photoInTurn, encodeInTurn, segmentInTurn, urgently } from './room.js'
import { runStill } from './still.js'
import type { z } from 'zod'

forgetWords()

interface ParentPort {
  postMessage(message: unknown): void
  on(event: 'message', listener: (event: { data: unknown }) => void): void
}

const running = new Map<number, AbortController>()
const parentPort = (process as { parentPort?: ParentPort }).parentPort

function send(message: FromHost): void {
  if (parentPort) parentPort.postMessage(message)
  else if (process.connected) process.send?.(message)
}

type Result = { [Kind in keyof typeof Results]: z.infer<(typeof Results)[Kind]> }[keyof typeof Results]

interface Listeners {
  onProgress: OnProgress
  onWork: (work: WorkProgress) => void
}

/** Progress at most this often. */
const workEveryMs = 100

/** A piece of the addon's own long work, under a signal. */
async function underSignal<T>(
  begin: (onWork: (work: WorkProgress) => void) => Work<T>,
  signal: AbortSignal,
  onWork: (work: WorkProgress) => void,
): Promise<T> {
  let toldMs = -Infinity
  const work = begin((progress) => {
    const now = performance.now()
    if (now - toldMs < workEveryMs && progress.done < progress.total) return
    toldMs = now
    onWork(progress)
  })
  return finished(work, signal)
}

async function perform(task: Task, signal: AbortSignal, { onProgress, onWork }: Listeners): Promise<Result> {
  switch (task.kind) {
    case 'devices':
      return loadAddon().devices()
    case 'model':
      return (await modelIn(task.model)).info
    case 'memory':
      return planMemory(task)
    case 'measure':
      return urgently(async (turn) => {
        if (!(await isLight(task.model))) await turn.alone()
        return measure(task.model, task.scale, signal)
      }, signal)
    case 'inspect': {
      const { folder, knownFiles } = task
      return underSignal(
        (tell) => loadAddon().inspectModel(folder, { hash: true, knownFiles }, tell),
        signal,
        onWork,
      )
    }
    case 'import': {
      const { folder, destination, version, knownFiles } = task
      return underSignal(
        (tell) => loadAddon().importModel(folder, destination, { version, knownFiles }, tell),
        signal,
        onWork,
      )
    }
    case 'segment':
      return segmentInTurn(task, signal, onProgress)
    case 'encode':
      return encodeInTurn(task, signal, onProgress)
    case 'pictures':
      return urgently(() => runPictures(task, signal, onProgress), signal)
    case 'photo':
      return photoInTurn(task, signal, onProgress)
    case 'still':
      return urgently(() => runStill(task, signal), signal)
    case 'damage':
      return urgently(() => runDamage(task, signal), signal)
    case 'timing':
      return runTiming(task, signal, onProgress)
  }
}

/** From the event loop: the addon and ffmpeg work beside it, so it turns however long their work takes. */
let beat: NodeJS.Timeout | undefined
function beatWhileBusy(): void {
  if (running.size > 0) beat ??= setInterval(() => send({ type: 'beat' }), beatMs)
  else {
    clearInterval(beat)
    beat = undefined
  }
}

async function run(id: number, task: Task): Promise<void> {
  const controller = new AbortController()
  running.set(id, controller)
  beatWhileBusy()
  try {
    const listeners: Listeners = {
      onProgress: (frames, asideMs = 0) => send({ type: 'progress', id, frames, asideMs }),
      onWork: (work) => send({ type: 'work', id, work }),
    }
    send({ type: 'done', id, result: await perform(task, controller.signal, listeners) })
  } catch (error) {
    // What the system refused is told as that, not as the engine's.
    const told = error instanceof AppError || isSystemError(error) ? error : fromNative(error)
    send({ type: 'failed', id, failure: toFailure(told) })
  } finally {
    running.delete(id)
    beatWhileBusy()
  }
}

function hear(raw: unknown): void {
  const message = ToHost.safeParse(raw)
  if (!message.success) {
    const id = (raw as { id?: unknown } | null)?.id
    const failure = toFailure(fault('internal', 'The engine host was sent something it does not know.'))
    if (typeof id === 'number') send({ type: 'failed', id, failure })
    return
  }
  if (message.data.type === 'tools') {
    const { tools } = message.data
    useTools({ ...tools, encoders: new Set(tools.encoders) })
  } else if (message.data.type === 'cancel') running.get(message.data.id)?.abort()
  else void run(message.data.id, message.data.task)
}

if (parentPort) parentPort.on('message', (event) => hear(event.data))
else {
  process.on('message', hear)
  process.on('disconnect', () => process.exit(0)) // the app is gone: ffmpeg.run ends its children on exit
}
// Ctrl-C in a terminal reaches the whole group; the app decides when this process ends.
process.on('SIGINT', () => undefined)
process.on('SIGTERM', () => process.exit(0)) // through its exit, so that ffmpeg goes with it
