// What a command line says about enhancing, as settings. A look that was asked for by name must be one that the model has.
import type { Host } from '../app/host/host.js'
import { firstModel } from '../shared/planning/cost.js'
import { suggestedStrength } from '../shared/media/damage.js'
import { failing } from '../shared/contract/errors.js'
import { type EnhanceSettings, defaultEnhance } from '../shared/document/project.js'
import { wholeRestore } from '../shared/document/restoring.js'
import type { Source } from '../shared/media/source.js'
import type { EnhanceCommand, PhotoCommand } from './arguments.js'

export async function settingsOf(
  { api }: Host,
  command: EnhanceCommand | PhotoCommand,
  { id, video }: Source,
): Promise<EnhanceSettings> {
  const { scale, look, strength, seed, device } = command
  if ('isEnhanced' in command && !command.isEnhanced)
    return { ...defaultEnhance, isEnabled: false, scale: 1, device }
  if ('restoring' in command && command.restoring) {
    const { detail, grain } = command.restoring
    return { ...defaultEnhance, ...wholeRestore, strength: detail, grain, device }
  }
  const { devices, models } = await api.app.info()
  const model = command.model ?? firstModel(device, devices, models)
  const named = models.find((found) => found.id === model)
  if (look && named && !named.looks) throw failing('bad-argument', 'modelLooks', { name: named.name })
  const settings = { isEnabled: true, model, scale, look: look ?? 'natural', seed, device } as const
  if (strength !== 'auto') return { ...settings, strength }
  // A model that cannot vary its strength gives all that it has.
  return named?.hasStrength
    ? { ...settings, strength: suggestedStrength(await api.sources.damage(id), video) }
    : settings
}
