// The built addon by its path: devices, a model from the fixtures, streams, refusals. It must be built first; nothing is skipped.
import { pbkdf2 } from 'node:crypto'
import { cpSync, existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { Worker } from 'node:worker_threads'
import { beforeAll, expect, test } from 'vitest'
import type { Addon as Weights, Stream, WorkProgress } from '../../electron/engine/addon.js'
import { contractOf, numerics } from '../../electron/engine/facts.js'
import { ModelContract } from '../../electron/shared/document/modelContract.js'

interface Format {
  width: number
  height: number
  bits: number
  chroma: string
  siting: string
  matrix: string
  range: string
}
interface Options {
  input: Format
  output: Format
  scale: number
  [name: string]: unknown
}
interface Model {
  readonly info: Record<string, unknown>
  plan(options: unknown): { total: number; limit: number; fits: boolean }
  stream(options: unknown): Promise<Stream>
}
interface Addon extends Pick<Weights, 'numerics' | 'inspectModel' | 'importModel'> {
  devices(): {
    id: string
    name: string
    simd: string
    threads: number
    memoryBytes: number
    precisions: string[]
  }[]
  loadModel(folder: unknown, options?: unknown): Promise<Model>
}

const path = (name: string) => fileURLToPath(new URL(`../../${name}`, import.meta.url))
const file = process.env.HEIRLOOM_ADDON ?? path('native/build/heirloom.node')
const addon = createRequire(import.meta.url)(file) as Addon
const folder = path('test/fixtures/heirloom-s-golden')

const format = (width: number, height: number, more: Partial<Format> = {}): Format => ({
  width,
  height,
  bits: 8,
  chroma: '420',
  siting: 'left',
  matrix: 'bt601',
  range: 'limited',
  ...more,
})
const options = (
  width: number,
  height: number,
  scale: number,
  more: Record<string, unknown> = {},
): Options => ({
  input: format(width, height),
  output: format(width * scale, height * scale),
  scale,
  ...more,
})
/** When frame i of any of these streams is shown. */
const at = (i: number): number => 28_224_000 * i
const frame = (bytes: number, shade: number) =>
  new Uint8Array(bytes).map((_, i) => 40 + ((i * 7 + shade * 13) % 150))
const codeOf = async (run: () => unknown) => {
  try {
    await run()
    return ''
  } catch (error) {
    expect(error).toBeInstanceOf(Error)
    return (error as { code?: string }).code
  }
}
const drain = (stream: Stream) => {
  const frames: Uint8Array[] = []
  const next = new Uint8Array(stream.outputBytes)
  while (stream.pull(next) !== undefined) frames.push(next.slice())
  return frames
}
const enhance = async (model: Model, given: Options, count: number) => {
  const stream = await model.stream(given)
  const frames: Uint8Array[] = []
  for (let i = 0; i < count; i++) {
    await stream.push(frame(stream.inputBytes, i), at(i))
    frames.push(...drain(stream))
  }
  await stream.finish()
  frames.push(...drain(stream))
  stream.close()
  return frames
}

let model: Model
beforeAll(async () => {
  model = await addon.loadModel(folder, { device: 'auto', version: 'auto' })
})

test('the processor is the first device, with what it really has', () => {
  const [first] = addon.devices()
  expect(first?.id).toBe('cpu')
  expect(first?.threads).toBeGreaterThan(0)
  expect(first?.memoryBytes).toBeGreaterThan(100e6)
  expect(first?.simd).toMatch(/^[a-z0-9]+$/)
  expect(first?.precisions).toEqual(['fp32'])
})

test('a loaded model says what it is', () => {
  expect(model.info).toMatchObject({
    name: 'heirloom-s-golden',
    graph: 'heirloom-small',
    scales: [1, 2, 4],
    startUpFrames: 8,
    contract: contractOf('heirloom-small', false),
  })
  expect(addon.numerics).toBe(numerics)
  expect(model.info.hash).toMatch(/^[0-9a-f]{64}$/)
  expect(model.info.parameters).toBeGreaterThan(1000)
})

test('every number of frames gives as many, of the stated size, the same each time', async () => {
  for (const count of [1, 4, 6]) {
    const frames = await enhance(model, options(33, 17, 2), count)
    expect(frames).toHaveLength(count)
    expect(frames.every((bytes) => bytes.length === 66 * 34 + 2 * 33 * 17)).toBe(true)
    expect(await enhance(model, options(33, 17, 2, { threads: 1 }), count)).toEqual(frames)
  }
})

test('calls on one stream are answered in order without waiting for each other, and buffers may be reused at once', async () => {
  const wanted = await enhance(model, options(32, 32, 1), 12)
  const stream = await model.stream(options(32, 32, 1))
  const buffer = new Uint8Array(stream.inputBytes)
  const order: number[] = []
  const calls: Promise<number>[] = []
  for (let i = 0; i < 12; i++) {
    buffer.set(frame(stream.inputBytes, i))
    calls.push(stream.push(buffer, at(i)).then((ready) => (order.push(i), ready)))
    buffer.fill(0)
  }
  const ready = await Promise.all(calls)
  expect(order).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11])
  expect(ready).toEqual([0, 0, 0, 0, 0, 0, 0, 4, 4, 4, 4, 8])
  expect(await stream.finish()).toBe(12)
  expect(drain(stream)).toEqual(wanted)
  stream.close()
})

