// Recipes: what is done to the frames of an item, as an ordered list of steps. What settings mean is the business of their model.
import { z } from 'zod'
import { excessOf } from './json.js'

export const RecipeId = z.string().min(1).max(64)
export type RecipeId = z.infer<typeof RecipeId>

const settingsBounds = { depth: 8, values: 1000 }

/** A record of JSON values, at most 8 deep and 1000 values. Checked by the schema of the model where the model is known. */
export const Settings = z.custom<Readonly<Record<string, unknown>>>(
  (value) =>
    typeof value === 'object' &&
    value !== null &&
    !Array.isArray(value) &&
    excessOf(value, settingsBounds) === undefined,
)
export type Settings = z.infer<typeof Settings>

export const Step = z.strictObject({
  /** Folder name of the model, e.g. `heirloom-s`. */
  model: z.string().min(1).max(120),
  /** Off: frames pass by; the settings are kept for when it is switched on again. */
  isOn: z.boolean(),
  settings: Settings,
})
export type Step = z.infer<typeof Step>

export const Recipe = z.strictObject({
  id: RecipeId,
  steps: z.array(Step).max(32),
  /** Where it is worked out: a wish of the person, `auto` or the id of a device. It decides no frame. */
  device: z.string().min(1).max(40),
})
export type Recipe = z.infer<typeof Recipe>
