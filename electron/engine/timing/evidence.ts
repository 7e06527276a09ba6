// How likely it is, by what is seen of one field, that a stored frame shows what the one before showed.
import type { FieldChange } from './changes.js'

/** Frames on both sides among which movement is looked for, and the one of them, in falling order, that is taken for it. */
const [near, third] = [9, 2]
/** Frames on both sides in which frames without any movement are looked for. */
const far = 50
/** So much less movement than around it, as a logarithm, is worth a thought; twice as sure every `slope` further on. */
const threshold = 1.2
const slope = 0.6
const most = 2
/** Between what moves and what does not there are at least so many logarithms; less says nothing. */
const [faint, clear] = [0.4, 1.2]
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
}

function contrastAt(logs: Float32Array, frame: number): Contrast {
  const around = (reach: number): Float32Array =>
    logs.slice(Math.max(1, frame - reach), frame + reach + 1).sort()
  const neighbours = around(near)
  const level = neighbours.at(-1 - Math.min(third, neighbours.length - 1)) ?? 0
  const quiet = around(far)
  const floor = quiet[Math.min(1, quiet.length - 1)] ?? 0
  return { dip: level - (logs[frame] ?? 0), range: level - floor }
}

/** `changes`: of one field, frame by frame; that of frame 0 is not looked at. */
export function evidenceOf(changes: readonly FieldChange[]): Evidence {
  const logarithms = (kind: keyof FieldChange): Float32Array =>
    Float32Array.from(changes, (change) => Math.log(change[kind] + quantum))
  const [fine, coarse] = [logarithms('fine'), logarithms('coarse')]
  const evidence: Evidence = {
    odds: new Float32Array(changes.length),
    dip: new Float32Array(changes.length),
  }
  for (let frame = 1; frame < changes.length; frame++) {
    const [detailed, smooth] = [contrastAt(fine, frame), contrastAt(coarse, frame)]
    const { dip, range } = smooth.range > detailed.range + 0.3 ? smooth : detailed
    evidence.dip[frame] = dip
    if (range < faint) continue
    const weight = Math.min(1, (range - faint) / (clear - faint))
    const limit = Math.min(threshold, range / 2)
    evidence.odds[frame] = most * weight * Math.tanh((dip - limit) / slope)
  }
  return evidence
}
