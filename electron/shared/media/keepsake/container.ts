// The box of a Keepsake file as bytes (docs/KEEPSAKE.md): a head with a directory of sections, then the sections. Big-endian. Pure; what a
// section holds is not known here, and no length that the bytes claim is believed before it was compared with those that are there.
import { crc32c } from './crc32c.js'

/** Its own, and nobody else's. */
const keepsakeUuid = Uint8Array.from([
  ...[0xe9, 0x5b, 0x31, 0xa4, 0x48, 0x69, 0x43, 0x61, 0x9c, 0x02, 0xd1, 0xac, 0x62, 0x00, 0xf5, 0x55],
])
const magic = Uint8Array.from('KEEPSAKE', (letter) => letter.charCodeAt(0))
const boxType = Uint8Array.from('uuid', (letter) => letter.charCodeAt(0))

const writtenVersion = { major: 1, minor: 0 } as const
export const mostBoxBytes = 64 << 20
export const mostSections = 64

/** Up to the directory. */
const fixedBytes = 40
const entryBytes = 12
/** What `isKeepsakeBox` must see of a box. */
export const recognisedBytes = 32

/** Four letters, as ISO boxes have them. */
const sectionType = /^[\x21-\x7e]{4}$/

export interface Section {
  type: string
  data: Uint8Array
}

/** Where something is wrong: the box around all, its head, a section. Bytes [from, to) from the beginning of the box. */
export interface Damage {
  place: string
  from: number
  to: number
  /** Fewer bytes are there than were written. */
  isCutOff: boolean
}

export type ReadBox =
  /** Its head cannot be read: nothing of it can. */
  | { state: 'damaged'; damages: Damage[] }
  /** Of a version that only a newer Heirloom reads. */
  | { state: 'newer'; version: Version }
  /** Sections that are whole, and what is not; `bytes`: as many as the box was written with. */
  | { state: 'read'; version: Version; bytes: number; sections: Section[]; damages: Damage[] }

export interface Version {
  major: number
  minor: number
}

const isAt = (bytes: Uint8Array, at: number, wanted: Uint8Array): boolean =>
  bytes.length >= at + wanted.length && wanted.every((byte, i) => bytes[at + i] === byte)

/** Of three marks two are enough: a box is recognised even where one byte of them was changed. */
export function isKeepsakeBox(start: Uint8Array): boolean {
  const marks = [isAt(start, 4, boxType), isAt(start, 8, keepsakeUuid), isAt(start, 24, magic)]
  return marks.filter((isThere) => isThere).length >= 2
}

const viewOf = (bytes: Uint8Array): DataView => new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)

const headBytes = (sections: number): number => fixedBytes + sections * entryBytes + 4

/** Throws RangeError for what no reader would take. */
export function writeBox(sections: readonly Section[]): Uint8Array {
  const start = headBytes(sections.length)
  const total = sections.reduce((sum, { data }) => sum + data.length, start)
  if (sections.length > mostSections || total > mostBoxBytes)
    throw new RangeError(`A Keepsake box of ${sections.length} sections and ${total} bytes.`)
  const bytes = new Uint8Array(total)
  const view = viewOf(bytes)
  view.setUint32(0, total)
  bytes.set(boxType, 4)
  bytes.set(keepsakeUuid, 8)
  bytes.set(magic, 24)
  view.setUint16(32, writtenVersion.major)
  view.setUint16(34, writtenVersion.minor)
  view.setUint32(36, sections.length)
  let at = start
  sections.forEach(({ type, data }, i) => {
    if (!sectionType.test(type)) throw new RangeError(`A section cannot be called "${type}".`)
    const entry = fixedBytes + i * entryBytes
    for (let letter = 0; letter < 4; letter++) bytes[entry + letter] = type.charCodeAt(letter)
    view.setUint32(entry + 4, data.length)
    view.setUint32(entry + 8, crc32c(data))
    bytes.set(data, at)
    at += data.length
  })
  // The box's own head is not in it: a program that moves boxes may write its size in another way.
  view.setUint32(start - 4, crc32c(bytes.subarray(8, start - 4)))
  return bytes
}

interface Entry {
  type: string
  length: number
  crc: number
}

function directoryOf(bytes: Uint8Array, count: number): Entry[] {
  const view = viewOf(bytes)
  return Array.from({ length: count }, (_, i) => {
    const at = fixedBytes + i * entryBytes
    const type = String.fromCharCode(...bytes.subarray(at, at + 4))
    return { type, length: view.getUint32(at + 4), crc: view.getUint32(at + 8) }
  })
}

/** The head: a count of sections that its CRC confirms. Of every version, so that damage is never taken for a newer one. */
function headOf(bytes: Uint8Array): { version: Version; count: number } | Damage {
  const damage = (to: number, isCutOff: boolean): Damage => ({ place: 'head', from: 8, to, isCutOff })
  if (bytes.length < headBytes(0)) return damage(bytes.length, true)
  const view = viewOf(bytes)
  const count = view.getUint32(36)
  if (count > mostSections) return damage(fixedBytes, false)
  const end = headBytes(count)
  if (end > bytes.length) return damage(bytes.length, true)
  if (view.getUint32(end - 4) !== crc32c(bytes.subarray(8, end - 4)) || !isAt(bytes, 24, magic))
    return damage(end, false)
  return { version: { major: view.getUint16(32), minor: view.getUint16(34) }, count }
}

/** `bytes`: the box from its first byte, as many as the file has of it; more may follow. */
export function readBox(bytes: Uint8Array): ReadBox {
  const head = headOf(bytes)
  if ('place' in head) return { state: 'damaged', damages: [head] }
  if (head.version.major > writtenVersion.major) return { state: 'newer', version: head.version }
  const sections: Section[] = []
  const damages: Damage[] = []
  let at = headBytes(head.count)
  for (const { type, length, crc } of directoryOf(bytes, head.count)) {
    const data = bytes.subarray(at, at + length)
    const isCutOff = data.length < length
    if (isCutOff || crc32c(data) !== crc) damages.push({ place: type, from: at, to: at + length, isCutOff })
    else sections.push({ type, data })
    at += length
  }
  // What stands around the head: that it is a box of this kind, and how long it is.
  const isBox = isAt(bytes, 4, boxType) && viewOf(bytes).getUint32(0) === at
  if (!isBox) damages.unshift({ place: 'box', from: 0, to: 8, isCutOff: false })
  return { state: 'read', version: head.version, bytes: at, sections, damages }
}
