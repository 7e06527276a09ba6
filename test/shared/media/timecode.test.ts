// Frames, seconds and typed times: exact by the frame table, whatever the rate.
import { expect, test } from 'vitest'
import {
  durationOf,
  firstFrameFrom,
  frameAt,
  secondsOf,
  frameCount,
} from '../../../electron/shared/media/frameTable.js'
import { rational } from '../../../electron/shared/media/rational.js'
import { runsOf } from '../../../electron/shared/media/runs.js'
import { FrameTable } from '../../../electron/shared/media/source.js'
import {
  formatSeconds,
  formatTimecode,
  parseSeconds,
  parseTimecode,
} from '../../../electron/shared/media/timecode.js'

const table = (ticks: number[], num: number, den: number, lastTicks: number): FrameTable => ({
  timeBase: rational(num, den),
  frames: runsOf(ticks),
  lastTicks,
  start: 0,
  keyFrames: runsOf([0]),
})
const steady = (frames: number, num: number, den: number): FrameTable =>
  table(
    Array.from({ length: frames }, (_, i) => i),
    num,
    den,
    1,
  )
const ntsc = steady(400, 1001, 30000)
const pal = steady(500, 1, 50)
/** A phone's timestamps in milliseconds: 33, 34, sometimes a gap. */
const phone = table(
  Array.from({ length: 300 }, (_, i) => i * 33 + Math.floor(i / 3) + (i > 90 ? 410 : 0)),
  1,
  1000,
  40,
)

test.each([
  ['30000/1001', ntsc],
  ['50', pal],
  ['variable', phone],
])('%s frames a second: every frame is found by its time and by its time code', (_, t) => {
  for (let frame = 0; frame < frameCount(t); frame++) {
    expect(frameAt(t, secondsOf(t, frame))).toBe(frame)
    expect(frameAt(t, (secondsOf(t, frame) + secondsOf(t, frame + 1)) / 2)).toBe(frame)
    expect(firstFrameFrom(t, secondsOf(t, frame))).toBe(frame)
    expect(parseTimecode(t, formatTimecode(t, frame), 0), formatTimecode(t, frame)).toBe(frame)
  }
})

test('the film ends when its last frame does', () => {
  expect(durationOf(pal)).toBe(10)
  expect(frameAt(pal, 99)).toBe(499)
  expect(frameAt(pal, -1)).toBe(0)
})

test('frames are counted from the second they are in', () => {
  expect(formatTimecode(pal, 0)).toBe('00:00:00:00')
  expect(formatTimecode(pal, 49)).toBe('00:00:00:49')
  expect(formatTimecode(pal, 50)).toBe('00:00:01:00')
  // 29.97: frame 30 appears a thousandth after the first second is over.
  expect(formatTimecode(ntsc, 30)).toBe('00:00:01:00')
})

test('typed times: short forms, = before them, + and - from here', () => {
  expect(parseTimecode(pal, '3', 0)).toBe(150)
  expect(parseTimecode(pal, '0:03', 0)).toBe(150)
  expect(parseTimecode(pal, '=00:00:03:10', 0)).toBe(160)
  expect(parseTimecode(pal, '2.5', 0)).toBe(125)
  expect(parseTimecode(pal, '+1', 100)).toBe(150)
  expect(parseTimecode(pal, '-0:01', 100)).toBe(50)
  expect(parseTimecode(pal, '+00:00:00:05', 100)).toBe(105)
  expect(parseTimecode(pal, '99:00', 0)).toBe(499)
  expect(parseTimecode(pal, '-50', 100)).toBe(0)
  for (const text of ['', 'x', '1:2:3:4:5', '::', '1.2.3', '--1'])
    expect(parseTimecode(pal, text, 0)).toBeUndefined()
})

test('hours, minutes and seconds', () => {
  expect(formatSeconds(3725.9)).toBe('01:02:05')
  expect(parseSeconds('1:02:05.5')).toBe(3725.5)
  expect(parseSeconds('1;2')).toBeUndefined()
})
