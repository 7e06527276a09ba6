// Frames between frames through the built addon, with the weights that ship: where a moved square is seen, the same bits in any number of pieces and in any
// order, refusals, an end in the middle of the work. The addon must be built first; nothing is skipped.
import { createRequire } from 'node:module'
import { fileURLToPath } from 'node:url'
import { Worker } from 'node:worker_threads'
import { beforeAll, expect, test } from 'vitest'
import type { Addon, Interpolation, InterpolationOptions, Interpolator } from '../../electron/engine/addon.js'
import { contractOf } from '../../electron/engine/facts.js'

const path = (name: string) => fileURLToPath(new URL(`../../${name}`, import.meta.url))
const file = process.env.HEIRLOOM_ADDON ?? path('native/build/heirloom.node')
const addon = createRequire(import.meta.url)(file) as Addon
const folder = path('resources/models/heirloom-motion')
const device = { device: 'auto', precision: 'auto' }

const [width, height] = [160, 128]
const options = (more: Partial<InterpolationOptions> = {}): InterpolationOptions => ({
  format: {
    width,
    height,
    bits: 8,
    chroma: '420',
    siting: 'left',
    matrix: 'bt601',
    range: 'limited',
  },
  threads: 2,
  memoryLimit: 0,
  ...more,
})

/** A bright square of 32 on an uneven ground; no colours. */
function square(left: number, top = 40): Uint8Array {
  const frame = new Uint8Array((width * height * 3) / 2).fill(128)
  for (let y = 0; y < height; y++)
    for (let x = 0; x < width; x++) {
      const isInside = x >= left && x < left + 32 && y >= top && y < top + 32
      const ground = 60 + 20 * ((((x / 7) | 0) + ((y / 5) | 0)) % 3)
      frame[y * width + x] = isInside ? 200 + 20 * ((((x - left) / 5) | 0) % 2) : ground
    }
  return frame
}

/** Of what is brighter than the ground, in one row. */
function centre(frame: Uint8Array, row: number): number {
  let [sum, at] = [0, 0]
  for (let x = 0; x < width; x++) {
    const bright = Math.max(0, (frame[row * width + x] ?? 0) - 160)
    sum += bright
    at += bright * x
  }
  return at / sum
}

const codeOf = (work: Promise<unknown>): Promise<unknown> =>
  work.then(
    () => undefined,
    (error: { code?: unknown }) => error.code,
  )
const keyOf = (work: Promise<unknown>): Promise<unknown> =>
  work.then(
    () => undefined,
    (error: { key?: unknown }) => error.key,
  )

let model: Interpolator
beforeAll(async () => {
  model = await addon.loadInterpolator(folder, device)
})

async function asked(stream: Interpolation, t: number): Promise<Uint8Array> {
  const into = new Uint8Array(stream.frameBytes)
  await stream.between(t, into)
  return into
}

test('the model says what it is, and what it takes', () => {
  const { info } = model
  expect(info).toMatchObject({ graph: 'heirloom-motion', contract: contractOf('heirloom-motion', false) })
  expect(info.parameters).toBeLessThan(800_000)
  const { format } = options()
  const plan = model.plan(options({ format: { ...format, width: 1920, height: 1080 } }))
  expect(plan).toMatchObject({ fits: true, mode: 'whole' })
  expect(plan.total).toBeLessThan(1.2e9)
})

test('between two frames of a moving square it is in the middle', async () => {
  const stream = await model.open(options())
  for (const left of [16, 28, 40]) await stream.key(square(left), left === 16)
  const into = new Uint8Array(stream.frameBytes)
  const { need, unsure } = await stream.between(0.5, into)
  expect(Math.abs(centre(into, 56) - (34 + 15.5))).toBeLessThan(1.5)
  expect(need).toBeGreaterThan(0.05)
  expect(unsure).toBeLessThanOrEqual(need)
  stream.close()
})

