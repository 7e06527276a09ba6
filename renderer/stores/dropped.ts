// What was dropped on the window: files as they are, and of folders the films in them.
import { failing } from '../../electron/shared/contract/errors.js'
import { byName, isFilmName } from '../../electron/shared/media/fileNames.js'
import { api, connection } from './host.js'
import { openFiles, openPaths } from './open.js'
import { notifyAbout } from './session.js'

interface Dropped {
  file: File
  /** Undefined: a file. */
  folder?: FileSystemDirectoryEntry
}

const isFolder = (entry: FileSystemEntry | null): entry is FileSystemDirectoryEntry =>
  entry?.isDirectory ?? false

/** Read while the drop is being handled: the browser takes it back afterwards. */
function droppedOf({ items, files }: DataTransfer): Dropped[] {
  const found = [...items].flatMap((item): Dropped[] => {
    const file = item.kind === 'file' ? item.getAsFile() : null
    const entry = file && item.webkitGetAsEntry()
    return file ? [{ file, folder: isFolder(entry) ? entry : undefined }] : []
  })
  return found.length > 0 ? found : [...files].map((file) => ({ file }))
}

/** A browser gives a folder's entries in pieces, the last of which is empty. */
async function entriesOf(folder: FileSystemDirectoryEntry): Promise<FileSystemEntry[]> {
  const reader = folder.createReader()
  const all: FileSystemEntry[] = []
  for (;;) {
    const piece = await new Promise<FileSystemEntry[]>((resolve, reject) =>
      reader.readEntries(resolve, reject),
    )
    if (piece.length === 0) return all.filter(({ name }) => !name.startsWith('.')).sort(byName)
    all.push(...piece)
  }
}

const fileOf = (entry: FileSystemFileEntry): Promise<File> =>
  new Promise((resolve, reject) => entry.file(resolve, reject))

async function filmsBelow(folder: FileSystemDirectoryEntry): Promise<File[]> {
  const entries = await entriesOf(folder)
  const films = entries.filter((entry) => entry.isFile && isFilmName(entry.name)) as FileSystemFileEntry[]
  const below = await Promise.all(films.map(fileOf))
  for (const entry of entries) if (isFolder(entry)) below.push(...(await filmsBelow(entry)))
  return below
}

/** Fails with a sentence when there are none, or the browser may not read it. */
async function filmsIn(folder: FileSystemDirectoryEntry): Promise<File[]> {
  const { name } = folder
  const films = await filmsBelow(folder).catch((cause: unknown) => {
    throw failing('source-unreadable', 'folderNotGiven', { name }, { cause })
  })
  if (films.length === 0) throw failing('not-found', 'folderNoFilms', { name })
  return films
}

/** Films that were dropped, by themselves or in folders, in the order of their names: which of them was marked first nobody tells. */
export async function openDropped(transfer: DataTransfer): Promise<void> {
  const host = connection()
  const files: File[] = []
  const paths: string[] = []
  const failures: unknown[] = []
  for (const { file, folder } of droppedOf(transfer).toSorted((a, b) => byName(a.file, b.file)))
    try {
      if (!folder) files.push(file)
      else if (host.pathForFile) paths.push(...(await api().sources.inFolder(host.pathForFile(file))))
      else files.push(...(await filmsIn(folder)))
    } catch (error) {
      failures.push(error)
    }
  const opening = Promise.all([openFiles(files), openPaths(paths)])
  failures.forEach(notifyAbout('opening'))
  await opening
}
