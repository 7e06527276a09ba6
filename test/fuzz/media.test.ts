// 500 damaged copies of small videos through probe, frame table and decoding: an answer or an AppError, never a hang or a crash.
import { frameCount } from '../../electron/shared/media/frameTable.js'
import { writeFileSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { decode } from '../../electron/ffmpeg/decode.js'
import { AppError } from '../../electron/shared/contract/errors.js'
import { make, moving, open, tools, workFolder } from '../ffmpeg/clips.js'

const folder = workFolder()
const files = [
  make(
    folder,
    'a.mp4',
    `${moving('64x48', '25', 0.6)} -c:v libx264 -bf 2 -pix_fmt yuv420p -movflags +faststart`,
  ),
  make(folder, 'b.avi', `${moving('64x48', '25', 0.6)} -c:v mjpeg -pix_fmt yuvj420p`),
  make(folder, 'c.mpg', `${moving('64x48', '25', 0.6)} -c:v mpeg2video -pix_fmt yuv420p`),
  make(folder, 'd.mkv', `${moving('64x48', '25', 0.6)} -c:v ffv1 -pix_fmt yuv420p`),
]

/** mulberry32: the same damage for the same seed. */
function random(seed: number): () => number {
  let state = seed
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let t = Math.imul(state ^ (state >>> 15), 1 | state)
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296
  }
}

function mutated(seed: number): { name: string; data: Buffer } {
  const next = random(seed)
  const file = files[seed % files.length] ?? ''
  const data = Buffer.from(readFileSync(file))
  const kind = Math.floor(next() * 4)
  // Half of the damage goes into the first kilobyte, where headers are.
  const place = (): number => Math.floor(next() * (next() < 0.5 ? Math.min(1024, data.length) : data.length))
  if (kind === 0) for (let i = 0; i < 8; i++) data[place()] = Math.floor(next() * 256)
  if (kind === 1) data.fill(next() < 0.5 ? 0 : 255, place(), Math.min(data.length, place() + 64))
  if (kind === 2) data.copy(data, place(), place(), Math.min(data.length, place() + 200))
  return { name: `m${seed}${file.slice(-4)}`, data: kind === 3 ? data.subarray(0, 1 + place()) : data }
}

test('damaged videos give an answer or an AppError', { timeout: 850_000 }, async () => {
  const seeds = Array.from({ length: 500 }, (_, i) => i)
  let decoded = 0
  const one = async (seed: number): Promise<void> => {
    const { name, data } = mutated(seed)
    const path = join(folder, name)
    writeFileSync(path, data)
    // Not a measurement: a hang is ended, and then it is no AppError of the product.
    const signal = AbortSignal.timeout(60_000)
    try {
      const { source, table } = await open(path)
      let frames = 0
      const to = Math.min(6, frameCount(table))
      for await (const frame of decode(tools, source, { table, from: 0, to, signal }).frames)
        if (frame.frame === frames) frames++
      expect(frames, `seed ${seed}`).toBe(to)
      decoded++
    } catch (error) {
      expect(error, `seed ${seed}`).toBeInstanceOf(AppError)
      expect((error as AppError).code, `seed ${seed}`).not.toMatch(/cancelled|internal/)
    }
  }
  const worker = async (): Promise<void> => {
    for (let seed = seeds.pop(); seed !== undefined; seed = seeds.pop()) await one(seed)
  }
  await Promise.all([worker(), worker()])
  console.log(`${decoded} of 500 damaged videos could still be decoded`)
  expect(decoded).toBeGreaterThan(20)
})
