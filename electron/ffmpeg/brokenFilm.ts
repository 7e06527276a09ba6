// What a file is that no reader opens: a film whose head or index is damaged is known by the pieces in it. Nothing is mended.
import { extname } from 'node:path'
import { bytesAt } from './cutOff.js'
import { openFile } from './openFile.js'

/** What is left of a film: its kind, and of MP4 and MOV whether their index (`moov`) is in the file at all. */
export interface Remains {
  kind: string
  hasIndex: boolean
}

/** So much of both ends is looked through: an index stands at one of them. */
const lookBytes = 32 << 20

const mp4 = 'MP4 / MOV'
/** Pieces that stand in the middle of films, as letters. Long enough that no other file has them by chance. */
const pieces: readonly [kind: string, piece: RegExp][] = [
  [mp4, /(moov[^]{4}mvhd|moof[^]{4}mfhd)/],
  // A head, a cluster with its time, the index with its first point.
  [
    'Matroska / WebM',
    /(\x1a\x45\xdf\xa3|\x1f\x43\xb6\x75[^]{1,8}\xe7[\x81-\x88]|\x1c\x53\xbb\x6b[^]{1,14}\xbb)/,
  ],
  ['Ogg', /OggS\0[\0-\x07][^]{20}[^]*OggS\0[\0-\x07]/],
  ['MXF', /\x06\x0e\x2b\x34\x01\x02\x01[^]*\x06\x0e\x2b\x34\x01\x02\x01/],
  // The head of WMV, and the index at its end.
  ['WMV / ASF', /(\x30\x26\xb2\x75\x8e\x66\xcf\x11|\x90\x08\0\x33\xb1\xe5\xcf\x11)/],
  ['AVI', /(RIFF[^]{4}AVI |idx1[^]{4}\d\d(dc|db|wb))/],
]

/** Pieces of FLV one behind the other: each is followed by its length. From the last one back. */
function isFlv(end: Buffer): boolean {
  let [at, count] = [end.length, 0]
  for (; count < 8; count++) {
    const size = at >= 4 ? end.readUInt32BE(at - 4) : 0
    const from = at - 4 - size
    if (size < 11 || from < 0 || ![8, 9, 18].includes(end[from] ?? 0)) break
    if (end.readUIntBE(from + 1, 3) !== size - 11) break
    at = from
  }
  return count === 8
}

/** They may hold whole films, but are none. */
const isArchive = (head: string): boolean =>
  /^(PK\x03\x04|Rar!|7z\xbc\xaf|%PDF|\x1f\x8b|BZh|\xfd7zXZ|[^]{257}ustar)/.test(head)

/** By its name: what begins as an MP4 but holds none of its index is one all the same. */
const isMp4Name = (path: string): boolean => /^\.(mp4|m4v|mov|3gp|3g2)$/i.test(extname(path))
const startsAsMp4 = (head: string): boolean => /^[^]{4}(ftyp|mdat|moov|wide|free|skip)/.test(head)

/** Undefined where nothing in the file is of a film that we know. */
export async function remainsOf(path: string): Promise<Remains | undefined> {
  const file = await openFile(path)
  try {
    const { size } = await file.stat()
    const head = await bytesAt(file, 0, Math.min(size, lookBytes))
    const tail =
      size > lookBytes
        ? await bytesAt(file, Math.max(lookBytes, size - lookBytes), lookBytes)
        : Buffer.alloc(0)
    const end = tail.length > 0 ? tail : head
    const texts = [head, tail].map((data) => data.toString('latin1'))
    if (isArchive(texts[0] ?? '')) return undefined
    const kind = pieces.find(([, piece]) => texts.some((text) => piece.test(text)))?.[0]
    if (kind !== undefined) return { kind, hasIndex: texts.some((text) => /moov[^]{4}mvhd/.test(text)) }
    if (isFlv(end)) return { kind: 'FLV', hasIndex: false }
    return startsAsMp4(texts[0] ?? '') && isMp4Name(path) ? { kind: mp4, hasIndex: false } : undefined
  } finally {
    await file.close()
  }
}
