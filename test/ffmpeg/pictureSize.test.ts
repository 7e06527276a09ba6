import { expect, test } from 'vitest'
import { pictureSize } from '../../electron/ffmpeg/pictures.js'

test('a picture is as wide or as high as asked for, in its own shape', () => {
  expect(pictureSize({ width: 160, height: 120 }, {})).toEqual({ width: 160, height: 120 })
  expect(pictureSize({ width: 160, height: 120 }, { width: 81 })).toEqual({ width: 81, height: 61 })
  expect(pictureSize({ width: 1920, height: 1080 }, { width: 7680 })).toEqual({ width: 7680, height: 4320 })
  expect(pictureSize({ width: 64, height: 48 }, { height: 512 })).toEqual({ width: 683, height: 512 })
})

test('nobody gets a picture that cannot be made', () => {
  expect(pictureSize({ width: 160, height: 120 }, { width: 16384 })).toEqual({ width: 683, height: 512 })
  for (const [width, height] of [
    [16384, 16384],
    [16, 16384],
    [16384, 16],
    [4096, 4096],
  ] as const)
    for (const size of [{ width: 16384 }, { width: 16 }, { height: 512 }, { height: 16 }]) {
      const made = pictureSize({ width, height }, size)
      expect(Math.min(made.width, made.height)).toBeGreaterThan(1)
      expect(Math.max(made.width, made.height)).toBeLessThanOrEqual(16384)
      expect(made.width * made.height).toBeLessThanOrEqual(2 ** 27 + 16384)
    }
})
