import { ticksOf } from '../../../electron/shared/media/frameTable.js'
import { expect, test } from 'vitest'
import { timesOf } from '../../../electron/shared/document/frames.js'
import {
  countAtTime,
  isHeldExactly,
  scaled,
  ticksPerSecond,
  timeOfCount,
} from '../../../electron/shared/document/time.js'
import { random } from '../random.js'
import { table } from '../sources.js'
import { media } from './kit.js'

const rates = [24, 25, 30, 48, 50, 60, 100, 120].flatMap((rate) => [
  { num: rate, den: 1 },
  { num: rate * 1000, den: 1001 },
])

test('frames of the usual rates begin on whole ticks, and so do samples', () => {
  for (const rate of rates) expect([rate, isHeldExactly(rate)]).toEqual([rate, true])
  for (const hz of [8000, 11_025, 16_000, 22_050, 24_000, 32_000, 44_100, 48_000, 88_200, 96_000, 192_000])
    expect(ticksPerSecond % hz).toBe(0)
  expect(ticksPerSecond % 90_000).toBe(0)
  expect(isHeldExactly({ num: 29, den: 1 })).toBe(false)
})

test('frames and times of a rate are exact both ways, for rates that are held exactly and others, hours in', () => {
  const r = random(7)
  for (const rate of [...rates, { num: 29, den: 1 }, { num: 18_003, den: 1000 }, { num: 1, den: 3 }])
    for (let i = 0; i < 200; i++) {
      const frame = r.whole(0, Math.floor((900 * 3600 * rate.num) / rate.den))
      expect(countAtTime(rate, timeOfCount(rate, frame))).toBe(frame)
      if (frame > 0) expect(countAtTime(rate, timeOfCount(rate, frame) - 1)).toBe(frame - 1)
    }
  expect(timeOfCount({ num: 30_000, den: 1001 }, 30_000)).toBe(1001 * ticksPerSecond)
})

test('scaling is exact where a double is not', () => {
  expect(scaled(2 ** 51 + 1, 3, 3)).toBe(2 ** 51 + 1)
  expect(scaled(5, 1, 2)).toBe(3)
  expect(scaled(2_540_160_000_000_001, 1_000_000_007, 1_000_000_007)).toBe(2_540_160_000_000_001)
})

test.each([
  ['even', table(500, 512, 12800)],
  ['film and video in turns', table(500, [3, 2], 60)],
  ['a phone that hesitates', table(500, [33, 34, 33, 71, 1, 250], 1000)],
  ['microseconds', table(500, [33_366, 33_367, 20_001], 1_000_000)],
  ['a time base that the base does not hold', table(500, [7, 9], 15_360)],
])('frames of a table have times, and times their frames: %s', (_, frames) => {
  const times = timesOf(media('a', 1), frames)!
  expect(times.count).toBe(500)
  for (let i = 0; i < 500; i++) {
    expect(times.frameAt(times.timeOf(i))).toBe(i)
    expect(times.frameAt(times.timeOf(i + 1) - 1)).toBe(i)
    const seconds = (ticksOf(frames, i) * frames.timeBase.num) / frames.timeBase.den
    expect(Math.abs(times.timeOf(i) / ticksPerSecond - seconds)).toBeLessThan(1e-9)
  }
  expect(times.frameAt(0)).toBe(0)
  expect(times.frameAt(times.timeOf(500) + 5)).toBe(499)
})

test('a rate that a person chose goes before the table; frames that are only counted need none', () => {
  const chosen = media('a', 100, { interpretation: { frameRate: { num: 50, den: 1 } } })
  expect(timesOf(chosen, table(10))?.timeOf(1)).toBe(ticksPerSecond / 50)
  expect(timesOf(media('a', 100, { countedAt: { num: 25, den: 1 } }), undefined)?.timeOf(5)).toBe(
    ticksPerSecond / 5,
  )
  expect(timesOf(media('a', 100), undefined)).toBeUndefined()
})
