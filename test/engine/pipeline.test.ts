import { expect, test, vi } from 'vitest'
import {
  type FrameStream,
  type PipelineWork,
  type Sink,
  type TimedFrame,
  identity,
  runPipeline,
} from '../../electron/engine/pipeline.js'
import { createQueue } from '../../electron/engine/queue.js'
import type { Step } from '../../electron/engine/turns.js'
import { AppError } from '../../electron/shared/contract/errors.js'

const pause = (): Promise<void> => new Promise((resolve) => setImmediate(resolve))
const frame = (n: number): Uint8Array => Uint8Array.of(n & 255, n >> 8)
const numberOf = (data: Uint8Array): number => data[0]! + 256 * data[1]!

/** Steps that are not even, as a phone's are. */
const timeOf = (n: number): number => 100 * n + (n % 3)

interface Recorded extends Sink {
  written: number[]
  times: number[]
  ending: string
}
function recorder(over: Partial<Sink> = {}): Recorded {
  const sink: Recorded = {
    written: [],
    times: [],
    ending: '',
    write: async (data, time) => {
      await pause()
      sink.written.push(numberOf(data))
      sink.times.push(time)
    },
    finish: () => Promise.resolve(void (sink.ending += 'finished')),
    abort: () => Promise.resolve(void (sink.ending += 'aborted')),
    ...over,
  }
  return sink
}

/** `ahead`: how many frames were decoded more than were pushed. */
async function* frames(
  count: number,
  signal?: AbortSignal,
  seen?: (n: number) => void,
): AsyncGenerator<TimedFrame> {
  const data = frame(0)
  for (let n = 0; n < count; n++) {
    await pause()
    if (signal?.aborted) throw new AppError('cancelled', 'Cancelled.')
    seen?.(n)
    data.set(frame(n)) // as decode() does: the bytes before are gone
    yield { data, time: timeOf(n) }
  }
}

/** Holds back `chunk` frames at a time, as the models do. */
function chunked(chunk: number): FrameStream & { isClosed: boolean } {
  const waiting: TimedFrame[] = []
  const ready: TimedFrame[] = []
  const stream = {
    isClosed: false,
    push: async (data: Uint8Array, time: number) => {
      await pause()
      waiting.push({ data: data.slice(), time })
      if (waiting.length === chunk) ready.push(...waiting.splice(0))
      return ready.length
    },
    finish: () => Promise.resolve(ready.push(...waiting.splice(0))),
    pull: (into: Uint8Array) => {
      const next = ready.shift()
      if (next) into.set(next.data)
      return next?.time
    },
    cancel: () => undefined,
    close: () => void (stream.isClosed = true),
    inputBytes: 2,
    outputBytes: 2,
    out: [1, 1] as [number, number],
  }
  return stream
}

const work = (over: Partial<PipelineWork>, count = 20): PipelineWork => ({
  decode: (signal) => frames(count, signal),
  stream: identity(2),
  sink: recorder(),
  shown: { from: timeOf(0), to: timeOf(count) },
  warmUp: 0,
  lookAhead: 0,
  frames: count,
  signal: new AbortController().signal,
  name: 'tape.mp4',
  ...over,
})

test.each([1, 3, 4, 7, 50])('every frame arrives once, in order, whatever the chunk (%i)', async (chunk) => {
  const sink = recorder()
  const stream = chunked(chunk)
  const times = await runPipeline(work({ sink, stream }))
  expect(sink.written).toEqual(Array.from({ length: 20 }, (_, i) => i))
  expect(sink.times).toEqual(sink.written.map(timeOf))
  expect(sink.ending).toBe('finished')
  expect(stream.isClosed).toBe(true)
  expect(times.frames).toBe(20)
})

test('frames that only warm up, and those that are only looked at, are not delivered', async () => {
  const sink = recorder()
  const shown = { from: timeOf(5), to: timeOf(8) }
  await runPipeline(work({ sink, stream: chunked(4), shown, warmUp: 5, frames: 3, lookAhead: 2 }, 10))
  expect(sink.written).toEqual([5, 6, 7])
})

/** Makes two of one: the frame itself, and half-way to the next one the mean of both; the last one is held. */
function doubled(): FrameStream {
  const whole = chunked(1)
  let last: { value: number; time: number } | undefined
  let step = 0
  const give = async (next: number): Promise<number> => {
    if (!last) return 0
    await whole.push(frame(2 * last.value), last.time)
    return whole.push(frame(last.value + next), last.time + step / 2)
  }
  return {
    ...whole,
    async push(data, time) {
      const value = numberOf(data)
      if (last) step = time - last.time
      const ready = await give(value)
      last = { value, time }
      return ready
    },
    finish: () => give(last?.value ?? 0),
    out: [2, 1],
  }
}

test('a model that makes two frames of one delivers both, each at its time, and is counted by what it states', async () => {
  const sink = recorder()
  const shown = { from: timeOf(5), to: timeOf(8) }
  const delivered: number[] = []
  const onDelivered = (count: number): void => void delivered.push(count)
  const part = { shown, warmUp: 5, frames: 3, lookAhead: 2, onDelivered }
  const { frames } = await runPipeline(work({ sink, stream: doubled(), ...part }, 10))
  expect(sink.written).toEqual([10, 11, 12, 13, 14, 15]) // twice the number of the frame
  expect(sink.times).toEqual([502, 551, 600, 650.5, 701, 751.5])
  expect([frames, delivered.at(-1)]).toEqual([6, 6])
  await runPipeline(work({ sink: recorder(), stream: doubled() }))
})

