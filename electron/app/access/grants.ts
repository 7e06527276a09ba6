// Which files a window may name: those a person chose, dropped, shared or wrote on the command line, and nothing else.
// Paths are compared after links are resolved, so that a link inside a shared folder opens nothing outside it.
import { realpath } from 'node:fs/promises'
import { basename, dirname, join, resolve, sep } from 'node:path'
import { failing } from '../../shared/contract/errors.js'
import { severalAtOnce } from './files.js'

/** The real path; for a file that is not there yet, its folder's real path and its name. */
export async function realPath(
  path: string,
  ofFolder: (folder: string) => Promise<string> = realPath,
): Promise<string> {
  const whole = resolve(path)
  try {
    return await realpath(whole)
  } catch {
    const parent = dirname(whole)
    if (parent === whole) return whole
    return join(await ofFolder(parent), basename(whole))
  }
}

/** Of many paths: folders of those that are not there are asked about once. */
export async function realPaths(paths: readonly string[]): Promise<string[]> {
  const folders = new Map<string, Promise<string>>()
  const ofFolder = (folder: string): Promise<string> => {
    const found = folders.get(folder) ?? realPath(folder, ofFolder)
    folders.set(folder, found)
    return found
  }
  return severalAtOnce(paths, (path) => realPath(path, ofFolder))
}

/** Both real. */
export const isInside = (folder: string, path: string): boolean =>
  path === folder || path.startsWith(folder.endsWith(sep) ? folder : folder + sep)

export interface Grants {
  /** Allow one file, or a whole folder. */
  addFile(path: string): Promise<void>
  addFiles(paths: readonly string[]): Promise<void>
  addFolder(path: string): Promise<void>
  isAllowed(path: string): Promise<boolean>
  /** Fails with `not-allowed`; gives the absolute path. */
  check(path: string): Promise<string>
  /** Fails with `not-allowed` for the first that is not. */
  checkAll(paths: readonly string[]): Promise<void>
  folders(): readonly string[]
}

export function createGrants(): Grants {
  const files = new Set<string>()
  const folders = new Set<string>()
  const has = (real: string): boolean =>
    files.has(real) || [...folders].some((folder) => isInside(folder, real))
  const refuse = (path: string): never => {
    throw failing('not-allowed', 'notChosen', { name: basename(path) })
  }
  const isAllowed = async (path: string): Promise<boolean> => has(await realPath(path))
  return {
    addFile: async (path) => void files.add(await realPath(path)),
    addFiles: async (paths) => {
      for (const real of await realPaths(paths)) files.add(real)
    },
    addFolder: async (path) => void folders.add(await realPath(path)),
    isAllowed,
    check: async (path) => {
      return (await isAllowed(path)) ? resolve(path) : refuse(path)
    },
    checkAll: async (paths) => {
      const refused = (await realPaths(paths)).findIndex((real) => !has(real))
      if (refused >= 0) refuse(paths[refused] ?? '')
    },
    folders: () => [...folders],
  }
}
