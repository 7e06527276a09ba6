// Finished segments on disk: named by what they hold, listed in a journal, found again by an export that was interrupted.
// A line of the journal is written when its file is whole, so at most the segment in work is lost, whatever happens.
import { createHash, randomBytes } from 'node:crypto'
import { mkdir, readdir, rm, stat } from 'node:fs/promises'
import { basename, join } from 'node:path'
import { z } from 'zod'
import { segmentExtension } from '../../ffmpeg/encode.js'
import { openToAppend, readText, streamOf } from '../../ffmpeg/openFile.js'
import { type Release, hold, holder, isRunning, lockWithin, tryLock } from '../access/owners.js'

const Line = z.object({
  key: z.string(),
  bytes: z.number(),
  frames: z.number().int(),
  /** SHA-256 of the file. */
  hash: z.string(),
  repeated: z.array(z.object({ from: z.number().int(), to: z.number().int() })).default([]),
  isDamaged: z.boolean().default(false),
  damaged: z.array(z.object({ from: z.number().int(), to: z.number().int() })).default([]),
})
type Line = z.infer<typeof Line>

/** What was written down of a finished segment. */
export type Finished = Pick<Line, 'frames' | 'repeated' | 'isDamaged' | 'damaged'>

export interface SegmentUse {
  /** `isDone`: the film is made; segments that no other living export uses are removed. */
  end(isDone: boolean): Promise<void>
}

export interface SegmentStore {
  pathOf(key: string): string
  /** Until its end no other process takes these segments away. */
  use(keys: readonly string[]): Promise<SegmentUse>
  /** The right to make this segment, or undefined while another process is making it. */
  lock(key: string): Promise<Release | undefined>
  /** Of these keys, those whose file is there as the journal says. */
  finished(keys: readonly string[]): Promise<Map<string, Finished>>
  /** Write down that this segment's file is whole. */
  record(key: string, finished: Finished): Promise<void>
  /** Removes those of them whose bytes are no longer what was written, and gives their keys. */
  removeBroken(keys: readonly string[]): Promise<string[]>
  /** Remove half-written files of a segment. */
  removePartial(key: string): Promise<void>
  /** Removes what processes that are gone left behind: uses, locks, half-written files. */
  sweep(): Promise<void>
  /** Removes what was not used for `keptMs` (half-made files: a day) and no living export uses. */
  tidy(keptMs: number, now: number): Promise<void>
}

function parseLine(text: string): Line | undefined {
  try {
    const line = Line.safeParse(JSON.parse(text))
    return line.success ? line.data : undefined
  } catch {
    return undefined // a line cut off by the crash that the journal is for
  }
}

async function hashOf(path: string): Promise<string> {
  const hash = createHash('sha256')
  for await (const chunk of await streamOf(path)) hash.update(chunk as Buffer)
  return hash.digest('hex')
}

/** `<key>.<pid>.partial.mov`, `tags-<pid>-<random>.txt`, a lock that was moved aside: half-made by that process. */
const madeBy = /\.(\d+)\.partial|^tags-(\d+)-|\.(\d+)-[0-9a-f]+\.stale$/

/** Long enough for any other process that lists or removes; one that stands still is not waited for. */
const storeLockMs = 10_000
const dayMs = 24 * 3600 * 1000

