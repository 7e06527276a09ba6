// The folder a result goes into, held open: what is made in it and what is renamed in it lies in that very folder, whatever its path leads
// to meanwhile. A folder that is no longer where it was allowed (somebody put a link in its place) gets nothing.
import { constants } from 'node:fs'
import { type FileHandle, open, readlink, realpath } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { failing } from '../shared/contract/errors.js'

export interface HeldFolder {
  /** A path to a name in this folder, for this process and for its tools while it is held. */
  at(name: string): string
  /** Fails when the path leads to another folder by now. */
  check(): Promise<void>
  close(): Promise<void>
}

/** Only Linux can name what is in an open folder. Elsewhere, and where a folder may be written but not read, its path is compared. */
async function handleOf(path: string): Promise<FileHandle | undefined> {
  if (process.platform !== 'linux') return undefined
  const handle = await open(path, constants.O_RDONLY | constants.O_DIRECTORY).catch(() => undefined)
  const isNamed =
    handle && (await readlink(`/proc/self/fd/${handle.fd}`).catch(() => undefined)) !== undefined
  if (!isNamed) await handle?.close()
  return isNamed ? handle : undefined
}

/** `target` without links, as it was allowed. Fails with `output-not-writable` when its folder is not there or another one. */
export async function holdFolder(target: string): Promise<HeldFolder> {
  const folder = dirname(target)
  const handle = await handleOf(folder)
  // What the open folder itself says; its path is only asked where there is no handle.
  const now = (): Promise<string> => (handle ? readlink(`/proc/self/fd/${handle.fd}`) : realpath(folder))
  const held: HeldFolder = {
    at: (name) => (handle ? `/proc/${process.pid}/fd/${handle.fd}/${name}` : join(folder, name)),
    async check() {
      const here = await now().catch(() => undefined) // it has gone
      const there = await realpath(folder).catch(() => undefined)
      if (here !== folder || there !== folder)
        throw failing('output-not-writable', 'outputFolderOther', { folder })
    },
    close: async () => handle?.close(),
  }
  try {
    await held.check()
    return held
  } catch (error) {
    await held.close()
    throw error
  }
}
