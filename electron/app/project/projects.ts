// Autosave of the project document: atomic, with three rotating backups; loading takes the newest one that is whole.
import { rename, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { readText } from '../../ffmpeg/openFile.js'
import { failing } from '../../shared/contract/errors.js'
import { type Project, SavedProject } from '../../shared/document/project.js'
import { inTurn, writeAtomic } from '../access/files.js'
import { inOwn } from '../access/keeping.js'

export interface Projects {
  /** The newest valid copy; null when nothing was ever saved; `project-corrupt` when no copy can be read. */
  load(): Promise<Project | null>
  save(project: Project): Promise<void>
}

const backups = 3
/** A backup is taken at most this often: three of them should reach back further than three key strokes. */
const backupEveryMs = 60_000

/** undefined: not there; null: there but not a project. */
async function read(path: string): Promise<Project | null | undefined> {
  let text: string
  try {
    text = await readText(path)
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'ENOENT' ? undefined : null
  }
  try {
    return SavedProject.parse(JSON.parse(text))
  } catch {
    return null // half a file: the next copy is tried
  }
}

const copiesIn = (dataFolder: string): string[] => {
  const file = join(dataFolder, 'autosave.json')
  return [file, ...Array.from({ length: backups }, (_, i) => `${file}.${i + 1}`)]
}

/** The files that the saved project or one of its backups is made of. */
export async function sourcesOfSaved(dataFolder: string): Promise<Set<string>> {
  const saved = await Promise.all(copiesIn(dataFolder).map(read))
  return new Set(saved.flatMap((project) => project?.sources.map(({ path }) => path) ?? []))
}

export function createProjects(dataFolder: string, now: () => number = Date.now): Projects {
  const copies = copiesIn(dataFolder)
  const [file = ''] = copies
  const backup = (n: number): string => copies[n] ?? ''
  const turn = inTurn()
  let backedUpMs = -Infinity

  /** The current file becomes backup 1, 1 becomes 2, 2 becomes 3. A file that is not valid is never kept as a backup. */
  async function rotate(): Promise<void> {
    if (!(await read(file))) return
    backedUpMs = now()
    await rm(backup(backups), { force: true })
    for (let n = backups; n > 0; n--)
      await rename(n === 1 ? file : backup(n - 1), backup(n)).catch((error: unknown) => {
        if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error // fewer backups than places
      })
  }

  return {
    load: () =>
      turn(async () => {
        let isDamaged = false
        for (const path of copies) {
          const project = await read(path)
          if (project) return project
          isDamaged ||= project === null
        }
        if (!isDamaged) return null
        throw failing('project-corrupt', 'projectCorrupt', { folder: dataFolder }, { detail: { copies } })
      }),
    save: (project) =>
      turn(async () => {
        if (now() - backedUpMs >= backupEveryMs) await inOwn('data', dataFolder, rotate)
        await inOwn('data', dataFolder, () => writeAtomic(file, JSON.stringify(project)))
      }),
  }
}
