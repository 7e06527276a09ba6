// What the engine states of itself, from the one file that is compiled into it as well (native/engine.json): the app goes by it without loading
// the engine, whose addon is refused when it was built of another (addon.ts).
import { z } from 'zod'
import facts from '../../native/engine.json' with { type: 'json' }
import { ModelContract, type ModelSetting } from '../shared/document/modelContract.js'

const Facts = z.strictObject({
  numerics: z.number().int().positive(),
  contracts: z.record(z.string(), ModelContract),
})
const { contracts, ...known } = Facts.parse(facts)

/**
 * The version of the arithmetic behind enhanced frames: kept frames of another version are never taken for this one's. Raise it with every change
 * after which the same source and recipe give other frames: in a graph or a kernel of the engine, in the conversion of colours, in how
 * weights are rounded, or in how a source is decoded. Not for what only changes speed or memory.
 */
export const { numerics } = known

const anyStrength = (setting: ModelSetting): ModelSetting => ({
  ...{ kind: 'number', from: 0, to: 1, default: setting.default, means: setting.means },
})

/**
 * Of a model whose model.json has no contract, by its graph: the first versions wrote none. Weights with a strength embedding take any
 * strength. Undefined for graphs that this engine does not know.
 */
export function contractOf(graph: string, isStrengthTrained: boolean): ModelContract | undefined {
  const contract = Object.hasOwn(contracts, graph) ? contracts[graph] : undefined
  const strength = contract?.settings.strength
  if (!isStrengthTrained || !strength) return contract
  return { ...contract, settings: { ...contract.settings, strength: anyStrength(strength) } }
}
