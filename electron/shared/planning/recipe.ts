// What is done to frames, as far as it decides how they come out. One key of it for all who ask whether two results are the same.
import { type EnhanceNumbers, isUntouched } from '../document/project.js'

/** Precision that a person has chosen behind a device's id ("cuda:0 fp8"); empty: the best that the device can do. */
const arithmeticOf = (device: string): string => device.split(' ').slice(1).join(' ')

/**
 * The same key, the same pictures. The device is left out: all of them compute the same but for rounding. `modelHash`: of the weights;
 * pictures that pass through untouched need none.
 */
export const recipeKey = (enhance: EnhanceNumbers, modelHash: string): string =>
  isUntouched(enhance)
    ? 'untouched'
    : [
        modelHash,
        `x${enhance.scale}`,
        enhance.strength,
        enhance.detail,
        enhance.seed,
        arithmeticOf(enhance.device),
      ].join('/')
