// The one SQLite file of the cache, shared by all processes of it. It only spares work: where it cannot be opened its tables are kept in memory,
// where it is damaged it is moved aside and what can still be read goes into a new one. Knows nothing of what the tables mean.
import { randomBytes } from 'node:crypto'
import { mkdirSync, readdirSync, renameSync, rmSync, statSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import Libsql from 'libsql'
import { z } from 'zod'
import { fault } from '../../shared/contract/errors.js'
import { databaseName, schema, tables } from './tables.js'

/** Nothing else may be bound: the package ends the process at a boolean. */
export type Value = string | number | null

export interface Database {
  /** Rows as `row` says; those that are otherwise are left out. */
  rows<T>(row: z.ZodType<T>, sql: string, ...values: Value[]): T[]
  /** For the work of `together`: alone it stands still, and this process with it, while another one writes. */
  run(sql: string, ...values: Value[]): void
  /**
   * All of it or nothing, at one go, and at once unless another process writes: then it is tried again for half a minute, in the order of the
   * calls, and fails with EBUSY after that. Within another's work it is a part of it.
   */
  together<T>(work: () => T): Promise<T>
  /** Everybody who shares the cache sees the same; false: it lasts until this process ends, and knows nothing of others. */
  isShared(): boolean
  /** At once, or when what waits for another process is written; not later than a few seconds. */
  close(): Promise<void>
}

/** A column of JSON. */
export const jsonOf = <T>(schema: z.ZodType<T>): z.ZodType<T, string> =>
  z.string().transform((text, context) => {
    try {
      return schema.parse(JSON.parse(text))
    } catch {
      context.addIssue('not what it should be')
      return z.NEVER
    }
  })

type Connection = InstanceType<typeof Libsql>
/** `file`: which one it was when it was opened; undefined: in memory. */
interface Opened {
  connection: Connection
  file: string | undefined
}
/** What went wrong, for the log. */
export type OnTrouble = (sentence: string, cause: unknown) => void

/** What is read, opened or closed waits no longer for a process that stands still in the middle of writing. */
const busyMs = 5000
/** Another process writes for milliseconds: for so long everything may stand still. */
const writeBusyMs = 20
const patienceMs = 30_000
/** Between two looks at whether another process has done what is waited for. */
const retryMs = 100
const memory = ':memory:'

const codeOf = (error: unknown): string => {
  const { code } = (error ?? {}) as { code?: unknown }
  return typeof code === 'string' ? code : ''
}
const isDamaged = (error: unknown): boolean => /^SQLITE_(CORRUPT|NOTADB)/.test(codeOf(error))

/** As the system would say it, so that it is told like any other failure of the disk. */
const systemCodes: readonly [start: string, code: string][] = [
  ['SQLITE_FULL', 'ENOSPC'],
  ['SQLITE_READONLY', 'EROFS'],
  ['SQLITE_BUSY', 'EBUSY'],
  ['SQLITE_IOERR', 'EIO'],
  ['SQLITE_CANTOPEN', 'EACCES'],
  ['SQLITE_CORRUPT', 'EIO'],
]
function asSystemError(error: unknown): unknown {
  const known = systemCodes.find(([start]) => codeOf(error).startsWith(start))
  if (!known || !(error instanceof Error)) return error
  return Object.assign(new Error(error.message, { cause: error }), { code: known[1] })
}

/** Which file lies under a name; undefined: none. */
function fileAt(path: string): string | undefined {
  try {
    const found = statSync(path, { bigint: true, throwIfNoEntry: false })
    return found && `${found.dev}/${found.ino}`
  } catch {
    return undefined // another file has the name of its folder
  }
}

/** A file with tables of other columns is not ours, whatever made it: like a damaged one it is put aside. */
function makeTables(connection: Connection): void {
  try {
    connection.exec(schema)
    for (const [name, { columns }] of Object.entries(tables))
      connection.prepare(`SELECT ${columns.join(', ')} FROM ${name} LIMIT 0`).all()
  } catch (cause) {
    if (codeOf(cause) !== 'SQLITE_ERROR') throw cause
    throw Object.assign(new Error('Its tables are others.', { cause }), { code: 'SQLITE_CORRUPT' })
  }
}

function prepared(path: string): Connection {
  const connection = new Libsql(path)
  try {
    connection.pragma(`busy_timeout = ${busyMs}`)
    connection.pragma('journal_mode = WAL') // stays as it was where the file system cannot (a network drive)
    connection.pragma('synchronous = NORMAL') // a power cut costs the last records, never the file
    const [check] = connection.prepare('PRAGMA quick_check(1)').all()
    if (!JSON.stringify(check).includes('"ok"'))
      throw Object.assign(new Error(JSON.stringify(check)), { code: 'SQLITE_CORRUPT' })
    makeTables(connection)
    return connection
  } catch (error) {
    connection.close()
    throw error
  }
}

/** What can be read of a damaged file. Whoever uses a result looks at its file first: a wrong row costs nothing. */
function salvage(from: string, into: Connection): void {
  const damaged = new Libsql(from)
  try {
    for (const [name, { columns }] of Object.entries(tables)) {
      const blanks = columns.map(() => '?').join(', ')
      const insert = into.prepare(`INSERT OR IGNORE INTO ${name} (${columns.join(', ')}) VALUES (${blanks})`)
      try {
        const rows = damaged.prepare(`SELECT ${columns.join(', ')} FROM ${name}`).iterate()
        for (const row of rows as Iterable<Record<string, Value>>)
          insert.run(...columns.map((column) => row[column] ?? null))
      } catch {
        // As far as it can be read; the other tables may be whole.
      }
    }
  } finally {
    damaged.close()
  }
}

/** What was written lately goes into the file itself, if nobody else is at it: the package leaves that to its garbage collector. */
function settle(connection: Connection): void {
  try {
    connection.pragma('busy_timeout = 0')
    connection.pragma('wal_checkpoint(TRUNCATE)')
  } catch {
    // Then it is read from where it is.
  }
}

const sides = ['-wal', '-shm', ''] // the file itself last: who opens it meanwhile finds it damaged still

/** Two processes find the damage at once: one moves, the other opens what has been made by then. */
function replaced(path: string, onTrouble: OnTrouble, cause: unknown, tries: number): Connection {
  const lock = `${path}.moving`
  try {
    mkdirSync(lock) // a name that can be made only once
  } catch (error) {
    // No disk to write on, or one that holds it for longer than moving takes.
    if (codeOf(error) !== 'EEXIST' || tries * retryMs > busyMs) throw error
    const found = statSync(lock, { throwIfNoEntry: false })
    const isOfNow = found && Math.abs(Date.now() - found.mtimeMs) <= 2 * busyMs
    if (found && !isOfNow)
      rmSync(lock, { recursive: true, force: true }) // of one that was killed, or of another clock
    else Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, retryMs)
    return whole(path, onTrouble, tries + 1)
  }
  try {
    try {
      return prepared(path) // another was quicker
    } catch (error) {
      if (!isDamaged(error)) throw error
    }
    const aside = `${path}.damaged-${randomBytes(3).toString('hex')}`
    for (const side of sides) if (fileAt(path + side) !== undefined) renameSync(path + side, aside + side)
    const connection = prepared(path)
    try {
      connection.exec('BEGIN')
      salvage(aside, connection)
      connection.exec('COMMIT')
    } catch {
      // Not even its head can be read: what it named is made again.
      if (connection.inTransaction) connection.exec('COMMIT')
    }
    onTrouble(
      `The list of finished work was damaged; it was moved to ${basename(aside)} and read as far as possible.`,
      cause,
    )
    removeOlder(path, basename(aside))
    return connection
  } finally {
    rmSync(lock, { recursive: true, force: true })
  }
}

