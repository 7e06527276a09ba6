// What a picture file says about itself: date, place, camera and what was done, as EXIF in JPEG and PNG and as tags in TIFF.
// Works on encoded files in memory; the pixels are never touched. Layouts: Exif 2.32, PNG 1.3 (eXIf), TIFF 6.0.
import { crc32 } from 'node:zlib'
import { type AppError, failing } from '../shared/contract/errors.js'

export interface PictureFacts {
  width: number
  height: number
  software: string
  /** What was done to the picture, in words. */
  description?: string | undefined
  /** ISO 8601; without a zone it is the camera's own clock. */
  takenAt?: string | undefined
  make?: string | undefined
  model?: string | undefined
  /** Degrees, north and east positive. */
  place?: { latitude: number; longitude: number } | undefined
}

const [typeAscii, typeShort, typeLong, typeRational, typeUndefined] = [2, 3, 4, 5, 7]

interface Entry {
  tag: number
  type: number
  count: number
  bytes: Buffer
}

function text(tag: number, value: string | undefined): Entry[] {
  if (value === undefined || value === '') return []
  const bytes = Buffer.from(`${value}\0`)
  return [{ tag, type: typeAscii, count: bytes.length, bytes }]
}
function short(tag: number, value: number): Entry {
  const bytes = Buffer.alloc(4)
  bytes.writeUInt16LE(value)
  return { tag, type: typeShort, count: 1, bytes }
}
function long(tag: number, value: number): Entry {
  const bytes = Buffer.alloc(4)
  bytes.writeUInt32LE(value)
  return { tag, type: typeLong, count: 1, bytes }
}
/** Degrees, minutes, hundredths of seconds. */
function degrees(tag: number, value: number): Entry {
  const bytes = Buffer.alloc(24)
  const hundredths = Math.round(Math.abs(value) * 360000)
  const parts = [Math.floor(hundredths / 360000), Math.floor(hundredths / 6000) % 60, hundredths % 6000]
  parts.forEach((part, i) => {
    bytes.writeUInt32LE(part, 8 * i)
    bytes.writeUInt32LE(i === 2 ? 100 : 1, 8 * i + 4)
  })
  return { tag, type: typeRational, count: 3, bytes }
}

/** A table of entries and the values that do not fit into it, to lie at offset `at` of its TIFF. */
function directory(entries: readonly Entry[], at: number): Buffer {
  const sorted = entries.toSorted((a, b) => a.tag - b.tag)
  const table = Buffer.alloc(2 + 12 * sorted.length + 4)
  const values: Buffer[] = []
  let next = at + table.length
  table.writeUInt16LE(sorted.length)
  sorted.forEach(({ tag, type, count, bytes }, i) => {
    const place = 2 + 12 * i
    table.writeUInt16LE(tag, place)
    table.writeUInt16LE(type, place + 2)
    table.writeUInt32LE(count, place + 4)
    if (bytes.length <= 4) {
      bytes.copy(table, place + 8)
      return
    }
    table.writeUInt32LE(next, place + 8)
    const padded = bytes.length % 2 === 0 ? bytes : Buffer.concat([bytes, Buffer.alloc(1)])
    values.push(padded)
    next += padded.length
  })
  return Buffer.concat([table, ...values])
}

/** "1994-07-16T15:04:00+02:00" -> ["1994:07:16 15:04:00", "+02:00"]; a date alone is no moment and goes into words only. */
function clock(iso: string | undefined): [time: string, zone: string] | undefined {
  const match = /^(\d{4})-(\d\d)-(\d\d)T(\d\d:\d\d:\d\d)(?:\.\d+)?(Z|[+-]\d\d:\d\d)?$/.exec(iso ?? '')
  if (!match) return undefined
  const [, year = '', month = '', day = '', time = '', zone = ''] = match
  return [`${year}:${month}:${day} ${time}`, zone === 'Z' ? '+00:00' : zone]
}

