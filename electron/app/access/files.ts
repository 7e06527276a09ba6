// JSON documents on disk: written beside their target and renamed, so that a crash leaves the old one whole.
import { chmod, mkdir, open, readdir, rename, rm, stat } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import type { z } from 'zod'
import { readText } from '../../ffmpeg/openFile.js'
import { isRunning } from './owners.js'

let serial = 0

/** What Heirloom keeps is its person's alone. A folder that was there already is shut only when it bears our name: it could be anybody's. */
export async function makePrivate(folder: string): Promise<void> {
  const made = await mkdir(folder, { recursive: true, mode: 0o700 })
  if (made === undefined && basename(folder).startsWith('heirloom'))
    await chmod(folder, 0o700).catch(() => undefined) // another user's, or a file system without rights
}

/** The rename is the moment the file changes; the flush before it keeps a power cut from leaving an empty file under the name. */
async function writeBeside(path: string, text: string, mode: number): Promise<void> {
  const beside = `${path}.${process.pid}.${serial++}.tmp`
  try {
    await rm(beside, { recursive: true, force: true }) // of a process that had our number
    const file = await open(beside, 'wx', mode)
    try {
      await file.writeFile(text)
      await file.sync()
    } finally {
      await file.close()
    }
    await rename(beside, path)
  } catch (error) {
    await rm(beside, { force: true }).catch(() => undefined) // what went wrong before is what is told
    throw error
  }
}

const hourMs = 3600 * 1000
/** Another computer may be writing into a shared folder: nothing here knows its processes, but it writes for moments only. */
const writingMs = 10_000

/** Halves of this file that were left by processes which were killed while they wrote it. */
export async function removeHalves(path: string, now = Date.now()): Promise<void> {
  for (const name of await readdir(dirname(path))) {
    if (!name.startsWith(basename(path))) continue
    const [, pid] = /^\.(\d+)\.\d+\.tmp$/.exec(name.slice(basename(path).length)) ?? []
    if (pid === undefined) continue
    const half = join(dirname(path), name)
    const found = await stat(half).catch(() => undefined) // another was quicker
    const oldest = isRunning(Number(pid)) ? hourMs : writingMs // the number may be another process's by now
    if (found && now - found.mtimeMs > oldest) await rm(half, { force: true })
  }
}

/** Among what is Heirloom's own. */
export async function writeAtomic(path: string, text: string): Promise<void> {
  await mkdir(dirname(path), { recursive: true, mode: 0o700 })
  await writeBeside(path, text, 0o600)
}

/** In a person's folder, which is not made anew when it is gone: a drive may be away. A file that was there keeps its rights. */
export async function writeOver(path: string, text: string): Promise<void> {
  const mode = await stat(path).then(
    (found) => found.mode & 0o777,
    () => 0o666, // a new one: as the person's other files
  )
  await writeBeside(path, text, mode)
}

/** The document, or undefined when it is not there or not what `schema` says. */
export async function readJson<T>(path: string, schema: z.ZodType<T>): Promise<T | undefined> {
  try {
    const parsed = schema.safeParse(JSON.parse(await readText(path)))
    return parsed.success ? parsed.data : undefined
  } catch {
    return undefined // missing, unreadable or not JSON: the caller has a default
  }
}

/** So many are opened or looked at together: of all of a long list at once the system would have too few. */
const several = 16

/** What becomes of each of a list, in its order. */
export async function severalAtOnce<T, R>(list: readonly T[], work: (one: T) => Promise<R>): Promise<R[]> {
  const done: R[] = []
  const left = list.entries()
  const worker = async (): Promise<void> => {
    for (const [n, one] of left) done[n] = await work(one)
  }
  await Promise.all(Array.from({ length: Math.min(several, list.length) }, worker))
  return done
}

/** One function after the other, in the order of the calls; a failure does not stop the later ones. */
export function inTurn(): <T>(work: () => Promise<T>) => Promise<T> {
  let last: Promise<unknown> = Promise.resolve()
  return (work) => {
    const next = last.then(work, work)
    last = next.catch(() => undefined)
    return next
  }
}
