// When the film shows the frames of a source: clips that play at another speed take longer or shorter there, all else as long as it was filmed. Pure.
import { endTicks, frameAt, frameCount, secondsOf, ticksOf } from '../../electron/shared/media/frameTable.js'
import { Ratio } from '../../electron/shared/media/rational.js'
import { Run, countIn, cut, numberAt } from '../../electron/shared/media/runs.js'
import { FrameTable } from '../../electron/shared/media/source.js'

/** Frames [from, to) at a speed: media time per time of the film. */
export interface SpedPart {
  from: number
  to: number
  speed: Ratio
  /** So many frames of the film show one of the source. */
  times?: number | undefined
  /** Its sound is not heard stretched in the film: silent, or as fast as it was recorded while its frames are not. */
  isUnstretched?: boolean
}

/** Stretches [from, to) of one part; without one they play as they were filmed. Where parts lie over each other the first of them counts. */
function stretchesOf(parts: readonly SpedPart[], frames: number) {
  const edges = [0, frames, ...parts.flatMap(({ from, to }) => [from, Math.min(to, frames)])]
  const sorted = [...new Set(edges)].toSorted((a, b) => a - b)
  return sorted.slice(1).map((to, i) => {
    const from = sorted[i] ?? 0
    return { from, to, part: parts.find((part) => part.from <= from && to <= part.to) }
  })
}

const greatest = (a: number, b: number): number => (b === 0 ? a : greatest(b, a % b))

const stretched = ({ start, steps, ...rest }: Run, from: number, at: number, factor: number): Run => ({
  ...rest,
  start: at + (start - from) * factor,
  steps: steps.map((step) => step * factor),
})

/** As many frames of the film as show each of a run, whose last one is shown for so many ticks. */
function repeated(run: Run, last: number, lastTicks: number, times: number): Run[] {
  const { start, steps, count } = run
  const each = (ticks: number, frames: number): number[] => Array<number>(frames).fill(ticks / times)
  const shown = { start, steps: steps.flatMap((step) => each(step, times)) }
  return [
    count === undefined ? shown : { ...shown, count: (count - 1) * times + 1 },
    { start: last + lastTicks / times, steps: each(lastTicks, times - 2) },
  ]
}

/** The same moments, counted in frames of the film: where one of the source is shown several times, or others between, each of them has its own. */
export function countedTable(shown: FrameTable, parts: readonly SpedPart[]): FrameTable {
  if (!parts.some(({ times = 1 }) => times > 1)) return shown
  let { lastTicks } = shown
  const frames = stretchesOf(parts, frameCount(shown)).flatMap(({ from, to, part: { times = 1 } = {} }) => {
    const runs = cut(shown.frames, from, to)
    const end = ticksOf(shown, to)
    if (times === 1) return runs
    lastTicks = to === frameCount(shown) ? shown.lastTicks / times : lastTicks
    return runs.flatMap((run, i) => {
      const last = numberAt([run], countIn([run]) - 1) ?? 0
      return repeated(run, last, (runs[i + 1]?.start ?? end) - last, times)
    })
  })
  return { ...shown, frames, lastTicks }
}

/** What is shown is even, what is stored rarely is: a frame of the film counts as begun this much of its time before. */
const nearShare = 1 / 4

/** The same in seconds; none where frames of the film are those of the source. */
export const nearSeconds = (shown: FrameTable, counted: FrameTable, frame: number): number =>
  counted === shown ? 0 : (secondsOf(counted, frame + 1) - secondsOf(counted, frame)) * nearShare

/** The frame of the film that is looked at in the time of one of the source. */
export function countedAt(shown: FrameTable, counted: FrameTable, frame: number, seconds: number): number {
  if (counted === shown) return frame
  if (frame >= frameCount(shown)) return frameCount(counted)
  const first = frameAt(counted, secondsOf(shown, frame))
  const isLast = frame >= frameCount(shown) - 1
  const times = (isLast ? frameCount(counted) : frameAt(counted, secondsOf(shown, frame + 1))) - first
  const [begin, end] = [secondsOf(shown, frame), secondsOf(shown, frame + 1)]
  const passed = Math.floor((times * (seconds - begin)) / (end - begin) + nearShare)
  return first + Math.min(Math.max(0, passed), times - 1)
}

/** The table with the times of the film, exactly: its ticks are as many times finer as speeds ask for. The same table where there are none. */
export function shownTable(table: FrameTable, parts: readonly SpedPart[]): FrameTable {
  if (parts.length === 0) return table
  const { timeBase, keyFrames, start } = table
  const finer = parts.reduce((common, { speed }) => (common / greatest(common, speed.num)) * speed.num, 1)
  let at = ticksOf(table, 0) * finer
  let lastTicks = table.lastTicks * finer
  const last = ticksOf(table, frameCount(table) - 1)
  const frames = stretchesOf(parts, frameCount(table)).flatMap(({ from, to, part }) => {
    const speed = part?.speed
    const factor = speed ? (finer / speed.num) * speed.den : finer
    const begin = ticksOf(table, from)
    const runs = cut(table.frames, from, to).map((run) => stretched(run, begin, at, factor))
    at += (ticksOf(table, to) - begin) * factor
    lastTicks = (endTicks(table) - last) * factor
    return runs
  })
  return {
    ...{ frames, keyFrames, start, lastTicks },
    timeBase: { num: timeBase.num, den: timeBase.den * finer },
  }
}

/** A moment by one table as one by another: of the same frames, at other times. */
function moved(of: FrameTable, to: FrameTable, seconds: number): number {
  if (of === to) return seconds
  const frame = frameAt(of, Math.max(0, seconds))
  const [begin, end] = [secondsOf(of, frame), secondsOf(of, frame + 1)]
  const share = Math.max(0, seconds - begin) / (end - begin)
  return secondsOf(to, frame) + share * (secondsOf(to, frame + 1) - secondsOf(to, frame))
}

/** The moment of the source that is shown at a moment of the film. */
export const filmedAt = (filmed: FrameTable, shown: FrameTable, seconds: number): number =>
  moved(shown, filmed, seconds)

/** The moment of the film at which a moment of the source is shown. */
export const shownWhen = (filmed: FrameTable, shown: FrameTable, seconds: number): number =>
  moved(filmed, shown, seconds)

const partAt = (parts: readonly SpedPart[], frame: number): SpedPart | undefined =>
  parts.find(({ from, to }) => frame >= from && frame < to)

/** How fast the film shows a frame, beside as it was filmed. */
export function speedAt(parts: readonly SpedPart[], frame: number): number {
  const speed = partAt(parts, frame)?.speed
  return speed ? speed.num / speed.den : 1
}

/** What plays a film at the speed of its frames stretches its sound: where the film does not, nothing is heard. */
export const isSilentAt = (parts: readonly SpedPart[], frame: number): boolean =>
  partAt(parts, frame)?.isUnstretched ?? false
