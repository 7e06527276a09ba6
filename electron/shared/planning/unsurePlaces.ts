// What a film's units told of their unsure estimates, as stretches of the film. Pure.
import { type UnsureGap, type UnsurePlace, isUnsure } from '../contract/unsure.js'
import { type Rational, toNumber } from '../media/rational.js'
import { isEstimate } from './motionUnits.js'
import type { Segment } from './plan.js'

/** Stretches that lie nearer to each other are one: nobody looks at them one by one. */
const nearSeconds = 0.25

/** Of a unit in a film: every estimate in one of the gaps that are unsure. In order. */
export function unsureFrames(
  { motion, ticks, endTicks }: Pick<Segment, 'motion' | 'ticks' | 'endTicks'>,
  gaps: readonly UnsureGap[],
  timeBase: Rational,
): UnsurePlace[] {
  const unsure = new Map(gaps.filter(isUnsure).map((gap) => [gap.from, gap.unsure]))
  const secondsAt = (place: number): number => (ticks[place] ?? endTicks) * toNumber(timeBase)
  return (motion?.shown ?? []).flatMap((shown, place) => {
    const share = isEstimate(shown) ? unsure.get(shown.key) : undefined
    if (share === undefined) return []
    return [{ from: secondsAt(place), to: secondsAt(place + 1), frames: 1, unsure: share }]
  })
}

/** Places in order of time, those that lie near to each other as one. */
export function stretchesOf(places: readonly UnsurePlace[]): UnsurePlace[] {
  const stretches: UnsurePlace[] = []
  for (const place of places) {
    const last = stretches.at(-1)
    if (!last || place.from - last.to > nearSeconds) stretches.push({ ...place })
    else {
      last.to = place.to
      last.frames += place.frames
      last.unsure = Math.max(last.unsure, place.unsure)
    }
  }
  return stretches
}

/** So many of them, those in which the nearest frame shows most; in order of time. */
export const worstOf = (places: readonly UnsurePlace[], count: number): UnsurePlace[] =>
  places
    .toSorted((a, b) => b.unsure - a.unsure)
    .slice(0, count)
    .toSorted((a, b) => a.from - b.from)
