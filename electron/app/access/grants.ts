// Which files a window may name: those a person chose, dropped, shared or wrote on the command line, and nothing else.
// Paths are compared after links are resolved, so that a link inside a shared folder opens nothing outside it.
import { realpath } from 'node:fs/promises'
import { basename, dirname, join, resolve, sep } from 'node:path'
import { failing } from '../../shared/contract/errors.js'

/** The real path; for a file that is not there yet, its folder's real path and its name. */
export async function realPath(path: string): Promise<string> {
  const whole = resolve(path)
  try {
    return await realpath(whole)
  } catch {
    const parent = dirname(whole)
    if (parent === whole) return whole
    return join(await realPath(parent), basename(whole))
  }
}

/** Both real. */
export const isInside = (folder: string, path: string): boolean =>
  path === folder || path.startsWith(folder.endsWith(sep) ? folder : folder + sep)

export interface Grants {
  /** Allow one file, or a whole folder. */
  addFile(path: string): Promise<void>
  addFolder(path: string): Promise<void>
  isAllowed(path: string): Promise<boolean>
  /** Fails with `not-allowed`; gives the absolute path. */
  check(path: string): Promise<string>
  folders(): readonly string[]
}

export function createGrants(): Grants {
  const files = new Set<string>()
  const folders = new Set<string>()
  const isAllowed = async (path: string): Promise<boolean> => {
    const real = await realPath(path)
    return files.has(real) || [...folders].some((folder) => isInside(folder, real))
  }
  return {
    addFile: async (path) => void files.add(await realPath(path)),
    addFolder: async (path) => void folders.add(await realPath(path)),
    isAllowed,
    check: async (path) => {
      if (await isAllowed(path)) return resolve(path)
      throw failing('not-allowed', 'notChosen', { name: basename(path) })
    },
    folders: () => [...folders],
  }
}
