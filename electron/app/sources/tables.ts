// Frame tables of what is open: made once, kept from one time to the next, the beginning of one while it is being made.
import { rm } from 'node:fs/promises'
import { basename, join } from 'node:path'
import { FrameTable, type Source, type SourceId } from '../../shared/media/source.js'
import { frameCount } from '../../shared/media/frameTable.js'
import { isFile } from '../../ffmpeg/openFile.js'
import { readerOf } from '../../ffmpeg/readers.js'
import { findTools } from '../../ffmpeg/resolve.js'
import { twice } from '../../ffmpeg/run.js'
import { readJson, writeAtomic } from '../access/files.js'
import { ownFailure, secondPlace, touch } from '../access/keeping.js'
import type { OpenSources } from './opened.js'

/** Raised when tables are read otherwise than before: what lies in the cache is then made anew. */
const tableFormat = 8

export interface Tables {
  table: (id: SourceId) => Promise<FrameTable>
  /** The whole table, or, while that is being made, the beginning of it, if the frame lies there: it is shown at once. */
  tableAt: (found: Source, frame: number) => Promise<FrameTable>
  tablePath: (id: SourceId) => Promise<string>
  isTableStale: (id: SourceId) => Promise<boolean>
}

/** A promise per source, kept unless it fails. */
export function once<T>(kept: Map<SourceId, Promise<T>>, id: SourceId, make: () => Promise<T>): Promise<T> {
  const known = kept.get(id)
  if (known) return known
  const made = make()
  kept.set(id, made)
  made.catch(() => kept.delete(id))
  return made
}

/** What a file gave that went away meanwhile is no table of it, whether its reader noticed or not. */
async function readTable(source: OpenSources['source'], id: SourceId): Promise<FrameTable> {
  const found = await source(id)
  try {
    return await readerOf(found).table(await findTools(), found)
  } finally {
    await source(id)
  }
}

/** The table as a file that can be read now. The cache may have been emptied meanwhile, or be full. */
async function asFile(table: FrameTable, path: string, cacheFolder: string): Promise<string> {
  if (await isFile(path)) return path
  const text = JSON.stringify(table)
  try {
    await writeAtomic(path, text)
    return path
  } catch (cause) {
    try {
      const other = join(await secondPlace(), basename(path))
      await writeAtomic(other, text)
      return other
    } catch {
      throw ownFailure('cache', cacheFolder, cause)
    }
  }
}

export function createTables(cacheFolder: string, { source }: OpenSources): Tables {
  const tables = new Map<SourceId, Promise<FrameTable>>()
  const made = new Set<SourceId>() // tables that are there
  const kept = new Set<SourceId>() // of these, from an earlier time
  const heads = new Map<SourceId, Promise<FrameTable>>()
  const tablePath = (id: SourceId): string => join(cacheFolder, 'tables', `${id}-${tableFormat}.json`)

  async function makeTable(id: SourceId): Promise<FrameTable> {
    const cached = await readJson(tablePath(id), FrameTable)
    const table = cached ?? (await twice(() => readTable(source, id)))
    if (cached) await touch(tablePath(id))
    // The cache saves time the next time. Without it the table is in memory, and for the engine in a second place (see below).
    else await writeAtomic(tablePath(id), JSON.stringify(table)).catch(() => undefined)
    if (cached) kept.add(id)
    made.add(id)
    return table
  }

  const table = (id: SourceId): Promise<FrameTable> => once(tables, id, () => makeTable(id))

  async function isTableStale(id: SourceId): Promise<boolean> {
    if (!kept.delete(id)) return false // made by this process, or looked at already
    const old = await table(id)
    const found = await source(id)
    const now = await readerOf(found).table(await findTools(), found)
    if (JSON.stringify(now) === JSON.stringify(old)) return false
    tables.set(id, Promise.resolve(now))
    await writeAtomic(tablePath(id), JSON.stringify(now)).catch(() => rm(tablePath(id), { force: true }))
    return true
  }

  async function tableAt(found: Source, frame: number): Promise<FrameTable> {
    const whole = table(found.id)
    const reader = readerOf(found)
    if (!reader.head || made.has(found.id)) return whole
    const early = once(heads, found.id, () =>
      twice(async () => reader.head?.(await findTools(), found) ?? whole),
    )
    const first = await Promise.race([whole, early.catch(() => whole)]) // what is wrong, the whole tells
    return frame < frameCount(first) ? first : whole
  }

  return {
    ...{ table, tableAt, isTableStale },
    tablePath: async (id) => asFile(await table(id), tablePath(id), cacheFolder),
  }
}
