// What is done to frames, as far as it decides how they come out. One key of it for all who ask whether two results are the same.
import { z } from 'zod'
import { type Looks, numbersOf } from './looks.js'
import { type ClipMotion, isEstimating, motionWords } from './motion.js'
import {
  type EnhanceNumbers,
  type EnhanceSettings,
  drawsGrain,
  isModelled,
  isUntouched,
  keepsakeModel,
} from './project.js'
import { restored } from './restoring.js'
import type { FoundKeepsake } from '../media/keepsake/keepsake.js'

/** Stands in addresses and in names of columns: nothing but letters, digits and a few signs. */
export const RecipeKey = z.string().regex(/^[\w.+-]{1,200}$/)
export type RecipeKey = z.infer<typeof RecipeKey>

/** Precision that a person has chosen behind a device's id ("cuda:0 fp8"); empty: the best that the device can do. */
const arithmeticOf = (device: string): string => device.split(' ').slice(1).join('+')

/**
 * The same key, the same pictures. The device is left out: all of them compute the same but for rounding. `modelHash`: of the weights;
 * pictures that pass through untouched need none.
 */
export function recipeKey(enhance: EnhanceNumbers, modelHash: string): RecipeKey {
  const { scale, strength, detail, seed, device } = enhance
  if (isUntouched(enhance)) return 'untouched'
  // Grain hangs on the Keepsake part alone, which is of the source.
  return [
    ...(isModelled(enhance) ? [modelHash, `x${scale}`, strength, detail, seed, arithmeticOf(device)] : []),
    ...(drawsGrain(enhance) ? ['grain'] : []),
  ]
    .filter((word) => word !== '')
    .join('_')
}

/** Enough of a hash to tell models apart. */
const shortHash = 12

/** With the motion that follows; `hash`: of the model that estimates, where it does. */
export const motionKey = (key: RecipeKey, motion: ClipMotion, hash: string): RecipeKey =>
  [key, motionWords(motion), ...(isEstimating(motion) ? [hash.slice(0, shortHash)] : [])].join('+')

interface Model {
  id: string
  hash: string
  weightsHash?: string | undefined
  looks?: Looks | undefined
}

/** Of settings, where their model is among these; undefined where it is not. `keepsake`: what their film has of one, where it was asked. */
export function recipeOf(
  wanted: EnhanceSettings,
  models: readonly Model[],
  keepsake?: FoundKeepsake,
): RecipeKey | undefined {
  if (wanted.model === keepsakeModel && !isUntouched(wanted) && !keepsake) return undefined
  const { enhance } = restored(wanted, keepsake ?? { state: 'none' }, models, '')
  const model = models.find(({ id }) => id === enhance.model)
  if (!model && isModelled(enhance)) return undefined
  return recipeKey({ ...enhance, ...numbersOf(enhance, model?.looks) }, model?.hash ?? '')
}
