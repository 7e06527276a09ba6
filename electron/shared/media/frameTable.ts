// Frames and seconds of one source, exact by its frame table: a frame is on screen from its own timestamp to the next one's.
import { FrameTable, Section } from './source.js'

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

/** Seconds of a film that lie in one recording, and that recording's own clock. */
export interface Stretch {
  fromSeconds: number
  toSeconds: number
  /** Where the film is joined of recordings: which one it is, where in the film it begins, and its timestamp at the film's start. */
  clock?: { atSeconds: number; startSeconds: number; section: Section } | undefined
}

/** A range of a film cut where its clock starts over. */
export function stretches(table: FrameTable, fromSeconds: number, toSeconds: number): Stretch[] {
  const { sections, ticks, timeBase } = table
  if (!sections) return [{ fromSeconds, toSeconds }]
  return sections.flatMap((section, i) => {
    const next = sections[i + 1]
    const atSeconds = secondsOf(table, section.frame)
    const from = i === 0 ? fromSeconds : Math.max(fromSeconds, atSeconds)
    const to = next ? Math.min(toSeconds, secondsOf(table, next.frame)) : toSeconds
    if (from >= to) return []
    const startSeconds = ((section.start - (ticks[section.frame] ?? 0)) * timeBase.num) / timeBase.den
    return [{ fromSeconds: from, toSeconds: to, clock: { atSeconds, startSeconds, section } }]
  })
}
