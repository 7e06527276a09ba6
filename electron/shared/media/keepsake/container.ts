// The box of a Keepsake film as bytes (docs/KEEPSAKE.md): what makes it a box that players skip, around sections (sections.ts). Pure.
import {
  type Form,
  type ReadSections,
  type Section,
  isAt,
  letters,
  mostBytes,
  readSections,
  viewOf,
  writeSections,
} from './sections.js'

/** Its own, and nobody else's. */
const keepsakeUuid = Uint8Array.from([
  ...[0xe9, 0x5b, 0x31, 0xa4, 0x48, 0x69, 0x43, 0x61, 0x9c, 0x02, 0xd1, 0xac, 0x62, 0x00, 0xf5, 0x55],
])
const boxType = letters('uuid')

/** The box's size and type are not checked with the head: a program that moves boxes may write them in another way. */
const form: Form = {
  ...{ magic: letters('KEEPSAKE'), magicAt: 24, checkedFrom: 8 },
  version: { major: 1, minor: 0 },
}

export const mostBoxBytes = mostBytes
/** What `isKeepsakeBox` must see of a box. */
export const recognisedBytes = form.magicAt + form.magic.length

/** Of three marks two are enough: a box is recognised even where one byte of them was changed. */
export function isKeepsakeBox(start: Uint8Array): boolean {
  const marks = [isAt(start, 4, boxType), isAt(start, 8, keepsakeUuid), isAt(start, form.magicAt, form.magic)]
  return marks.filter((isThere) => isThere).length >= 2
}

/** Size, type, and whose it is. */
function boxStart(total: number): Uint8Array {
  const start = new Uint8Array(form.magicAt)
  viewOf(start).setUint32(0, total)
  start.set(boxType, 4)
  start.set(keepsakeUuid, 8)
  return start
}

/** Throws RangeError for what no reader would take. */
export const writeBox = (sections: readonly Section[]): Uint8Array => writeSections(form, sections, boxStart)

export type ReadBox = ReadSections

/** `bytes`: the box from its first byte, as many as the file has of it; more may follow. */
export function readBox(bytes: Uint8Array): ReadBox {
  const read = readSections(form, bytes)
  if (read.state !== 'read') return read
  // What stands around the head: that it is a box of this kind, and how long it is.
  const isBox = isAt(bytes, 4, boxType) && viewOf(bytes).getUint32(0) === read.bytes
  const around = { place: 'box', from: 0, to: 8, isCutOff: false }
  return isBox ? read : { ...read, damages: [around, ...read.damages] }
}
