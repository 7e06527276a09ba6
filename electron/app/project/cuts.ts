// A film's cuts as a file for other editors: what is known of its videos is asked of those that are open; the text is made in
// shared/interchange, and written as every result is: never over a video, never over anything unasked, whole or not at all.
import { writeFile } from 'node:fs/promises'
import { basename, extname } from 'node:path'
import { checkTarget, writePlaced } from '../../ffmpeg/target.js'
import { failing } from '../../shared/contract/errors.js'
import type { Project } from '../../shared/document/document.js'
import { settle } from '../../shared/document/edits/media.js'
import { timesByTable } from '../../shared/document/frames.js'
import type { Media as DocumentMedia, MediaId } from '../../shared/document/media.js'
import { type Found, cutFilmOf } from '../../shared/interchange/film.js'
import { type CutFormat, cutFormatOf, cutsText } from '../../shared/interchange/formats.js'
import { notesOfCuts } from '../../shared/interchange/notes.js'
import type { FrameTable, Source, SourceId } from '../../shared/media/source.js'
import type { Message } from '../../shared/words/sentences.js'
import { severalAtOnce } from '../access/files.js'
import { realPath } from '../access/grants.js'

/** Of a media of the document; undefined: its file is not there. */
export type FindMedia = (media: DocumentMedia) => Promise<Found | undefined>

/** Those that are open, by the names that they have in the document. */
export const openMedia =
  (media: { source(id: SourceId): Promise<Source>; table(id: SourceId): Promise<FrameTable> }): FindMedia =>
  async ({ id }) => {
    try {
      return { source: await media.source(id), table: await media.table(id) }
    } catch {
      return undefined // it is told as missing
    }
  }

/** The document with the times of what was found, and its film. Fails with `empty-range` where it holds no clip. */
async function filmOf(document: Project, name: string, find: FindMedia) {
  const found = new Map<MediaId, Found>()
  await severalAtOnce(document.media, async (media) => {
    const one = await find(media)
    if (one) found.set(media.id, one)
  })
  let settled = document
  for (const [id, { table }] of found) settled = settle(id, timesByTable(table))(settled)
  const film = cutFilmOf(settled, found, name)
  if (film.cuts.length === 0) throw failing('empty-range', 'filmEmpty')
  return { film, settled }
}

export async function cutNotes(document: Project, format: CutFormat, find: FindMedia): Promise<Message[]> {
  const { film, settled } = await filmOf(document, '', find)
  return notesOfCuts(format, film, settled)
}

export interface CutsOutput {
  format: CutFormat
  path: string
  mayOverwrite: boolean
}

/** `sources`: files that are never written to. Answers what does not go along. */
export async function saveCuts(
  document: Project,
  { format, path, mayOverwrite }: CutsOutput,
  sources: readonly string[],
  find: FindMedia,
): Promise<Message[]> {
  if (cutFormatOf(path) !== format) throw failing('bad-argument', 'cutsFormat', { name: basename(path) })
  const real = await realPath(path)
  await checkTarget(real, sources, mayOverwrite)
  const { film, settled } = await filmOf(document, basename(path, extname(path)), find)
  await writePlaced(real, mayOverwrite, (part) => writeFile(part, cutsText(format, film), { flag: 'wx' }))
  return notesOfCuts(format, film, settled)
}
