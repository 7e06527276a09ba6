// Sections behind a head with a directory of them (docs/KEEPSAKE.md): how the box of a film and the file of a photo are built. Big-endian. Pure;
// what a section holds is not known here, and no length that the bytes claim is believed before it was compared with those that are there.
import { crc32c } from './crc32c.js'

/** How a kind of head begins. */
export interface Form {
  magic: Uint8Array
  /** Where it stands; what lies before it is the kind's own. */
  magicAt: number
  /** From here on the head's CRC says whether it is as it was written. */
  checkedFrom: number
  version: Version
}

export interface Version {
  major: number
  minor: number
}

export interface Section {
  type: string
  data: Uint8Array
}

/** Where something is wrong: what stands around the head, the head, a section. Bytes [from, to) from the beginning. */
export interface Damage {
  place: string
  from: number
  to: number
  /** Fewer bytes are there than were written. */
  isCutOff: boolean
}

export type ReadSections =
  /** Its head cannot be read: nothing of it can. */
  | { state: 'damaged'; damages: Damage[] }
  /** Of a version that only a newer Heirloom reads. */
  | { state: 'newer'; version: Version }
  /** Sections that are whole, what is left of those that are not, and what is wrong; `bytes`: as many as were written. */
  | {
      state: 'read'
      version: Version
      bytes: number
      sections: Section[]
      hurt: Section[]
      damages: Damage[]
    }

export const mostBytes = 64 << 20
export const mostSections = 64

/** Behind the magic: version, and how many sections there are. */
const [majorAt, minorAt, countAt, directoryAt] = [8, 10, 12, 16]
const entryBytes = 12

/** Four letters, as ISO boxes have them. */
const sectionType = /^[\x21-\x7e]{4}$/

export const letters = (words: string): Uint8Array => Uint8Array.from(words, (letter) => letter.charCodeAt(0))

export const isAt = (bytes: Uint8Array, at: number, wanted: Uint8Array): boolean =>
  bytes.length >= at + wanted.length && wanted.every((byte, i) => bytes[at + i] === byte)

export const viewOf = (bytes: Uint8Array): DataView =>
  new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)

const headBytes = ({ magicAt }: Form, sections: number): number =>
  magicAt + directoryAt + sections * entryBytes + 4

/** `start`: what stands before the magic, for so many bytes in all. Throws RangeError for what no reader would take. */
export function writeSections(
  form: Form,
  sections: readonly Section[],
  start: (total: number) => Uint8Array = () => new Uint8Array(0),
): Uint8Array {
  const head = headBytes(form, sections.length)
  const total = sections.reduce((sum, { data }) => sum + data.length, head)
  if (sections.length > mostSections || total > mostBytes)
    throw new RangeError(`Keepsake data of ${sections.length} sections and ${total} bytes.`)
  const { magic, magicAt, checkedFrom, version } = form
  const bytes = new Uint8Array(total)
  const view = viewOf(bytes)
  bytes.set(start(total))
  bytes.set(magic, magicAt)
  view.setUint16(magicAt + majorAt, version.major)
  view.setUint16(magicAt + minorAt, version.minor)
  view.setUint32(magicAt + countAt, sections.length)
  let at = head
  sections.forEach(({ type, data }, i) => {
    if (!sectionType.test(type)) throw new RangeError(`A section cannot be called "${type}".`)
    const entry = magicAt + directoryAt + i * entryBytes
    bytes.set(letters(type), entry)
    view.setUint32(entry + 4, data.length)
    view.setUint32(entry + 8, crc32c(data))
    bytes.set(data, at)
    at += data.length
  })
  view.setUint32(head - 4, crc32c(bytes.subarray(checkedFrom, head - 4)))
  return bytes
}

interface Entry {
  type: string
  length: number
  crc: number
}

function directoryOf({ magicAt }: Form, bytes: Uint8Array, count: number): Entry[] {
  const view = viewOf(bytes)
  return Array.from({ length: count }, (_, i) => {
    const at = magicAt + directoryAt + i * entryBytes
    const type = String.fromCharCode(...bytes.subarray(at, at + 4))
    return { type, length: view.getUint32(at + 4), crc: view.getUint32(at + 8) }
  })
}

/** The head: a count of sections that its CRC confirms. Of every version, so that damage is never taken for a newer one. */
function headOf(form: Form, bytes: Uint8Array): { version: Version; count: number } | Damage {
  const { magic, magicAt, checkedFrom } = form
  const damage = (to: number, isCutOff: boolean): Damage => ({
    ...{ place: 'head', from: checkedFrom, to, isCutOff },
  })
  if (bytes.length < headBytes(form, 0)) return damage(bytes.length, true)
  const view = viewOf(bytes)
  const count = view.getUint32(magicAt + countAt)
  if (count > mostSections) return damage(magicAt + directoryAt, false)
  const end = headBytes(form, count)
  if (end > bytes.length) return damage(bytes.length, true)
  if (
    view.getUint32(end - 4) !== crc32c(bytes.subarray(checkedFrom, end - 4)) ||
    !isAt(bytes, magicAt, magic)
  )
    return damage(end, false)
  const [major, minor] = [view.getUint16(magicAt + majorAt), view.getUint16(magicAt + minorAt)]
  return { version: { major, minor }, count }
}

/** `bytes`: from the first one on, as many as there are; more may follow. */
export function readSections(form: Form, bytes: Uint8Array): ReadSections {
  const head = headOf(form, bytes)
  if ('place' in head) return { state: 'damaged', damages: [head] }
  if (head.version.major > form.version.major) return { state: 'newer', version: head.version }
  const sections: Section[] = []
  const hurt: Section[] = []
  const damages: Damage[] = []
  let at = headBytes(form, head.count)
  for (const { type, length, crc } of directoryOf(form, bytes, head.count)) {
    const data = bytes.subarray(at, at + length)
    const isCutOff = data.length < length
    if (isCutOff || crc32c(data) !== crc) {
      damages.push({ place: type, from: at, to: at + length, isCutOff })
      hurt.push({ type, data })
    } else sections.push({ type, data })
    at += length
  }
  return { state: 'read', version: head.version, bytes: at, sections, hurt, damages }
}
