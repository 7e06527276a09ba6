// Looks: how much a model may change a picture, by name. A model brings the numbers behind the names; settings keep the names,
// so that a better model gives a saved film its own Natural. Pure.
import { z } from 'zod'

export const Look = z.enum(['gentle', 'natural', 'strong'])
export type Look = z.infer<typeof Look>

export const LookNumbers = z.object({
  /** Of the model's change, 0..1: 0 = none of it, 1 = all of it. */
  strength: z.number().min(0).max(1),
  /** How much of the fine structure that the model took away comes back, 0..1. */
  detail: z.number().min(0).max(1),
})
export type LookNumbers = z.infer<typeof LookNumbers>

/** As model.json states them. */
export const Looks = z.object({ gentle: LookNumbers, natural: LookNumbers, strong: LookNumbers })
export type Looks = z.infer<typeof Looks>

/** A model without looks does all that it was trained for. */
const whole: LookNumbers = { strength: 1, detail: 0 }

/** The numbers that settings mean with this model; a strength of their own goes before that of the look. */
export function numbersOf(
  { look, strength }: { look: Look; strength?: number | undefined },
  looks: Looks | undefined,
): LookNumbers {
  const found = looks?.[look] ?? whole
  return { ...found, strength: strength ?? found.strength }
}

interface Recipe extends LookNumbers {
  model: string
  scale: number
  seed: number
}

/** What was done, for the file itself: nothing is invented without being said. */
export const recipeWords = ({ model, scale, strength, detail, seed }: Recipe): string =>
  [
    `model ${model}, x${scale}, strength ${strength}`,
    ...(detail > 0 ? [`detail ${detail}`] : []),
    `seed ${seed}`,
  ].join(', ')
