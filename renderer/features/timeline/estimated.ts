// Which frames of a clip its motion makes estimates of, as far as that is known. Pure.
import { UnsureGap } from '../../../electron/shared/contract/unsure.js'
import { Clip, Frame } from '../../../electron/shared/document/project.js'
import { Findings } from '../../stores/findings.js'

interface Range {
  from: Frame
  to: Frame
}

/** Frames that follow each other as ranges. */
function rangesOf(frames: readonly Frame[]): Range[] {
  const ranges: Range[] = []
  for (const frame of [...new Set(frames)].toSorted((a, b) => a - b)) {
    const last = ranges.at(-1)
    if (last?.to === frame) last.to = frame + 1
    else ranges.push({ from: frame, to: frame + 1 })
  }
  return ranges
}

/** Of all of it frames between are estimated; of a repaired one single frames, which are known when somebody has looked. */
export function estimatedRanges({ from, to, motion }: Clip, found: Findings | undefined): Range[] {
  if (motion?.kind !== 'repair') return [{ from, to }]
  return found ? rangesOf([...found.single, ...found.torn, ...found.lost]) : []
}

/** Of a clip the frames around which its estimates are unsure, as far as any were made: gaps that follow each other as one. */
export function unsureRanges({ from, to }: Pick<Clip, 'from' | 'to'>, gaps: readonly UnsureGap[]): Range[] {
  const ranges: Range[] = []
  for (const gap of gaps) {
    const range = { from: Math.max(from, gap.from), to: Math.min(to, gap.to) }
    const last = ranges.at(-1)
    if (range.from >= range.to) continue
    if (last && range.from <= last.to) last.to = Math.max(last.to, range.to)
    else ranges.push(range)
  }
  return ranges
}
