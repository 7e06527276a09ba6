// When the film shows the frames of a source: clips that play at another speed take longer or shorter there, all else as long as it was filmed. Pure.
import { endTicks, frameAt, frameCount, secondsOf, ticksOf } from '../../electron/shared/media/frameTable.js'
import { Ratio } from '../../electron/shared/media/rational.js'
import { Run, cut } from '../../electron/shared/media/runs.js'
import { FrameTable } from '../../electron/shared/media/source.js'

/** Frames [from, to) at a speed: media time per time of the film. */
export interface SpedPart {
  from: number
  to: number
  speed: Ratio
  /** Its sound is not heard stretched in the film: silent, or as fast as it was recorded while its frames are not. */
  isUnstretched?: boolean
}

/** Stretches [from, to) of one speed; undefined: their own. Where parts lie over each other the first of them counts. */
function stretchesOf(parts: readonly SpedPart[], frames: number) {
  const edges = [0, frames, ...parts.flatMap(({ from, to }) => [from, Math.min(to, frames)])]
  const sorted = [...new Set(edges)].toSorted((a, b) => a - b)
  return sorted.slice(1).map((to, i) => {
    const from = sorted[i] ?? 0
    return { from, to, speed: parts.find((part) => part.from <= from && to <= part.to)?.speed }
  })
}

const greatest = (a: number, b: number): number => (b === 0 ? a : greatest(b, a % b))

const stretched = ({ start, steps, ...rest }: Run, from: number, at: number, factor: number): Run => ({
  ...rest,
  start: at + (start - from) * factor,
  steps: steps.map((step) => step * factor),
})

/** The table with the times of the film, exactly: its ticks are as many times finer as speeds ask for. The same table where there are none. */
export function shownTable(table: FrameTable, parts: readonly SpedPart[]): FrameTable {
  if (parts.length === 0) return table
  const { timeBase, keyFrames, start } = table
  const finer = parts.reduce((common, { speed }) => (common / greatest(common, speed.num)) * speed.num, 1)
  let at = ticksOf(table, 0) * finer
  let lastTicks = table.lastTicks * finer
  const last = ticksOf(table, frameCount(table) - 1)
  const frames = stretchesOf(parts, frameCount(table)).flatMap(({ from, to, speed }) => {
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

/** The moment of the source that is shown at a moment of the film. */
export function filmedAt(filmed: FrameTable, shown: FrameTable, seconds: number): number {
  if (filmed === shown) return seconds
  const frame = frameAt(shown, Math.max(0, seconds))
  const [begin, end] = [secondsOf(shown, frame), secondsOf(shown, frame + 1)]
  const share = Math.max(0, seconds - begin) / (end - begin)
  return secondsOf(filmed, frame) + share * (secondsOf(filmed, frame + 1) - secondsOf(filmed, frame))
}

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
