// The recipe step that draws on a Keepsake film what its part says (docs/decisions/0025): from what a person wishes to what this film and this computer
// can do, as settings like any other's. Pure.
import type { FoundKeepsake } from '../media/keepsake/keepsake.js'
import { problemOf } from '../media/keepsake/facts.js'
import type { KeepsakeInfo } from '../media/keepsake/info.js'
import { type Scene, hasGrain } from '../media/keepsake/scenes.js'
import { type Message, message } from '../words/sentences.js'
import { type EnhanceSettings, isUntouched, keepsakeModel } from './project.js'

/** What is asked of a model: weights are known by their content. */
interface Weights {
  id: string
  weightsHash?: string | undefined
}

/** All that can be drawn. */
export const wholeRestore = { model: keepsakeModel, scale: 1, strength: 1, grain: true } as const

export interface Restored {
  /** What is done: by a model that is there, with grain or without; switched off where nothing is. */
  enhance: EnhanceSettings
  /** What cannot be drawn, and what would be needed. */
  notes: Message[]
}

/** What of it decides what is drawn; undefined where it is not used. */
function usableOf(found: FoundKeepsake): { info: KeepsakeInfo; scenes: Scene[] } | undefined {
  if (problemOf(found, '') || found.state !== 'there') return undefined
  const { info, scenes } = found
  return info && scenes && { info, scenes }
}

/** The model that draws detail on a film, where its part names one that is among these. */
export function drawerOf<Model extends Weights>(
  found: FoundKeepsake,
  models: readonly Model[],
): Model | undefined {
  const named = usableOf(found)?.info.model
  return named ? models.find(({ weightsHash }) => weightsHash === named.sha256) : undefined
}

/** Settings of another model are what they are, and draw no grain. `name`: of the film. */
export function restored(
  wanted: EnhanceSettings,
  found: FoundKeepsake,
  models: readonly Weights[],
  name: string,
): Restored {
  const { grain, ...enhance } = wanted
  if (enhance.model !== keepsakeModel) return { enhance, notes: [] }
  if (isUntouched(wanted)) return { enhance: { ...wanted, isEnabled: false }, notes: [] }
  const problem = problemOf(found, name)
  const usable = usableOf(found)
  if (!usable) return { enhance: { ...wanted, isEnabled: false }, notes: problem ? [problem] : [] }
  const { info, scenes } = usable
  const strength = wanted.strength ?? 1
  const drawer = drawerOf(found, models)
  const isGrained = grain === true && hasGrain(scenes)
  const notes = [
    ...(strength > 0 && !info.model ? [message('noteDetailNone', { name })] : []),
    ...(strength > 0 && info.model && !drawer
      ? [message('noteDetailModel', { name, model: info.model.name, hash: info.model.sha256 })]
      : []),
    ...(grain === true && !isGrained ? [message('noteGrainNone', { name })] : []),
  ]
  const drawn = drawer && strength > 0 ? { model: drawer.id, strength } : { strength: 0 }
  const settings = { ...enhance, ...drawn, scale: 1 as const, seed: info.seed, grain: isGrained }
  return { enhance: { ...settings, isEnabled: isGrained || drawn.strength > 0 }, notes }
}

/** What is drawn, for whoever asked for it; undefined where nothing is. `name`: of the film. */
export function drawnNote(
  { isEnabled, strength, grain, model }: EnhanceSettings,
  name: string,
): Message | undefined {
  if (!isEnabled) return undefined
  const percent = Math.round(100 * (strength ?? 1))
  if (percent > 0) return message(grain ? 'noteDrawnBoth' : 'noteDrawnDetail', { name, model, percent })
  return grain ? message('noteDrawnGrain', { name }) : undefined
}

/** What a film holds that was not filmed, for the film itself; undefined where a step of another kind made it. */
export function drawnWords({ isEnabled, strength, grain }: EnhanceSettings): string | undefined {
  if (!isEnabled || grain === undefined) return undefined
  const drawn = [...((strength ?? 1) > 0 ? [`detail ${strength ?? 1}`] : []), ...(grain ? ['grain'] : [])]
  return drawn.length > 0 ? `${drawn.join(' and ')} drawn, not filmed` : undefined
}
