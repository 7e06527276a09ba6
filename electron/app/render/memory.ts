// How settings will fit into memory, before anything is started; and which smaller model would, where they do not.
import type { Engine } from '../../engine/client.js'
import type { MemoryAnswer, MemoryPlan } from '../../shared/contract/memory.js'
import type { EnhanceSettings } from '../../shared/document/project.js'
import { recipeKey } from '../../shared/document/recipeKey.js'
import type { Source, SourceId } from '../../shared/media/source.js'
import { deviceChoice } from '../../shared/planning/device.js'
import type { Media } from '../sources/media.js'
import type { FoundModel, Models } from '../models/models.js'
import { modelFor, withNumbers } from './render.js'
import { restoredFor } from './restoring.js'
import type { Resolver } from './resolver.js'

export interface MemoryParts {
  engine: Engine
  media: Media
  models: Models
  resolver: Resolver
  memoryLimit: number
  /** The engine holds memory for other work: what it would say now is not what holds afterwards. */
  isBusy: () => boolean
}

/** Answers that are remembered, for times when nothing can be asked. */
const remembered = 50

export function createMemoryPlans({ engine, media, models, resolver, memoryLimit, isBusy }: MemoryParts) {
  const known = new Map<string, MemoryPlan>()

  async function plan(source: Source, enhance: EnhanceSettings, model: FoundModel): Promise<MemoryPlan> {
    const planWith = async (found: FoundModel): Promise<MemoryPlan> => {
      const folder = await resolver.weights(found.info.hash)
      return engine.run({
        ...{ kind: 'memory', model: { folder, device: deviceChoice(enhance.device) }, source },
        ...{ enhance: withNumbers(enhance, found), memoryLimit },
      })
    }
    const made = await planWith(model)
    if (made.mode !== 'refused') return made
    const others = (await models.list())
      .filter(({ info }) => info.parameters < model.info.parameters && info.scales.includes(enhance.scale))
      .sort((a, b) => b.info.parameters - a.info.parameters)
    for (const other of others) if ((await planWith(other)).fits) return { ...made, smaller: other.info.name }
    return made
  }

  return async (id: SourceId, wanted: EnhanceSettings): Promise<MemoryAnswer> => {
    const { enhance } = await restoredFor({ media, models }, id, wanted)
    const source = await media.source(id)
    const model = await modelFor(models, enhance)
    if (!model) return { state: 'untouched' }
    const key = [id, recipeKey(withNumbers(enhance, model), model.info.hash), enhance.device].join('/')
    if (isBusy()) {
      const found = known.get(key)
      return found ? { state: 'planned', plan: found } : { state: 'busy' }
    }
    const made = await plan(source, enhance, model)
    known.delete(key)
    known.set(key, made)
    for (const oldest of [...known.keys()].slice(0, -remembered)) known.delete(oldest)
    return { state: 'planned', plan: made }
  }
}
