// Which process holds a file of the cache: locks that a killed process cannot keep, and records that outlive it, so that others can tidy up.
// Needs nothing of the file system but that a name can be made only once: no hard links, no advisory locks.
import { randomBytes } from 'node:crypto'
import { mkdir, open, readFile, readlink, rename, rm, stat, utimes } from 'node:fs/promises'
import { hostname } from 'node:os'
import { dirname } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { z } from 'zod'
import { readText } from '../../ffmpeg/openFile.js'

const Owner = z.object({
  pid: z.number().int().positive(),
  /** When this process began, as the system says it: a number that is given to another process later is no longer this one. */
  started: z.string().optional(),
  /** Machine, and the space in which its process numbers count. */
  host: z.string(),
})
export type Owner = z.infer<typeof Owner>

/** Boot and clock tick at which a process began; undefined where the system does not tell (not Linux), or it is gone. */
async function startOf(pid: number): Promise<string | undefined> {
  try {
    const text = await readFile(`/proc/${pid}/stat`, 'latin1')
    const fields = text.slice(text.lastIndexOf(')') + 2).split(' ') // the name before may hold anything
    const boot = await readFile('/proc/sys/kernel/random/boot_id', 'utf8')
    return `${boot.trim()} ${fields[19] ?? ''}`
  } catch {
    return undefined
  }
}

const hostOf = async (): Promise<string> =>
  `${hostname()} ${await readlink('/proc/self/ns/pid').catch(() => '')}`.trim()

let self: Promise<Owner> | undefined
const me = (): Promise<Owner> =>
  (self ??= Promise.all([startOf(process.pid), hostOf()]).then(([started, host]) => ({
    ...{ pid: process.pid, started, host },
  })))

export function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM' // somebody else's, but there
  }
}

const beatMs = 5000
/** A holder that has not moved for this long does not hold others up. */
const stillMs = 30_000
/** Where processes cannot be asked about (another machine), silence for this long is death. */
const deadMs = 120_000

/** Files whose time says that their owner lives. */
const held = new Set<string>()
let beat: NodeJS.Timeout | undefined
function keepAlive(path: string): void {
  held.add(path)
  beat ??= setInterval(() => {
    const now = new Date()
    for (const each of held) void utimes(each, now, now).catch(() => undefined) // gone: its owner will notice
  }, beatMs).unref()
}

async function isAlive(owner: Owner, ageMs: number): Promise<boolean> {
  const own = await me()
  if (owner.host !== own.host) return ageMs < deadMs
  if (!isRunning(owner.pid)) return false
  const started = await startOf(owner.pid)
  return started !== undefined && owner.started !== undefined
    ? started === owner.started
    : ageMs < deadMs || owner.pid === own.pid
}

export interface Held<T> {
  owner: Owner
  value: T
  /** Its process is there. */
  isAlive: boolean
  /** And has shown so lately: worth waiting for. */
  isActive: boolean
}

/** What another process (or this one) wrote with `hold`; undefined when it is gone or not such a file. */
export async function holder<T>(path: string, schema: z.ZodType<T>): Promise<Held<T> | undefined> {
  try {
    const ageMs = Date.now() - (await stat(path)).mtimeMs
    const parsed = z.object({ owner: Owner, value: schema }).safeParse(JSON.parse(await readText(path)))
    if (!parsed.success) return undefined
    const { owner, value } = parsed.data
    const alive = await isAlive(owner, ageMs)
    return { owner, value, isAlive: alive, isActive: alive && ageMs < stillMs }
  } catch {
    return undefined // gone meanwhile, or half written
  }
}

export type Release = () => Promise<void>

/** A new file that belongs to this process until it is released. Fails when there is one already. */
export async function hold(path: string, value: unknown): Promise<Release> {
  await mkdir(dirname(path), { recursive: true })
  const text = JSON.stringify({ owner: await me(), value })
  const file = await open(path, 'wx')
  try {
    await file.writeFile(text)
  } catch (error) {
    await rm(path, { force: true }) // an empty one would stand in the way
    throw error
  } finally {
    await file.close()
  }
  keepAlive(path)
  return async () => {
    held.delete(path)
    await rm(path, { force: true }).catch(() => undefined) // without a sign of life it is nobody's, wherever it has gone
  }
}

/** A file that its maker has not filled yet; older ones were left by a process that was killed at that moment. */
async function isJustMade(path: string): Promise<boolean> {
  const found = await stat(path).catch(() => undefined)
  return found !== undefined && Date.now() - found.mtimeMs < 5000
}

/**
 * The lock, or undefined while another process that lives has it. One whose process died, or has stood still for long, is taken over: it is
 * moved away under a name of our own first, which only one of several can do.
 */
export async function tryLock(path: string): Promise<Release | undefined> {
  for (let i = 0; i < 3; i++) {
    try {
      return await hold(path, null)
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error
    }
    const there = await holder(path, z.null())
    if (there?.isActive || (!there && (await isJustMade(path)))) return undefined
    const aside = `${path}.${process.pid}-${randomBytes(3).toString('hex')}.stale`
    await rename(path, aside).catch(() => undefined) // another was quicker
    const moved = await holder(aside, z.null())
    // Between looking and moving, another may have taken the lock over: then that was moved, and is put back.
    if (moved?.isActive) await rename(aside, path).catch(() => undefined)
    else await rm(aside, { force: true })
  }
  return undefined
}

const lookEveryMs = 50

/** Waits for the lock; undefined when it was not to be had in this time. */
export async function lockWithin(path: string, ms: number): Promise<Release | undefined> {
  for (const end = Date.now() + ms; ;) {
    const release = await tryLock(path)
    if (release || Date.now() > end) return release
    await wait(lookEveryMs)
  }
}
