// Torn frames in pictures of a ground that moves: those that are made are found, late and early ones, and nothing else is.
import { describe, expect, test } from 'vitest'
import { watcher } from '../../../electron/engine/timing/watch.js'
import { random } from '../../shared/random.js'

const raster = { width: 160, height: 160 }

/** Blobs over the whole picture, shifted by so many columns and lines, with noise of a few levels. */
function picture(shift: number, drawn = random(1 + Math.round(100 * shift))): Uint8Array {
  return Uint8Array.from({ length: raster.width * raster.height }, (_, at) => {
    const [x, y] = [(at % raster.width) + 3 * shift, Math.floor(at / raster.width) + shift]
    const wave = Math.sin(x / 5) * Math.cos(y / 7) + Math.sin((x + y) / 11)
    return 128 + 50 * wave + 3 * drawn.unit()
  })
}

const stacked = (upper: Uint8Array, lower: Uint8Array, line: number): Uint8Array =>
  Uint8Array.from(lower, (value, at) => (at < line * raster.width ? (upper[at] ?? 0) : value))

/** The upper part of one picture fades into the lower part of another over forty lines. */
const graded = (upper: number, lower: number): Uint8Array => {
  const [from, to] = [picture(upper), picture(lower)]
  return from.map((value, at) => {
    const share = Math.min(1, Math.max(0, (Math.floor(at / raster.width) - 60) / 40))
    return Math.round((1 - share) * value + share * (to[at] ?? 0))
  })
}

function tornIn(frames: readonly Uint8Array[]): number[] {
  const { seen, look } = watcher(raster)
  for (const frame of frames) look(frame)
  return seen.torn()
}

const film = (count = 24): Uint8Array[] => Array.from({ length: count }, (_, n) => picture(n))

describe('torn frames', () => {
  test.each([40, 64, 100, 120])('at line %d, below late, below early, above late', (line) => {
    const frames = film()
    frames[6] = stacked(picture(6), picture(5), line)
    frames[12] = stacked(picture(12), picture(13), line)
    frames[18] = stacked(picture(17), picture(18), line)
    expect(tornIn(frames)).toEqual([6, 12, 18])
  })

  test('one that is shown twice is told once', () => {
    const frames = film()
    const torn = stacked(picture(8), picture(7), 72)
    frames.splice(8, 1, torn, torn)
    expect(tornIn(frames)).toEqual([8])
  })

  test.each([
    ['a ground that moves', film()],
    ['frames that are shown twice', film().flatMap((frame) => [frame, frame])],
    ['a ground whose lower half stands', film().map((frame) => stacked(frame, picture(0), 80))],
    [
      'a lower half that begins to move',
      film().map((frame, n) => stacked(frame, picture(Math.max(0, n - 9)), 80)),
    ],
    [
      'a lower half that comes to rest',
      film().map((frame, n) => stacked(frame, picture(Math.min(9, n)), 80)),
    ],
    [
      'a lower half that a codec leaves out once, without a seam in the picture',
      film().map((_, n) => graded(n, n === 9 ? 8 : n)),
    ],
    ['a still', film().map(() => picture(0))],
    ['one frame', film(1)],
    ['two frames', film(2)],
  ])('none in %s', (_, frames) => {
    expect(tornIn(frames)).toEqual([])
  })
})
