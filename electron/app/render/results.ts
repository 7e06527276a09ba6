// Finished results of one kind: a file on disk named by what it holds, and a row of the cache's database with its checksum. The row is written when the
// file is whole, so at most the result in work is lost, whatever happens. What may go, and when, is decided elsewhere (segments.ts).
import { createHash } from 'node:crypto'
import { readdir, rm, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { z } from 'zod'
import { streamOf } from '../../ffmpeg/openFile.js'
import type { UnitSpec } from '../../shared/planning/unitSpec.js'
import type { Database } from '../access/database.js'
import { type Release, holder, isRunning, tryLock } from '../access/owners.js'
import { type Rendering, type ResultRow, renderingsOf, resultRows } from './resultRows.js'

/** What was written down of a finished result. */
export type Finished = Pick<ResultRow, 'frames'> & ResultRow['lost']

/** A result that could go. */
export interface Kept {
  key: string
  bytes: number
  usedMs: number
}

export interface Results {
  pathOf(key: string): string
  /** The right to make this result, or undefined while another process is making it. */
  lock(key: string): Promise<Release | undefined>
  /** Of these keys, those whose file is there as its row says. */
  finished(keys: readonly string[]): Promise<Map<string, Finished>>
  /** Those of the unit's source and recipe that hold all of its frames, seen with any others around them, in any layout. */
  holding(unit: UnitSpec): Rendering[]
  /** Write down that this file is whole, and what it is of. */
  record(key: string, unit: UnitSpec, finished: Finished): Promise<void>
  /** Removes those of them whose bytes are no longer what was written, and gives their keys. */
  removeBroken(keys: readonly string[]): Promise<string[]>
  remove(key: string): Promise<void>
  /** They are finished no more; their files stay until `remove`. */
  drop(keys: readonly string[]): Promise<void>
  /** Remove half-written files of a result. */
  removePartial(key: string): Promise<void>
  /** They served again: they go later. */
  touch(keys: readonly string[]): void
  /** All that is whole, in no order. */
  list(): Promise<Kept[]>
  /** Removes what processes that are gone left behind, half-made files of more than a day. */
  sweep(now: number): Promise<void>
}

async function checksumOf(path: string): Promise<string> {
  const hash = createHash('sha256')
  for await (const chunk of await streamOf(path)) hash.update(chunk as Buffer)
  return hash.digest('hex')
}

/** `<key>.<pid>.partial.mov`, `tags-<pid>-<random>.txt`, a lock that was moved aside, half a record: made by that process. */
const madeBy = /\.(\d+)\.partial|^tags-(\d+)-|\.(\d+)-[0-9a-f]+\.stale$|\.(\d+)\.\d+\.tmp$/
const dayMs = 24 * 3600 * 1000

function makerOf(name: string): number {
  const [, ...pids] = madeBy.exec(name) ?? []
  return Number(pids.find((one) => one !== undefined) ?? 0)
}

/** The files of one kind. */
function filesOf(folder: string, extension: string) {
  const names = (): Promise<string[]> => readdir(folder).catch(() => [])
  return {
    pathOf: (key: string): string => join(folder, key + extension),
    sizeOf: (key: string): Promise<number> =>
      stat(join(folder, key + extension)).then(
        ({ size }) => size,
        () => -1, // removed since
      ),
    /** Those that are whole. */
    keys: async (): Promise<string[]> =>
      (await names())
        .filter((name) => name.endsWith(extension) && makerOf(name) === 0)
        .map((name) => name.slice(0, -extension.length)),
    removePartial: async (key: string): Promise<void> => {
      for (const name of await names())
        if (name.startsWith(`${key}.`) && name.includes('.partial') && !isRunning(makerOf(name)))
          await rm(join(folder, name), { force: true })
    },
    async sweep(now: number): Promise<void> {
      for (const name of await names()) {
        const pid = makerOf(name)
        const facts = pid > 0 ? await stat(join(folder, name)).catch(() => undefined) : undefined
        const isLeft = pid > 0 && (!isRunning(pid) || (facts !== undefined && now - facts.mtimeMs > dayMs))
        const lock = name.endsWith('.lock') ? await holder(join(folder, name), z.null()) : undefined
        if (isLeft || lock?.isAlive === false) await rm(join(folder, name), { force: true })
      }
    },
  }
}

export function openResults(database: Database, kind: string, folder: string, extension: string): Results {
  const files = filesOf(folder, extension)
  const rows = resultRows(database, kind)
  const { pathOf, sizeOf } = files

  /** Those of them whose file is there as it was. */
  async function whole(keys: readonly string[]): Promise<ResultRow[]> {
    const found = rows.of(keys)
    const sizes = await Promise.all(found.map(({ key }) => sizeOf(key)))
    return found.filter(({ bytes }, i) => bytes === sizes[i])
  }

  /** The row first: a file without one is nobody's. */
  async function remove(key: string): Promise<void> {
    await rows.drop([key])
    await rm(pathOf(key), { force: true })
  }

  return {
    ...{ pathOf, remove, drop: rows.drop, removePartial: files.removePartial },
    lock: (key) => tryLock(join(folder, `${key}.lock`)),
    async finished(keys) {
      return new Map((await whole(keys)).map(({ key, frames, lost }) => [key, { frames, ...lost }]))
    },
    holding: ({ source, recipe, from, to }) =>
      renderingsOf(database, kind, source, recipe).filter(({ unit }) => unit.from <= from && to <= unit.to),
    async record(key, unit, { frames, repeated, isDamaged, damaged, motion }) {
      const [bytes, checksum] = [await sizeOf(key), await checksumOf(pathOf(key))]
      await rows.write({ key, bytes, frames, checksum, lost: { repeated, isDamaged, damaged, motion } }, unit)
    },
    async removeBroken(keys) {
      const broken: string[] = []
      const known = new Map((await whole(keys)).map(({ key, checksum }) => [key, checksum]))
      for (const key of new Set(keys)) {
        const found = await checksumOf(pathOf(key)).catch(() => '') // gone, or its disk cannot give it back
        if (found !== '' && known.get(key) === found) continue
        await remove(key)
        broken.push(key)
      }
      return broken
    },
    touch: (keys) => rows.touch(keys),
    async list() {
      const used = new Map(rows.used().map(({ key, usedMs }) => [key, usedMs]))
      const found = (await files.keys()).map(async (key): Promise<Kept[]> => {
        const facts = await stat(pathOf(key)).catch(() => undefined) // somebody else was quicker
        return facts ? [{ key, bytes: facts.size, usedMs: used.get(key) ?? facts.mtimeMs }] : []
      })
      return (await Promise.all(found)).flat()
    },
    async sweep(now) {
      const known = rows.used()
      const there = new Set(await files.keys()) // later than the rows: what is made meanwhile is in it
      const missing = known.flatMap(({ key }) => (there.has(key) ? [] : [key]))
      if (missing.length > 0) await rows.drop(missing)
      await files.sweep(now)
    },
  }
}
