// The edit lists of MP4 and QuickTime files: which pieces of a track's media are played, in which order. ffmpeg plays them only to
// whole packets of sound; with this list they are cut to the sample from the media itself (`-ignore_editlist`).
import { Box, boxes, down, readIndex, scaleIn } from './boxes.js'

/** A piece of the film's time, in seconds from its beginning; `media` is where its sound begins on the track's own clock. */
export interface Edit {
  from: number
  to: number
  media: number
}

/** The entries of `elst` as [duration in the movie's ticks, media time in the track's or -1]. */
function entriesIn(data: Buffer, { start, end }: Box): [duration: number, media: number][] {
  if (start + 8 > end) return []
  const isLong = data[start] === 1
  const size = isLong ? 20 : 12
  const count = Math.min(data.readUInt32BE(start + 4), Math.floor((end - start - 8) / size))
  return Array.from({ length: count }, (_, i) => {
    const at = start + 8 + i * size
    return isLong
      ? [Number(data.readBigUInt64BE(at)), Number(data.readBigInt64BE(at + 8))]
      : [data.readUInt32BE(at), data.readInt32BE(at + 4)]
  })
}

/** The pieces of one track; those that continue each other are one. Empty where a list makes no sense. */
function editsOf(data: Buffer, track: Box, movieScale: number): Edit[] {
  const list = down(data, track, 'edts', 'elst')
  const mediaScale = scaleIn(data, down(data, track, 'mdia', 'mdhd'))
  if (!list || mediaScale === undefined) return []
  const edits: Edit[] = []
  let ticks = 0
  for (const [duration, media] of entriesIn(data, list)) {
    const from = ticks / movieScale
    ticks += duration
    if (media < 0) continue
    if (duration === 0) return [] // to the end of a file that is written in fragments
    const edit = { from, to: ticks / movieScale, media: media / mediaScale }
    const last = edits.at(-1)
    const goesOn =
      last && last.to === from && Math.abs(edit.media - last.media - (last.to - last.from)) < 1 / movieScale
    if (last && goesOn) last.to = edit.to
    else edits.push(edit)
  }
  return edits
}

/** By track, in the file's order: its pieces, where it is played in more than one. */
export async function editLists(path: string, container: string): Promise<(readonly Edit[] | undefined)[]> {
  if (!/\bmov\b/.test(container)) return []
  const data = await readIndex(path)
  if (!data) return []
  const whole = { start: 0, end: data.length }
  const movieScale = scaleIn(data, down(data, whole, 'mvhd'))
  if (movieScale === undefined || down(data, whole, 'mvex')) return []
  return boxes(data)
    .filter(({ type }) => type === 'trak')
    .map((track) => editsOf(data, track, movieScale))
    .map((edits) => (edits.length > 1 ? edits : undefined))
}

/** Whether some track is played in several pieces. */
export const isInPieces = async (path: string, container: string): Promise<boolean> =>
  (await editLists(path, container)).some((edits) => edits !== undefined)

/** A stretch of the track's media, and how long it lasts in the film with the silence behind it. */
export interface Piece {
  mediaFrom: number
  mediaTo: number
  seconds: number
}

/** What is played of [from, to) seconds of the film: silence before the first piece, then the pieces. */
export function piecesIn(
  edits: readonly Edit[],
  from: number,
  to: number,
): { silence: number; pieces: Piece[] } {
  const inside = edits.filter((edit) => edit.from < to && edit.to > from)
  const begins = inside.map((edit) => Math.max(from, edit.from))
  const pieces = inside.map((edit, i) => {
    const [begin = from, end = to] = [begins[i], begins[i + 1]]
    const mediaFrom = edit.media + begin - edit.from
    return { mediaFrom, mediaTo: mediaFrom + Math.min(to, edit.to) - begin, seconds: end - begin }
  })
  return { silence: (begins[0] ?? to) - from, pieces }
}
