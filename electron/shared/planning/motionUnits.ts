// A clip's shown frames cut into the units of its source's grid: what each of them needs of the frames around it.
import { z } from 'zod'
import { fault } from '../contract/errors.js'
import { ClipMotion } from '../document/motion.js'
import { Frame } from '../document/project.js'
import type { Rational, Ratio } from '../media/rational.js'
import { type Source, outputRate } from '../media/source.js'
import type { FilmFrame } from './filmFrames.js'
import { type Laid, ShownFrame, pictureName, wayOf } from './motion.js'

/** Of a unit: what it shows, and the frames that this is made of. */
export const UnitMotion = z.object({
  by: ClipMotion,
  /** Frames [from, to) of the source are looked at: those that are shown, and those that estimates are made of. */
  from: Frame,
  to: Frame,
  /** Frames of film among them, in order: the keys of the estimates. Empty where nothing is estimated. */
  keys: z.array(Frame),
  /** Those of them that begin a shot. */
  cuts: z.array(Frame),
  shown: z.array(ShownFrame),
})
export type UnitMotion = z.infer<typeof UnitMotion>

/** Of a gap between two keys, the model remembers so many before the later one: no estimate depends on where a stream began. */
export const keysBefore = 7

export const isEstimate = ({ t }: ShownFrame): boolean => t > 0

/** To take in a key is about a quarter of the work of an estimate (docs/SPEED.md). */
const keyShare = 1 / 4

/** What the estimates of a unit cost, in estimates. */
export const estimateWork = ({ keys, shown }: Pick<UnitMotion, 'keys' | 'shown'>): number =>
  shown.filter(isEstimate).length + keyShare * keys.length

const indexOf = (film: readonly FilmFrame[], frame: Frame): number => {
  let [low, high] = [0, film.length]
  while (low < high) {
    const middle = (low + high) >> 1
    if ((film[middle]?.frame ?? Infinity) < frame) low = middle + 1
    else high = middle
  }
  return low
}

/** The first key that an estimate before the key at `index` remembers: none from before its shot. */
function firstKey({ film, shots }: Pick<Laid, 'film' | 'shots'>, index: number): number {
  let first = index
  while (first > Math.max(0, index - keysBefore) && !shots.has(film[first]?.frame ?? 0)) first--
  return first
}

/** Frames [from, to) that are shown, or that estimates lie between. In a long pause one unit shows more of them than a call takes arguments. */
function rangeOf(shown: readonly ShownFrame[]): Pick<UnitMotion, 'from' | 'to'> {
  let [from, last] = [Infinity, 0]
  for (const { key, next = key } of shown) {
    from = Math.min(from, key, next)
    last = Math.max(last, key, next)
  }
  return { from, to: last + 1 }
}

/** `earliest`: frames before it are not to be had as they are shown. */
function unitMotion(laid: Laid, shown: ShownFrame[], earliest: Frame): UnitMotion {
  const range = rangeOf(shown)
  const [estimated] = shown.filter(isEstimate)
  if (estimated?.next === undefined) return { by: laid.by, ...range, keys: [], cuts: [], shown }
  const { film, shots } = laid
  const remembered = film[firstKey(laid, indexOf(film, estimated.next))]?.frame ?? range.from
  const from = Math.min(range.from, Math.max(remembered, earliest))
  const keys = film.slice(indexOf(film, from), indexOf(film, range.to)).map(({ frame }) => frame)
  return { by: laid.by, ...range, from, keys, cuts: keys.filter((frame) => shots.has(frame)), shown }
}

interface Range {
  from: Frame
  to: Frame
}

/** Part of a laid clip: frames [first, end) of what it shows lie in the range. */
export interface LaidUnit<R extends Range> {
  range: R
  first: number
  motion: UnitMotion
}

/**
 * Each shown frame belongs to the unit of the frame that it shows, or that it follows; units that show nothing are left out. `earliest`: of a
 * unit, the first frame that may be looked at.
 */
export function motionUnits<R extends Range>(
  laid: Laid,
  ranges: readonly R[],
  earliest: (range: R) => Frame,
): LaidUnit<R>[] {
  const units: LaidUnit<R>[] = []
  let first = 0
  ranges.forEach((range, i) => {
    const isLast = i === ranges.length - 1
    let end = first
    while (end < laid.shown.length && (isLast || (laid.shown[end]?.key ?? 0) < range.to)) end++
    if (end > first) {
      const shown = laid.shown.slice(first, end)
      units.push({ range, first, motion: unitMotion(laid, shown, earliest(range)) })
    }
    first = end
  })
  return units
}

/** Of the picture at a place of what it shows. */
export function nameIn({ shown }: UnitMotion, place: number): string {
  const frame = shown[place]
  if (!frame) throw fault('internal', `There is no frame ${place} of ${shown.length}.`)
  return pictureName(frame.key, wayOf(frame))
}

interface WithMotion extends Range {
  motion?: UnitMotion | undefined
}

/** Frames that a unit delivers. */
export const shownCount = ({ motion, from, to }: WithMotion): number =>
  motion ? motion.shown.length : to - from

/** Frames per second that it shows, or would if all were there: encoders and people are told it. */
export function shownRate({
  source,
  motion,
}: {
  source: Pick<Source, 'video'>
  motion?: UnitMotion | undefined
}): Rational {
  const by = motion?.by
  if (by?.kind === 'smooth' || (by?.kind === 'tempo' && by.rate !== 'found')) return by.rate as Ratio
  return outputRate(source.video)
}

/** Frames of the source that it delivers, or that what it delivers is made of. */
export const usedFrames = ({ motion, from, to }: WithMotion): Range =>
  motion ? { from: motion.from, to: motion.to } : { from, to }
