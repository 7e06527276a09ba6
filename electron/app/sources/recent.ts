// The files opened last, newest first. Kept as paths; a file that has gone leaves the list when it is read.
import { access } from 'node:fs/promises'
import { basename, join } from 'node:path'
import { z } from 'zod'
import { RecentFile } from '../../shared/contract/sources.js'
import { inTurn, readJson, writeAtomic } from '../access/files.js'

const List = z.array(RecentFile)
type List = z.infer<typeof List>
const keep = 12

export interface Recent {
  add(path: string): Promise<void>
  list(): Promise<List>
}

export function createRecent(dataFolder: string): Recent {
  const file = join(dataFolder, 'recent.json')
  const turn = inTurn()
  const read = async (): Promise<List> => (await readJson(file, List)) ?? []
  const isThere = (path: string): Promise<boolean> =>
    access(path).then(
      () => true,
      () => false, // moved, deleted or on a drive that is not plugged in: nothing to offer now
    )
  return {
    add: (path) =>
      turn(async () => {
        const others = (await read()).filter((entry) => entry.path !== path)
        const list = [{ path, name: basename(path), openedMs: Date.now() }, ...others].slice(0, keep)
        await writeAtomic(file, JSON.stringify(list, null, 2))
      }),
    list: async () => {
      const all = await read()
      const there = await Promise.all(all.map((entry) => isThere(entry.path)))
      return all.filter((_, i) => there[i])
    },
  }
}
