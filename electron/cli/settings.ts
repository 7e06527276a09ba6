// What a command line says about enhancing, as settings. A look that was asked for by name must be one that the model has.
import type { Host } from '../app/host.js'
import { failing } from '../shared/errors.js'
import type { EnhanceSettings } from '../shared/project.js'
import type { EnhanceCommand, PhotoCommand } from './arguments.js'

export async function settingsOf(
  host: Host,
  { model, scale, look, strength, seed, device }: EnhanceCommand | PhotoCommand,
): Promise<EnhanceSettings> {
  const named = look && (await host.api.models()).find(({ id }) => id === model)
  if (named && !named.looks) throw failing('bad-argument', 'modelLooks', { name: named.name })
  return { isEnabled: true, model, scale, look: look ?? 'natural', strength, seed, device }
}
