// How settings will fit into memory, before anything is started; and which smaller model would, where they do not.
import type { Engine } from '../../engine/client.js'
import type { MemoryAnswer, MemoryPlan } from '../../shared/contract/memory.js'
import type { ClipMotion } from '../../shared/document/motion.js'
import type { EnhanceSettings } from '../../shared/document/project.js'
import { recipeKey } from '../../shared/document/recipeKey.js'
import type { Source, SourceId } from '../../shared/media/source.js'
import type { Media } from '../sources/media.js'
import type { FoundModel, Models } from '../models/models.js'
import { type UnitModels, modelFor, motionModelFor, placesOf, withNumbers } from './render.js'
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

  async function plan(
    source: Source,
    enhance: EnhanceSettings,
    { enhance: model, motion }: UnitModels,
  ): Promise<MemoryPlan> {
    const planWith = async (found: FoundModel | undefined): Promise<MemoryPlan> => {
      const places = await placesOf(resolver, { enhance: found, motion }, enhance.device)
      const settings = withNumbers(enhance, found)
      return engine.run({ kind: 'memory', ...places, source, enhance: settings, memoryLimit })
    }
    const made = await planWith(model)
    if (!model || made.mode !== 'refused') return made
    const others = (await models.list())
      .filter(({ info }) => info.parameters < model.info.parameters && info.scales.includes(enhance.scale))
      .sort((a, b) => b.info.parameters - a.info.parameters)
    for (const other of others) if ((await planWith(other)).fits) return { ...made, smaller: other.info.name }
    return made
  }

  /** A motion's model that cannot be used is told with what the host is; the rest is planned all the same. */
  async function modelsFor(enhance: EnhanceSettings, motion: ClipMotion | null): Promise<UnitModels> {
    const between = await motionModelFor(models, motion ?? undefined).catch(() => undefined)
    return { enhance: await modelFor(models, enhance), motion: between }
  }

  return async (id: SourceId, wanted: EnhanceSettings, motion: ClipMotion | null): Promise<MemoryAnswer> => {
    const { enhance: settings } = await restoredFor({ media, models }, id, wanted)
    const source = await media.source(id)
    const found = await modelsFor(settings, motion)
    const [model, between] = [found.enhance, found.motion]
    if (!model && !between) return { state: 'untouched' }
    const enhance = model ? settings : { ...settings, scale: 1 as const }
    const recipe = recipeKey(withNumbers(enhance, model), model?.info.hash ?? '')
    const key = [id, recipe, enhance.device, between?.info.hash].join('/')
    if (isBusy()) {
      const found = known.get(key)
      return found ? { state: 'planned', plan: found } : { state: 'busy' }
    }
    const made = await plan(source, enhance, found)
    known.delete(key)
    known.set(key, made)
    for (const oldest of [...known.keys()].slice(0, -remembered)) known.delete(oldest)
    return { state: 'planned', plan: made }
  }
}
