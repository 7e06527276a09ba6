// The database of the cache under what happens to it: several processes, a kill in the middle of writing, damage, a full disk, a folder that goes.
import { type ChildProcess, spawn, spawnSync } from 'node:child_process'
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  rmSync,
  statSync,
  truncateSync,
  utimesSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { build } from 'esbuild'
import Libsql from 'libsql'
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'
import { z } from 'zod'
import { type Database, openDatabase } from '../../../electron/app/access/database.js'
import { databaseName } from '../../../electron/app/access/tables.js'
import { root } from '../../engine/bundle.js'
import { folder } from '../folder.js'

const writer = join(root, 'out', 'test', `writer-${process.pid}.js`)
beforeAll(async () => {
  await build({
    ...{
      entryPoints: [join(import.meta.dirname, 'writer.ts')],
      outfile: writer,
      bundle: true,
      platform: 'node',
    },
    ...{ format: 'esm', target: 'node20', external: ['libsql'], logLevel: 'error' },
  })
})
afterAll(() => rmSync(writer, { force: true }))

const living: ChildProcess[] = []
afterEach(() => living.splice(0).forEach((child) => child.kill('SIGKILL')))

/** Resolves when it has written so many pairs. */
function write(
  at: string,
  name: string,
  pairs: number,
): Promise<{ child: ChildProcess; complaints: () => string }> {
  const child = spawn(process.execPath, [writer, at, name])
  living.push(child)
  let [text, complaints] = ['', '']
  child.stderr.setEncoding('utf8').on('data', (more: string) => (complaints += more))
  return new Promise((resolve, reject) => {
    child.on('exit', () => reject(new Error(complaints)))
    child.stdout.setEncoding('utf8').on('data', (more: string) => {
      text = (text + more).slice(-100)
      if (Number(text.trim().split('\n').at(-1)) >= pairs) resolve({ child, complaints: () => complaints })
    })
  })
}

const Key = z.object({ key: z.string() })
const keysOf = (database: Database, kind: string): string[] =>
  database.rows(Key, 'SELECT key FROM results WHERE kind = ? ORDER BY key', kind).map(({ key }) => key)
const add = (database: Database, key: string): void =>
  database.run(
    "INSERT INTO results (kind, key, unit, bytes, frames, checksum, lost, usedMs) VALUES ('a', ?, '{}', 0, 0, '', '', 0)",
    key,
  )
const troubles = (): { told: string[]; onTrouble: (sentence: string) => void } => {
  const told: string[] = []
  return { told, onTrouble: (sentence) => void told.push(sentence) }
}
const opened: Database[] = []
function open(at: string, onTrouble?: (sentence: string) => void): Database {
  const database = openDatabase(at, onTrouble)
  opened.push(database)
  return database
}
afterEach(() => Promise.all(opened.splice(0).map((database) => database.close())))

test('several processes that begin at once all write, and one that is killed in the middle leaves whole pairs', async () => {
  const at = folder()
  const writers = await Promise.all(['one', 'two', 'three'].map((name) => write(at, name, 30)))
  for (const { child } of writers) child.kill('SIGKILL')
  await Promise.all(writers.map(({ child }) => new Promise((resolve) => child.on('close', resolve))))
  expect(writers.map(({ complaints }) => complaints())).toEqual(['', '', ''])
  const database = open(at)
  const keys = keysOf(database, 'a')
  expect(keysOf(database, 'b')).toEqual(keys)
  for (const name of ['one', 'two', 'three'])
    expect(keys.filter((key) => key.startsWith(name)).length).toBeGreaterThanOrEqual(30)
  add(database, 'more')
  expect(keysOf(open(at), 'a')).toContain('more')
})

test.each([
  ['nonsense', (path: string) => writeFileSync(path, 'x'.repeat(10_000))],
  ['cut short', (path: string) => truncateSync(path, Math.floor(statSync(path).size / 2))],
  [
    'of other columns',
    (path: string) => {
      rmSync(path)
      const other = new Libsql(path)
      other.exec('CREATE TABLE results (kind TEXT, key TEXT)')
      other.close()
    },
  ],
  ['a text that is no database', (path: string) => writeFileSync(path, 'SQLite format 3')],
])('a file that is %s is moved aside, and the work goes on', async (_, damage) => {
  const at = folder()
  const first = open(at)
  await first.together(() => Array.from({ length: 2000 }, (__, i) => add(first, `key-${i}`)))
  await first.close()
  damage(join(at, databaseName))
  const { told, onTrouble } = troubles()
  const database = open(at, onTrouble)
  add(database, 'new')
  expect(keysOf(database, 'a')).toContain('new')
  expect(told).toEqual([expect.stringContaining('damaged')])
  expect(readdirSync(at).filter((name) => /\.damaged-[0-9a-f]+$/.test(name))).toHaveLength(1)
  expect(existsSync(join(at, `${databaseName}.moving`))).toBe(false)
  expect(keysOf(open(at, onTrouble), 'a')).toContain('new')
  expect(told).toHaveLength(1)
})

test('a damaged file that nobody can move, or that another clock holds, is waited for no longer than moving takes', async () => {
  const at = folder()
  writeFileSync(join(at, databaseName), 'no database at all, but a text of some length')
  const lock = join(at, `${databaseName}.moving`)
  mkdirSync(lock)
  const later = new Date(Date.now() + 24 * 3600 * 1000)
  utimesSync(lock, later, later)
  const database = openDatabase(at)
  expect(database.rows(z.object({ n: z.number() }), 'SELECT 1 AS n')).toEqual([{ n: 1 }])
  expect(existsSync(lock)).toBe(false)
  await database.close()
})

