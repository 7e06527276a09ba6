// One segment's frames: source -> stream -> sink, the three working at the same time with a few frames between them.
// Knows nothing of ffmpeg or of the model: what it promises is order, count, bounded memory and a clean end.
import { failing } from '../shared/contract/errors.js'
import { type Buffers, createBuffers } from './buffers.js'
import { type Queue, createQueue } from './queue.js'
import type { Step } from './turns.js'
import type { Watch } from './watch.js'

/** A decoded picture: packed planar YUV, valid until the next one is asked for. */
export interface TimedFrame {
  data: Uint8Array
}

/** What pictures go through: the native stream, or `identity`. */
export interface FrameStream {
  /** The bytes may be reused once it has resolved. */
  push(frame: Uint8Array): Promise<number>
  finish(): Promise<number>
  /** Fills `into` with the next finished picture; false when none is ready. */
  pull(into: Uint8Array): boolean
  cancel(): void
  close(): void
  readonly inputBytes: number
  readonly outputBytes: number
}

/** Where pictures end: an encoder, the preview's writer, or a counter. */
export interface Sink {
  /** The bytes may be reused once it has resolved. */
  write(frame: Uint8Array): Promise<void>
  /** Everything was written: complete the output. */
  finish(): Promise<void>
  /** Something went wrong or was cancelled: leave nothing behind. Never rejects. */
  abort(): Promise<void>
}

export interface PipelineWork {
  /** Starts decoding; the signal ends it at once. */
  decode: (signal: AbortSignal) => AsyncIterable<TimedFrame>
  stream: FrameStream
  sink: Sink
  /** The first outputs only warmed the stream up and are thrown away. */
  warmUp: number
  /** So are the last: their pictures were decoded for those before them to look at. */
  lookAhead: number
  /** How many are delivered between them. */
  frames: number
  signal: AbortSignal
  onDelivered?: (frames: number) => void
  /** When the stream may be given its next frame; at once where it is left out. Decoder and encoder wait meanwhile, held back by the queues. */
  step?: Step | undefined
  /** Looks at what the model makes of its pictures; its failure is the pipeline's. */
  watch?: Watch | undefined
  /** Name of the source, for sentences. */
  name: string
}

/** Where the time went, in milliseconds, without that spent waiting for a step; the model's share is time inside push and finish. */
export interface PipelineTimes {
  frames: number
  totalMs: number
  modelMs: number
}

/** Frames between two stages: enough to overlap them, few enough that memory is a matter of the picture's size. */
const queueFrames = 4

const atOnce: Step = (work) => work()

/** Passes pictures of this many bytes through untouched: enhancement is off. */
export function identity(bytes: number): FrameStream {
  const buffers = createBuffers(bytes)
  const waiting: Uint8Array[] = []
  return {
    push: (frame) => Promise.resolve(waiting.push(buffers.copy(frame))),
    finish: () => Promise.resolve(waiting.length),
    pull: (into) => {
      const frame = waiting.shift()
      if (!frame) return false
      into.set(frame)
      buffers.give(frame)
      return true
    },
    cancel: () => undefined,
    close: () => undefined,
    inputBytes: bytes,
    outputBytes: bytes,
  }
}

/** What the three stages share. Frames travel in buffers that go round, so that memory does not wait for the garbage collector (docs/SPEED.md). */
interface Belt {
  work: PipelineWork
  inputs: Buffers
  decoded: Queue<Uint8Array>
  outputs: Buffers
  finished: Queue<Uint8Array>
  /** Ends decoding, and waiting for a step. */
  stopping: AbortController
  times: { modelMs: number; asideMs: number }
}

const wantedOf = ({ warmUp, frames, lookAhead }: PipelineWork): number => warmUp + frames + lookAhead

