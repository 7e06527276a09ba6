// The arithmetic of what is measured of frames between frames: PSNR over all of a frame and where it moves, means, and the bars beside their numbers.
import { expect, test } from 'vitest'
import { blended, meanOf, movingMask, psnrOf } from '../bench/differences.js'
import { bars, meanRow, table } from '../bench/motionTable.js'

const size = { width: 20, height: 10 }
const grey = (value: number): Uint8Array => new Uint8Array(size.width * size.height).fill(value)

test('PSNR of an even error, of none, and of nothing to compare', () => {
  expect(psnrOf(grey(100), grey(105), size)).toBeCloseTo(10 * Math.log10(255 ** 2 / 25))
  expect(psnrOf(grey(100), grey(100), size)).toBeCloseTo(10 * Math.log10(255 ** 2 / 1e-3))
  expect(psnrOf(grey(100), grey(105), size, grey(0))).toBeUndefined()
})

test('where a sample differs by more than eight levels its whole cell moves, and counts alone', () => {
  const [a, b] = [grey(100), grey(100)]
  b[9 * size.width + 18] = 109 // in the last cell, four columns by two lines of it inside
  a[0] = 108 // not enough
  const mask = movingMask(a, b, size)
  expect(mask.reduce((sum, one) => sum + one, 0)).toBe(8)
  expect([mask[8 * size.width + 16], mask[7 * size.width + 16], mask[8 * size.width + 15]]).toEqual([1, 0, 0])
  const made = grey(100)
  made[0] = 0 // outside of what moves
  made[9 * size.width + 19] = 104
  expect(psnrOf(made, grey(100), size, mask)).toBeCloseTo(10 * Math.log10(255 ** 2 / (16 / 8)))
})

test('a blend is rounded up, a mean leaves out what is not there', () => {
  expect([...blended(Uint8Array.of(1, 255, 0), Uint8Array.of(2, 255, 0))]).toEqual([2, 255, 0])
  expect(meanOf([1, undefined, 3])).toBe(2)
  expect(meanOf([undefined])).toBeUndefined()
})

const row = (clip: string, ours: number, seconds: number) => ({
  ...{ clip, width: 64, height: 48, frames: 16, need: 0.5, unsure: 0.1 },
  all: { blend: 30, compensated: 33, ours },
  moving: { blend: 25, compensated: 27, ours: clip === 'still' ? undefined : 28 },
  seconds: { compensated: 1, ours: seconds },
})

test('bars are held against means, speed against the mean of ratios, and a clip under the blend is named', () => {
  const rows = [row('moving', 35, 0.05), row('still', 29, 0.2)]
  expect(meanRow(rows)).toMatchObject({ all: { ours: 32 }, moving: { ours: 28 } })
  expect(bars(rows)).toEqual([
    'over FFmpeg by at least 0.5 dB: -1.00 dB (not met)',
    'over the blend on moving cells by at least 2 dB: 3.00 dB (met)',
    'on no clip under a blend: still (not met)',
    'at least 10 times as fast as FFmpeg: 12.5 times (met)',
  ])
  const lines = table(rows).split('\n')
  expect(lines).toHaveLength(5)
  expect(lines[3]).toContain('| still 64x48 | 30.00 | 33.00 | 29.00 | 25.00 | 27.00 | – |')
})
