// One project in its file: written whole, with three rotating backups; loading takes the newest one that is whole. What another Heirloom
// wrote in a newer format is never touched, and what cannot be read is moved aside, never overwritten. What cannot be written into a
// person's own file is kept among Heirloom's data, and goes there with the next save that can be.
import { mkdir, readdir, rename, rm } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import { notWritable } from '../../ffmpeg/target.js'
import { type Failure, failing, toFailure } from '../../shared/contract/errors.js'
import type { SavedProject } from '../../shared/contract/project.js'
import { type Project, currentFormat } from '../../shared/document/document.js'
import { isDiskFull, isSystemError, systemReason } from '../../shared/words/systemReason.js'
import { inTurn, removeHalves, writeAtomic, writeOver } from '../access/files.js'
import { inOwn } from '../access/keeping.js'
import { lockWithin } from '../access/owners.js'
import { type Copy, clear, isMissing, moveAside, noRevision, readCopy, revisionOf } from './copies.js'
import type { Place } from './places.js'

export interface Loaded {
  /** null: nothing was ever saved. */
  project: Project | null
  revision: string
  notes: Failure[]
  /** Edits that were kept and do not belong to the file any more, because others have changed it since: a file of their own. */
  apart?: string
}

export interface OneProject {
  /**
   * The newest whole copy. Fails with `project-newer` when what would be opened is of a newer format, `project-corrupt` when no copy can
   * be read, `not-found` when a named one is gone.
   */
  load: () => Promise<Loaded>
  /**
   * Fails with `project-changed` when what is saved is not `revision`: somebody else saved meanwhile; and with `project-newer`. Either way
   * nothing is written.
   */
  save: (project: Project, revision: string) => Promise<SavedProject>
  /** Over whatever is there, which becomes a backup. Fails where it cannot be written, and with `project-newer`. */
  replace(project: Project): Promise<string>
  remove(): Promise<void>
}

/** Edits that could not be written. */
interface Kept {
  path: string
  /** Of the file when they were made. */
  base: string
  project: Project
  revision: string
}

/** A backup is taken at most this often: three of them should reach back further than three key strokes. */
const backupEveryMs = 60_000
/** The revision that they were made on is in the name. */
const keptName = /^kept-([0-9a-f]{16}|none)\.heirloom$/

const nameAndFolder = (path: string): { name: string; folder: string } => ({
  ...{ name: basename(path), folder: dirname(path) },
})

const newer = (path: string, format: number): Error =>
  failing('project-newer', 'projectNewer', { ...nameAndFolder(path), format, known: currentFormat })

const asideFailure = (path: string): Failure =>
  toFailure(failing('project-damaged', 'projectAside', nameAndFolder(path)))

async function findKept(folder: string | undefined): Promise<Kept | undefined> {
  for (const name of folder === undefined ? [] : await readdir(folder).catch(() => [])) {
    const [, base] = keptName.exec(name) ?? []
    if (folder === undefined || base === undefined) continue
    const path = join(folder, name)
    const copy = await readCopy(path)
    if (copy.state === 'whole') return { ...copy, path, base: base === 'none' ? noRevision : base }
  }
  return undefined
}

/** A file of Heirloom's, not of a person's own. */
const isOwn = ({ keptIn }: Place): boolean => keptIn === undefined

/** They are the newest: nobody has saved over what they were made on. */
const isStanding = ({ base }: Kept, file: Copy): boolean => file.state !== 'whole' || file.revision === base

/** Whether Heirloom has kept edits of the project that lies there. */
export const hasKept = async ({ keptIn }: Place): Promise<boolean> => (await findKept(keptIn)) !== undefined

/** Backups move on by one, and this text becomes the first. */
async function rotate(backups: readonly string[], text: string): Promise<void> {
  await clear(backups.at(-1) ?? '')
  for (let n = backups.length - 1; n > 0; n--)
    await rename(backups[n - 1] ?? '', backups[n] ?? '').catch((error: unknown) => {
      if (!isMissing(error)) throw error // fewer backups than places
    })
  await writeAtomic(backups[0] ?? '', text)
}

/** A person's own file that is gone, or cannot be read at all, is said as such: no backup takes its place unasked. */
async function checkReadable({ file, backups }: Place, found: Copy): Promise<void> {
  const values = nameAndFolder(file)
  if (found.state === 'none') throw failing('not-found', 'projectGone', values)
  if (found.state === 'unreadable') {
    const reason = systemReason(found.cause)
    throw failing('project-corrupt', 'projectNotRead', { ...values, reason }, { cause: found.cause })
  }
  if (found.state !== 'damaged') return
  for (const path of backups) if ((await readCopy(path)).state === 'whole') return
  throw failing('project-corrupt', 'projectUnreadable', values)
}

/** A backup takes the place of a person's own file that was moved aside: there is a project under its name again, whether it is edited or not. */
const putBack = async (place: Place, text: string): Promise<boolean> =>
  !isOwn(place) &&
  writeOver(place.file, text).then(
    () => true,
    () => false, // it is there with the next save that can be written
  )

async function loadNewest(place: Place): Promise<Loaded> {
  const { file, backups } = place
  const notes: Failure[] = []
  let [isUnreadable, isFree] = [false, false]
  for (const path of [file, ...backups]) {
    const copy = await readCopy(path)
    if (copy.state === 'newer') throw newer(path, copy.format)
    if (path === file && place.keptIn !== undefined) await checkReadable(place, copy)
    if (copy.state === 'whole') {
      const isThere = path === file || (isFree && (await putBack(place, copy.text)))
      return { project: copy.project, revision: isThere ? copy.revision : noRevision, notes }
    }
    isUnreadable ||= copy.state === 'unreadable'
    if (copy.state !== 'damaged') continue
    const aside = await moveAside(path).catch(() => undefined) // a full or read-only disk: it is moved before anything is written
    isFree ||= path === file && aside !== undefined
    notes.push(asideFailure(aside ?? path))
  }
  if (notes.length === 0 && !isUnreadable) return { project: null, revision: noRevision, notes }
  throw failing('project-corrupt', 'projectCorrupt', { folder: dirname(file) }, { detail: { file, backups } })
}

