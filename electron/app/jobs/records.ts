// Jobs as rows of the cache's database, with the results that each needs: what a killed process was doing is seen by the next one, and what an
// unfinished job goes on from is nobody's to remove. A row is never the reason why a job fails.
import { randomBytes } from 'node:crypto'
import { readdir, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { z } from 'zod'
import { numerics } from '../../engine/client.js'
import type { JobId } from '../../shared/contract/job.js'
import { type Database, jsonOf } from '../access/database.js'
import { type Release, hold, holder } from '../access/owners.js'
import { JobSpec } from './spec.js'

/** `closed`: ended because its process did. */
export type RecordedState = 'waiting' | 'running' | 'done' | 'failed' | 'cancelled' | 'closed'

export interface RecordedFacts {
  framesTotal: number
  /** Keys of all results that it is made of. */
  needs?: readonly string[] | undefined
  /** A later start tells of it when it is neither done nor cancelled. */
  isOffered?: boolean | undefined
}

export interface LeftJob {
  id: JobId
  spec: JobSpec
  needs: string[]
  frames: number
  /** The engine computes as it did then: what is finished of it counts. */
  isCurrent: boolean
}

export interface JobRecords {
  /** This process is known to live from now on, until `close`. */
  open(): Promise<void>
  add(id: JobId, spec: JobSpec, facts: RecordedFacts): void
  change(id: JobId, state: RecordedState): void
  remove(id: JobId): Promise<void>
  /** Of processes that are gone: those that are offered, oldest first. */
  left(): Promise<LeftJob[]>
  /** Of all that are offered, of living processes too. */
  offered(): JobSpec[]
  /** Processes that live, for `pinned`, which asks nobody. */
  living(): Promise<ReadonlySet<string>>
  /** Results that a living or an unfinished job needs. */
  pinned(living: ReadonlySet<string>): Set<string>
  /** Forgets what nobody goes on with. */
  sweep(): Promise<void>
  close(): Promise<void>
}

/** Ended jobs of each kind that are remembered. */
const keepEnded = 50
const unfinished = "isOffered = 1 AND state NOT IN ('done', 'cancelled')"

const Row = z.object({
  id: z.string(),
  spec: jsonOf(JobSpec),
  process: z.string(),
  frames: z.number().int(),
  numerics: z.number().int(),
})
const Key = z.object({ key: z.string() })

/** Files of the processes that share the cache, each with a sign of life (owners.ts). */
function processesIn(folder: string) {
  const names = (): Promise<string[]> => readdir(folder).catch(() => [])
  const isAlive = async (name: string): Promise<boolean> =>
    (await holder(join(folder, name), z.null()))?.isAlive === true
  const living = async (): Promise<Set<string>> => {
    const found = await names()
    const areAlive = await Promise.all(found.map(isAlive))
    return new Set(found.filter((_, i) => areAlive[i]))
  }
  return {
    living,
    async sweep() {
      const alive = await living()
      for (const name of await names())
        if (!alive.has(name) && (await holder(join(folder, name), z.null())))
          await rm(join(folder, name), { force: true })
    },
  }
}

/** Puts down a job of this process, with what it needs. */
function insert(
  database: Database,
  process: string,
  id: JobId,
  spec: JobSpec,
  { framesTotal, needs = [], isOffered = false }: RecordedFacts,
): Promise<void> {
  const sql = 'INSERT INTO jobs (id, spec, state, process, isOffered, frames, numerics, changedMs)'
  return database.together(() => {
    database.run(
      `${sql} VALUES (?, ?, 'waiting', ?, ?, ?, ?, ?)`,
      ...[id, JSON.stringify(spec), process, isOffered ? 1 : 0, framesTotal, numerics, Date.now()],
    )
    const pins = 'INSERT OR IGNORE INTO pins (job, key) SELECT ?, value FROM json_each(?)'
    database.run(pins, id, JSON.stringify(needs))
  })
}

/** What is asked of the tables. `living`: processes. */
function rowsOf(database: Database) {
  const remove = (id: JobId): Promise<void> =>
    database.together(() => {
      database.run('DELETE FROM pins WHERE job = ?', id)
      database.run('DELETE FROM jobs WHERE id = ?', id)
    })
  /** Ended ones need nothing, and only the last of them are remembered. */
  const trim = (): void => {
    const ended = `state NOT IN ('waiting', 'running') AND NOT (${unfinished})`
    database.run(`DELETE FROM pins WHERE job NOT IN (SELECT id FROM jobs WHERE NOT (${ended}))`)
    const ages = `SELECT id, ROW_NUMBER() OVER (PARTITION BY spec ->> '$.kind' ORDER BY changedMs DESC) AS age FROM jobs WHERE ${ended}`
    database.run(`DELETE FROM jobs WHERE id IN (SELECT id FROM (${ages}) WHERE age > ${keepEnded})`)
  }
  const change = (id: JobId, state: RecordedState): Promise<void> =>
    database.together(() => {
      database.run('UPDATE jobs SET state = ?, changedMs = ? WHERE id = ?', state, Date.now(), id)
      if (state !== 'waiting' && state !== 'running') trim()
    })
  return {
    ...{ remove, change },
    unfinished: () =>
      database.rows(
        Row,
        `SELECT id, spec, process, frames, numerics FROM jobs WHERE ${unfinished} ORDER BY changedMs`,
      ),
    needs: (id: JobId) => database.rows(Key, 'SELECT key FROM pins WHERE job = ?', id).map(({ key }) => key),
    pinned: (living: ReadonlySet<string>): Set<string> => {
      const sql = `SELECT DISTINCT key FROM pins JOIN jobs ON job = id
        WHERE (${unfinished}) OR (state IN ('waiting', 'running') AND process IN (SELECT value FROM json_each(?)))`
      return new Set(database.rows(Key, sql, JSON.stringify([...living])).map(({ key }) => key))
    },
    /** Forgets what nobody goes on with. */
    sweep: (living: ReadonlySet<string>): Promise<void> =>
      database.together(() => {
        const isDead = 'process NOT IN (SELECT value FROM json_each(?))'
        database.run(
          `DELETE FROM jobs WHERE isOffered = 0 AND state IN ('waiting', 'running') AND ${isDead}`,
          JSON.stringify([...living]),
        )
        trim()
      }),
  }
}

/** Without room for it the job is done all the same; only a later start would not know of it. */
function tried(work: Promise<void>): void {
  work.catch(() => undefined) // the database has said what is wrong with it
}

export function openJobRecords(cacheFolder: string, database: Database): JobRecords {
  const folder = join(cacheFolder, 'running')
  const own = `${process.pid}-${randomBytes(4).toString('hex')}.json`
  const processes = processesIn(folder)
  const rows = rowsOf(database)
  const living = async (): Promise<Set<string>> => (await processes.living()).add(own)
  let release: Release | undefined

  return {
    async open() {
      release ??= await hold(join(folder, own), null).catch(() => undefined) // a folder that takes nothing keeps no rows either
    },
    ...{ living, remove: rows.remove, pinned: rows.pinned },
    add: (id, spec, facts) => tried(insert(database, own, id, spec, facts)),
    change: (id, state) => tried(rows.change(id, state)),
    async left() {
      const alive = await processes.living()
      const left = rows.unfinished().filter(({ process }) => process !== own && !alive.has(process))
      return left.map(({ id, spec, frames, numerics: made }) => ({
        ...{ id, spec, frames, needs: rows.needs(id), isCurrent: made === numerics },
      }))
    },
    offered: () => rows.unfinished().map(({ spec }) => spec),
    async sweep() {
      await processes.sweep()
      await rows.sweep(await living())
    },
    async close() {
      await release?.()
      release = undefined
    },
  }
}