/** One damaged file is kept to be looked at, not each of them. */
function removeOlder(path: string, newest: string): void {
  const start = `${basename(path)}.damaged-`
  for (const name of readdirSync(dirname(path)))
    if (name.startsWith(start) && !name.startsWith(newest)) rmSync(join(dirname(path), name), { force: true })
}

function whole(path: string, onTrouble: OnTrouble, tries = 0): Connection {
  try {
    return prepared(path)
  } catch (error) {
    if (isDamaged(error)) return replaced(path, onTrouble, error, tries)
    throw error
  }
}

function opened(path: string, onTrouble: OnTrouble): Opened {
  try {
    mkdirSync(dirname(path), { recursive: true, mode: 0o700 })
    const connection = whole(path, onTrouble)
    return { connection, file: fileAt(path) }
  } catch (error) {
    onTrouble(
      `The list of finished work cannot be kept in ${dirname(path)}; it lasts until Heirloom ends.`,
      error,
    )
    return { connection: prepared(memory), file: undefined }
  }
}

function transaction<T>(connection: Connection, work: () => T): T {
  connection.pragma(`busy_timeout = ${writeBusyMs}`)
  try {
    connection.exec('BEGIN IMMEDIATE')
  } finally {
    connection.pragma(`busy_timeout = ${busyMs}`)
  }
  try {
    const result = work()
    connection.exec('COMMIT')
    return result
  } catch (error) {
    if (connection.inTransaction) connection.exec('ROLLBACK')
    throw error
  }
}

