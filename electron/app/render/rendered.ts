// Frames as the viewer shows them: a folder of JPEGs for each unit of a preview, and rows of the database that say which frames are there. Found by
// what they show, whatever job made them and however long ago; what is being made now is known here as well.
import { mkdir, readdir, rm, stat } from 'node:fs/promises'
import { join } from 'node:path'
import type { Frame } from '../../shared/document/project.js'
import type { SourceId } from '../../shared/media/source.js'
import type { RecipeKey } from '../../shared/document/recipeKey.js'
import { type ShownFrame, pictureName, wayOf } from '../../shared/planning/motion.js'
import type { UnitSpec } from '../../shared/planning/unitSpec.js'
import { keepNewest } from '../../ffmpeg/newest.js'
import { isFile } from '../../ffmpeg/openFile.js'
import type { MotionMade } from '../../engine/client.js'
import type { Database } from '../access/database.js'
import { secondPlace } from '../access/keeping.js'
import { type ResultRow, type ResultRows, renderingsOf, resultRows } from './resultRows.js'
import type { Kept } from './results.js'

/** Frames [from, to) of a source. */
export interface FrameRange {
  from: Frame
  to: Frame
}

/** What a motion shows of a unit; undefined: every frame. */
export type Shows = readonly ShownFrame[] | undefined

/** Pictures of a unit that are being made. */
export interface Making {
  folder: string
  /** So many of its first pictures are there. */
  ready(count: number): void
  /** What is there stays, all of it or the first frames. `estimates`: what they were, when all are there. */
  keep(estimates?: MotionMade): Promise<void>
}

export interface RenderedPictures {
  /** Where its pictures go. `isElsewhere`: the cache has refused them, they last until this process ends. */
  begin(key: string, unit: UnitSpec, how?: { isElsewhere?: boolean; shown?: Shows }): Promise<Making>
  /** All frames of the unit are there; they count as used. */
  isWhole(key: string, unit: UnitSpec, shown?: Shows): Promise<boolean>
  /** Files that may be that of a frame, or of the estimate on its `way` to the next: the likeliest first. */
  pathsOf(source: SourceId, recipe: RecipeKey, frame: Frame, way: number): string[]
  ranges(source: SourceId, recipe: RecipeKey): FrameRange[]
  /** For the store that removes what is above the budget. */
  list(): Promise<Kept[]>
  drop(keys: readonly string[]): Promise<void>
  remove(key: string): Promise<void>
  sweep(): Promise<void>
}

interface Shown extends FrameRange {
  source: SourceId
  recipe: RecipeKey
  folder: string
}

/** So many places are looked at for one picture. */
const mostTried = 8

/** By a motion a range may begin with what is still shown of a frame before it, and end with one behind it. */
function nearest<R extends FrameRange>(ranges: readonly R[], frame: Frame): R[] {
  const far = ({ from, to }: FrameRange): number => Math.max(from - frame, frame - (to - 1), 0)
  return ranges.toSorted((a, b) => far(a) - far(b)).slice(0, mostTried)
}

/** Of this process: being made, or kept elsewhere. */
const mostShown = 50
const noLoss = { repeated: [], isDamaged: false, damaged: [] }

const picture = (folder: string, frame: Frame, way: number): string =>
  join(folder, `${pictureName(frame, way)}.jpg`)

/** Of a unit whose first `count` pictures are there, the first frame that may lack some. */
const readyTo = ({ from, to }: FrameRange, shown: Shows, count: number): Frame =>
  shown ? Math.max(from, shown[count]?.key ?? to) : from + count

const lastPicture = (folder: string, { to }: FrameRange, shown: Shows): string => {
  const last = shown?.at(-1)
  return last ? picture(folder, last.key, wayOf(last)) : picture(folder, to - 1, 0)
}

async function bytesIn(folder: string): Promise<number> {
  const names = await readdir(folder)
  const sizes = names.map(async (name) => (await stat(join(folder, name))).size)
  return (await Promise.all(sizes)).reduce((sum, size) => sum + size, 0)
}

