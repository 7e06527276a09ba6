// Frames of a media and their times, exact both ways for any frame table, constant or not: the time of a frame is its timestamp
// rounded to the base, once; the frame at a time is the last one whose rounded time is not later. Rounding keeps the order, and
// the base is finer than frames are apart, so frame -> time -> frame is always the same frame.
import { Ratio } from '../media/rational.js'
import { frameCount, ticksOf } from '../media/frameTable.js'
import { FrameTable } from '../media/source.js'
import { Media } from './media.js'
import { Item, mediaEnd } from './sequence.js'
import { Time, countAtTime, scaled, ticksPerSecond, timeOfCount } from './time.js'

export interface FrameTimes {
  count: number
  /** 0..count; `count` gives the end of the last frame. */
  timeOf: (frame: number) => Time
  /** The frame on screen; the first or last one for times outside. */
  frameAt: (time: Time) => number
}

export function timesByTable(table: FrameTable): FrameTimes {
  const { num, den } = table.timeBase
  const count = frameCount(table)
  const timeOf = (frame: number): Time =>
    scaled(ticksOf(table, Math.min(frame, count)), num * ticksPerSecond, den)
  const frameAt = (time: Time): number => {
    let [low, high] = [0, count - 1]
    while (low < high) {
      const middle = (low + high + 1) >> 1
      if (timeOf(middle) <= time) low = middle
      else high = middle - 1
    }
    return low
  }
  return { count, timeOf, frameAt }
}

export function timesByRate(rate: Ratio, count: number): FrameTimes {
  const limited = (frame: number, last: number): number => Math.min(Math.max(0, frame), last)
  return {
    count,
    timeOf: (frame) => timeOfCount(rate, limited(frame, count)),
    frameAt: (time) => limited(countAtTime(rate, time), count - 1),
  }
}

/** Frames spread evenly over a length: near the truth where only both numbers are known. */
export function timesByLength(duration: Time, count: number): FrameTimes {
  const limited = (frame: number, last: number): number => Math.min(Math.max(0, frame), last)
  const timeOf = (frame: number): Time => scaled(duration, limited(frame, count), count)
  const frameAt = (time: Time): number => {
    const guess = limited(Math.floor((time / duration) * count), count - 1)
    return timeOf(guess + 1) <= time && guess + 1 < count
      ? guess + 1
      : timeOf(guess) > time
        ? Math.max(0, guess - 1)
        : guess
  }
  return { count, timeOf, frameAt }
}

/** Times of the frames of a media as interpreted; undefined: they are in its table, which is not there. `table`: as decoded. */
export function timesOf(
  { countedAt, facts, interpretation }: Pick<Media, 'countedAt' | 'facts' | 'interpretation'>,
  table: FrameTable | undefined,
): FrameTimes | undefined {
  if (countedAt) return timesByRate(countedAt, facts.frames ?? 1)
  if (interpretation.frameRate && facts.frames) return timesByRate(interpretation.frameRate, facts.frames)
  return table && timesByTable(table)
}

/** Of an item at another speed than its own, now or once, edges may lie so many ticks before the frame that they were put at. */
const rounding = 20

/**
 * Frames [from, to) that an item of a media shows, at least one. A cut that falls between the times of two frames (its media is read
 * otherwise now) gives the frame it lies in to what follows it, so that two parts of one clip share none.
 */
export function framesOf(item: Item, times: FrameTimes): { from: number; to: number } | undefined {
  const end = mediaEnd(item)
  if (item.of.kind !== 'media' || end === undefined) return undefined
  const from = times.frameAt(item.of.from + rounding)
  const to = end + rounding >= times.timeOf(times.count) ? times.count : times.frameAt(end + rounding)
  return { from, to: Math.max(to, from + 1) }
}
