// Exports that a window asked for and that are not done: written down beside the finished segments until they are done or a person
// cancels them, so that a later start can say how far each came, and go on. Those that live, here or elsewhere, are nobody's to tell of.
import { randomBytes } from 'node:crypto'
import { readdir, rm } from 'node:fs/promises'
import { basename, join } from 'node:path'
import { z } from 'zod'
import { ExportRequest, type UnfinishedExport } from '../../shared/contract/render.js'
import { failing } from '../../shared/contract/errors.js'
import { numerics } from '../../engine/client.js'
import { type Release, hold, holder } from '../access/owners.js'
import { unfinishedFolder } from './pins.js'
import type { SegmentStore } from './segments.js'

const Unfinished = z.object({
  request: ExportRequest,
  /** Of all results that it is made of. */
  keys: z.array(z.string()),
  frames: z.number().int(),
  /** Units of other arithmetic are not taken for this one's. */
  numerics: z.number().int().default(0),
})
type Unfinished = z.infer<typeof Unfinished>

export interface UnfinishedExports {
  /** Written down until it is released; an earlier try at the same film is this one from now on. */
  begin(request: ExportRequest, keys: string[], frames: number): Promise<Release>
  list(): Promise<UnfinishedExport[]>
  /** Fails with `not-found` when it has been forgotten, or is under way again. */
  find(id: string): Promise<ExportRequest>
  /** It is not told of any more, and what was finished of it is removed. */
  forget(id: string): Promise<void>
}

/** The files that unfinished exports are made of. */
export async function sourcesOfUnfinished(cacheFolder: string): Promise<Set<string>> {
  const folder = unfinishedFolder(cacheFolder)
  const names = await readdir(folder).catch(() => [])
  const held = await Promise.all(names.map((name) => holder(join(folder, name), Unfinished)))
  return new Set(held.flatMap((one) => one?.value.request.project.sources.map(({ path }) => path) ?? []))
}

export function createUnfinished(cacheFolder: string, store: SegmentStore): UnfinishedExports {
  const folder = unfinishedFolder(cacheFolder)
  /** Of this host: they live, or how they ended was told. */
  const own = new Set<string>()

  async function left(): Promise<Map<string, Unfinished>> {
    const found = new Map<string, Unfinished>()
    for (const name of (await readdir(folder).catch(() => [])).sort()) {
      const record = own.has(name) ? undefined : await holder(join(folder, name), Unfinished)
      // One that bears our own number, and is not of this host, is of a host that was closed in this process.
      if (record && (!record.isAlive || record.owner.pid === process.pid)) found.set(name, record.value)
    }
    return found
  }

  async function framesDone({ keys, frames, numerics: made }: Unfinished): Promise<number> {
    if (made !== numerics) return 0
    const finished = await store.segments.finished(keys)
    const sum = keys.reduce((count, key) => count + (finished.get(key)?.frames ?? 0), 0)
    return Math.min(sum, frames)
  }

  const find = async (id: string): Promise<Unfinished> => {
    const record = (await left()).get(id)
    if (!record) throw failing('not-found', 'unfinishedGone')
    return record
  }

  return {
    async begin(request, keys, frames) {
      const name = `${process.pid}-${randomBytes(4).toString('hex')}.json`
      own.add(name)
      const text = JSON.stringify(keys)
      for (const [other, record] of await left())
        if (record.request.output.path === request.output.path || JSON.stringify(record.keys) === text)
          await rm(join(folder, other), { force: true })
      const record: Unfinished = { request, keys, frames, numerics }
      return hold(join(folder, name), record)
    },
    async list() {
      const records = [...(await left())]
      return Promise.all(
        records.map(async ([id, record]) => {
          const { path } = record.request.output
          const done = await framesDone(record)
          return { id, name: basename(path), path, framesDone: done, framesTotal: record.frames }
        }),
      )
    },
    find: async (id) => (await find(id)).request,
    async forget(id) {
      const { keys } = await find(id)
      await rm(join(folder, id), { force: true })
      await store.remove(keys)
    },
  }
}
