// An enhance unit as any machine could take it: what it is made of stands there by hash, without paths and without a device.
import { z } from 'zod'
import { Frame, isModelled } from '../document/project.js'
import { SourceId } from '../media/source.js'
import type { EnhanceUnit } from './plan.js'
import { RecipeKey, recipeKey } from '../document/recipeKey.js'

export const UnitSpec = z.object({
  /** Hash of fingerprint, track and interpretation. */
  source: SourceId,
  /** Weights by hash, and the numbers that they are used with. */
  recipe: RecipeKey,
  warmFrom: Frame,
  /** Frames [from, to) of the source. */
  from: Frame,
  to: Frame,
  lookTo: Frame,
  /** Hash of what is shown of them by a motion, and of what that is made of; undefined: each of them once. */
  motion: z.string().optional(),
  /** The engine's arithmetic (engine/numerics.ts). */
  numerics: z.number().int(),
})
export type UnitSpec = z.infer<typeof UnitSpec>

/** `modelHash`: empty where frames pass through; then they do not depend on those around them. */
export function unitSpecOf(unit: EnhanceUnit, modelHash: string, numerics: number): UnitSpec {
  const { source, from, to, enhance } = unit
  const { warmFrom, lookTo } = isModelled(enhance) ? unit : { warmFrom: from, lookTo: to }
  return { source: source.id, recipe: recipeKey(enhance, modelHash), warmFrom, from, to, lookTo, numerics }
}
