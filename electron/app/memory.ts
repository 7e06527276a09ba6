// How settings will fit into memory, before anything is started; and which smaller model would, where they do not.
import type { Engine } from '../engine/client.js'
import type { MemoryPlan } from '../shared/memory.js'
import type { EnhanceSettings } from '../shared/project.js'
import type { SourceId } from '../shared/source.js'
import type { Media } from './media.js'
import type { FoundModel, Models } from './models.js'
import { modelFor, withNumbers } from './render.js'

export interface MemoryParts {
  engine: Engine
  media: Media
  models: Models
  memoryLimit: number
}

/** null: these settings need no model. */
export async function memoryPlan(
  { engine, media, models, memoryLimit }: MemoryParts,
  id: SourceId,
  enhance: EnhanceSettings,
): Promise<MemoryPlan | null> {
  const source = await media.source(id)
  const model = await modelFor(models, enhance)
  if (!model) return null
  const planWith = (found: FoundModel): Promise<MemoryPlan> =>
    engine.run({
      ...{ kind: 'memory', model: { folder: found.folder, device: enhance.device }, source },
      ...{ enhance: withNumbers(enhance, found), memoryLimit },
    })
  const plan = await planWith(model)
  if (plan.mode !== 'refused') return plan
  const others = (await models.list())
    .filter(({ info }) => info.parameters < model.info.parameters && info.scales.includes(enhance.scale))
    .sort((a, b) => b.info.parameters - a.info.parameters)
  for (const other of others) if ((await planWith(other)).fits) return { ...plan, smaller: other.info.name }
  return plan
}