test('what a damaged file still gives is taken over', async () => {
  const at = folder()
  const first = open(at)
  await first.together(() => Array.from({ length: 2000 }, (_, i) => add(first, `key-${i}`)))
  await first.close()
  const path = join(at, databaseName)
  const bytes = readFileSync(path)
  bytes.fill(0x5a, bytes.length - 8192, bytes.length - 4096) // a page of its rows
  writeFileSync(path, bytes)
  const { told, onTrouble } = troubles()
  const kept = keysOf(open(at, onTrouble), 'a')
  expect(told).toHaveLength(1)
  expect(kept.length).toBeGreaterThan(100)
  expect(kept.length).toBeLessThan(2000)
})

test('where it cannot be kept it lasts until the end, and that is said', () => {
  const at = folder()
  writeFileSync(join(at, 'file'), '')
  const { told, onTrouble } = troubles()
  const database = open(join(at, 'file', 'cache'), onTrouble)
  add(database, 'one')
  expect(keysOf(database, 'a')).toEqual(['one'])
  expect(told).toEqual([expect.stringContaining('cannot be kept')])
})

test.skipIf(process.getuid?.() === 0 || process.platform === 'win32')(
  'so where it may only be read',
  async () => {
    const at = folder()
    const first = open(at)
    add(first, 'one')
    await first.close()
    chmodSync(join(at, databaseName), 0o400)
    chmodSync(at, 0o500)
    const { told, onTrouble } = troubles()
    add(open(at, onTrouble), 'two')
    expect(told).toHaveLength(1)
    chmodSync(at, 0o700)
  },
)

const disk = mkdtempSync(join(tmpdir(), 'heirloom-disk-'))
const canMount = spawnSync('mount', ['-t', 'tmpfs', '-o', 'size=600k', 'tmpfs', disk]).status === 0
afterAll(() => {
  if (canMount) spawnSync('umount', ['-l', disk])
  rmSync(disk, { recursive: true, force: true })
})
test.skipIf(!canMount)('a disk that becomes full is told as that, and what was written stays', async () => {
  const database = open(disk)
  add(database, 'first')
  const fill = (): void => {
    for (let i = 0; ; i++) add(database, `${i}-${'x'.repeat(2000)}`)
  }
  expect(fill).toThrow(expect.objectContaining({ code: 'ENOSPC' }) as Error)
  expect(keysOf(database, 'a')).toContain('first')
  await database.close()
  expect(keysOf(open(disk), 'a')).toContain('first')
})

test('a cache that is emptied while it is open begins anew', () => {
  const at = folder()
  const database = open(join(at, 'cache'))
  add(database, 'old')
  rmSync(join(at, 'cache'), { recursive: true })
  add(database, 'new')
  expect(keysOf(database, 'a')).toEqual(['new'])
  expect(keysOf(open(join(at, 'cache')), 'a')).toEqual(['new'])
})

test('where the cache becomes something else while it is open the list lasts as long as the process', () => {
  const at = folder()
  const { told, onTrouble } = troubles()
  const database = open(join(at, 'cache'), onTrouble)
  add(database, 'old')
  rmSync(join(at, 'cache'), { recursive: true })
  writeFileSync(join(at, 'cache'), 'no folder')
  add(database, 'new')
  expect(keysOf(database, 'a')).toEqual(['new'])
  expect(told).toEqual([expect.stringContaining('lasts until Heirloom ends')])
})

test('what fails in the middle leaves nothing behind, and a closed one makes no file', async () => {
  const at = folder()
  const database = open(at)
  const fail = database.together(() => {
    add(database, 'half')
    throw new Error('no')
  })
  await expect(fail).rejects.toThrow('no')
  expect(keysOf(database, 'a')).toEqual([])
  await database.close()
  rmSync(at, { recursive: true })
  expect(() => add(database, 'late')).toThrow('closed')
  expect(existsSync(at)).toBe(false)
})

/** Another process that stands still in the middle of writing, until it is let go on. */
function writing(at: string): () => void {
  const other = new Libsql(join(at, databaseName))
  other.exec('BEGIN IMMEDIATE')
  return () => {
    other.exec('COMMIT')
    other.close()
  }
}

test('while another process writes nothing stands still: writes wait in their order, reads do not', async () => {
  const at = folder()
  const database = open(at)
  add(database, 'before')
  const goOn = writing(at)
  const done: string[] = []
  const write = (key: string): Promise<void> =>
    database.together(() => add(database, key)).then(() => void done.push(key))
  const writes = ['one', 'two', 'three'].map(write)
  const part = database.together(() => {
    void database.together(() => add(database, 'inside'))
    return keysOf(database, 'a')
  })
  expect(keysOf(database, 'a')).toEqual(['before']) // here this process goes on
  await new Promise((resolve) => setTimeout(resolve, 1))
  expect(done).toEqual([])
  goOn()
  await Promise.all(writes)
  expect(done).toEqual(['one', 'two', 'three'])
  expect(await part).toEqual(['before', 'inside', 'one', 'three', 'two'])
})

test('what waits for another process when Heirloom ends is written then', async () => {
  const at = folder()
  const database = openDatabase(at)
  add(database, 'before')
  const goOn = writing(at)
  const late = database.together(() => add(database, 'late'))
  const closed = database.close()
  goOn()
  await Promise.all([late, closed])
  expect(keysOf(open(at), 'a')).toEqual(['before', 'late'])
  expect(() => add(database, 'too late')).toThrow('closed')
})
