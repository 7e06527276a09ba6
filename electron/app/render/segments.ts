// The store of finished results: segments as they are delivered, and beside them enhanced frames without loss. Both outlive the export that made
// them, within a share of the disk: what was not used for longest goes first, and never what a living or an unfinished export needs.
import { mkdir, statfs } from 'node:fs/promises'
import { join } from 'node:path'
import type { Coverage } from '../../shared/contract/render.js'
import type { RecipeKey } from '../../shared/document/recipeKey.js'
import type { SourceId } from '../../shared/media/source.js'
import { segmentExtension } from '../../ffmpeg/encode.js'
import { intermediateExtension } from '../../ffmpeg/intermediate.js'
import type { Database } from '../access/database.js'
import type { JobRecords } from '../jobs/records.js'
import { type RenderedPictures, inOrder, openRendered } from './rendered.js'
import { renderingsOf, unsureGaps } from './resultRows.js'
import { type Kept, type Results, openResults } from './results.js'

export type { Finished } from './results.js'

/** Of what would be free on the cache's disk without them. */
export const keptShare = { segments: 0.1, frames: 0.2, previews: 0.05 } as const
type Kind = keyof typeof keptShare
const kinds = Object.keys(keptShare) as Kind[]
type Removable = Pick<Results, 'list' | 'drop' | 'remove' | 'sweep'>
interface Rooms extends Record<Kind, Removable> {
  segments: Results
  frames: Results
  previews: RenderedPictures
}

export interface SegmentStore {
  segments: Results
  /** Of enhance units. */
  frames: Results
  previews: RenderedPictures
  coverage(source: SourceId, recipe: RecipeKey): Promise<Coverage>
  /** Makes its folders. */
  prepare(): Promise<void>
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

/** What others need is not known while the database cannot be shared: what was used lately may be theirs. */
const unknownMs = 14 * 24 * 3600 * 1000

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

interface Store {
  rooms: Rooms
  folderOf: (kind: Kind) => string
  database: Database
  records: Pick<JobRecords, 'living' | 'pinned'>
}

/**
 * Removes what `choose` says of a kind, and gives the bytes. Their rows go while nobody else writes: a job that pins one of them before finds it
 * kept, one that comes after finds it missing and makes it.
 */
async function take(
  { rooms, database, records }: Store,
  kind: Kind,
  choose: (kept: Kept[], pinned: ReadonlySet<string>) => Kept[],
): Promise<number> {
  const [all, living] = [await rooms[kind].list(), await records.living()]
  const isOwn = !database.isShared()
  const kept = isOwn ? all.filter(({ usedMs }) => Date.now() - usedMs > unknownMs) : all
  const chosen = await database.together(() => {
    const removed = choose(kept, records.pinned(living))
    void rooms[kind].drop(removed.map(({ key }) => key)) // at once, as a part of this
    return removed
  })
  for (const { key } of chosen) await rooms[kind].remove(key)
  return sum(chosen)
}

async function freeBytes(folder: string): Promise<number> {
  const { bavail, bsize } = await statfs(folder)
  return bavail * bsize
}

/** Removes the oldest of what is above the share of its kind. `more`: bytes that shall fit besides. */
async function keepShare(store: Store, kind: Kind, more = 0): Promise<boolean> {
  const held = sum((await Promise.all(kinds.map((one) => store.rooms[one].list()))).flat())
  const budget = keptShare[kind] * ((await freeBytes(store.folderOf('segments'))) + held) - more
  let isEnough = false
  await take(store, kind, (kept, pinned) => {
    const beyond = beyondBudget(kept, pinned, budget)
    isEnough = beyond.isEnough
    return beyond.removed
  })
  return isEnough
}

/** Removes everything that nobody needs. */
async function empty(store: Store): Promise<number> {
  let bytes = 0
  for (const kind of kinds)
    bytes += await take(store, kind, (kept, pinned) => beyondBudget(kept, pinned, 0).removed)
  return bytes
}

async function remove(store: Store, keys: readonly string[]): Promise<void> {
  const wanted = new Set(keys)
  for (const kind of kinds)
    await take(store, kind, (kept, pinned) => kept.filter(({ key }) => wanted.has(key) && !pinned.has(key)))
}

async function tidy(store: Store, keptMs: number, now: number): Promise<void> {
  const isOld = ({ key, usedMs }: Kept, pinned: ReadonlySet<string>): boolean =>
    now - usedMs > keptMs && !pinned.has(key)
  for (const kind of kinds) {
    await store.rooms[kind].sweep(now)
    if ((await store.rooms[kind].list()).length === 0) continue
    await take(store, kind, (kept, pinned) => kept.filter((one) => isOld(one, pinned)))
    await keepShare(store, kind)
  }
}

async function coverage(
  { rooms: { frames, previews }, database }: Store,
  sourceId: SourceId,
  recipe: RecipeKey,
): Promise<Coverage> {
  const units = renderingsOf(database, 'frames', sourceId, recipe)
  const whole = await frames.finished(units.map(({ key }) => key))
  const kept = units.flatMap(({ key, unit: { from, to } }) => (whole.has(key) ? [{ from, to }] : []))
  return {
    ...{ sourceId, recipe, pictures: previews.ranges(sourceId, recipe), kept: inOrder(kept) },
    unsure: unsureGaps(database, sourceId, recipe),
  }
}

export function openSegmentStore(
  cacheFolder: string,
  database: Database,
  records: Pick<JobRecords, 'living' | 'pinned'>,
): SegmentStore {
  const folderOf = (kind: Kind): string => join(cacheFolder, kind)
  const rooms: Rooms = {
    segments: openResults(database, 'segments', folderOf('segments'), segmentExtension),
    frames: openResults(database, 'frames', folderOf('frames'), intermediateExtension),
    previews: openRendered(cacheFolder, database),
  }
  const store: Store = { rooms, folderOf, database, records }
  return {
    ...rooms,
    async prepare() {
      for (const kind of kinds) await mkdir(folderOf(kind), { recursive: true })
    },
    coverage: (source, recipe) => coverage(store, source, recipe),
    hasRoomForFrames: (bytes) => keepShare(store, 'frames', bytes).catch(() => false),
    empty: () => empty(store),
    remove: (keys) => remove(store, keys),
    async sweep() {
      for (const kind of kinds) await rooms[kind].sweep(Date.now())
    },
    tidy: (keptMs, now) => tidy(store, keptMs, now),
  }
}
