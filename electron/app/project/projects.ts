// The saved document: written whole, with three rotating backups; loading takes the newest one that is whole. What another Heirloom wrote in a
// newer format is never touched, and what cannot be read is moved aside, never overwritten.
import { createHash } from 'node:crypto'
import { lstat, rename, rm } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import { readText } from '../../ffmpeg/openFile.js'
import { type Failure, failing, toFailure } from '../../shared/contract/errors.js'
import type { LoadedProject } from '../../shared/contract/project.js'
import { type Project, currentFormat } from '../../shared/document/document.js'
import { parseDocument } from '../../shared/document/formats/read.js'
import { inTurn, writeAtomic } from '../access/files.js'
import { inOwn } from '../access/keeping.js'

export interface Projects {
  /**
   * The newest whole copy; no project when nothing was ever saved. Fails with `project-newer` when what would be opened is of a newer
   * format, `project-corrupt` when no copy can be read.
   */
  load(): Promise<LoadedProject>
  /**
   * Resolves to the new revision. Fails with `project-changed` when what is saved is not `revision`: somebody else saved meanwhile;
   * and with `project-newer`. Either way nothing is written.
   */
  save(project: Project, revision: string): Promise<string>
  /** The files that the newest whole copy is made of. */
  sources(): Promise<string[]>
}

type Copy =
  | { state: 'none' | 'damaged' | 'unreadable' }
  | { state: 'newer'; format: number }
  | { state: 'whole'; project: Project; revision: string }

const backups = 3
/** A backup is taken at most this often: three of them should reach back further than three key strokes. */
const backupEveryMs = 60_000

/** What is saved when nothing is. */
export const noRevision = ''
const revisionOf = (text: string): string => createHash('sha256').update(text).digest('hex').slice(0, 16)

async function read(path: string): Promise<Copy> {
  let text: string
  try {
    text = await readText(path)
  } catch (error) {
    return { state: (error as NodeJS.ErrnoException).code === 'ENOENT' ? 'none' : 'unreadable' }
  }
  const found = parseDocument(text)
  if (found.state === 'newer') return found
  if (found.state === 'damaged') return { state: 'damaged' } // half a file, or none of ours
  return { state: 'whole', project: found.project, revision: revisionOf(text) }
}

const copiesIn = (dataFolder: string): string[] => {
  const file = join(dataFolder, 'autosave.json')
  return [file, ...Array.from({ length: backups }, (_, i) => `${file}.${i + 1}`)]
}

const filesOf = (copy: Copy): string[] =>
  copy.state === 'whole' ? copy.project.media.map(({ locations }) => locations.absolute) : []

/** The files that the saved project or one of its backups is made of. */
export async function sourcesOfSaved(dataFolder: string): Promise<Set<string>> {
  const saved = await Promise.all(copiesIn(dataFolder).map(read))
  return new Set(saved.flatMap(filesOf))
}

/** Of copies, the newest first. */
async function sourcesOfNewest(copies: readonly string[]): Promise<string[]> {
  for (const path of copies) {
    const copy = await read(path)
    if (copy.state === 'whole') return filesOf(copy)
  }
  return []
}

/** Under a name that is free: "autosave.json.damaged-1" and so on. */
async function moveAside(path: string): Promise<string> {
  for (let n = 1; ; n++) {
    const aside = `${path}.damaged-${n}`
    const isFree = await lstat(aside).then(
      () => false,
      () => true, // nothing there
    )
    if (!isFree) continue
    await rename(path, aside)
    return aside
  }
}

/** Out of the way of what is to be written there. */
async function clear(path: string): Promise<void> {
  const { state } = await read(path)
  if (state === 'whole') await rm(path)
  else if (state !== 'none') await moveAside(path) // of a newer format, too
}

const asideFailure = (path: string): Failure =>
  toFailure(failing('project-damaged', 'projectAside', { name: basename(path), folder: dirname(path) }))

export function createProjects(dataFolder: string, now: () => number = Date.now): Projects {
  const copies = copiesIn(dataFolder)
  const [file = ''] = copies
  const turn = inTurn()
  let backedUpMs = -Infinity

  const newer = (path: string, format: number): Error =>
    failing('project-newer', 'projectNewer', { path, format, known: currentFormat })

  /** The current file becomes backup 1, 1 becomes 2, 2 becomes 3. */
  async function rotate(): Promise<void> {
    backedUpMs = now()
    await clear(copies[backups] ?? '')
    for (let n = backups; n > 0; n--)
      await rename(copies[n - 1] ?? '', copies[n] ?? '').catch((error: unknown) => {
        if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error // fewer backups than places
      })
  }

  async function load(): Promise<LoadedProject> {
    const notes: Failure[] = []
    let isUnreadable = false
    for (const path of copies) {
      const copy = await read(path)
      if (copy.state === 'newer') throw newer(path, copy.format)
      if (copy.state === 'whole') {
        const revision = path === file ? copy.revision : noRevision
        return { project: copy.project, revision, notes }
      }
      isUnreadable ||= copy.state === 'unreadable'
      if (copy.state !== 'damaged') continue
      const aside = await moveAside(path).catch(() => path) // a full or read-only disk: it is moved before anything is written
      notes.push(asideFailure(aside))
    }
    if (notes.length === 0 && !isUnreadable) return { project: null, revision: noRevision, notes }
    throw failing('project-corrupt', 'projectCorrupt', { folder: dataFolder }, { detail: { copies } })
  }

  async function save(project: Project, revision: string): Promise<string> {
    const current = await read(file)
    if (current.state === 'newer') throw newer(file, current.format)
    if ((current.state === 'whole' ? current.revision : noRevision) !== revision)
      throw failing('project-changed', 'projectChanged')
    const text = JSON.stringify(project)
    await inOwn('data', dataFolder, async () => {
      if (current.state === 'damaged' || current.state === 'unreadable') await moveAside(file)
      else if (current.state === 'whole' && now() - backedUpMs >= backupEveryMs) await rotate()
      await writeAtomic(file, text)
    })
    return revisionOf(text)
  }

  return {
    sources: () => turn(() => sourcesOfNewest(copies)),
    load: () => turn(load),
    save: (project, revision) => turn(() => save(project, revision)),
  }
}