/** Why the file was not written, and where what was saved is now. */
function keptFailure(file: string, cause: unknown): Failure {
  const values = { ...nameAndFolder(file), reason: systemReason(cause) }
  return toFailure(
    failing(isDiskFull(cause) ? 'disk-full' : 'project-kept', 'projectKept', values, { cause }),
  )
}

/** What writes one project into its file. */
interface Writer {
  place: Place
  now: () => number
  /** When the last backup was taken; -Infinity: never. */
  backedUpMs: number
}

async function takeBackup(writer: Writer, text: string): Promise<void> {
  if (writer.now() - writer.backedUpMs < backupEveryMs) return
  writer.backedUpMs = writer.now()
  await removeHalves(writer.place.file).catch(() => undefined) // a folder that may not be listed
  await rotate(writer.place.backups, text).catch((error: unknown) => {
    if (isOwn(writer.place)) throw error // of a person's own file it is a second line: without it the file is still written
  })
}

async function write(writer: Writer, current: Copy, text: string): Promise<void> {
  const { place } = writer
  if (current.state === 'unreadable' && !isOwn(place)) throw current.cause
  if (current.state === 'damaged' || current.state === 'unreadable') await moveAside(place.file)
  else if (current.state === 'whole') await takeBackup(writer, current.text)
  await (isOwn(place) ? writeAtomic(place.file, text) : writeOver(place.file, text))
}

async function load(place: Place): Promise<Loaded> {
  const { file, keptIn } = place
  await removeHalves(file).catch(() => undefined) // a folder that cannot be written, or is away
  const found = await readCopy(file)
  const kept = found.state === 'newer' ? undefined : await findKept(keptIn)
  if (!kept) return loadNewest(place)
  if (!isStanding(kept, found)) return { ...(await loadNewest(place)), apart: kept.path }
  const note = toFailure(failing('project-kept', 'projectKeptOpened', nameAndFolder(file)))
  return { project: kept.project, revision: kept.revision, notes: [note] }
}

/** What is saved now; undefined: a person's own file is not there, whatever was. */
function revisionIn(place: Place, current: Copy, kept: Kept | undefined): string | undefined {
  if (kept) return kept.revision
  if (current.state === 'whole') return current.revision
  return isOwn(place) || current.state === 'damaged' ? noRevision : undefined
}

async function keep(keptIn: string, text: string, base: string): Promise<void> {
  const path = join(keptIn, `kept-${base === noRevision ? 'none' : base}.heirloom`)
  await inOwn('data', keptIn, () => writeAtomic(path, text))
}

async function save(writer: Writer, project: Project, revision: string): Promise<SavedProject> {
  const { file, keptIn } = writer.place
  const current = await readCopy(file)
  if (current.state === 'newer') throw newer(file, current.format)
  const found = await findKept(keptIn)
  const kept = found && isStanding(found, current) ? found : undefined
  if ((revisionIn(writer.place, current, kept) ?? revision) !== revision)
    throw failing('project-changed', 'projectChanged')
  const text = JSON.stringify(project)
  const saved = { revision: revisionOf(text) }
  if (keptIn === undefined) {
    await inOwn('data', dirname(file), () => write(writer, current, text))
    return saved
  }
  try {
    await write(writer, current, text)
  } catch (cause) {
    if (!isSystemError(cause)) throw cause
    await keep(keptIn, text, kept?.base ?? revision)
    return { ...saved, kept: keptFailure(file, cause) }
  }
  if (kept) await rm(kept.path, { force: true })
  return saved
}

async function replace(writer: Writer, project: Project): Promise<string> {
  const { file, backups } = writer.place
  const current = await readCopy(file)
  if (current.state === 'newer') throw newer(file, current.format)
  const text = JSON.stringify(project)
  await write(writer, current, text).catch((cause: unknown) => {
    throw isSystemError(cause) ? notWritable(file, cause) : cause
  })
  // So that its films are known to be in use even while its drive is away.
  await rotate(backups, text).catch(() => undefined) // a second line
  writer.backedUpMs = writer.now()
  return revisionOf(text)
}

async function remove({ file, backups }: Place): Promise<void> {
  for (const path of [file, ...backups]) await rm(path, { force: true })
}

const lockMs = 5000

/** Of several processes one after the other: what was compared is still so when it is written. One that stands still is not waited for. */
async function alone<T>({ file, keptIn = dirname(file) }: Place, work: () => Promise<T>): Promise<T> {
  const lock = join(keptIn, `${basename(file)}.saving`)
  const release = await mkdir(keptIn, { recursive: true, mode: 0o700 })
    .then(() => lockWithin(lock, lockMs))
    .catch(() => undefined) // a disk that takes nothing more may still take the project
  try {
    return await work()
  } finally {
    await release?.().catch(() => undefined)
  }
}

export function createProjectFile(place: Place, now: () => number = Date.now): OneProject {
  const writer: Writer = { place, now, backedUpMs: -Infinity }
  const turn = inTurn()
  return {
    load: () => turn(() => load(place)),
    save: (project, revision) => turn(() => alone(place, () => save(writer, project, revision))),
    replace: (project) => turn(() => alone(place, () => replace(writer, project))),
    remove: () => turn(() => remove(place)),
  }
}
