// The clock without files: which timestamps are believed.
import { expect, test } from 'vitest'
import { steadied } from '../../electron/ffmpeg/clock.js'

const leaps = { back: 45_000, forward: 900_000 }
const even = Array.from({ length: 75 }, (_, i) => i * 3600)

test.each([1, 2, 3])(
  'a leap that only the last %i pictures follow is a wrong timestamp, and moves nothing',
  (count) => {
    const stamps = even.map((stamp, i) => (i < even.length - count ? stamp : stamp + 2 ** 32))
    const { ticks, fineness, replaced, restarts } = steadied(stamps, 3600, leaps)
    expect(ticks.map((tick) => tick / fineness)).toEqual(even)
    expect(replaced).toHaveLength(count)
    expect(restarts).toEqual([])
  },
)

test('a long last pause in a file that may have one is kept', () => {
  const stamps = [...even.slice(0, -1), 5_000_000]
  const { ticks, replaced } = steadied(stamps, 3600, { back: 45_000, forward: Infinity })
  expect(ticks).toEqual(stamps)
  expect(replaced).toEqual([])
})
