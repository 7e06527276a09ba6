// Copies of films that were dropped on the browser's window. They stay as long as the saved project, one of its backups, or an unfinished
// export is made of them: at each start of the host the others go, and those that stay may be opened again.
import { lstat, readdir, rm, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { sourcesOfSaved } from '../app/project/projects.js'
import { openDatabase } from '../app/access/database.js'
import { openJobRecords } from '../app/jobs/records.js'
import { sourcesOfUnfinished } from '../app/render/unfinished.js'

/** A copy may belong to another Heirloom that runs now, or to a project that is saved only in a moment. */
const youngMs = 24 * 3600 * 1000

/** A link is nothing that was dropped here: what it leads to is not ours to grant. */
const isNoLink = (path: string): Promise<boolean> =>
  lstat(path).then(
    (found) => !found.isSymbolicLink(),
    () => false, // gone already
  )

/** Removes what nothing refers to; resolves with the files that stay because a project is made of them. */
export async function tidyInbox(
  inbox: string,
  { dataFolder, cacheFolder }: { dataFolder: string; cacheFolder: string },
  now = Date.now(),
): Promise<string[]> {
  const database = openDatabase(cacheFolder)
  const undone = sourcesOfUnfinished(openJobRecords(cacheFolder, database))
  await database.close()
  const used = new Set([...(await sourcesOfSaved(dataFolder)), ...undone])
  const kept: string[] = []
  for (const name of await readdir(inbox).catch(() => [])) {
    const folder = join(inbox, name)
    const files = (await readdir(folder).catch(() => [])).map((file) => join(folder, file))
    const isOwn = await Promise.all([folder, ...files].map(isNoLink))
    const referenced = files.filter((file, i) => used.has(file) && isOwn[0] && isOwn[i + 1])
    kept.push(...referenced)
    const ages = await Promise.all(
      [folder, ...files].map((path) =>
        stat(path).then(
          ({ mtimeMs }) => now - mtimeMs,
          () => Infinity, // gone already
        ),
      ),
    )
    if (referenced.length === 0 && Math.min(...ages) > youngMs)
      await rm(folder, { recursive: true, force: true })
  }
  return kept
}
