// Finished results of one kind on disk: a file named by what it holds, and beside it a record with its checksum. The record is written when the file is
// whole, so at most the result in work is lost, whatever happens. What may go, and when, is decided elsewhere (segments.ts).
import { createHash } from 'node:crypto'
import { readdir, rm, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { z } from 'zod'
import { streamOf } from '../../ffmpeg/openFile.js'
import { readJson, writeAtomic } from '../access/files.js'
import { touch } from '../access/keeping.js'
import { type Release, holder, isRunning, tryLock } from '../access/owners.js'

const Range = z.object({ from: z.number().int(), to: z.number().int() })
const Entry = z.object({
  bytes: z.number(),
  frames: z.number().int(),
  /** SHA-256 of the file. */
  hash: z.string(),
  repeated: z.array(Range),
  isDamaged: z.boolean(),
  damaged: z.array(Range),
})
type Entry = z.infer<typeof Entry>

/** What was written down of a finished result. */
export type Finished = Pick<Entry, 'frames' | 'repeated' | 'isDamaged' | 'damaged'>

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
  /** Of these keys, those whose file is there as its record says. */
  finished(keys: readonly string[]): Promise<Map<string, Finished>>
  /** Write down that this file is whole. */
  record(key: string, finished: Finished): Promise<void>
  /** Removes those of them whose bytes are no longer what was written, and gives their keys. */
  removeBroken(keys: readonly string[]): Promise<string[]>
  remove(key: string): Promise<void>
  /** Remove half-written files of a result. */
  removePartial(key: string): Promise<void>
  /** They served again: they go later. */
  touch(keys: readonly string[]): Promise<void>
  /** All that is whole, in no order. */
  list(): Promise<Kept[]>
  /** Removes what processes that are gone left behind, half-made files of more than a day. */
  sweep(now: number): Promise<void>
}

async function hashOf(path: string): Promise<string> {
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

export function openResults(folder: string, extension: string): Results {
  const pathOf = (key: string): string => join(folder, key + extension)
  const recordOf = (key: string): string => join(folder, `${key}.json`)
  const sizeOf = (path: string): Promise<number> =>
    stat(path).then(
      ({ size }) => size,
      () => -1, // removed since
    )

  async function entryOf(key: string): Promise<Entry | undefined> {
    const entry = await readJson(recordOf(key), Entry)
    return entry?.bytes === (await sizeOf(pathOf(key))) ? entry : undefined
  }

  /** The record first: a file without one is nobody's. */
  async function remove(key: string): Promise<void> {
    await rm(recordOf(key), { force: true })
    await rm(pathOf(key), { force: true })
  }

  return {
    pathOf,
    remove,
    lock: (key) => tryLock(join(folder, `${key}.lock`)),
    async finished(keys) {
      const found = new Map<string, Finished>()
      for (const key of new Set(keys)) {
        const entry = await entryOf(key)
        if (entry) found.set(key, entry)
      }
      return found
    },
    async record(key, { frames, repeated, isDamaged, damaged }) {
      const bytes = await sizeOf(pathOf(key))
      const entry: Entry = { bytes, frames, hash: await hashOf(pathOf(key)), repeated, isDamaged, damaged }
      await writeAtomic(recordOf(key), JSON.stringify(entry))
    },
    async removeBroken(keys) {
      const broken: string[] = []
      for (const key of new Set(keys)) {
        const hash = await hashOf(pathOf(key)).catch(() => '') // gone, or its disk cannot give it back
        if (hash !== '' && (await entryOf(key))?.hash === hash) continue
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
    touch: async (keys) => void (await Promise.all(keys.map((key) => touch(pathOf(key))))),
    async list() {
      const names = await readdir(folder).catch(() => [])
      const found = names
        .filter((name) => name.endsWith(extension) && makerOf(name) === 0)
        .map(async (name): Promise<Kept[]> => {
          const facts = await stat(join(folder, name)).catch(() => undefined) // somebody else was quicker
          const key = name.slice(0, -extension.length)
          return facts ? [{ key, bytes: facts.size, usedMs: facts.mtimeMs }] : []
        })
      return (await Promise.all(found)).flat()
    },
    async sweep(now) {
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
