// Where projects lie: those without a name and all backups among Heirloom's own data, a named one wherever its person put it.
import { createHash, randomBytes } from 'node:crypto'
import { readdir } from 'node:fs/promises'
import { basename, dirname, join, resolve } from 'node:path'
import { type ProjectFile, isProjectName, projectEnding } from '../../shared/contract/project.js'

export interface Place {
  file: string
  /** Earlier copies, the newest first. */
  backups: readonly string[]
  /** Where what could not be written into a person's own file is kept; undefined for a file of Heirloom's. */
  keptIn?: string
}

const backups = 3

const numbered = (path: string): string[] => Array.from({ length: backups }, (_, i) => `${path}.${i + 1}`)

export interface Places {
  /** The first project without a name. */
  first: string
  /** Whether this is where projects without a name lie. */
  isOwn: (path: string) => boolean
  /** For another one without a name. */
  fresh(): string
  /** `path`: absolute, links resolved. */
  placeOf(path: string): Place
  fileOf: (path: string) => ProjectFile
  /** Those without a name that are there. */
  unnamed(): Promise<string[]>
  /** Every file of Heirloom's in which a project, a backup or something kept may lie. */
  all(): Promise<string[]>
}

const filesIn = async (folder: string): Promise<string[]> =>
  (await readdir(folder).catch(() => [])).map((name) => join(folder, name))

export function createPlaces(dataFolder: string): Places {
  const first = join(resolve(dataFolder), 'autosave.json')
  const unnamedIn = join(resolve(dataFolder), 'untitled')
  const namedIn = join(resolve(dataFolder), 'projects')

  const isOwn = (path: string): boolean => {
    const whole = resolve(path)
    return whole === first || (dirname(whole) === unnamedIn && isProjectName(whole))
  }
  /** A folder for each, by where it lies: two may have one name. */
  const beside = (path: string): string =>
    join(namedIn, createHash('sha256').update(path).digest('hex').slice(0, 16))

  return {
    ...{ first, isOwn },
    fresh: () => join(unnamedIn, `${randomBytes(6).toString('hex')}.${projectEnding}`),
    placeOf: (path) =>
      isOwn(path)
        ? { file: resolve(path), backups: numbered(resolve(path)) }
        : { file: path, backups: numbered(join(beside(path), basename(path))), keptIn: beside(path) },
    fileOf: (path) => ({
      path,
      name: isOwn(path) ? null : basename(path).slice(0, -(projectEnding.length + 1)),
    }),
    unnamed: async () => (await filesIn(unnamedIn)).filter(isOwn),
    all: async () => {
      const named = await Promise.all((await filesIn(namedIn)).map(filesIn))
      return [first, ...numbered(first), ...(await filesIn(unnamedIn)), ...named.flat()]
    },
  }
}
