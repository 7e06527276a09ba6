// Frames and seconds of one source, exact by its frame table: a frame is on screen from its own timestamp to the next one's.
import { FrameTable } from './source.js'

/** Tick at which a frame appears; the count of frames itself gives the end of the film. */
export const ticksOf = (table: FrameTable, frame: number): number =>
  frame < table.ticks.length
    ? (table.ticks[Math.max(0, frame)] ?? 0)
    : (table.ticks.at(-1) ?? 0) + table.lastTicks

export const secondsOf = (table: FrameTable, frame: number): number =>
  (ticksOf(table, frame) * table.timeBase.num) / table.timeBase.den

export const durationOf = (table: FrameTable): number => secondsOf(table, table.ticks.length)

/** The last frame whose tick is at or before `tick`; 0 before the first. */
function lastAt(table: FrameTable, tick: number): number {
  let low = 0
  let high = table.ticks.length - 1
  while (low < high) {
    const middle = (low + high + 1) >> 1
    if ((table.ticks[middle] ?? 0) <= tick) low = middle
    else high = middle - 1
  }
  return low
}

/** The frame on screen at a time; times outside give the first or last frame. */
export function frameAt(table: FrameTable, seconds: number): number {
  // A player reports times rounded to microseconds, so a frame counts as begun a little before its tick.
  const tick = ((seconds + 2e-6) * table.timeBase.den) / table.timeBase.num
  return lastAt(table, tick)
}

/** The first frame that appears at or after a time; the last frame when there is none. */
export function firstFrameFrom(table: FrameTable, seconds: number): number {
  const tick = Math.ceil((seconds * table.timeBase.den) / table.timeBase.num - 1e-6)
  const at = lastAt(table, tick)
  return (table.ticks[at] ?? 0) >= tick ? at : Math.min(at + 1, table.ticks.length - 1)
}
