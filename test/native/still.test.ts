// Pictures as few bytes through the built addon, with the small model of the goldens: the way there and back, what is broken named, refusals, a cancel, an end in
// the middle of the work. The addon must be built first; nothing is skipped.
import { createRequire } from 'node:module'
import { fileURLToPath } from 'node:url'
import { Worker } from 'node:worker_threads'
import { beforeAll, expect, test } from 'vitest'
import type { Addon, StillCodec, StillOptions, StillProgress } from '../../electron/engine/addon.js'
import { contractOf } from '../../electron/engine/facts.js'

const path = (name: string) => fileURLToPath(new URL(`../../${name}`, import.meta.url))
const file = process.env.HEIRLOOM_ADDON ?? path('native/build/heirloom.node')
const addon = createRequire(import.meta.url)(file) as Addon
const folder = path('test/fixtures/residual-codec-golden')
const device = { device: 'cpu', precision: 'auto' }

const options = (more: Partial<StillOptions> = {}): StillOptions => ({
  ...{ width: 301, height: 270, bits: 8, quality: 63, threads: 2, memoryLimit: 0 },
  ...more,
})

function picture({ width, height, bits }: StillOptions): Uint8Array {
  const samples = Array.from({ length: width * height * 3 }, (_, i) => {
    const x = ((i / 3) | 0) % width
    return 0.5 + 0.3 * Math.sin(x / 9 + (i % 3)) + 0.1 * Math.sin(i / width / 30)
  })
  if (bits === 8) return Uint8Array.from(samples, (v) => v * 255)
  return new Uint8Array(Uint16Array.from(samples, (v) => v * 65535).buffer)
}

const isSame = (a: Uint8Array, b: Uint8Array): boolean => Buffer.compare(a, b) === 0

const failureOf = (begin: () => unknown): Promise<{ code?: string; key?: string }> =>
  Promise.resolve()
    .then(begin)
    .then(
      () => ({}),
      (error: { code?: string; key?: string }) => error,
    )

let codec: StillCodec
beforeAll(async () => {
  codec = await addon.loadStillCodec(folder, device)
})

test('the model says what it is; its contract is the one that is known of its graph', () => {
  expect(codec.info).toMatchObject({
    graph: 'residual-codec',
    contract: contractOf('residual-codec', false),
  })
  const plan = codec.plan(options({ width: 6000, height: 4000, alpha: 1 }))
  expect(plan).toMatchObject({ fits: true, sentence: expect.stringContaining('6000×4000') as string })
  expect(plan.total).toBeLessThan(1.5e9)
})

test('a picture becomes bytes and a picture again, and tells how far it is', async () => {
  for (const bits of [8, 16] as const) {
    const asked = options({ bits })
    const told: StillProgress[] = []
    const pixels = picture(asked)
    const work = codec.encode(pixels, asked, (progress) => told.push(progress))
    pixels.fill(0) // the caller may use it again at once
    const made = await work.done
    expect(made).toMatchObject({ width: 301, height: 270, tiles: 4 })
    expect(Math.abs(made.bytes.length - made.estimatedBytes)).toBeLessThan(40)
    const read = await codec.decode(made.bytes, asked, (progress) => told.push(progress)).done
    expect(read).toMatchObject({ tiles: 4, brokenTiles: [], isWhole: true })
    expect(read.pixels).toHaveLength(pixels.length)
    expect(new Set(told.map(({ step }) => step))).toEqual(new Set(['encode', 'decode']))
    expect(told.at(-1)).toEqual({ step: 'decode', done: 1, total: 1 })
    const again = await codec.encode(picture(asked), { ...asked, threads: 1 }).done
    expect(isSame(again.bytes, made.bytes)).toBe(true)
    const slow = await codec.decode(made.bytes, { ...asked, threads: 1 }).done
    expect(isSame(slow.pixels, read.pixels)).toBe(true)
  }
})

