// The store of finished results: segments as they are delivered, and beside them enhanced frames without loss. Both outlive the export that made
// them, within a share of the disk: what was not used for longest goes first, and never what a living or an unfinished export needs.
import { mkdir, statfs } from 'node:fs/promises'
import { join } from 'node:path'
import { segmentExtension } from '../../ffmpeg/encode.js'
import { intermediateExtension } from '../../ffmpeg/intermediate.js'
import type { Database } from '../access/database.js'
import { type Release, lockWithin } from '../access/owners.js'
import { pin, pinnedKeys } from './pins.js'
import { type Kept, type Results, openResults } from './results.js'

export type { Finished } from './results.js'

/** Of what would be free on the cache's disk without them. */
export const keptShare = { segments: 0.1, frames: 0.2 } as const
type Kind = keyof typeof keptShare

export interface SegmentStore {
  segments: Results
  /** Of enhance units. */
  frames: Results
  /** Until it is released no process takes these results away. */
  use(keys: readonly string[]): Promise<Release>
  /** Whether the frames of one more unit may be kept: older ones that nobody needs have made room by then. */
  hasRoomForFrames(bytes: number): Promise<boolean>
  /** The disk is full: removes all that nobody needs. Resolves to how many bytes that were. */
  empty(): Promise<number>
  /** Removes these, except what an export needs. */
  remove(keys: readonly string[]): Promise<void>
  /** Removes what processes that are gone left behind: uses, locks, half-written files. */
  sweep(): Promise<void>
  /** Removes what was not used for `keptMs`, and the oldest of what is above its share of the disk. */
  tidy(keptMs: number, now: number): Promise<void>
}

/** Long enough for any other process that lists or removes; one that stands still is not waited for. */
const storeLockMs = 10_000

const sum = (kept: readonly Kept[]): number => kept.reduce((bytes, one) => bytes + one.bytes, 0)

/** Those to remove so that the rest needs no more than `budget`: what was not used for longest, nothing that is pinned. */
export function beyondBudget(
  kept: readonly Kept[],
  pinned: ReadonlySet<string>,
  budget: number,
): { removed: Kept[]; isEnough: boolean } {
  let excess = sum(kept) - budget
  const removed: Kept[] = []
  for (const one of kept.filter(({ key }) => !pinned.has(key)).toSorted((a, b) => a.usedMs - b.usedMs)) {
    if (excess <= 0) break
    removed.push(one)
    excess -= one.bytes
  }
  return { removed, isEnough: excess <= 0 }
}

export function openSegmentStore(cacheFolder: string, database: Database): SegmentStore {
  const folderOf = (kind: Kind): string => join(cacheFolder, kind)
  const rooms: Record<Kind, Results> = {
    segments: openResults(database, 'segments', folderOf('segments'), segmentExtension),
    frames: openResults(database, 'frames', folderOf('frames'), intermediateExtension),
  }
  const kinds = Object.keys(rooms) as Kind[]
  const { segments, frames } = rooms

  /** One process at a time lists uses or removes by them; undefined: it was not to be had, the work was left out. */
  async function alone<T>(work: () => Promise<T>): Promise<T | undefined> {
    const release = await lockWithin(join(folderOf('segments'), 'store.lock'), storeLockMs)
    if (!release) return undefined
    try {
      return await work()
    } finally {
      await release()
    }
  }

  async function freeBytes(): Promise<number> {
    const { bavail, bsize } = await statfs(folderOf('segments'))
    return bavail * bsize
  }

  async function removeAll(kind: Kind, kept: readonly Kept[]): Promise<number> {
    for (const { key } of kept) await rooms[kind].remove(key)
    return sum(kept)
  }

  /** `more`: bytes that shall fit besides. */
  async function keepShare(kind: Kind, pinned: ReadonlySet<string>, more = 0): Promise<boolean> {
    const lists = { segments: await segments.list(), frames: await frames.list() }
    const held = sum(lists.segments) + sum(lists.frames)
    const budget = keptShare[kind] * ((await freeBytes()) + held) - more
    const { removed, isEnough } = beyondBudget(lists[kind], pinned, budget)
    await removeAll(kind, removed)
    return isEnough
  }

  async function sweep(now: number): Promise<void> {
    await pinnedKeys(cacheFolder)
    for (const kind of kinds) await rooms[kind].sweep(now)
  }

  return {
    segments,
    frames,
    async use(keys) {
      for (const kind of kinds) await mkdir(folderOf(kind), { recursive: true })
      return (await alone(() => pin(cacheFolder, keys))) ?? pin(cacheFolder, keys)
    },
    hasRoomForFrames: (bytes) =>
      alone(async () => keepShare('frames', await pinnedKeys(cacheFolder), bytes)).then(
        (isEnough) => isEnough ?? false,
        () => false, // not even a lock can be written
      ),
    async empty() {
      const work = async (): Promise<number> => {
        const pinned = await pinnedKeys(cacheFolder)
        let bytes = 0
        for (const kind of kinds)
          bytes += await removeAll(kind, beyondBudget(await rooms[kind].list(), pinned, 0).removed)
        return bytes
      }
      return (await alone(work).catch(work)) ?? 0 // on a full disk no lock can be had, and nobody can begin to use anything
    },
    async remove(keys) {
      await alone(async () => {
        const pinned = await pinnedKeys(cacheFolder)
        for (const key of keys) if (!pinned.has(key)) for (const kind of kinds) await rooms[kind].remove(key)
      })
    },
    sweep: () => sweep(Date.now()),
    async tidy(keptMs, now) {
      await sweep(now)
      if ((await segments.list()).length + (await frames.list()).length === 0) return
      await alone(async () => {
        const pinned = await pinnedKeys(cacheFolder)
        for (const kind of kinds) {
          const old = (await rooms[kind].list()).filter(
            ({ key, usedMs }) => now - usedMs > keptMs && !pinned.has(key),
          )
          await removeAll(kind, old)
          await keepShare(kind, pinned)
        }
      })
    },
  }
}
