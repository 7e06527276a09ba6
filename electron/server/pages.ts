// The renderer's own files, and nothing beside their folder: the list is made once, and only what is on it is served.
import { createReadStream } from 'node:fs'
import { readdir, stat } from 'node:fs/promises'
import { join, relative, sep } from 'node:path'
import type { ReadStream } from 'node:fs'
import { AppError } from '../shared/errors.js'
import { mediaType } from '../shared/policy.js'

export interface Page {
  type: string
  bytes: number
  open(): ReadStream
}

export type Pages = ReadonlyMap<string, Page>

/** Every file below `folder` by its path in the address; `/` is index.html. Links and unknown endings are left out. */
export async function readPages(folder: string): Promise<Pages> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true }).catch((cause: unknown) => {
    throw new AppError('internal', "Heirloom's window is not built yet. Run: npm run build", { cause })
  })
  const pages = new Map<string, Page>()
  for (const entry of entries) {
    const type = mediaType(entry.name)
    if (!entry.isFile() || !type) continue
    const path = join(entry.parentPath, entry.name)
    const { size } = await stat(path)
    pages.set(`/${relative(folder, path).split(sep).join('/')}`, {
      type,
      bytes: size,
      open: () => createReadStream(path),
    })
  }
  const index = pages.get('/index.html')
  if (!index) throw new AppError('internal', "Heirloom's window is not built yet. Run: npm run build")
  return pages.set('/', index)
}