test.each<[string, { out?: [number, number]; shown?: PipelineWork['shown'] }]>([
  ['states another number', { out: [3, 1] }],
  ['gives frames of other times', { shown: { from: 2, to: timeOf(20) } }],
])('a model that %s than comes out is caught', async (_, { out, shown }) => {
  const stream = { ...doubled(), ...(out ? { out } : {}) }
  const sink = recorder()
  const failing = runPipeline(work({ sink, stream, ...(shown ? { shown } : {}) }))
  await expect(failing).rejects.toMatchObject({ code: 'engine-failed' })
  expect(sink.ending).toBe('aborted')
})

test('decoding stays a few frames ahead, however slow the sink: memory is bounded', async () => {
  let decoded = 0
  let written = 0
  let most = 0
  const sink = recorder({
    write: async () => {
      for (let i = 0; i < 5; i++) await pause()
      most = Math.max(most, decoded - written++)
    },
  })
  await runPipeline(work({ sink, decode: (signal) => frames(200, signal, () => decoded++) }, 200))
  expect(most).toBeLessThanOrEqual(14)
})

test('pictures travel in a few buffers that go round, however long the film', async () => {
  const buffers = new Set<Uint8Array>()
  const stream = chunked(4)
  const whole = { ...stream }
  stream.push = (data, time) => whole.push((buffers.add(data), data), time)
  const sink = recorder({ write: (data) => pause().then(() => void buffers.add(data)) })
  await runPipeline(work({ sink, stream }, 300))
  expect(buffers.size).toBeLessThanOrEqual(14)
})

test('a source that ends early is said to be damaged, and nothing is left', async () => {
  const sink = recorder()
  const failing = runPipeline(work({ sink, decode: (signal) => frames(12, signal) }))
  await expect(failing).rejects.toMatchObject({
    code: 'truncated-file',
    message: expect.stringContaining('12 frames of 20') as string,
  })
  expect(sink.ending).toBe('aborted')
})

test('an engine that loses a frame is caught', async () => {
  const stream = chunked(1)
  let calls = 0
  const whole = chunked(1)
  stream.push = (data, time) => (calls++ === 3 ? Promise.resolve(0) : whole.push(data, time))
  stream.pull = (into) => whole.pull(into)
  await expect(runPipeline(work({ stream }))).rejects.toMatchObject({ code: 'engine-failed' })
})

test('a sink that fails ends decoding and the model', async () => {
  const stream = chunked(1)
  let isCancelled = false
  stream.cancel = () => void (isCancelled = true)
  const sink = recorder({ write: () => Promise.reject(new AppError('disk-full', 'Full.')) })
  let isStopped = false
  const decode = (signal: AbortSignal): AsyncGenerator<TimedFrame> => {
    signal.addEventListener('abort', () => void (isStopped = true))
    return frames(1000, signal)
  }
  await expect(runPipeline(work({ sink, stream, decode }, 1000))).rejects.toMatchObject({ code: 'disk-full' })
  expect([isCancelled, isStopped, stream.isClosed]).toEqual([true, true, true])
})

test.each([0, 1, 9])('cancelling after %i frames ends as cancelled and leaves nothing', async (after) => {
  const controller = new AbortController()
  const sink = recorder()
  if (after === 0) controller.abort()
  const onDelivered = (count: number): void => {
    if (count === after) controller.abort()
  }
  const failing = runPipeline(work({ sink, signal: controller.signal, onDelivered, stream: chunked(4) }, 500))
  await expect(failing).rejects.toMatchObject({ code: 'cancelled' })
  expect(sink.ending).toBe('aborted')
})

test('a queue holds back who puts, and gives its failure to everybody', async () => {
  const queue = createQueue<number>(2)
  await queue.put(1)
  await queue.put(2)
  let isThrough = false
  const third = queue.put(3).then(() => (isThrough = true))
  await pause()
  expect(isThrough).toBe(false)
  expect(await queue.take()).toBe(1)
  await third
  queue.close()
  expect([await queue.take(), await queue.take(), await queue.take()]).toEqual([2, 3, undefined])
  const broken = createQueue<number>(1)
  const waiting = broken.take()
  broken.fail(new Error('gone'))
  await expect(waiting).rejects.toThrow('gone')
  await expect(broken.put(1)).rejects.toThrow('gone')
})

test('between steps the stream stands still, and time spent so is not counted', async () => {
  const clock = { ms: 0 }
  const now = vi.spyOn(performance, 'now').mockImplementation(() => clock.ms++)
  let hold: (() => void) | undefined
  let steps = 0
  const step: Step = async (once) => {
    if (++steps === 8) await new Promise<void>((resume) => (hold = resume))
    return once()
  }
  const sink = recorder()
  const whole = runPipeline(work({ sink, stream: chunked(1), step }))
  for (let i = 0; i < 200; i++) await pause()
  expect(sink.written).toHaveLength(7)
  clock.ms += 3_600_000
  hold?.()
  const { totalMs, modelMs } = await whole
  expect(sink.written).toHaveLength(20)
  expect(modelMs).toBeLessThanOrEqual(totalMs)
  expect(totalMs).toBeLessThan(1000) // looks at the clock
  now.mockRestore()
})

test('a pipeline that fails while it stands aside ends at once', async () => {
  const sink = recorder({ write: () => Promise.reject(new AppError('disk-full', 'Full.')) })
  let steps = 0
  const step: Step = (once, signal) =>
    ++steps === 3
      ? new Promise((_, reject) =>
          signal.addEventListener('abort', () => reject(new AppError('cancelled', ''))),
        )
      : once()
  await expect(runPipeline(work({ sink, stream: chunked(1), step }))).rejects.toMatchObject({
    code: 'disk-full',
  })
})