test('frames come out at the times at which they went in, and times must rise', async () => {
  const stream = await model.stream(options(32, 32, 1))
  const times = [-7, 0, 1, at(3), at(4), at(1_000_000), 2 ** 53 - 1]
  for (const time of times) await stream.push(frame(stream.inputBytes, 1), time)
  expect(await codeOf(() => stream.push(frame(stream.inputBytes, 1), at(2)))).toBe('bad-argument')
  await stream.finish()
  const into = new Uint8Array(stream.outputBytes)
  expect(times.map(() => stream.pull(into))).toEqual(times)
  expect(stream.pull(into)).toBeUndefined()
  stream.close()
})

test('a reset finishes the frames before it and starts afresh', async () => {
  const stream = await model.stream(options(32, 32, 1))
  const first = frame(stream.inputBytes, 1)
  await stream.push(first, at(5))
  await stream.reset()
  await stream.push(first, at(0))
  expect(await stream.finish()).toBe(2)
  const [a, b] = drain(stream)
  expect(b).toEqual(a)
  stream.close()
})

test('strength 0 gives the very bytes back', async () => {
  const stream = await model.stream(options(35, 19, 1, { strength: 0 }))
  const bytes = frame(stream.inputBytes, 3)
  expect(await stream.push(bytes, -at(1))).toBe(1)
  expect(drain(stream)).toEqual([bytes])
  stream.close()
})

test('the seed decides, as a number or as a bigint', async () => {
  const one = await enhance(model, options(32, 32, 1, { seed: 1 }), 1)
  expect(await enhance(model, options(32, 32, 1, { seed: 1n }), 1)).toEqual(one)
  expect(await enhance(model, options(32, 32, 1, { seed: 2n ** 64n - 1n }), 1)).not.toEqual(one)
})

test('the event loop goes on while a stream works', async () => {
  const stream = await model.stream(options(320, 240, 2))
  let isDone = false
  let turns = 0
  const work = Promise.all(
    Array.from({ length: 4 }, (_, i) => stream.push(frame(stream.inputBytes, i), at(i))),
  ).then(() => {
    isDone = true
  })
  while (!isDone) {
    turns++
    await new Promise((resolve) => setImmediate(resolve))
  }
  await work
  expect(turns).toBeGreaterThan(4) // one per answer at the very least; a blocked loop would turn only when answers arrive
  stream.close()
})