const isBusy = (error: unknown): boolean => codeOf(error) === 'EBUSY'

/** Writes that wait for another process, in their order, while this one goes on. */
function createQueue() {
  let last: Promise<unknown> | undefined
  async function patiently<T>(before: Promise<unknown>, attempt: () => T): Promise<T> {
    const end = Date.now() + patienceMs
    for (await before; ; await wait(retryMs)) {
      try {
        return attempt()
      } catch (error) {
        if (!isBusy(error) || Date.now() > end) throw error
      }
    }
  }
  return {
    /** At once where nothing waits and nobody else writes. */
    async add<T>(attempt: () => T): Promise<T> {
      try {
        if (!last) return attempt()
      } catch (error) {
        if (!isBusy(error)) throw error
      }
      const mine = patiently(last ?? Promise.resolve(), attempt)
      const ended = mine.then(
        () => undefined,
        () => undefined, // told to who called
      )
      last = ended
      void ended.then(() => {
        if (last === ended) last = undefined
      })
      return mine
    },
    /** Undefined: nothing waits. */
    waiting: () => last,
  }
}

/** Opened when it is first used, and again when the file under its name has become another: a cache may be emptied. */
export function openDatabase(cacheFolder: string, onTrouble: OnTrouble = () => undefined): Database {
  const path = join(cacheFolder, databaseName)
  let now: Opened | undefined
  let isClosed = false
  const queue = createQueue()
  const leave = (): void => {
    if (now?.file !== undefined) settle(now.connection)
    now?.connection.close()
    now = undefined
  }
  function connected(): Connection {
    if (now?.connection.inTransaction) return now.connection
    if (now?.file !== undefined && now.file !== fileAt(path)) leave()
    if (isClosed) throw fault('internal', 'The database has been closed.')
    return (now ??= opened(path, onTrouble)).connection
  }
  /** Once more where the file turns out to be damaged. */
  function tried<T>(work: (connection: Connection) => T): T {
    const connection = connected()
    try {
      return work(connection)
    } catch (error) {
      if (connection.inTransaction) throw error // as it is, for who ends the transaction
      if (!isDamaged(error)) throw asSystemError(error)
    }
    leave()
    try {
      return work(connected())
    } catch (error) {
      throw asSystemError(error)
    }
  }

  return {
    rows: (row, sql, ...values) =>
      tried((connection) => connection.prepare(sql).all(...values)).flatMap((one) => {
        const parsed = row.safeParse(one)
        return parsed.success ? [parsed.data] : []
      }),
    run: (sql, ...values) => void tried((connection) => connection.prepare(sql).run(...values)),
    together: (work) =>
      now?.connection.inTransaction
        ? Promise.resolve(work())
        : queue.add(() => tried((connection) => transaction(connection, work))),
    isShared: () => connected() !== undefined && now?.file !== undefined,
    async close() {
      const waiting = queue.waiting()
      if (waiting) await Promise.race([waiting, wait(busyMs, undefined, { ref: false })])
      isClosed = true
      leave()
    },
  }
}
