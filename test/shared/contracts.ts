// What models state of themselves, for tests that need no model.
import { contractOf } from '../../electron/engine/facts.js'
import type { ModelContract, ModelTime } from '../../electron/shared/document/modelContract.js'
import { defaultEnhance } from '../../electron/shared/document/project.js'

/** Of the models that ship with Heirloom, in another time where a test wants one. */
export function contract(time: Partial<ModelTime> = {}): ModelContract {
  const shipped = contractOf('heirloom-small', true)
  if (!shipped) throw new Error('the engine knows no heirloom-small')
  return { ...shipped, time: { ...shipped.time, ...time } }
}

/** For plans: the model of default settings. */
export const planModels = { [defaultEnhance.model]: { contract: contract() } }
