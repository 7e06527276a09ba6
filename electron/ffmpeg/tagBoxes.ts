// The tags of an MP4 or MOV in the words that players, photo libraries and systems read: QuickTime's keys, the texts of
// cameras (place, make, model) and the list that media players show. ffmpeg writes only one of the three, so it is made to
// leave room (see `room`), and they are put there: nothing outside of the index moves.
import { FileHandle, open } from 'node:fs/promises'
import { fault } from '../shared/contract/errors.js'
import { boxHeader, boxes } from './boxes.js'
import { WrittenTags, creationKey, quickTimeKey } from './tags.js'
import { withWords } from './trackWords.js'

const u32 = (...values: number[]): Buffer => {
  const data = Buffer.alloc(4 * values.length)
  values.forEach((value, i) => data.writeUInt32BE(value, 4 * i))
  return data
}
const named = (type: string): Buffer => Buffer.from(type, 'latin1')
function box(type: string, ...parts: readonly Buffer[]): Buffer {
  const body = Buffer.concat(parts)
  return Buffer.concat([u32(body.length + 8), named(type), body])
}

/** A box with an index instead of a type, as the values of QuickTime's keys have. */
const item = (type: Buffer, text: string): Buffer => {
  const data = box('data', u32(1, 0), Buffer.from(text)) // 1: UTF-8
  return Buffer.concat([u32(data.length + 8), type, data])
}

/** Players' list; what is not in it has QuickTime's keys only. */
const listed: Readonly<Record<string, string>> = {
  ...{ title: '©nam', artist: '©ART', album_artist: 'aART', album: '©alb', composer: '©wrt', genre: '©gen' },
  ...{ comment: '©cmt', description: 'desc', synopsis: 'ldes', copyright: 'cprt', date: '©day' },
  ...{ keywords: 'keyw', show: 'tvsh', grouping: '©grp', lyrics: '©lyr' },
}
/** Texts of cameras, in both kinds of file, and the older ones of QuickTime's, in MOV only. */
const cameraTexts: Readonly<Record<string, string>> = { location: '©xyz', make: '©mak', model: '©mod' }
const movieTexts: Readonly<Record<string, string>> = {
  ...{ title: '©nam', artist: '©ART', album: '©alb', genre: '©gen', comment: '©cmt', description: '©des' },
  ...{ copyright: '©cpy', keywords: '©key', date: '©day', software: '©swr' },
}

/** English, as every phone says of its place; from 0x400 on the text is UTF-8. */
const english = 0x15c7
const undetermined = 0x55c4

function text(type: string, value: string): Buffer[] {
  const bytes = Buffer.from(value)
  if (bytes.length > 0xffff) return [] // the key holds it
  const head = Buffer.alloc(4)
  head.writeUInt16BE(bytes.length, 0)
  head.writeUInt16BE(type === '©xyz' ? english : undetermined, 2)
  return [box(type, head, bytes)]
}

const handler = (type: string, maker: string): Buffer =>
  box('hdlr', u32(0, 0), named(type), named(maker), u32(0, 0), Buffer.alloc(1))

/** QuickTime's metadata: keys by their names, values by the number of their key. A full box in MP4, a plain one in MOV. */
function keyed(container: 'mp4' | 'mov', pairs: readonly (readonly [string, string])[]): Buffer {
  const keys = pairs.map(([key]) => box('mdta', Buffer.from(key)))
  const values = pairs.map(([, value], i) => item(u32(i + 1), value))
  return box(
    'meta',
    ...(container === 'mp4' ? [u32(0)] : []),
    handler('mdta', '\0\0\0\0'),
    box('keys', u32(0, keys.length), ...keys),
    box('ilst', ...values),
  )
}

