// What is done to the times of a clip's frames: the second step of an item's recipe. Which frames that gives is planning/motion.ts.
import { z } from 'zod'
import { Ratio, ratioNear, rational } from '../media/rational.js'
import type { Step } from './recipe.js'

/** The step's model in a recipe: frames between two others are its. */
export const motionModel = 'heirloom-motion'

/** Frames per second that may be asked for: no screen shows more, and every one of them is made. */
export const highestRate = 240

/** Of a clip that gets longer or shorter: played as fast as it was recorded, stretched without another pitch, or none. */
export const MotionSound = z.enum(['kept', 'stretched', 'silent'])
export type MotionSound = z.infer<typeof MotionSound>

export const SlowFactor = z.union([z.literal(2), z.literal(4), z.literal(8)])
export type SlowFactor = z.infer<typeof SlowFactor>

export const ClipMotion = z.discriminatedUnion('kind', [
  /** Frames that repeat the one before are left out; every other keeps its time, and is shown for longer. */
  z.strictObject({ kind: z.literal('unique') }),
  /** Without repeats, evenly at so many per second; `found`: at which they were filmed, by their cadence. */
  z.strictObject({
    kind: z.literal('tempo'),
    rate: z.union([Ratio, z.literal('found')]),
    sound: MotionSound,
  }),
  /** Evenly at so many per second, at the clip's own speed; frames between two others are estimated. */
  z.strictObject({ kind: z.literal('smooth'), rate: Ratio }),
  /** So many times as long, at the rate it has; frames between two others are estimated. */
  z.strictObject({ kind: z.literal('slow'), factor: SlowFactor, sound: MotionSound.exclude(['kept']) }),
  /** At their own times; frames that repeat outside of a cadence, are torn or lost are estimated from those around them. */
  z.strictObject({ kind: z.literal('repair') }),
])
export type ClipMotion = z.infer<typeof ClipMotion>

export const motionKinds = [
  'unique',
  'tempo',
  'smooth',
  'slow',
  'repair',
] as const satisfies readonly ClipMotion['kind'][]

/** Frames are estimated: the model is needed. */
export const isEstimating = ({ kind }: ClipMotion): boolean =>
  kind === 'smooth' || kind === 'slow' || kind === 'repair'

/** What repeats, is torn or lost must be known before it is planned. */
export const needsTiming = ({ kind }: ClipMotion): boolean => kind !== 'slow'

/**
 * Media time per time of the film; undefined: its own. `filmed`: frames per second at which the clip was filmed, where that is known: a tempo
 * of another rate changes the length by it.
 */
export function speedOf(motion: ClipMotion | undefined, filmed?: Ratio): Ratio | undefined {
  if (motion?.kind === 'slow') return { num: 1, den: motion.factor }
  if (motion?.kind !== 'tempo' || motion.rate === 'found' || !filmed) return undefined
  const speed = ratioNear(rational(motion.rate.num * filmed.den, motion.rate.den * filmed.num))
  return speed.num === speed.den ? undefined : speed
}

const ratioWords = ({ num, den }: Ratio): string => (den === 1 ? `${num}` : `${num}-${den}`)

/** The same words, the same frames of the same source, as far as that is a matter of the motion: for names and addresses. */
export function motionWords(motion: ClipMotion): string {
  switch (motion.kind) {
    case 'unique':
    case 'repair':
      return motion.kind
    case 'tempo':
      return `tempo-${motion.rate === 'found' ? 'found' : ratioWords(motion.rate)}`
    case 'smooth':
      return `smooth-${ratioWords(motion.rate)}`
    case 'slow':
      return `slow-${motion.factor}`
  }
}

export const stepOf = (motion: ClipMotion): Step => ({ model: motionModel, isOn: true, settings: motion })

/** Of a step of a recipe; undefined: it is another, switched off, or nothing that is known today. */
export function motionOf({ model, isOn, settings }: Step): ClipMotion | undefined {
  if (model !== motionModel || !isOn) return undefined
  const found = ClipMotion.safeParse(settings)
  return found.success ? found.data : undefined
}
