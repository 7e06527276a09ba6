// Finished results of one kind: a file on disk named by what it holds, and a row of the cache's database with its checksum. The row is written when the
// file is whole, so at most the result in work is lost, whatever happens. What may go, and when, is decided elsewhere (segments.ts).
import { createHash } from 'node:crypto'
import { readdir, rm, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { z } from 'zod'
import { streamOf } from '../../ffmpeg/openFile.js'
import { type Database, jsonOf } from '../access/database.js'
import { type Release, holder, isRunning, tryLock } from '../access/owners.js'

const Range = z.object({ from: z.number().int(), to: z.number().int() })
/** What a result lacks, in the source's frame numbers. */
const Lost = z.object({ repeated: z.array(Range), isDamaged: z.boolean(), damaged: z.array(Range) })
const Row = z.object({
  key: z.string(),
  bytes: z.number(),
  frames: z.number().int(),
  /** SHA-256 of the file. */
  checksum: z.string(),
  lost: jsonOf(Lost),
})
type Row = z.infer<typeof Row>

/** What was written down of a finished result. */
export type Finished = Pick<Row, 'frames'> & Row['lost']

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
  /** Write down that this file is whole. */
  record(key: string, finished: Finished): Promise<void>
  /** Removes those of them whose bytes are no longer what was written, and gives their keys. */
  removeBroken(keys: readonly string[]): Promise<string[]>
  remove(key: string): Promise<void>
  /** They are finished no more; their files stay until `remove`. */
  drop(keys: readonly string[]): void
  /** Remove half-written files of a result. */
  removePartial(key: string): Promise<void>
  /** They served again: they go later. */
  touch(keys: readonly string[]): Promise<void>
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

export function openResults(database: Database, kind: string, folder: string, extension: string): Results {
  const pathOf = (key: string): string => join(folder, key + extension)
  const sizeOf = (path: string): Promise<number> =>
    stat(path).then(
      ({ size }) => size,
      () => -1, // removed since
    )
  const ofThese = 'kind = ? AND key IN (SELECT value FROM json_each(?))'
  const drop = (keys: readonly string[]): void =>
    database.run(`DELETE FROM results WHERE ${ofThese}`, kind, JSON.stringify(keys))

  /** Those of them whose file is there as it was. */
  async function whole(keys: readonly string[]): Promise<Row[]> {
    const sql = `SELECT key, bytes, frames, checksum, lost FROM results WHERE ${ofThese}`
    const rows = database.rows(Row, sql, kind, JSON.stringify(keys))
    const sizes = await Promise.all(rows.map(({ key }) => sizeOf(pathOf(key))))
    return rows.filter(({ bytes }, i) => bytes === sizes[i])
  }

  /** The row first: a file without one is nobody's. */
  async function remove(key: string): Promise<void> {
    drop([key])
    await rm(pathOf(key), { force: true })
  }

  async function filesIn(): Promise<string[]> {
    const names = await readdir(folder).catch(() => [])
    return names.filter((name) => name.endsWith(extension) && makerOf(name) === 0)
  }
  const keyOf = (name: string): string => name.slice(0, -extension.length)

  /** Rows whose file has gone, by whatever hand. */
  async function dropMissing(): Promise<void> {
    const rows = database.rows(z.object({ key: z.string() }), 'SELECT key FROM results WHERE kind = ?', kind)
    const there = new Set((await filesIn()).map(keyOf)) // later than the rows: what is made meanwhile is in it
    const missing = rows.flatMap(({ key }) => (there.has(key) ? [] : [key]))
    if (missing.length > 0) drop(missing)
  }

  return {
    pathOf,
    remove,
    drop,
    lock: (key) => tryLock(join(folder, `${key}.lock`)),
    async finished(keys) {
      return new Map((await whole(keys)).map(({ key, frames, lost }) => [key, { frames, ...lost }]))
    },
    async record(key, { frames, repeated, isDamaged, damaged }) {
      const bytes = await sizeOf(pathOf(key))
      const checksum = await checksumOf(pathOf(key))
      const lost = JSON.stringify({ repeated, isDamaged, damaged })
      const sql = 'INSERT OR REPLACE INTO results (kind, key, bytes, frames, checksum, lost, usedMs)'
      database.run(
        `${sql} VALUES (?, ?, ?, ?, ?, ?, ?)`,
        kind,
        key,
        bytes,
        frames,
        checksum,
        lost,
        Date.now(),
      )
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
    async removePartial(key) {
      for (const name of await readdir(folder).catch(() => []))
        if (name.startsWith(`${key}.`) && name.includes('.partial') && !isRunning(makerOf(name)))
          await rm(join(folder, name), { force: true })
    },
    async touch(keys) {
      await Promise.resolve()
      database.run(`UPDATE results SET usedMs = ? WHERE ${ofThese}`, Date.now(), kind, JSON.stringify(keys))
    },
    async list() {
      const sql = 'SELECT key, usedMs FROM results WHERE kind = ?'
      const rows = database.rows(z.object({ key: z.string(), usedMs: z.number() }), sql, kind)
      const used = new Map(rows.map(({ key, usedMs }) => [key, usedMs]))
      const found = (await filesIn()).map(async (name): Promise<Kept[]> => {
        const facts = await stat(join(folder, name)).catch(() => undefined) // somebody else was quicker
        const key = keyOf(name)
        return facts ? [{ key, bytes: facts.size, usedMs: used.get(key) ?? facts.mtimeMs }] : []
      })
      return (await Promise.all(found)).flat()
    },
    async sweep(now) {
      await dropMissing()
      for (const name of await readdir(folder).catch(() => [])) {
        const pid = makerOf(name)
        const facts = pid > 0 ? await stat(join(folder, name)).catch(() => undefined) : undefined
        const isLeft = pid > 0 && (!isRunning(pid) || (facts !== undefined && now - facts.mtimeMs > dayMs))
        const lock = name.endsWith('.lock') ? await holder(join(folder, name), z.null()) : undefined
        if (isLeft || lock?.isAlive === false) await rm(join(folder, name), { force: true })
      }
    },
  }
}