test('cancel rejects the running call and the waiting ones, reset makes the stream usable again', async () => {
  const stream = await model.stream(options(320, 240, 4))
  const calls = Array.from({ length: 12 }, (_, i) =>
    codeOf(() => stream.push(frame(stream.inputBytes, i), at(i))),
  )
  stream.cancel()
  const codes = await Promise.all(calls)
  expect(codes.at(-1)).toBe('cancelled')
  expect(await codeOf(() => stream.finish())).toBe('cancelled')
  drain(stream)
  await stream.reset()
  await stream.push(frame(stream.inputBytes, 0), at(0))
  expect(await stream.finish()).toBe(1)
  stream.close()
})

test('a closed stream refuses work; closing twice, or with work under way, is harmless', async () => {
  const stream = await model.stream(options(320, 240, 4))
  const running = codeOf(() => stream.push(frame(stream.inputBytes, 0), at(0)))
  stream.close()
  stream.close()
  expect(['cancelled', '']).toContain(await running)
  expect(await codeOf(() => stream.push(frame(stream.inputBytes, 0), at(0)))).toBe('bad-argument')
  expect(drain(stream)).toEqual([])
})

test('streams that are simply forgotten do no harm', async () => {
  for (let i = 0; i < 5; i++)
    void (await model.stream(options(64, 64, 2))).push(frame(64 * 96, i), at(i)).catch(() => 0)
  expect(await enhance(model, options(16, 16, 1), 1)).toHaveLength(1)
})

test('what does not fit in memory is refused with numbers before it starts', async () => {
  const small = options(320, 240, 2, { memoryLimit: 1_000_000 })
  const plan = model.plan(small)
  expect(plan.fits).toBe(false)
  expect(plan.limit).toBe(1_000_000)
  expect(await codeOf(() => model.stream(small))).toBe('out-of-memory')
  await expect(model.stream(small)).rejects.toThrow(/\d+ MB/)
})

test('models that are not there or not ours are refused by code', async () => {
  expect(await codeOf(() => addon.loadModel(path('test/fixtures/nothing-here')))).toBe('weights-missing')
  expect(await codeOf(() => addon.loadModel(path('docs')))).toBe('weights-missing')
  await expect(addon.loadModel('/nothing-here')).rejects.toMatchObject({
    message: 'There is no model folder /nothing-here. Choose another one in Settings, Models.',
    key: 'engineNoModelFolder',
    values: { folder: '/nothing-here' },
  })
  expect(await codeOf(() => addon.loadModel(folder, { device: 'abacus' }))).toBe('bad-argument')
})

test('a quantiser holds from its time on, and a list that cannot be is refused', async () => {
  const told = await addon.loadModel(path('test/fixtures/heirloom-keepsake-golden'), {
    device: 'auto',
    version: 'auto',
  })
  const given = (...quantisers: unknown[]) => options(32, 32, 1, { quantisers })
  const coarse = await enhance(told, given({ from: at(0), quantiser: 0.9 }), 8)
  const both = await enhance(told, given({ from: at(0), quantiser: 0.9 }, { from: at(4), quantiser: 0.2 }), 8)
  expect(both.slice(0, 4)).toEqual(coarse.slice(0, 4))
  expect(both[5]).not.toEqual(coarse[5])
  const wrong = [7, {}, { from: 0.5, quantiser: 0.5 }, { from: 0, quantiser: 2 }]
  for (const each of [...wrong.map((q) => given(q)), options(32, 32, 1, { quantisers: 0.5 })])
    expect(await codeOf(() => told.stream(each))).toBe('bad-argument')
  expect(await codeOf(() => model.stream(given({ from: 0, quantiser: 0.5 })))).toBe('bad-argument')
})

