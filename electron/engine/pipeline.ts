// One segment's frames: source -> stream -> sink, the three working at the same time with a few frames between them.
// Knows nothing of ffmpeg or of the model: what it promises is order, count, bounded memory and a clean end.
import { failing } from '../shared/contract/errors.js'
import { createBuffers } from './buffers.js'
import { createQueue } from './queue.js'
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

export async function runPipeline(work: PipelineWork): Promise<PipelineTimes> {
  const { stream, sink, warmUp, lookAhead, signal, watch, step = atOnce } = work
  const delivered = warmUp + work.frames
  const wanted = delivered + lookAhead
  // Pictures travel in buffers that go round, so that memory does not wait for the garbage collector (docs/SPEED.md).
  const inputs = createBuffers(stream.inputBytes)
  const outputs = createBuffers(stream.outputBytes)
  const decoded = createQueue<Uint8Array>(queueFrames)
  const finished = createQueue<Uint8Array>(queueFrames)
  const start = performance.now()
  const decoding = new AbortController()
  let [modelMs, asideMs] = [0, 0]

  const stop = (error: unknown): void => {
    decoded.fail(error)
    finished.fail(error)
    stream.cancel()
    decoding.abort()
  }
  const onAbort = (): void => stop(failing('cancelled', 'cancelled'))

  const read = async (): Promise<void> => {
    let count = 0
    for await (const frame of work.decode(decoding.signal)) {
      await decoded.put(inputs.copy(frame.data))
      count++
    } // to its end, which says whether the file has more than is known
    if (count < wanted) throw failing('truncated-file', 'sourceEnded', { name: work.name, count, wanted })
    decoded.close()
  }

  const enhance = async (): Promise<void> => {
    let produced = 0
    const timed = async (call: () => Promise<number>): Promise<void> => {
      const asked = performance.now()
      await step(async () => {
        const from = performance.now()
        asideMs += from - asked
        await call()
        modelMs += performance.now() - from
      }, decoding.signal)
      let into = outputs.take()
      while (stream.pull(into)) {
        const number = produced++
        const isKept = number >= warmUp && number < delivered
        watch?.produced(into, isKept)
        if (!isKept) continue
        await finished.put(into)
        into = outputs.take()
      }
      outputs.give(into)
    }
    for (let frame = await decoded.take(); frame; frame = await decoded.take()) {
      watch?.pushed(frame)
      await timed(() => stream.push(frame))
      inputs.give(frame)
    }
    await timed(() => stream.finish())
    if (produced !== wanted) throw failing('engine-failed', 'engineCount', { found: produced, wanted })
    watch?.finish()
    finished.close()
  }

  const write = async (): Promise<void> => {
    let count = 0
    for (let frame = await finished.take(); frame; frame = await finished.take()) {
      await sink.write(frame)
      outputs.give(frame)
      count++
      work.onDelivered?.(count)
    }
    await sink.finish()
  }

  signal.addEventListener('abort', onAbort)
  if (signal.aborted) onAbort()
  // The first failure stops the other two; all three have ended before anything is closed.
  let failure: { error: unknown } | undefined
  const guarded = (stage: () => Promise<void>): Promise<void> =>
    stage().catch((error: unknown) => {
      failure ??= { error }
      stop(error)
    })
  try {
    await Promise.all([guarded(read), guarded(enhance), guarded(write)])
    if (failure) throw signal.aborted ? failing('cancelled', 'cancelled') : failure.error
    return { frames: work.frames, totalMs: performance.now() - start - asideMs, modelMs }
  } catch (error) {
    await sink.abort()
    throw error
  } finally {
    signal.removeEventListener('abort', onAbort)
    stream.close()
  }
}