test('detail hangs on its share and its seed', async () => {
  const asked = options()
  const { bytes } = await codec.encode(picture(asked), asked).done
  const shown = async (more: Partial<StillOptions>): Promise<Uint8Array> =>
    (await codec.decode(bytes, { ...asked, ...more }).done).pixels
  const faithful = await shown({})
  expect(isSame(await shown({ alpha: 0, seed: 5 }), faithful)).toBe(true)
  const lively = await shown({ alpha: 1, seed: 5 })
  expect(isSame(lively, faithful)).toBe(false)
  expect(isSame(await shown({ alpha: 1, seed: 5 }), lively)).toBe(true)
  expect(isSame(await shown({ alpha: 1, seed: 6 }), lively)).toBe(false)
})

test('what is damaged is named by its place', async () => {
  const asked = options()
  const { bytes } = await codec.encode(picture(asked), asked).done
  const changed = Uint8Array.from(bytes)
  changed[bytes.length >> 2] = (bytes[bytes.length >> 2] ?? 0) ^ 255
  const read = await codec.decode(changed, asked).done
  expect(read.isWhole).toBe(false)
  expect(read.brokenTiles).toEqual([{ x: 0, y: 0, width: 256, height: 256, state: 'changed' }])
  const none = await codec.decode(new Uint8Array(), asked).done
  expect(none.brokenTiles.map(({ state }) => state)).toEqual(['lost', 'lost', 'lost', 'lost'])
  expect(none.brokenTiles[3]).toMatchObject({ x: 256, y: 256, width: 45, height: 14 })
})

test('what makes no sense is refused with a code', async () => {
  const asked = options()
  const bytes = new Uint8Array(10)
  expect(await failureOf(() => addon.loadStillCodec('/nowhere', device))).toMatchObject({
    code: 'weights-missing',
  })
  const other = path('resources/models/heirloom-motion')
  expect(await failureOf(() => addon.loadStillCodec(other, device))).toMatchObject({
    key: 'engineNoStillCodec',
  })
  expect(await failureOf(() => addon.loadModel(folder, { ...device, version: 'auto' }))).toMatchObject({
    key: 'engineOnlyPictures',
  })
  expect(await failureOf(() => codec.encode(bytes, asked).done)).toMatchObject({ code: 'bad-argument' })
  const wrong: Partial<StillOptions>[] = [
    ...[{ width: 0 }, { width: 1.5 }, { width: 65536, height: 1 }, { width: 20000, height: 5001 }],
    ...[{ bits: 10 as 8 }, { quality: 64 }, { quality: -1 }, { alpha: 2 }, { alpha: NaN }, { seed: -1 }],
  ]
  for (const more of wrong)
    expect(await failureOf(() => codec.decode(bytes, options(more)).done)).toMatchObject({
      code: 'bad-argument',
    })
  expect(await failureOf(() => codec.plan(options({ width: 20000, height: 5001 })))).toMatchObject({
    key: 'engineStillLarge',
  })
  expect(await failureOf(() => codec.decode(bytes, options({ memoryLimit: 1000 })).done)).toMatchObject({
    code: 'out-of-memory',
    key: 'engineStillNoMemory',
  })
})

test('what is cancelled says so', async () => {
  const asked = options({ width: 3000, height: 2000 })
  const work = codec.encode(new Uint8Array(3000 * 2000 * 3), asked)
  work.cancel()
  expect(await failureOf(() => work.done)).toMatchObject({ code: 'cancelled' })
})

test('a thread that ends in the middle of the work ends', async () => {
  const work = `
    const { parentPort } = require('node:worker_threads')
    const addon = require(${JSON.stringify(file)})
    addon.loadStillCodec(${JSON.stringify(folder)}, {}).then((codec) => {
      codec.encode(new Uint8Array(6000 * 4000 * 3), ${JSON.stringify(options({ width: 6000, height: 4000 }))}).done.catch(() => {})
      parentPort.postMessage('under way')
    })`
  const worker = new Worker(work, { eval: true })
  await new Promise((resolve) => worker.once('message', resolve))
  expect(await worker.terminate()).toBe(1)
})
