// What a cache no longer needs: by age, whatever room it belongs to.
import { readdir, rm, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { isRunning } from '../access/owners.js'
import type { SegmentStore } from '../render/segments.js'

const day = 24 * 3600 * 1000

/** A file that a process was making when it was killed: by the number of the process that its name bears. */
const madeBy = /\.part-(\d+)-[0-9a-f]{6}\.|\.(\d+)\.\d+\.tmp$/

/** Nobody has used it for `keptMs`; what is half made goes with its maker, or after a day. */
async function isOver(path: string, keptMs: number, now: number): Promise<boolean> {
  const ageMs = await stat(path).then(
    ({ mtimeMs }) => now - mtimeMs,
    () => 0, // somebody else was quicker
  )
  const [, ...pids] = madeBy.exec(path) ?? []
  const pid = Number(pids.find((one) => one !== undefined) ?? 0)
  return pid > 0 ? ageMs > day || !isRunning(pid) : ageMs > keptMs
}

/** Empties what nobody has used for long: finished segments and kept frames, previews, proxies, tables, findings, pictures of Keepsake photos and of looks at Keepsakes older than `days`. Never what a living or an unfinished export needs. */
export async function tidyCache(
  cacheFolder: string,
  store: SegmentStore,
  days: number,
  now = Date.now(),
): Promise<void> {
  for (const folder of ['proxies', 'tables', 'findings', 'stills', 'looks']) {
    const parent = join(cacheFolder, folder)
    for (const name of await readdir(parent).catch(() => [])) {
      const path = join(parent, name)
      if (await isOver(path, days * day, now)) await rm(path, { recursive: true, force: true })
    }
  }
  await store.tidy(days * day, now)
}
