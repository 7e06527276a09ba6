// Half-made films beside their names, of processes that were killed: written down in the cache while they are made, removed by a later start or
// export. Only files of exactly the name that Heirloom gives them, made by a process that is gone. Half-written settings and projects likewise.
import { randomBytes } from 'node:crypto'
import { readdir, rm, stat } from 'node:fs/promises'
import { basename, dirname, extname, join } from 'node:path'
import { z } from 'zod'
import { type Release, hold, holder, isRunning } from './owners.js'

export interface Leftovers {
  /** Something is being written under this name until it is released. */
  writing(target: string): Promise<Release>
  sweep(): Promise<void>
}

/** As `partPath` names them: number of the process, six digits. */
const partName = /^(.+)\.part-(\d+)-[0-9a-f]{6}(\.[^.]+)?$/

async function removeParts(target: string, ownerPid: number): Promise<void> {
  const [folder, ending] = [dirname(target), extname(target)]
  const base = basename(target, ending)
  for (const name of await readdir(folder)) {
    const [, start = '', pid, end = ''] = partName.exec(name) ?? []
    if (pid === undefined || end !== ending || !base.startsWith(start)) continue
    // The engine's process has a number of its own; the app's may belong to another program by now.
    if (Number(pid) === ownerPid || !isRunning(Number(pid))) await rm(join(folder, name), { force: true })
  }
}

/** As `writeAtomic` names what it renames a moment later. */
const halfDocument = /\.\d+\.\d+\.tmp$/
const hourMs = 3600 * 1000

async function removeHalfDocuments(folder: string, now = Date.now()): Promise<void> {
  for (const name of await readdir(folder).catch(() => [])) {
    const path = join(folder, name)
    const found = halfDocument.test(name) ? await stat(path).catch(() => undefined) : undefined
    if (found && now - found.mtimeMs > hourMs) await rm(path, { force: true })
  }
}

export function createLeftovers(cacheFolder: string, dataFolder: string): Leftovers {
  const folder = join(cacheFolder, 'writing')
  return {
    writing: (target) =>
      // Where it cannot be written down (a full disk), the film is still made; only a kill would then leave something.
      hold(join(folder, `${process.pid}-${randomBytes(4).toString('hex')}.json`), target).catch(
        () => () => Promise.resolve(),
      ),
    async sweep() {
      await removeHalfDocuments(dataFolder).catch(() => undefined) // a folder that cannot be written: nothing is half there
      for (const name of await readdir(folder).catch(() => [])) {
        const record = await holder(join(folder, name), z.string())
        if (!record || record.isAlive) continue
        try {
          if (record.owner.pid !== process.pid) await removeParts(record.value, record.owner.pid)
          await rm(join(folder, name), { force: true })
        } catch {
          // The drive is not plugged in: its record stays for the next time.
        }
      }
    },
  }
}
