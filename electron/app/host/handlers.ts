// What windows ask of Heirloom itself.
import type { Engine } from '../../engine/client.js'
import { findTools } from '../../ffmpeg/resolve.js'
import type { Api } from '../../shared/contract/api.js'
import type { AppInfo } from '../../shared/contract/app.js'
import { toFailure } from '../../shared/contract/errors.js'
import { type Shell, there } from '../access/handlers.js'
import { samplePath, version } from '../access/resources.js'
import { readLog } from '../log/passedOn.js'
import type { Log } from '../log/log.js'
import { allModels } from '../models/handlers.js'
import type { Models } from '../models/models.js'
import { loadPreferences, savePreferences } from './preferences.js'

export interface AppParts {
  kind: AppInfo['host']
  hasDialogs: boolean
  shell: Shell | undefined
  log: Log
  dataFolder: string
  engine: Engine
  models: Models
}

/** What the engine and ffmpeg say about themselves; failures are part of the answer, the windows show them. */
async function about({ kind, hasDialogs, shell, engine, models }: AppParts): Promise<AppInfo> {
  const [tools, devices, found, motion] = await Promise.allSettled([
    findTools(),
    engine.run({ kind: 'devices' }),
    allModels(models),
    models.interpolator(),
  ])
  return {
    ...{ version: version(), host: kind, hasDialogs, canReveal: shell !== undefined },
    ffmpeg:
      tools.status === 'fulfilled'
        ? { path: tools.value.ffmpeg, version: tools.value.version, from: tools.value.from }
        : undefined,
    engineFailure: devices.status === 'rejected' ? toFailure(devices.reason) : undefined,
    devices: devices.status === 'fulfilled' ? devices.value : [],
    models: found.status === 'fulfilled' ? found.value.models : [],
    photoModels: found.status === 'fulfilled' ? found.value.photoModels : [],
    unusable: found.status === 'fulfilled' ? found.value.unusable : [],
    motionHash: motion.status === 'fulfilled' ? motion.value.info.hash : undefined,
    motionFailure: motion.status === 'rejected' ? toFailure(motion.reason) : undefined,
    samplePath: samplePath(),
  }
}

export const appHandlers = (parts: AppParts): Api['app'] => ({
  info: () => about(parts),
  preferences: () => loadPreferences(parts.dataFolder),
  setPreferences: async (preferences) => {
    await savePreferences(parts.dataFolder, preferences)
    return null
  },
  menuState: () => Promise.resolve(null), // a door with a menu of its own listens
  log: () => readLog(parts.log),
  revealLog: async () => {
    await there(parts.shell).reveal(parts.log.path)
    return null
  },
})