test('wrong types never reach the engine', async () => {
  const good = options(32, 32, 2)
  const wrong: unknown[] = [
    undefined,
    null,
    [],
    'x',
    {},
    { ...good, input: undefined },
    { ...good, scale: '2' },
    { ...good, scale: 2.5 },
    { ...good, scale: 3 },
    { ...good, strength: 2 },
    { ...good, strength: NaN },
    { ...good, strength: 0.5 },
    { ...good, seed: -1 },
    { ...good, seed: 2n ** 64n },
    { ...good, seed: '1' },
    { ...good, colour: 'sepia' },
    { ...good, threads: -1 },
    { ...good, memoryLimit: Infinity },
    { ...good, input: format(32.5, 32) },
    { ...good, input: format(15, 15) },
    { ...good, input: format(32, 32, { bits: 7 }) },
    { ...good, input: format(32, 32, { chroma: '410' }) },
    { ...good, input: format(32, 32, { siting: 'top' }) },
    { ...good, output: format(65, 64) },
  ]
  for (const given of wrong) {
    expect(
      await codeOf(() => model.stream(given)),
      JSON.stringify(given, (_, v: unknown) => (typeof v === 'bigint' ? `${v}` : v)),
    ).toBe('bad-argument')
    expect(await codeOf(() => model.plan(given))).toBe('bad-argument')
  }
  for (const given of [undefined, '', 7, {}, 'a\0b'])
    expect(await codeOf(() => addon.loadModel(given))).toBe('bad-argument')
  const stream = await model.stream(good)
  const frames: unknown[] = [
    undefined,
    'frame',
    new ArrayBuffer(stream.inputBytes),
    new Uint8Array(5),
    new Float32Array(stream.inputBytes),
  ]
  for (const given of frames)
    expect(await codeOf(() => stream.push(given as Uint8Array, 0))).toBe('bad-argument')
  for (const given of frames)
    expect(await codeOf(() => stream.pull(given as Uint8Array))).toBe('bad-argument')
  for (const given of [undefined, '0', 0.5, NaN, Infinity, 2 ** 53, 1n])
    expect(await codeOf(() => stream.push(frame(stream.inputBytes, 0), given as number))).toBe('bad-argument')
  stream.close()
  const StreamHandle = stream.constructor as new () => Stream
  expect(() => new StreamHandle()).toThrow(/loadModel/)
  expect(() => stream.push.call({} as Stream, new Uint8Array(1), 0)).toThrow()
})

test('a worker thread that ends while its stream works takes nothing with it', async () => {
  const source = `
    const { workerData, parentPort } = require('node:worker_threads')
    const addon = require(workerData.file)
    addon.loadModel(workerData.folder).then(async (model) => {
      const stream = await model.stream(workerData.options)
      for (let i = 0; i < 8; i++) stream.push(new Uint8Array(stream.inputBytes), i).catch(() => 0)
      parentPort.postMessage('working')
    })`
  const worker = new Worker(source, {
    eval: true,
    workerData: { file, folder, options: options(320, 240, 2) },
  })
  await new Promise((resolve, reject) => worker.once('message', resolve).once('error', reject))
  await worker.terminate()
  expect(await enhance(model, options(16, 16, 1), 1)).toHaveLength(1)
})

/** A toy FlashVSR under the published names, in a folder of its own. */
const withPublished = async (body: (folder: string, target: string) => Promise<void>) => {
  const place = mkdtempSync(join(tmpdir(), 'heirloom-addon-'))
  try {
    const names = {
      'dit.safetensors': 'diffusion_pytorch_model_streaming_dmd.safetensors',
      'lq_proj_in.safetensors': 'LQ_proj_in.ckpt',
      'tcdecoder.safetensors': 'TCDecoder.ckpt',
      'prompt.safetensors': 'posi_prompt.pth',
    }
    for (const [from, to] of Object.entries(names))
      cpSync(path(`test/fixtures/native/flashvsr-toy/${from}`), join(place, 'FlashVSR', to))
    await body(join(place, 'FlashVSR'), join(place, 'made'))
  } finally {
    rmSync(place, { recursive: true, force: true })
  }
}