async function read({ work, inputs, decoded, stopping }: Belt): Promise<void> {
  const wanted = wantedOf(work)
  let count = 0
  for await (const frame of work.decode(stopping.signal)) {
    await decoded.put(inputs.copy(frame.data))
    count++
  } // to its end, which says whether the file has more than is known
  if (count < wanted) throw failing('truncated-file', 'sourceEnded', { name: work.name, count, wanted })
  decoded.close()
}

/** One step of the stream, when it may be taken. */
async function timed({ work, stopping, times }: Belt, call: () => Promise<number>): Promise<void> {
  const { step = atOnce } = work
  const asked = performance.now()
  await step(async () => {
    const from = performance.now()
    times.asideMs += from - asked
    await call()
    times.modelMs += performance.now() - from
  }, stopping.signal)
}

/** Hands on what is finished; `first`: the number of the next frame. Resolves to that of the one after. */
async function drain({ work, outputs, finished }: Belt, first: number): Promise<number> {
  const { stream, warmUp, frames, watch } = work
  let number = first
  let into = outputs.take()
  for (; stream.pull(into); number++) {
    const isKept = number >= warmUp && number < warmUp + frames
    watch?.produced(into, isKept)
    if (!isKept) continue
    await finished.put(into)
    into = outputs.take()
  }
  outputs.give(into)
  return number
}

async function enhance(belt: Belt): Promise<void> {
  const { work, inputs, decoded, finished } = belt
  const { stream, watch } = work
  let produced = 0
  for (let frame = await decoded.take(); frame; frame = await decoded.take()) {
    const pushed = frame
    watch?.pushed(pushed)
    await timed(belt, () => stream.push(pushed))
    produced = await drain(belt, produced)
    inputs.give(pushed)
  }
  await timed(belt, () => stream.finish())
  produced = await drain(belt, produced)
  const wanted = wantedOf(work)
  if (produced !== wanted) throw failing('engine-failed', 'engineCount', { found: produced, wanted })
  watch?.finish()
  finished.close()
}

async function write({ work, outputs, finished }: Belt): Promise<void> {
  let count = 0
  for (let frame = await finished.take(); frame; frame = await finished.take()) {
    await work.sink.write(frame)
    outputs.give(frame)
    work.onDelivered?.(++count)
  }
  await work.sink.finish()
}

/** The first failure stops the other two; all three have ended before anything is closed. */
async function runStages(belt: Belt, stop: (error: unknown) => void): Promise<void> {
  let failure: { error: unknown } | undefined
  const guarded = (stage: (belt: Belt) => Promise<void>): Promise<void> =>
    stage(belt).catch((error: unknown) => {
      failure ??= { error }
      stop(error)
    })
  await Promise.all([guarded(read), guarded(enhance), guarded(write)])
  if (failure) throw belt.work.signal.aborted ? failing('cancelled', 'cancelled') : failure.error
}

export async function runPipeline(work: PipelineWork): Promise<PipelineTimes> {
  const { stream, sink, signal, frames } = work
  const belt: Belt = {
    work,
    inputs: createBuffers(stream.inputBytes),
    decoded: createQueue(queueFrames),
    outputs: createBuffers(stream.outputBytes),
    finished: createQueue(queueFrames),
    stopping: new AbortController(),
    times: { modelMs: 0, asideMs: 0 },
  }
  const stop = (error: unknown): void => {
    belt.decoded.fail(error)
    belt.finished.fail(error)
    stream.cancel()
    belt.stopping.abort()
  }
  const onAbort = (): void => stop(failing('cancelled', 'cancelled'))
  const start = performance.now()
  signal.addEventListener('abort', onAbort)
  if (signal.aborted) onAbort()
  try {
    await runStages(belt, stop)
    const { modelMs, asideMs } = belt.times
    return { frames, totalMs: performance.now() - start - asideMs, modelMs }
  } catch (error) {
    await sink.abort()
    throw error
  } finally {
    signal.removeEventListener('abort', onAbort)
    stream.close()
  }
}
