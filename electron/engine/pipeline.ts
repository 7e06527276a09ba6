// One segment's frames: source -> stream -> sink, the three working at the same time with a few frames between them.
// Knows nothing of ffmpeg or of the model: what it promises is order, the count that the model states, bounded memory and a clean end.
import { failing } from '../shared/contract/errors.js'
import { type ModelTime, framesOut } from '../shared/document/modelContract.js'
import type { Time } from '../shared/document/time.js'
import { type Buffers, createBuffers } from './buffers.js'
import { type Queue, createQueue } from './queue.js'
import type { OnProgress } from './protocol.js'
import type { Step } from './turns.js'
import type { Watch } from './watch.js'

/** A picture and when it is shown: packed planar YUV; of a decoded one valid until the next one is asked for. */
export interface TimedFrame {
  data: Uint8Array
  time: Time
}

/** What pictures go through: the native stream, or `identity`. */
export interface FrameStream {
  /** The bytes may be reused once it has resolved. */
  push(frame: Uint8Array, time: Time): Promise<number>
  finish(): Promise<number>
  /** Fills `into` with the next finished picture and says its time; undefined when none is ready. */
  pull(into: Uint8Array): Time | undefined
  cancel(): void
  close(): void
  readonly inputBytes: number
  readonly outputBytes: number
  /** Pictures out for pictures in. */
  readonly out: ModelTime['out']
}

/** Where pictures end: an encoder, the preview's writer, or a counter. */
export interface Sink {
  /** The bytes may be reused once it has resolved. */
  write(frame: Uint8Array, time: Time): Promise<void>
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
  /** What is shown at these times is delivered, `to` excluded. What comes out before them only warmed the stream up, what comes after was decoded to be looked at: both are thrown away. */
  shown: { from: Time; to: Time }
  /** So many decoded pictures are shown before these times, at them, and after. */
  warmUp: number
  frames: number
  lookAhead: number
  signal: AbortSignal
  onDelivered?: OnProgress
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
  const waiting: TimedFrame[] = []
  return {
    push: (frame, time) => Promise.resolve(waiting.push({ data: buffers.copy(frame), time })),
    finish: () => Promise.resolve(waiting.length),
    pull: (into) => {
      const next = waiting.shift()
      if (!next) return undefined
      into.set(next.data)
      buffers.give(next.data)
      return next.time
    },
    cancel: () => undefined,
    close: () => undefined,
    inputBytes: bytes,
    outputBytes: bytes,
    out: [1, 1],
  }
}

/** What the three stages share. Frames travel in buffers that go round, so that memory does not wait for the garbage collector (docs/SPEED.md). */
interface Belt {
  work: PipelineWork
  inputs: Buffers
  decoded: Queue<TimedFrame>
  outputs: Buffers
  finished: Queue<TimedFrame>
  /** Ends decoding, and waiting for a step. */
  stopping: AbortController
  times: { modelMs: number; asideMs: number }
}

/** Pictures that are decoded; that come out of the stream for them; and that are delivered of these. */
function countsOf({
  stream,
  warmUp,
  frames,
  lookAhead,
}: PipelineWork): Record<'in' | 'out' | 'kept', number> {
  const whole = warmUp + frames + lookAhead
  const kept = framesOut(stream, warmUp + frames) - framesOut(stream, warmUp)
  return { in: whole, out: framesOut(stream, whole), kept }
}

async function read({ work, inputs, decoded, stopping }: Belt): Promise<void> {
  const { in: wanted } = countsOf(work)
  let count = 0
  for await (const { data, time } of work.decode(stopping.signal)) {
    await decoded.put({ data: inputs.copy(data), time })
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

/** Hands on what is finished; adds to `made` how many that were. */
async function drain({ work, outputs, finished }: Belt, made: { out: number; kept: number }): Promise<void> {
  const { stream, shown, watch } = work
  let data = outputs.take()
  for (let time = stream.pull(data); time !== undefined; time = stream.pull(data)) {
    const isKept = time >= shown.from && time < shown.to
    watch?.produced(data, time, isKept)
    made.out++
    if (!isKept) continue
    made.kept++
    await finished.put({ data, time })
    data = outputs.take()
  }
  outputs.give(data)
}

async function enhance(belt: Belt): Promise<void> {
  const { work, inputs, decoded, finished } = belt
  const { stream, watch } = work
  const made = { out: 0, kept: 0 }
  for (let frame = await decoded.take(); frame; frame = await decoded.take()) {
    const { data, time } = frame
    watch?.pushed(data, time)
    await timed(belt, () => stream.push(data, time))
    await drain(belt, made)
    inputs.give(data)
  }
  await timed(belt, () => stream.finish())
  await drain(belt, made)
  const wanted = countsOf(work)
  for (const each of ['out', 'kept'] as const)
    if (made[each] !== wanted[each])
      throw failing('engine-failed', 'engineCount', { found: made[each], wanted: wanted[each] })
  watch?.finish()
  finished.close()
}

async function write({ work, outputs, finished, times }: Belt): Promise<void> {
  let count = 0
  for (let frame = await finished.take(); frame; frame = await finished.take()) {
    await work.sink.write(frame.data, frame.time)
    outputs.give(frame.data)
    work.onDelivered?.(++count, Math.round(times.asideMs))
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
  const { stream, sink, signal } = work
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
    return { frames: countsOf(work).kept, totalMs: performance.now() - start - asideMs, modelMs }
  } catch (error) {
    await sink.abort()
    throw error
  } finally {
    signal.removeEventListener('abort', onAbort)
    stream.close()
  }
}