/** Ranges in order, without those that lie inside of another. */
export function inOrder(ranges: readonly FrameRange[]): FrameRange[] {
  const sorted = ranges.toSorted((a, b) => a.from - b.from || b.to - a.to)
  let end = -1
  return sorted.filter(({ to }) => to > end && (end = to) >= 0)
}

/** What of them is on disk, for the store that removes what is above the budget. */
function onDisk(
  parent: string,
  rows: ResultRows,
  isBeingMade: (key: string) => boolean,
): Pick<RenderedPictures, 'list' | 'drop' | 'remove' | 'sweep'> {
  return {
    drop: rows.drop,
    async remove(key) {
      await rows.drop([key])
      await rm(join(parent, key), { recursive: true, force: true })
    },
    async list() {
      const known = new Map(rows.used().map((row) => [row.key, row]))
      const found = (await readdir(parent).catch(() => [])).map(async (key): Promise<Kept[]> => {
        const row = known.get(key)
        if (row) return [row]
        const facts = await stat(join(parent, key)).catch(() => undefined) // somebody else was quicker
        return !facts || isBeingMade(key) ? [] : [{ key, bytes: 0, usedMs: facts.mtimeMs }]
      })
      return (await Promise.all(found)).flat()
    },
    async sweep() {
      const known = rows.used()
      const there = new Set(await readdir(parent).catch(() => []))
      const missing = known.flatMap(({ key }) => (there.has(key) ? [] : [key]))
      if (missing.length > 0) await rows.drop(missing)
    },
  }
}

/** That the pictures of a unit lie in a folder, if there are any. */
async function writeDown(
  rows: ResultRows,
  { key, folder }: { key: string; folder: string },
  unit: UnitSpec,
  lost: ResultRow['lost'],
): Promise<void> {
  const frames = unit.to - unit.from
  if (frames > 0) await rows.write({ key, frames, bytes: await bytesIn(folder), checksum: '', lost }, unit)
}

export function openRendered(cacheFolder: string, database: Database): RenderedPictures {
  const parent = join(cacheFolder, 'previews')
  const rows = resultRows(database, 'previews')
  const folderOf = (key: string): string => join(parent, key)
  const shown = new Map<string, Shown>()
  const shownOf = (source: SourceId, recipe: RecipeKey): Shown[] =>
    [...shown.values()].filter((one) => one.source === source && one.recipe === recipe)
  const isBeingMade = (key: string): boolean => shown.get(key)?.folder === folderOf(key)

  const begin: RenderedPictures['begin'] = async (key, unit, { isElsewhere = false, shown: shows } = {}) => {
    const folder = isElsewhere ? join(await secondPlace(), key) : folderOf(key)
    const { source, recipe, from } = unit
    await mkdir(folder, { recursive: true })
    const mine = keepNewest(shown, mostShown, key, { source, recipe, from, to: from, folder })
    return {
      folder,
      ready: (count) => void (mine.to = readyTo(unit, shows, count)),
      async keep(estimates) {
        if (isElsewhere) return
        try {
          await writeDown(rows, { key, folder }, { ...unit, to: mine.to }, { ...noLoss, motion: estimates })
          shown.delete(key)
        } catch {
          // Not written down: they are known as long as this process lives.
        }
      },
    }
  }

  return {
    begin,
    ...onDisk(parent, rows, isBeingMade),
    async isWhole(key, unit, shows) {
      const isThere =
        rows.of([key])[0]?.frames === unit.to - unit.from &&
        (await isFile(lastPicture(folderOf(key), unit, shows)))
      if (isThere) rows.touch([key])
      return isThere
    },
    pathsOf(source, recipe, frame, way) {
      const kept = renderingsOf(database, 'previews', source, recipe).map(({ unit, key }) => ({
        ...{ from: unit.from, to: unit.to, folder: folderOf(key) },
      }))
      return nearest([...shownOf(source, recipe), ...kept], frame).map(({ folder }) =>
        picture(folder, frame, way),
      )
    },
    ranges(source, recipe) {
      const kept = renderingsOf(database, 'previews', source, recipe).map(({ unit: { from, to } }) => ({
        from,
        to,
      }))
      const now = shownOf(source, recipe).flatMap(({ from, to }) => (from < to ? [{ from, to }] : []))
      return inOrder([...kept, ...now])
    },
  }
}
