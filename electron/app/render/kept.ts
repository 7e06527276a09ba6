// Which kept frames hold those of a unit: one question for exports, previews and estimates, whatever job made them and as a part of whatever.
import type { FrameFormat } from '../../ffmpeg/format.js'
import type { EnhanceUnit } from '../../shared/planning/plan.js'
import { framesKey, specOf } from './keys.js'
import type { SegmentStore } from './segments.js'

/** Frames [from, to) of a source, kept as the model made them after and before those around them. */
export interface KeptFrames extends Pick<EnhanceUnit, 'warmFrom' | 'from' | 'to' | 'lookTo'> {
  key: string
  /** Place of their layout among those that were asked for. */
  layout: number
}

/**
 * Kept frames that hold all of the unit's, in one of these layouts; the first ones found whose file is whole. `without`: frames that count for
 * nothing here.
 */
export async function keptAround(
  { frames }: Pick<SegmentStore, 'frames'>,
  unit: EnhanceUnit,
  modelHash: string,
  layouts: readonly FrameFormat[],
  without?: ReadonlySet<string>,
): Promise<KeptFrames | undefined> {
  for (const { key, unit: spec } of frames.holding(specOf(unit, modelHash))) {
    const { warmFrom, from, to, lookTo } = spec
    const range = { warmFrom, from, to, lookTo }
    const layout = layouts.findIndex((format) => framesKey({ ...unit, ...range }, modelHash, format) === key)
    if (layout < 0 || without?.has(key) || !(await frames.finished([key])).has(key)) continue
    return { ...range, key, layout }
  }
  return undefined
}
