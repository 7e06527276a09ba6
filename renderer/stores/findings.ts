// What was found of the part of a source that a clip shows: at which rates it was filmed, which of its frames repeat, are torn or lost. Pure.
import { Clip } from '../../electron/shared/document/project.js'
import { frameAt, secondsOf } from '../../electron/shared/media/frameTable.js'
import { Ratio, rational } from '../../electron/shared/media/rational.js'
import { FrameTable, Source, outputRate } from '../../electron/shared/media/source.js'
import { filmedRate, usualRate } from '../../electron/shared/planning/motion.js'
import { CadenceSection, Timing, filmedRatio, repeatsIn } from '../../electron/shared/media/timing.js'

/** What was found in a source, in frames as they are stored; `table`: when these are shown. */
export interface FoundTiming {
  timing: Timing
  table: FrameTable
}

/** Places are frames of the source as its clips count them. */
export interface Findings {
  /** Stored frames of the clip. */
  frames: number
  /** Frames per second at which it was filmed, that of most of it first; and as stored. */
  filmed: Ratio[]
  stored: Ratio
  /** Frames that only show the one before again; and of these the ones outside of any rhythm. */
  repeats: number[]
  single: number[]
  torn: number[]
  /** The frames after which some are missing. */
  lost: number[]
  cuts: number[]
  /** At which it was filmed, as far as a tempo goes by that. */
  tempo: Ratio
  /** Where another rate begins; empty where there is one alone. */
  changes: { frame: number; rate: Ratio }[]
}

const rateIn = (stored: Ratio, { cadence }: CadenceSection): Ratio => {
  const share = filmedRatio(cadence)
  return rational(stored.num * share.num, stored.den * share.den)
}

/** The rates of the sections, that which lasts longest first. */
function ratesOf(sections: readonly CadenceSection[], stored: Ratio): Ratio[] {
  const frames = new Map<string, { rate: Ratio; count: number }>()
  for (const section of sections) {
    const rate = rateIn(stored, section)
    const key = `${rate.num}/${rate.den}`
    frames.set(key, { rate, count: section.to - section.from + (frames.get(key)?.count ?? 0) })
  }
  return [...frames.values()].toSorted((a, b) => b.count - a.count).map(({ rate }) => rate)
}

/** How many frames and gaps a repair replaces or fills. */
export const replacedOf = ({ single, torn, lost }: Findings): number =>
  single.length + torn.length + lost.length

/** The rate that a tempo is faster or slower than. */
export const tempoOf = ({ video }: Source, { timing }: FoundTiming): Ratio =>
  filmedRate(timing, video) ?? usualRate(outputRate(video))

export function findingsOf(
  clip: Pick<Clip, 'from' | 'to'>,
  source: Source,
  own: FrameTable,
  found: FoundTiming,
): Findings {
  const { timing, table } = found
  const [begin, end] = [secondsOf(own, clip.from), secondsOf(own, clip.to)]
  const from = frameAt(table, begin)
  const to = frameAt(table, end) + (secondsOf(table, frameAt(table, end)) < end - 1e-6 ? 1 : 0)
  const inside = (frame: number): boolean => frame >= from && frame < to
  const places = (frames: readonly number[]): number[] =>
    frames.filter(inside).map((frame) => frameAt(own, secondsOf(table, frame)))
  const sections = timing.sections
    .map((section) => ({ ...section, from: Math.max(from, section.from), to: Math.min(to, section.to) }))
    .filter((section) => section.from < section.to)
  const hasRhythm = (frame: number): boolean =>
    sections.some((s) => s.cadence.kind !== 'whole' && frame >= s.from && frame < s.to)
  const stored = { ...source.video.frameRate }
  const repeats = repeatsIn(timing).filter(inside)
  return {
    ...{ frames: to - from, filmed: ratesOf(sections, stored), stored },
    repeats: places(repeats),
    single: places(repeats.filter((frame) => !hasRhythm(frame))),
    torn: places(timing.torn),
    lost: places(timing.lost.map(({ after }) => after)),
    cuts: places(timing.cuts),
    tempo: tempoOf(source, found),
    changes:
      sections.length < 2
        ? []
        : sections.map((section) => ({
            frame: frameAt(own, secondsOf(table, section.from)),
            rate: rateIn(stored, section),
          })),
  }
}
