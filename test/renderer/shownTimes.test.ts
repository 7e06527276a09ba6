// When the film shows frames of a source some of whose clips play at another speed.
import { expect, test } from 'vitest'
import { durationOf, frameAt, frameCount, secondsOf } from '../../electron/shared/media/frameTable.js'
import {
  SpedPart,
  countedAt,
  countedTable,
  isSilentAt,
  shownTable,
  shownWhen,
  filmedAt,
  speedAt,
} from '../../renderer/stores/shownTimes.js'
import { random } from '../shared/random.js'
import { formatTimecode } from '../../electron/shared/media/timecode.js'
import { table } from '../shared/sources.js'

const uneven = table(200, [33, 34, 33, 250, 1], 1000)
const quarter: SpedPart = { from: 40, to: 90, speed: { num: 1, den: 4 } }

test('nothing is slowed down: the very same table', () => {
  expect(shownTable(uneven, [])).toBe(uneven)
})

test('a clip that is four times as slow is four times as long, what is around it as long as before', () => {
  const shown = shownTable(uneven, [quarter])
  const long = (from: number, to: number): [number, number] => [
    secondsOf(uneven, to) - secondsOf(uneven, from),
    secondsOf(shown, to) - secondsOf(shown, from),
  ]
  for (const [from, to, times] of [
    [0, 40, 1],
    [40, 90, 4],
    [41, 42, 4],
    [90, 200, 1],
  ] as const) {
    const [before, after] = long(from, to)
    expect(after).toBeCloseTo(before * times, 9)
  }
  expect([39, 40, 89, 90].map((frame) => speedAt([quarter], frame))).toEqual([1, 0.25, 0.25, 1])
})

test('nothing is heard of a clip whose sound the film does not stretch, and all of what is around it', () => {
  const silent = { ...quarter, isUnstretched: true }
  expect([39, 40, 89, 90].map((frame) => isSilentAt([silent], frame))).toEqual([false, true, true, false])
  expect(isSilentAt([quarter], 40)).toBe(false)
})

test('the last frame is slow to its end', () => {
  const shown = shownTable(table(100), [{ from: 99, to: 100, speed: { num: 1, den: 8 } }])
  expect(durationOf(shown)).toBeCloseTo(secondsOf(table(100), 99) * 1 + 8 * (durationOf(table(100)) / 100), 9)
})

test('times rise and lead back to their frames, whatever lies over what', () => {
  const r = random(11)
  for (let round = 0; round < 20; round++) {
    const parts = Array.from({ length: r.whole(1, 4) }, (): SpedPart => {
      const from = r.whole(0, 198)
      return { from, to: r.whole(from + 1, 200), speed: { num: r.whole(1, 9), den: r.whole(1, 9) } }
    })
    const shown = shownTable(uneven, parts)
    expect(frameCount(shown)).toBe(200)
    for (let frame = 0; frame < 200; frame++) {
      expect(frameAt(shown, secondsOf(shown, frame))).toBe(frame)
      const long = secondsOf(shown, frame + 1) - secondsOf(shown, frame)
      const filmed = secondsOf(uneven, frame + 1) - secondsOf(uneven, frame)
      expect(long * speedAt(parts, frame)).toBeCloseTo(filmed, 9)
    }
  }
})

const slow = (from: number, to: number, times: number): SpedPart => ({
  ...{ from, to, times, speed: { num: 1, den: times } },
})

test('frames of the film are counted where a clip is slowed down, and everywhere else those of the source', () => {
  expect(countedTable(uneven, [])).toBe(uneven)
  expect(countedTable(shownTable(uneven, [quarter]), [quarter])).toEqual(shownTable(uneven, [quarter])) // of another motion
  const film = table(90, [40], 1000)
  const parts = [slow(25, 50, 4)]
  const [shown, counted] = [shownTable(film, parts), countedTable(shownTable(film, parts), parts)]
  expect(frameCount(counted)).toBe(90 + 25 * 3)
  const words = (frame: number): string =>
    formatTimecode(counted, countedAt(shown, counted, frame, secondsOf(shown, frame)))
  expect([24, 25, 26, 49, 50].map(words)).toEqual([
    ...['00:00:00:24', '00:00:01:00', '00:00:01:04', '00:00:04:21', '00:00:05:00'],
  ])
  expect(formatTimecode(counted, frameCount(counted))).toBe('00:00:06:15')
})

test('as many frames of the film as show each of the source, evenly in its time, however it is stored', () => {
  const r = random(12)
  for (let round = 0; round < 20; round++) {
    const from = r.whole(0, 190)
    const parts = [
      slow(from, r.whole(from + 1, 200), [2, 4, 8][r.whole(0, 2)] ?? 2),
      slow(r.whole(0, 100), 120, 2),
    ]
    const stored = r.whole(0, 1) === 0 ? uneven : table(200, [33, 33, 34], 1000)
    const shown = shownTable(stored, parts)
    const counted = countedTable(shown, parts)
    expect(durationOf(counted)).toBeCloseTo(durationOf(shown), 9)
    let first = 0
    for (let frame = 0; frame < 200; frame++) {
      const times = parts.find((part) => frame >= part.from && frame < part.to)?.times ?? 1
      const [begin, end] = [secondsOf(shown, frame), secondsOf(shown, frame + 1)]
      for (let k = 0; k < times; k++) {
        const at = begin + ((end - begin) * k) / times
        expect(secondsOf(counted, first + k)).toBeCloseTo(at, 9)
        expect(countedAt(shown, counted, frame, at)).toBe(first + k)
        expect(shownWhen(stored, shown, filmedAt(stored, shown, at))).toBeCloseTo(at, 9)
      }
      first += times
    }
    expect(frameCount(counted)).toBe(first)
  }
})