export function openSegmentStore(cacheFolder: string): SegmentStore {
  const folder = join(cacheFolder, 'segments')
  const uses = join(cacheFolder, 'uses')
  const journal = join(folder, 'journal.jsonl')
  const pathOf = (key: string): string => join(folder, key + segmentExtension)
  const lockOf = (key: string): string => join(folder, `${key}.lock`)

  async function readJournal(): Promise<Map<string, Line>> {
    const text = await readText(journal).catch(() => '') // nothing was finished yet
    const lines = text.split('\n').flatMap((line) => parseLine(line) ?? [])
    return new Map(lines.map((line) => [line.key, line]))
  }

  /** One process at a time lists uses or removes by them. False: it was not to be had, the work was left out. */
  async function alone(work: () => Promise<void>): Promise<boolean> {
    const release = await lockWithin(join(folder, 'store.lock'), storeLockMs)
    if (!release) return false
    try {
      await work()
    } finally {
      await release()
    }
    return true
  }

  /** Keys that exports of living processes use; what dead ones wrote down goes. */
  async function usedKeys(): Promise<Set<string>> {
    const keys = new Set<string>()
    for (const name of await readdir(uses).catch(() => [])) {
      const use = await holder(join(uses, name), z.array(z.string()))
      if (use?.isAlive) use.value.forEach((key) => keys.add(key))
      else if (use) await rm(join(uses, name), { force: true })
    }
    return keys
  }

  return {
    pathOf,
    async use(keys) {
      await mkdir(folder, { recursive: true })
      let release: Release = () => Promise.resolve()
      const path = join(uses, `${process.pid}-${randomBytes(4).toString('hex')}.json`)
      const write = async (): Promise<void> => void (release = await hold(path, keys))
      if (!(await alone(write))) await write()
      return {
        async end(isDone) {
          await alone(async () => {
            await release()
            const used = isDone ? await usedKeys() : new Set(keys)
            for (const key of keys) if (!used.has(key)) await rm(pathOf(key), { force: true })
          })
          await release()
        },
      }
    },
    lock: (key) => tryLock(lockOf(key)),
    async finished(keys) {
      const lines = await readJournal()
      const found = new Map<string, Finished>()
      for (const key of keys) {
        const line = lines.get(key)
        const bytes = await stat(pathOf(key)).then(
          ({ size }) => size,
          () => -1, // removed since
        )
        if (line?.bytes === bytes) found.set(key, line)
      }
      return found
    },
    async record(key, { frames, repeated, isDamaged, damaged }) {
      const { size } = await stat(pathOf(key))
      const hash = await hashOf(pathOf(key))
      const line: Line = { key, bytes: size, frames, hash, repeated, isDamaged, damaged }
      // One write in append mode: lines of two processes do not mix. It starts with a line break, in case the last line was cut off.
      const file = await openToAppend(journal)
      try {
        await file.write(`\n${JSON.stringify(line)}\n`)
        await file.sync()
      } finally {
        await file.close()
      }
    },
    async removeBroken(keys) {
      const lines = await readJournal()
      const broken: string[] = []
      for (const key of new Set(keys)) {
        const hash = await hashOf(pathOf(key)).catch(() => '') // gone, or its disk cannot give it back
        if (hash !== '' && lines.get(key)?.hash === hash) continue
        await rm(pathOf(key), { force: true })
        broken.push(key)
      }
      return broken
    },
    async removePartial(key) {
      for (const name of await readdir(folder).catch(() => []))
        if (name.startsWith(`${key}.`) && !isRunning(Number(madeBy.exec(name)?.[1] ?? process.pid)))
          await rm(join(folder, name), { force: true })
    },
    async tidy(keptMs, now) {
      const names = await readdir(folder).catch(() => [])
      if (names.length === 0) return
      await alone(async () => {
        const used = await usedKeys()
        for (const name of names) {
          const isUsed = used.has(name.split('.')[0] ?? '') || (name === basename(journal) && used.size > 0)
          const found = await stat(join(folder, name)).catch(() => undefined) // somebody else was quicker
          const limitMs = name.includes('.partial') ? dayMs : keptMs
          if (found && now - found.mtimeMs > limitMs && !isUsed) await rm(join(folder, name), { force: true })
        }
      })
    },
    async sweep() {
      await usedKeys()
      for (const name of await readdir(folder).catch(() => [])) {
        const [, ...pids] = madeBy.exec(name) ?? []
        const pid = Number(pids.find((one) => one !== undefined))
        const isLeft = pid > 0 && !isRunning(pid)
        const lock = name.endsWith('.lock') ? await holder(join(folder, name), z.null()) : undefined
        if (isLeft || lock?.isAlive === false) await rm(join(folder, name), { force: true })
      }
    },
  }
}
