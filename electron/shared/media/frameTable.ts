// Frames and seconds of one source, exact by its frame table: a frame is on screen from its own timestamp to the next one's.
import { countIn, cut, lastAtMost, lessBy, numberAt, numbersOf, runsOf, sparseRunsOf } from './runs.js'
import { toNumber } from './rational.js'
import { FrameTable, Section } from './source.js'

/** How many frames there are. */
export const frameCount = (table: FrameTable): number => countIn(table.frames)

/** Where the last frame ends. */
export const endTicks = (table: FrameTable): number =>
  (numberAt(table.frames, frameCount(table) - 1) ?? 0) + table.lastTicks

/** Tick at which a frame appears; the count of frames itself gives the end of the film. */
export const ticksOf = (table: FrameTable, frame: number): number =>
  numberAt(table.frames, Math.max(0, frame)) ?? endTicks(table)

/** Ticks of the frames [from, to), of all of them by default, one by one. */
export const ticksIn = (table: FrameTable, from = 0, to = Infinity): number[] =>
  numbersOf(table.frames, from, to)

export const secondsOf = (table: FrameTable, frame: number): number =>
  (ticksOf(table, frame) * table.timeBase.num) / table.timeBase.den

export const durationOf = (table: FrameTable): number => secondsOf(table, frameCount(table))

/** Seconds for which its longest frame is shown. */
export function longestFrame(table: FrameTable): number {
  const ticks = ticksIn(table)
  const most = ticks.reduce(
    (longest, tick, i) => Math.max(longest, tick - (ticks[i - 1] ?? tick)),
    table.lastTicks,
  )
  return most * toNumber(table.timeBase)
}

/** The last frame whose tick is at or before `tick`; 0 before the first. */
const lastAt = (table: FrameTable, tick: number): number => Math.max(0, lastAtMost(table.frames, tick))

/** The frame whose tick is nearest; of two the earlier one. */
export function nearestFrame(table: FrameTable, tick: number): number {
  const at = lastAt(table, tick)
  const [before, after] = [ticksOf(table, at), numberAt(table.frames, at + 1)]
  return after === undefined || tick - before <= after - tick ? at : at + 1
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
  return ticksOf(table, at) >= tick ? at : Math.min(at + 1, frameCount(table) - 1)
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
  const { sections, timeBase } = table
  if (!sections) return [{ fromSeconds, toSeconds }]
  return sections.flatMap((section, i) => {
    const next = sections[i + 1]
    const atSeconds = secondsOf(table, section.frame)
    const from = i === 0 ? fromSeconds : Math.max(fromSeconds, atSeconds)
    const to = next ? Math.min(toSeconds, secondsOf(table, next.frame)) : toSeconds
    if (from >= to) return []
    const startSeconds = ((section.start - ticksOf(table, section.frame)) * timeBase.num) / timeBase.den
    return [{ fromSeconds: from, toSeconds: to, clock: { atSeconds, startSeconds, section } }]
  })
}

/** The key frame at or before a frame, or the one that stands `back` before that; undefined when there is none. */
export const keyFrameAt = (table: FrameTable, frame: number, back = 0): number | undefined =>
  numberAt(table.keyFrames, lastAtMost(table.keyFrames, frame) - back)

/** The table of one recording: its own frames, counted from 0, at their ticks in the film. */
export function tableOfSection(table: FrameTable, section: Section, end: number): FrameTable {
  const first = section.frame
  const { frames, keyFrames, raw, timeBase, lastTicks } = table
  const keys = cut(keyFrames, lastAtMost(keyFrames, first - 1) + 1, lastAtMost(keyFrames, end - 1) + 1)
  return {
    ...{ timeBase, lastTicks, start: section.start },
    frames: cut(frames, first, end),
    keyFrames: lessBy(keys, first),
    ...(raw ? { raw: cut(raw, first, end) } : {}),
  }
}

/** A table with one number for each frame, as it is made. */
export interface ListedTable extends Omit<FrameTable, 'frames' | 'keyFrames' | 'raw'> {
  ticks: number[]
  keyFrames: number[]
  raw?: (number | null)[]
}

export const tableOf = ({ ticks, keyFrames, raw, ...rest }: ListedTable): FrameTable => ({
  ...rest,
  frames: runsOf(ticks),
  keyFrames: runsOf(keyFrames),
  ...(raw ? { raw: sparseRunsOf(raw) } : {}),
})
