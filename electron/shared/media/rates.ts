// At what rates the frames of a source are shown, by its timestamps alone, and where these leave frames out. Pure. The frame table's times rise; what was
// wrong with those of the file is in its notes.
import { frameCount, ticksIn } from './frameTable.js'
import { type Rational, rational, toNumber } from './rational.js'
import type { FrameTable } from './source.js'
import type { Loss, RateSection } from './timing.js'

/** Frames on both sides among which the usual step is looked for. */
const near = 6
/** Frames on both sides of which so large a share keeps to the usual step where the rate is constant. */
const around = 12
const even = 0.75
/** Steps that differ by less are one rate: by a share, by a tick of rounding, and never by more than the last. */
const [share, rounding, most] = [0.05, 1, 0.4]
/** A step so much longer than the usual one leaves frames out; a picture that is shown for a second is meant to stand. */
const gap = 1.5
const longestGapSeconds = 1

const median = (values: Float64Array): number => values.toSorted()[values.length >> 1] ?? 0

interface Steps {
  /** From every frame to the next, in ticks; the last frame has none. */
  ticks: Float64Array
  /** What is usual around each. */
  usual: Float64Array
}

function stepsIn(table: FrameTable): Steps {
  const at = ticksIn(table)
  const ticks = Float64Array.from(at.slice(1), (tick, i) => tick - (at[i] ?? 0))
  const usual = ticks.map((_, i) => median(ticks.subarray(Math.max(0, i - near), i + near + 1)))
  return { ticks, usual }
}

const isOne = (step: number, usual: number): boolean =>
  Math.abs(step - usual) <= Math.min(Math.max(rounding, share * usual), most * usual)

/** Whether the steps around each keep to one rate; a gap does not speak against it, as long as it is one of few. */
function constancy({ ticks, usual }: Steps): boolean[] {
  const kept = ticks.map((step, i) => (isOne(step, usual[i] ?? 0) ? 1 : 0))
  return Array.from(ticks, (_, i) => {
    const seen = kept.subarray(Math.max(0, i - around), i + around + 1)
    return seen.reduce((sum, one) => sum + one, 0) >= even * seen.length
  })
}

interface Stretch {
  from: number
  to: number
  isConstant: boolean
}

/** A stretch is longer than what decides about a frame, else it belongs to the one before, or to the one behind at the start. */
function stretchesOf(steps: Steps, isConstant: readonly boolean[]): Stretch[] {
  const found: Stretch[] = []
  let begun = 0
  const goesOn = (i: number): boolean => {
    if (isConstant[i] !== isConstant[begun]) return false
    const [here, there] = [steps.usual[i] ?? 0, steps.usual[begun] ?? 0]
    return isConstant[i] === false || isOne(here, there)
  }
  const close = (to: number): void => {
    const last = found.at(-1)
    if (last && to - begun <= around) last.to = to
    else if (last && last.to <= around) Object.assign(last, { to, isConstant: isConstant[begun] })
    else found.push({ from: begun, to, isConstant: isConstant[begun] ?? true })
    begun = to
  }
  for (let i = 1; i < steps.ticks.length; i++) if (!goesOn(i)) close(i)
  close(steps.ticks.length)
  return found
}

/** The whole film, by one section or several; of a single frame there is no rate but the one that it is shown for. */
export function ratesOf(table: FrameTable): RateSection[] {
  const frames = frameCount(table)
  const tick = toNumber(table.timeBase)
  if (frames === 0) return []
  if (frames === 1) {
    const rate = 1 / (table.lastTicks * tick)
    return [{ from: 0, to: 1, isConstant: true, least: rate, mean: rate, most: rate }]
  }
  const steps = stepsIn(table)
  const stretches = stretchesOf(steps, constancy(steps))
  return stretches.map(({ from, to, isConstant }, n) => {
    const own = steps.ticks.subarray(from, to)
    const kept = own.filter((step, i) => isOne(step, steps.usual[from + i] ?? 0))
    const isLast = n === stretches.length - 1
    // Of an uneven one every frame counts for as long as it is shown, the last one too: its mean is frames by time.
    const shownLast = isLast && !isConstant ? [table.lastTicks] : []
    const usual = isConstant && kept.length > 0 ? kept : Float64Array.from([...own, ...shownLast])
    const sum = usual.reduce((ticks, step) => ticks + step, 0)
    const shortest = usual.reduce((least, step) => Math.min(least, step), Infinity)
    const longest = usual.reduce((most, step) => Math.max(most, step), 0)
    return {
      ...{ from, to: isLast ? frames : to, isConstant },
      ...{ least: 1 / (longest * tick), mean: usual.length / (sum * tick), most: 1 / (shortest * tick) },
    }
  })
}

/** Steps that leave frames out. Only where the rate is constant: elsewhere a long step is one of many. */
export function lossesIn(table: FrameTable): Loss[] {
  const steps = stepsIn(table)
  const isConstant = constancy(steps)
  const longest = longestGapSeconds / toNumber(table.timeBase)
  return Array.from(steps.ticks).flatMap((step, after) => {
    const usual = steps.usual[after] ?? 0
    const isGap = isConstant[after] === true && step > gap * usual && step <= longest
    return isGap ? [{ after, missing: Math.max(1, Math.round(step / usual) - 1) }] : []
  })
}

/** So many of the steps are the most common one, or there is none. */
const commonShare = 1 / 3
/** A rate above the average by more than that: frames are missing between those that keep to it. */
const aboveAverage = 1.02

/**
 * The rate that most frames of an uneven film keep to, which its camera was set to: one over the most common step. Undefined where that is the
 * average rate, or no step is common.
 */
export function nominalRate(table: FrameTable): Rational | undefined {
  const at = ticksIn(table)
  const longest = longestGapSeconds / toNumber(table.timeBase)
  const all = at.slice(1).map((tick, i) => tick - (at[i] ?? 0))
  const steps = Float64Array.from(all.filter((step) => step <= longest)).toSorted()
  let [from, best, ticks] = [0, 0, 0]
  let [sum, span] = [0, 0]
  for (const [i, step] of steps.entries()) {
    span += step
    sum += step
    while (step - (steps[from] ?? 0) > Math.max(rounding, share * step)) sum -= steps[from++] ?? 0
    if (i - from + 1 > best) [best, ticks] = [i - from + 1, sum]
  }
  const { num, den } = table.timeBase
  const isUneven = best >= commonShare * steps.length && best * span > aboveAverage * ticks * steps.length
  return ticks > 0 && isUneven ? rational(best * den, ticks * num) : undefined
}
