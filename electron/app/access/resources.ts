// Where things lie: what ships with Heirloom, and what it keeps for a person.
import { existsSync, readFileSync, readdirSync } from 'node:fs'
import { homedir } from 'node:os'
import { dirname, join } from 'node:path'

/** The folder above this one that has the package in it: the project's, an archive's or a bundle's. */
function rootAbove(folder: string): string {
  const above = dirname(folder)
  return existsSync(join(folder, 'package.json')) || above === folder ? folder : rootAbove(above)
}

/** The project's folder, seen from its sources as well as from a bundle in out/<name>; HEIRLOOM_ROOT overrides. */
export const root = process.env.HEIRLOOM_ROOT ?? rootAbove(import.meta.dirname)

export const shippedModels = join(root, 'resources', 'models')
/** The estimator's weights: no model for people to choose, so not among the models. */
export const estimatorFolder = join(root, 'resources', 'estimator')
export const engineEntry = join(root, 'out', 'engine', 'host.js')

/** The clip that a first start opens, if it is there. */
export function samplePath(): string | undefined {
  const folder = join(root, 'resources', 'sample')
  if (!existsSync(folder)) return undefined
  const name = readdirSync(folder)
    .sort()
    .find((entry) => /\.(mp4|mkv|mov|avi)$/.test(entry))
  return name === undefined ? undefined : join(folder, name)
}

export function version(): string {
  const about = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { version?: unknown }
  return typeof about.version === 'string' ? about.version : 'unknown'
}

/** Where a person looks for films, for results whose source is no file of theirs. */
export const filmsFolder = (home = homedir()): string =>
  ['Videos', 'Movies'].map((name) => join(home, name)).find((folder) => existsSync(folder)) ?? home

/** The folders of the browser host and the CLI; Electron has its own. HEIRLOOM_DATA and HEIRLOOM_CACHE override. */
export function defaultFolders(): { dataFolder: string; cacheFolder: string } {
  const home = homedir()
  const places: Record<string, [data: string, cache: string]> = {
    darwin: [join(home, 'Library', 'Application Support'), join(home, 'Library', 'Caches')],
    win32: [
      process.env.APPDATA ?? join(home, 'AppData', 'Roaming'),
      process.env.LOCALAPPDATA ?? join(home, 'AppData', 'Local'),
    ],
  }
  const [data, cache] = places[process.platform] ?? [
    process.env.XDG_DATA_HOME ?? join(home, '.local', 'share'),
    process.env.XDG_CACHE_HOME ?? join(home, '.cache'),
  ]
  return {
    dataFolder: process.env.HEIRLOOM_DATA ?? join(data, 'heirloom'),
    cacheFolder:
      process.env.HEIRLOOM_CACHE ?? join(cache, process.platform === 'win32' ? 'heirloom-cache' : 'heirloom'),
  }
}
