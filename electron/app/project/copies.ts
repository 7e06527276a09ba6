// One file of a saved document as it lies on disk: whole, of a newer format, damaged. What is in the way is moved aside, never overwritten.
import { createHash } from 'node:crypto'
import { lstat, rename, rm, stat } from 'node:fs/promises'
import { readText } from '../../ffmpeg/openFile.js'
import type { Project } from '../../shared/document/document.js'
import { parseDocument } from '../../shared/document/formats/read.js'
import { codeOf } from '../../shared/words/systemReason.js'

export type Copy =
  | { state: 'none' | 'damaged' }
  | { state: 'unreadable'; cause: unknown }
  | { state: 'newer'; format: number }
  | { state: 'whole'; project: Project; text: string; revision: string }

/** No document that its own limits allow is longer. */
const mostBytes = 256 * 2 ** 20

/** What is saved when nothing is. */
export const noRevision = ''
export const revisionOf = (text: string): string =>
  createHash('sha256').update(text).digest('hex').slice(0, 16)

export const isMissing = (cause: unknown): boolean => codeOf(cause) === 'ENOENT'

export async function readCopy(path: string): Promise<Copy> {
  let text: string
  try {
    if ((await stat(path)).size > mostBytes) return { state: 'damaged' }
    text = await readText(path)
  } catch (cause) {
    return isMissing(cause) ? { state: 'none' } : { state: 'unreadable', cause }
  }
  const found = parseDocument(text)
  if (found.state === 'newer') return found
  if (found.state === 'damaged') return { state: 'damaged' } // half a file, or none of ours
  return { state: 'whole', project: found.project, text, revision: revisionOf(text) }
}

export const isThere = (path: string): Promise<boolean> =>
  lstat(path).then(
    () => true,
    () => false, // nothing there
  )

/** Under a name that is free: "autosave.json.damaged-1" and so on. */
export async function moveAside(path: string): Promise<string> {
  for (let n = 1; ; n++) {
    const aside = `${path}.damaged-${n}`
    if (await isThere(aside)) continue
    await rename(path, aside)
    return aside
  }
}

/** Out of the way of what is to be written there. */
export async function clear(path: string): Promise<void> {
  const { state } = await readCopy(path)
  if (state === 'whole') await rm(path)
  else if (state !== 'none') await moveAside(path) // of a newer format, too
}

/** The files that a document is made of. */
export const filesOf = (copy: Copy): string[] =>
  copy.state === 'whole' ? copy.project.media.map(({ locations }) => locations.absolute) : []
