// The renderer's own files, and nothing beside their folder: the list is made once, and only what is on it is served.
// Both doors with a window use it.
import { createReadStream, type ReadStream } from 'node:fs'
import { readdir, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { AppError } from '../../shared/contract/errors.js'
import { mediaType } from '../../shared/contract/policy.js'

export interface Page {
  type: string
  bytes: number
  open(): ReadStream
}

export type Pages = ReadonlyMap<string, Page>

/** Every file below `folder` by its path in the address; `/` is index.html. Links and unknown endings are left out. */
export async function readPages(folder: string): Promise<Pages> {
  const pages = new Map<string, Page>()
  const walk = async (path: string, address: string): Promise<void> => {
    for (const entry of await readdir(path, { withFileTypes: true })) {
      const [below, name] = [join(path, entry.name), `${address}/${entry.name}`]
      if (entry.isDirectory()) await walk(below, name)
      const type = mediaType(name)
      if (entry.isFile() && type)
        pages.set(name, { type, bytes: (await stat(below)).size, open: () => createReadStream(below) })
    }
  }
  const notBuilt = "Heirloom's window is not built yet. Run: npm run build"
  await walk(folder, '').catch((cause: unknown) => {
    throw new AppError('internal', notBuilt, { cause })
  })
  const index = pages.get('/index.html')
  if (!index) throw new AppError('internal', notBuilt)
  return pages.set('/', index)
}