test('published files are looked at and brought in with progress, and the result loads', async () => {
  await withPublished(async (folder, target) => {
    const found = await addon.inspectModel(folder, { hash: true }).done
    expect(found).toMatchObject({
      kind: 'published',
      version: 'unknown',
      hint: 'v1',
      missing: [],
      problem: null,
      decoders: ['tc'],
      isPublishedSize: false,
    })
    expect(found.files.map(({ part, hash }) => [part, hash.length])).toEqual(
      ['transformer', 'projection', 'decoder', 'prompt'].map((part) => [part, 64]),
    )
    const seen: WorkProgress[] = []
    const made = await addon.importModel(folder, target, { version: 'v1', name: 'Toy' }, (progress) =>
      seen.push(progress),
    ).done
    expect(made).toMatchObject({ folder: target, name: 'Toy', version: 'v1' })
    expect(new Set(seen.map(({ step }) => step))).toEqual(new Set(['hash', 'convert']))
    expect(seen.at(-1)).toMatchObject({ step: 'convert', done: seen.at(-1)?.total })
    const { contract } = JSON.parse(readFileSync(join(target, 'model.json'), 'utf8')) as { contract: unknown }
    expect(ModelContract.parse(contract)).toEqual(contractOf('flashvsr', false))
    const imported = await addon.loadModel(target)
    expect(imported.info).toMatchObject({ name: 'Toy', graph: 'flashvsr', hash: made.hash, decoders: ['tc'] })
    expect(await addon.inspectModel(target, { hash: true }).done).toMatchObject({
      kind: 'imported',
      version: 'v1',
      problem: null,
    })
  })
})

const hash = promisify(pbkdf2)
/** Node does so much work beside its own at a time. */
const poolThreads = 4

test('an import that is cancelled, unanswered or wrongly asked for rejects and leaves nothing', async () => {
  await withPublished(async (folder, target) => {
    const busy = Array.from({ length: poolThreads }, () => hash('', '', 200_000, 32, 'sha256'))
    const work = addon.importModel(folder, target, { version: 'v1' }) // waits: so small an import could be over before it is cancelled
    work.cancel()
    expect(await codeOf(() => work.done)).toBe('cancelled')
    await Promise.all(busy)
    expect(await codeOf(() => addon.importModel(folder, target, {}).done)).toBe('bad-argument')
    expect(await codeOf(() => addon.inspectModel(join(folder, 'none'), { hash: false }).done)).toBe(
      'weights-missing',
    )
    expect((await addon.inspectModel(path('docs'), { hash: false }).done).problem).toMatchObject({
      key: 'engineNoFiles',
      values: { folder: path('docs') },
    })
    expect([existsSync(target), existsSync(`${target}.importing`)]).toEqual([false, false])
    const wrong = addon.inspectModel as (...given: unknown[]) => unknown
    for (const given of [[], [7], [folder, { hash: 'yes' }], [folder, { hash: true }, 'listener']])
      expect(await codeOf(() => wrong(...given))).toBe('bad-argument')
  })
})

test('worker threads that end in the middle of an import take nothing with them', async () => {
  await withPublished(async (folder, target) => {
    const source = `
      const { workerData, parentPort } = require('node:worker_threads')
      const addon = require(workerData.file)
      addon.importModel(workerData.folder, workerData.target, { version: 'v1' }, () => 0).done.catch(() => 0)
      parentPort.postMessage('working')`
    for (let i = 0; i < 6; i++) {
      const worker = new Worker(source, { eval: true, workerData: { file, folder, target: `${target}${i}` } })
      await new Promise((resolve, reject) => worker.once('message', resolve).once('error', reject))
      await new Promise((resolve) => setTimeout(resolve, 3 * i))
      await worker.terminate()
    }
    expect((await addon.importModel(folder, target, { version: 'v1' }).done).version).toBe('v1')
  })
})