test('in one, two and seven pieces the frames are the same, bit for bit', async () => {
  const keys = Array.from({ length: 15 }, (_, i) => square(8 + 5 * i, 30 + i))
  const piece = async (from: number, to: number): Promise<Uint8Array[]> => {
    const stream = await model.open(options())
    const made: Uint8Array[] = []
    for (let i = Math.max(0, from - 7); i < to; i++) {
      await stream.key(keys[i] ?? new Uint8Array(), false)
      if (i >= from) made.push(await asked(stream, 0.25))
    }
    stream.close()
    return made
  }
  const whole = await piece(1, 15)
  expect(whole).toHaveLength(14)
  for (const pieces of [2, 7]) {
    const made: Uint8Array[] = []
    for (let i = 0; i < pieces; i++)
      made.push(...(await piece(1 + (14 * i) / pieces, 1 + (14 * (i + 1)) / pieces)))
    expect(made.every((frame, i) => Buffer.compare(frame, whole[i] ?? new Uint8Array()) === 0)).toBe(true)
    expect(made).toHaveLength(14)
  }
})

test('times are asked for in any order without waiting, and buffers may be used again at once', async () => {
  const stream = await model.open(options())
  const buffer = square(16)
  const keys = [stream.key(buffer, true)]
  buffer.set(square(28))
  keys.push(stream.key(buffer, false))
  buffer.fill(0)
  await Promise.all(keys)
  const times = [0.75, 0.25, 0.5, 0.25]
  const made = await Promise.all(times.map((t) => asked(stream, t)))
  const [late, early, half] = made
  expect(made[3]).toEqual(early)
  expect(await asked(stream, 0.5)).toEqual(half)
  expect(await asked(stream, 0.75)).toEqual(late)
  stream.close()
})

test('what makes no sense is refused through the promise, with a code', async () => {
  expect(await codeOf(addon.loadInterpolator('/nowhere', device))).toBe('weights-missing')
  expect(await keyOf(addon.loadInterpolator(path('resources/models/heirloom-s'), device))).toBe(
    'engineNoInterpolator',
  )
  expect(await keyOf(addon.loadModel(folder, { ...device, version: 'auto' }))).toBe('engineNoEnhancer')
  expect(await keyOf(model.open(options({ memoryLimit: 1000 })))).toBe('engineMotionNoMemory')
  const stream = await model.open(options())
  expect(await codeOf(stream.key(new Uint8Array(3), true))).toBe('bad-argument')
  const [frame, into] = [square(16), new Uint8Array(stream.frameBytes)]
  await stream.key(frame, true)
  expect(await codeOf(stream.between(0.5, into))).toBe('bad-argument')
  await stream.key(frame, false)
  for (const t of [0, 1, -1, NaN]) expect(await codeOf(stream.between(t, into))).toBe('bad-argument')
  expect(await codeOf(stream.between(0.5, into.subarray(1)))).toBe('bad-argument')
  stream.close()
  expect(await codeOf(stream.key(frame, false))).toBe('bad-argument')
})

test('what is cancelled says so, at once and from then on', async () => {
  const stream = await model.open(options())
  const frame = square(16)
  const keys = Array.from({ length: 50 }, () => codeOf(stream.key(frame, false)))
  stream.cancel()
  expect((await Promise.all(keys)).at(-1)).toBe('cancelled')
  expect(await codeOf(stream.key(frame, false))).toBe('cancelled')
  stream.close()
})

test('a thread that ends in the middle of the work ends', async () => {
  const work = `
    const { parentPort } = require('node:worker_threads')
    const addon = require(${JSON.stringify(file)})
    addon.loadInterpolator(${JSON.stringify(folder)}, {}).then(async (model) => {
      const stream = await model.open(${JSON.stringify(options())})
      const frame = new Uint8Array(stream.frameBytes).fill(100)
      for (let i = 0; i < 1000; i++) stream.key(frame, false).catch(() => {})
      parentPort.postMessage('under way')
    })`
  const worker = new Worker(work, { eval: true })
  await new Promise((resolve) => worker.once('message', resolve))
  expect(await worker.terminate()).toBe(1)
})
