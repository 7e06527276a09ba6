// In what rhythm a film shows its frames: every one of them is decoded once, small.
import { decode } from '../../ffmpeg/decode.js'
import { storedLines } from '../../ffmpeg/geometry.js'
import { findTools } from '../../ffmpeg/resolve.js'
import { frameCount } from '../../shared/media/frameTable.js'
import { runsOf } from '../../shared/media/runs.js'
import { lossesIn, ratesOf } from '../../shared/media/rates.js'
import type { FrameTable } from '../../shared/media/source.js'
import { type Timing, repeatsIn } from '../../shared/media/timing.js'
import { toNumber } from '../../shared/media/rational.js'
import type { OnProgress, TimingTask } from '../protocol.js'
import { readTable } from '../segment.js'
import { repeatedFrames, sectionsOf } from './cadences.js'
import { cutsOf } from './cuts.js'
import { evidenceOf } from './evidence.js'
import { type Seen, watcher } from './watch.js'

/** Columns of the small frames: enough to see an eye move, few enough to average the noise of a tape. */
const columns = 160
const progressEvery = 25

/** What is told from what was seen; `rate`: stored frames a second. */
export function timingOf(seen: Seen, table: FrameTable, rate: number): Timing {
  const cuts = cutsOf(seen.distances)
  const film = { top: evidenceOf(seen.top, cuts), bottom: evidenceOf(seen.bottom, cuts) }
  const sections = sectionsOf(film, rate)
  const found = {
    ...{ frames: seen.top.length, rates: ratesOf(table), sections },
    ...{ repeated: runsOf(repeatedFrames(film, sections)), lost: lossesIn(table) },
    cuts,
  }
  const isOut = new Set([...repeatsIn(found), ...cuts, ...cuts.map((cut) => cut - 1)])
  const whole = sections.filter(({ cadence }) => cadence.kind === 'whole')
  const even = found.rates.filter(({ isConstant }) => isConstant)
  const isIn = (frame: number, ranges: readonly { from: number; to: number }[]): boolean =>
    ranges.some(({ from, to }) => from <= frame && frame < to)
  // A frame that is shown again as a whole is torn no more than the one before, and at a cut everything is new. In a cadence, and where frames come unevenly,
  // much stands that goes on.
  const torn = seen.torn().filter((frame) => !isOut.has(frame) && isIn(frame, whole) && isIn(frame, even))
  return { ...found, torn }
}

export async function runTiming(
  { source, tablePath }: TimingTask,
  signal: AbortSignal,
  onProgress: OnProgress,
): Promise<Timing> {
  const [tools, table] = await Promise.all([findTools(), readTable(tablePath)])
  const as = storedLines(source.video, columns)
  const { seen, look } = watcher(as.format)
  const range = { table, from: 0, to: frameCount(table) }
  for await (const { frame, data } of decode(tools, source, { ...range, signal, as }).frames) {
    look(data)
    if (frame % progressEvery === 0) onProgress(frame)
  }
  return timingOf(seen, table, toNumber(source.video.frameRate))
}
