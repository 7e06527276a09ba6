// What the database knows of finished results: of one kind by key, and of all kinds by what they show.
import { z } from 'zod'
import type { SourceId } from '../../shared/media/source.js'
import { type UnsureGap, isUnsure } from '../../shared/contract/unsure.js'
import type { Frame } from '../../shared/document/project.js'
import type { RecipeKey } from '../../shared/document/recipeKey.js'
import { MotionMade } from '../../engine/client.js'
import { UnitSpec } from '../../shared/planning/unitSpec.js'
import { type Database, jsonOf } from '../access/database.js'

const Range = z.object({ from: z.number().int(), to: z.number().int() })
/** What a result lacks, in the source's frame numbers. */
const Lost = z.object({
  repeated: z.array(Range),
  isDamaged: z.boolean(),
  damaged: z.array(Range),
  /** Its estimates. */
  motion: MotionMade.optional(),
})
const Row = z.object({
  key: z.string(),
  bytes: z.number(),
  frames: z.number().int(),
  /** SHA-256 of the file; empty where nobody checks. */
  checksum: z.string(),
  lost: jsonOf(Lost),
})
export type ResultRow = z.infer<typeof Row>
const Used = z.object({ key: z.string(), bytes: z.number(), usedMs: z.number() })

export interface ResultRows {
  of(keys: readonly string[]): ResultRow[]
  write(row: ResultRow, unit: UnitSpec): Promise<void>
  drop: (keys: readonly string[]) => Promise<void>
  /** They served again. */
  touch(keys: readonly string[]): void
  /** Of all of the kind, how large they are and when they served last. */
  used(): z.infer<typeof Used>[]
}

export function resultRows(database: Database, kind: string): ResultRows {
  const these = 'kind = ? AND key IN (SELECT value FROM json_each(?))'
  return {
    of: (keys) => {
      const sql = `SELECT key, bytes, frames, checksum, lost FROM results WHERE ${these}`
      return database.rows(Row, sql, kind, JSON.stringify(keys))
    },
    write: ({ key, bytes, frames, checksum, lost }, unit) => {
      const sql = 'INSERT OR REPLACE INTO results (kind, key, unit, bytes, frames, checksum, lost, usedMs)'
      const values = [
        kind,
        key,
        JSON.stringify(unit),
        bytes,
        frames,
        checksum,
        JSON.stringify(lost),
        Date.now(),
      ]
      return database.together(() => database.run(`${sql} VALUES (?, ?, ?, ?, ?, ?, ?, ?)`, ...values))
    },
    drop: (keys) =>
      database.together(() => database.run(`DELETE FROM results WHERE ${these}`, kind, JSON.stringify(keys))),
    touch: (keys) => {
      const sql = `UPDATE results SET usedMs = ? WHERE ${these}`
      const touched = database.together(() => database.run(sql, Date.now(), kind, JSON.stringify(keys)))
      touched.catch(() => undefined) // a disk that takes nothing: they go earlier than they might
    },
    used: () => database.rows(Used, 'SELECT key, bytes, usedMs FROM results WHERE kind = ?', kind),
  }
}

const Unsure = z.object({ lost: jsonOf(Lost) })

/** Between which frames of a source the estimates of a recipe are unsure, by all that was made of them; the first frames first. */
export function unsureGaps(database: Database, source: SourceId, recipe: RecipeKey): UnsureGap[] {
  const found = database.rows(
    Unsure,
    'SELECT lost FROM results WHERE source = ? AND recipe = ?',
    source,
    recipe,
  )
  const known = new Map<Frame, UnsureGap>()
  for (const gap of found.flatMap(({ lost }) => lost.motion?.gaps ?? []).filter(isUnsure))
    if (gap.unsure > (known.get(gap.from)?.unsure ?? 0)) known.set(gap.from, gap)
  return [...known.values()].toSorted((a, b) => a.from - b.from)
}

const Rendering = z.object({ key: z.string(), unit: jsonOf(UnitSpec) })
export type Rendering = z.infer<typeof Rendering>

/** What of a source is finished as a recipe makes it, by whatever job; the first frames first. */
export function renderingsOf(
  database: Database,
  kind: string,
  source: SourceId,
  recipe: RecipeKey,
): Rendering[] {
  const sql = 'SELECT key, unit FROM results WHERE source = ? AND recipe = ? AND kind = ?'
  const found = database.rows(Rendering, sql, source, recipe, kind)
  return found.toSorted((a, b) => a.unit.from - b.unit.from || b.unit.to - a.unit.to)
}