/** udta and meta, as they stand in moov. `kept`: what ffmpeg has put into udta and is right there. */
export function tagBoxes(
  container: 'mp4' | 'mov',
  { tags, moment }: WrittenTags,
  kept: readonly Buffer[] = [],
): Buffer {
  const entries = Object.entries(tags)
  const texts = container === 'mov' ? { ...cameraTexts, ...movieTexts } : cameraTexts
  const list = entries.flatMap(([name, value]) =>
    container === 'mp4' && listed[name] !== undefined ? [item(named(listed[name]), value)] : [],
  )
  const pairs = entries
    .filter(([name]) => container === 'mov' || listed[name] === undefined)
    .filter(([name]) => name !== 'date')
    .map(([name, value]) => [quickTimeKey(name), value] as const)
  const all = moment === undefined ? pairs : [...pairs, [creationKey, moment] as const]
  return Buffer.concat([
    box(
      'udta',
      ...entries.flatMap(([name, value]) => (texts[name] === undefined ? [] : text(texts[name], value))),
      ...(list.length === 0 ? [] : [box('meta', u32(0), handler('mdir', 'appl'), box('ilst', ...list))]),
      ...kept,
    ),
    ...(all.length === 0 ? [] : [keyed(container, all)]),
  ])
}

/** A tag for ffmpeg to write (as a key: -movflags use_metadata_tags) so that its udta is larger than ours will be. */
export const room = (
  container: 'mp4' | 'mov',
  written: WrittenTags,
  tracks: readonly Buffer[] = [],
): Record<string, string> => ({
  // Of a track that has no udta yet, its header too.
  comment: ' '.repeat(
    tagBoxes(container, written).length + 16 + tracks.reduce((sum, words) => sum + words.length + 8, 0),
  ),
})

interface BoxPosition {
  type: string
  /** Of its header. */
  at: number
  size: number
}

async function* boxesOf(
  file: FileHandle,
  from: number,
  to: number,
): AsyncGenerator<BoxPosition & { body: number }> {
  const head = Buffer.alloc(16)
  for (let at = from; at + 8 <= to;) {
    const { bytesRead } = await file.read(head, 0, 16, at)
    const header = boxHeader(head.subarray(0, bytesRead))
    if (!header) return
    const size = header.size === 0 ? to - at : header.size
    yield { type: header.type, at, size, body: at + header.headerSize }
    at += size
  }
}

async function find(
  file: FileHandle,
  type: string,
  from: number,
  to: number,
): Promise<BoxPosition & { body: number }> {
  for await (const found of boxesOf(file, from, to)) if (found.type === type) return found
  throw fault('internal', `The finished file has no ${type}.`)
}

/** The index with our boxes in place of ffmpeg's, as long as it was. `tracks`: what is added to the words of each, in order. */
function rewritten(
  index: Buffer,
  container: 'mp4' | 'mov',
  written: WrittenTags,
  tracks: readonly Buffer[],
): Buffer {
  let number = 0
  const parts = boxes(index).map((found) => {
    const { type, start, end } = found
    if (type === 'trak') {
      const added = tracks[number++]
      if (added && added.length > 0) return withWords(index, found, added)
    }
    if (type !== 'udta') return index.subarray(start - 8, end)
    // The list of chapters that many players read.
    const chapters = boxes(index, start, end).filter((inner) => inner.type === 'chpl')
    const kept = chapters.map((chapter) => index.subarray(chapter.start - 8, chapter.end))
    return tagBoxes(container, written, kept)
  })
  const made = Buffer.concat(parts)
  const rest = index.length - made.length
  if (rest < 8) throw fault('internal', `${rest} bytes are left for tags.`)
  return Buffer.concat([made, box('free', Buffer.alloc(rest - 8))])
}

/** Puts our boxes where ffmpeg has left room for them; only the index is written anew, and nothing outside of it moves. */
export async function writeTagBoxes(
  path: string,
  container: 'mp4' | 'mov',
  written: WrittenTags,
  tracks: readonly Buffer[] = [],
): Promise<void> {
  const file = await open(path, 'r+')
  try {
    const moov = await find(file, 'moov', 0, (await file.stat()).size)
    const index = Buffer.alloc(moov.at + moov.size - moov.body)
    await file.read(index, 0, index.length, moov.body)
    await file.write(rewritten(index, container, written, tracks), 0, index.length, moov.body)
  } finally {
    await file.close()
  }
}
