// What a clip suffers from, as the engine's estimator sees it, and what a window makes of that: a strength to begin with, a word, a warning.
// The estimator is good enough for a first setting, not for a measurement (resources/estimator/MODEL_CARD.md).
import { z } from 'zod'
import { isStill, type Source, isInterlaced } from './source.js'

const level = z.number().min(0).max(1)

/** Levels from 0 (none) to 1 (as bad as tapes get). */
export const Damage = z.object({
  noise: level,
  blockiness: level,
  blur: level,
  /** Asks for deinterlacing, which is not an enhancer's work. */
  combing: level,
  /** Where on the ladder of damage that is. */
  position: level,
  /** The default it suggests; 0 for a clip that needs nothing. */
  strength: level,
})
export type Damage = z.infer<typeof Damage>

/** What a clip in good shape gets: below it pictures only lose (docs/QUALITY.md, Strength); the nearly clean butterfly is best about here. */
const least = 0.6
/** What is seen to be blocky gets this at least. So does MPEG-1 and 2, whose blocks the estimator misses once fields were taken apart. */
const leastForBlocks = 0.75
const standsOut = 0.3 // clean web encodes reach 0.26 in blocks
/** Higher only for what is surely noisy or blocky: out-of-focus pictures are taken for damaged ones, and 0.85 to 1 brings 0.1 dB. */
const mostForBlur = 0.85
const surelyNoisy = 0.5
const surelyBlocky = 0.45

const step = 0.05

/** The strength that a clip begins with, `least` to 1, in the slider's steps: the estimator's, kept where it is known to be wrong. */
export function suggestedStrength(damage: Damage, { codec }: Pick<Source['video'], 'codec'>): number {
  const { noise, blockiness, strength } = damage
  const low = blockiness >= standsOut || /^mpeg[12]video$/.test(codec) ? leastForBlocks : least
  const high = noise >= surelyNoisy || blockiness >= surelyBlocky ? 1 : mostForBlur
  return Math.round(Math.round(Math.min(Math.max(strength, low), high) / step) * step * 100) / 100
}

/** In words that promise no more than is known; they follow the suggested strength, so that both say the same. */
export const conditionOf = (strength: number): 'good' | 'light' | 'clear' | 'bad' =>
  strength <= least
    ? 'good'
    : strength <= leastForBlocks
      ? 'light'
      : strength <= mostForBlur
        ? 'clear'
        : 'bad'

/** What stands out, if anything does. */
export function mainDamage({ noise, blockiness, blur }: Damage): 'noise' | 'blockiness' | 'blur' | undefined {
  const [most] = (
    [
      ['noise', noise],
      ['blockiness', blockiness],
      ['blur', blur],
    ] as const
  ).toSorted((a, b) => b[1] - a[1])
  return most && most[1] >= standsOut ? most[0] : undefined
}

/** Interlaced, and the file says nothing of it. A bad tape's line noise reads as 0.2. */
export const isUntaggedInterlaced = (source: Source, { combing }: Damage): boolean =>
  combing > standsOut && !isInterlaced(source.video) && !isStill(source)
