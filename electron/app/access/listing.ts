// What a shared folder holds, for windows that have no file dialog. Nothing outside the shared folders is shown.
import type { Dirent } from 'node:fs'
import { readdir, stat } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import type { z } from 'zod'
import { isNotUnicode } from '../../ffmpeg/names.js'
import { failing } from '../../shared/contract/errors.js'
import type { FolderEntry, FolderListing } from '../../shared/contract/files.js'
import { byName } from '../../shared/media/fileNames.js'
import { systemReason } from '../../shared/words/systemReason.js'
import { type Grants, realPath } from './grants.js'

type Entry = z.infer<typeof FolderEntry>
type Listing = z.infer<typeof FolderListing>

async function read(folder: string): Promise<Dirent[]> {
  const name = basename(folder)
  try {
    return await readdir(folder, { withFileTypes: true })
  } catch (cause) {
    if (await isNotUnicode(folder))
      throw failing('source-unreadable', 'sourceNameNotUnicode', { name }, { cause })
    const values = { name, reason: systemReason(cause) }
    throw failing('source-unreadable', 'folderUnreadable', values, { cause })
  }
}

/** Undefined: it is not shown. */
async function shown(grants: Grants, folder: string, entry: Dirent): Promise<Entry | undefined> {
  const { name } = entry
  const path = join(folder, name)
  const found = await stat(path).catch(() => undefined) // a dangling link is not shown
  // It is there, and opening it says what is the matter with its name.
  if (!found) return (await isNotUnicode(path)) ? { name, path, isFolder: entry.isDirectory() } : undefined
  if (!(await grants.isAllowed(path))) return undefined
  return { name, path, isFolder: found.isDirectory(), bytes: found.size }
}

/** null: the shared folders themselves. */
export async function listFolder(grants: Grants, path: string | null): Promise<Listing> {
  const shared = grants.folders()
  if (path === null)
    return {
      entries: shared.map((folder) => ({
        ...{ name: basename(folder) || folder, path: folder, isFolder: true, bytes: 0 },
      })),
    }
  const folder = await grants.check(path)
  const names = (await read(folder)).filter((entry) => !entry.name.startsWith('.'))
  const entries = await Promise.all(names.map((entry) => shown(grants, folder, entry)))
  const isTop = shared.includes(await realPath(folder))
  return {
    path: folder,
    parent: isTop ? undefined : dirname(folder),
    entries: entries
      .filter((entry) => entry !== undefined)
      .sort((a, b) => Number(b.isFolder) - Number(a.isFolder) || byName(a, b)),
  }
}