/** The main directory with the two below it, to lie at `at`; `kept` are entries that were there before. */
function directories(facts: PictureFacts, kept: readonly Entry[], at: number): Buffer {
  const taken = clock(facts.takenAt)
  const exif = [
    { tag: 0x9000, type: typeUndefined, count: 4, bytes: Buffer.from('0232') },
    ...text(0x9003, taken?.[0]), // DateTimeOriginal
    ...text(0x9011, taken?.[1]), // OffsetTimeOriginal
    short(0xa001, 1), // sRGB
    long(0xa002, facts.width),
    long(0xa003, facts.height),
  ]
  const gps = facts.place && [
    { tag: 0, type: 1, count: 4, bytes: Buffer.from([2, 3, 0, 0]) },
    ...text(1, facts.place.latitude < 0 ? 'S' : 'N'),
    degrees(2, facts.place.latitude),
    ...text(3, facts.place.longitude < 0 ? 'W' : 'E'),
    degrees(4, facts.place.longitude),
  ]
  const own = [
    ...text(0x010e, facts.description),
    ...text(0x010f, facts.make),
    ...text(0x0110, facts.model),
    short(0x0112, 1), // upright as it is stored
    ...text(0x0131, facts.software),
    ...text(0x0132, taken?.[0]),
  ]
  const main = (exifAt: number, gpsAt: number): Buffer =>
    directory(
      [
        ...kept.filter(({ tag }) => ![...own, long(0x8769, 0), long(0x8825, 0)].some((e) => e.tag === tag)),
        ...own,
        long(0x8769, exifAt),
        ...(gps ? [long(0x8825, gpsAt)] : []),
      ],
      at,
    )
  // The length does not depend on where the others lie.
  const exifAt = at + main(0, 0).length
  const below = directory(exif, exifAt)
  const gpsAt = exifAt + below.length
  return Buffer.concat([main(exifAt, gpsAt), below, ...(gps ? [directory(gps, gpsAt)] : [])])
}

/** A TIFF without a picture: what EXIF is. */
const exifBlock = (facts: PictureFacts): Buffer =>
  Buffer.concat([Buffer.from('II*\0\x08\0\0\0', 'latin1'), directories(facts, [], 8)])

const notA = (kind: string): AppError => failing('ffmpeg-failed', 'photoForm', { kind })

/** EXIF goes right behind the start of the file. */
export function describeJpeg(file: Buffer, facts: PictureFacts): Buffer {
  if (file.readUInt16BE(0) !== 0xffd8) throw notA('JPEG')
  const block = exifBlock(facts)
  const head = Buffer.from([0xff, 0xe1, 0, 0, ...Buffer.from('Exif\0\0')])
  head.writeUInt16BE(8 + block.length, 2)
  return Buffer.concat([file.subarray(0, 2), head, block, file.subarray(2)])
}

function chunk(type: string, data: Buffer): Buffer {
  const body = Buffer.concat([Buffer.from(type, 'latin1'), data])
  const [length, check] = [Buffer.alloc(4), Buffer.alloc(4)]
  length.writeUInt32BE(data.length)
  check.writeUInt32BE(crc32(body))
  return Buffer.concat([length, body, check])
}
/** iTXt: keyword, not compressed, no language, UTF-8. */
const words = (keyword: string, value: string | undefined): Buffer[] =>
  value === undefined ? [] : [chunk('iTXt', Buffer.from(`${keyword}\0\0\0\0\0${value}`))]

const pngStart = 8 + 25 // signature and IHDR

export function describePng(file: Buffer, facts: PictureFacts): Buffer {
  if (file.toString('latin1', 12, 16) !== 'IHDR') throw notA('PNG')
  return Buffer.concat([
    file.subarray(0, pngStart),
    chunk('eXIf', exifBlock(facts)),
    ...words('Software', facts.software),
    ...words('Description', facts.description),
    ...words('Creation Time', facts.takenAt),
    file.subarray(pngStart),
  ])
}

/** The old directory's entries move into a new one at the end of the file; their values stay where they are. */
export function describeTiff(file: Buffer, facts: PictureFacts): Buffer {
  if (file.toString('latin1', 0, 4) !== 'II*\0') throw notA('TIFF')
  const old = file.readUInt32LE(4)
  const kept = Array.from({ length: file.readUInt16LE(old) }, (_, i): Entry => {
    const at = old + 2 + 12 * i
    return {
      tag: file.readUInt16LE(at),
      type: file.readUInt16LE(at + 2),
      count: file.readUInt32LE(at + 4),
      bytes: file.subarray(at + 8, at + 12), // the value itself or its offset, either is kept
    }
  })
  const head = Buffer.from(file)
  const at = file.length + (file.length % 2)
  head.writeUInt32LE(at, 4)
  return Buffer.concat([head, Buffer.alloc(file.length % 2), directories(facts, kept, at)])
}
