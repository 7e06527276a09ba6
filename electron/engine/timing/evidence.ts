// How likely it is, by what is seen of one field, that a stored frame shows what the one before showed.
import type { FieldChange } from './changes.js'

/** Frames on each side among which movement is looked for: of the slowest films one in so many is new. */
const near = 5
/** Frames on both sides in which frames without any movement, and how much they vary, are looked for. */
const [far, around] = [50, 12]
/** Of these frames, in rising order of their change, two lie apart by about as much as all vary. */
const [middle, upper] = [0.35, 0.85]
/** So many times as much less movement than around it as the changes there vary by, but at least and at most so much as a logarithm, is worth a thought ... */
const [threshold, leastDip, mostDip] = [1.2, 0.2, 0.9]
/** ... and twice as sure every so much further on. */
const [slope, leastSlope, mostSlope] = [1, 0.12, 0.6]
const most = 2
/** Between what moves and what does not there are at least so many times as many logarithms, or so many; less says nothing. */
const [faint, clear] = [2, 3.5]
const [mostFaint, mostClear] = [0.4, 1.2]
/** Of 255 levels, squared: less is not told from nothing. */
const quantum = 0.02

export interface Evidence {
  /** For every frame log odds that the field is shown again; 0: nothing can be seen. */
  odds: Float32Array
  /** By how much, as a logarithm, it changed less than its neighbours. */
  dip: Float32Array
}

interface Contrast {
  dip: number
  /** From what moves around it to what does not. */
  range: number
  /** By how much the changes around it vary. */
  spread: number
}

const nothing: Contrast = { dip: 0, range: 0, spread: Infinity }
const within = (value: number, least: number, most: number): number => Math.min(most, Math.max(least, value))

const mostIn = (logs: Float32Array, from: number, to: number): number =>
  logs.subarray(Math.max(1, from), Math.max(1, to)).reduce((high, log) => Math.max(high, log), -Infinity)
/** What moves before it and behind it, the lesser of both: where a movement comes to rest, only what was before does. */
function contrastAt(logs: Float32Array, frame: number): Contrast {
  const [before, behind] = [mostIn(logs, frame - near, frame), mostIn(logs, frame + 1, frame + 1 + near)]
  const level = Math.min(before === -Infinity ? behind : before, behind === -Infinity ? before : behind)
  if (level === -Infinity) return nothing
  const sorted = (reach: number): Float32Array =>
    logs.slice(Math.max(1, frame - reach), frame + reach + 1).sort()
  const [quiet, usual] = [sorted(far), sorted(around)]
  const at = (share: number): number => usual[Math.floor(share * (usual.length - 1))] ?? 0
  const floor = quiet[Math.min(2, quiet.length - 1)] ?? 0
  const dip = level - (logs[frame] ?? 0)
  return { dip, range: Math.max(dip, level - floor), spread: at(upper) - at(middle) }
}

/** Log odds that a frame with so much less movement is shown again. */
function oddsOf({ dip, range, spread }: Contrast): number {
  const [limit, width] = [
    within(threshold * spread, leastDip, mostDip),
    within(slope * spread, leastSlope, mostSlope),
  ]
  const unit = Math.max(spread, leastDip / threshold)
  const [from, to] = [Math.min(mostFaint, faint * unit), Math.min(mostClear, clear * unit)]
  const weight = within((range - from) / (to - from), 0, 1)
  return most * weight * Math.tanh((dip - limit) / width)
}

/** At a cut everything changes: there it counts for as much as beside it. Of the first frame nothing is known, behind the last there is none. */
function withoutCuts(logs: Float32Array, cuts: readonly number[]): Float32Array {
  for (const cut of cuts) {
    const beside = [cut - 1, cut + 1].filter((frame) => frame > 0 && frame < logs.length)
    if (beside.length > 0) logs[cut] = Math.max(...beside.map((frame) => logs[frame] ?? -Infinity))
  }
  return logs
}

/** `changes`: of one field, frame by frame; that of frame 0 is not looked at. `cuts`: first frames of shots. */
export function evidenceOf(changes: readonly FieldChange[], cuts: readonly number[] = []): Evidence {
  const logarithms = (kind: keyof FieldChange): Float32Array =>
    withoutCuts(
      Float32Array.from(changes, (change) => Math.log(change[kind] + quantum)),
      cuts,
    )
  const [fine, coarse] = [logarithms('fine'), logarithms('coarse')]
  const evidence: Evidence = {
    odds: new Float32Array(changes.length),
    dip: new Float32Array(changes.length),
  }
  const sureness = ({ range, spread }: Contrast): number => range / Math.max(spread, leastDip / threshold)
  for (let frame = 1; frame < changes.length; frame++) {
    const [detailed, smooth] = [contrastAt(fine, frame), contrastAt(coarse, frame)]
    const told = sureness(smooth) > sureness(detailed) + 0.3 ? smooth : detailed
    evidence.dip[frame] = told.dip
    evidence.odds[frame] = oddsOf(told)
  }
  return evidence
}
