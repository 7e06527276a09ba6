// Whether a file is as long as it says itself: what the heads of containers tell of their own length, held against the bytes.
import type { FileHandle } from 'node:fs/promises'
import { boxHeader, isFileBox } from './boxes.js'
import { openFile } from './openFile.js'

/** As many as there are. */
export async function bytesAt(file: FileHandle, at: number, count: number): Promise<Buffer> {
  const piece = Buffer.alloc(count)
  const { bytesRead } = await file.read(piece, 0, count, Math.max(0, at))
  return piece.subarray(0, bytesRead)
}

/** Pieces whose heads tell their length, one behind the other, the whole file long. Unknown, broken or without length: not told. */
async function endsInside(
  file: FileHandle,
  fileBytes: number,
  endOf: (head: Buffer, at: number) => number | undefined,
): Promise<boolean> {
  for (let at = 0, count = 0; at < fileBytes && count < 100_000; count++) {
    const end = endOf(await bytesAt(file, at, 16), at)
    if (end === undefined || end <= at) return false
    if (end > fileBytes) return true
    at = end
  }
  return false
}

const boxEnd = (head: Buffer, at: number): number | undefined => {
  const header = boxHeader(head)
  return header && isFileBox(header.type) && header.size > 0 ? at + header.size : undefined
}

/** AVI above 1 GB is several pieces. Odd lengths are filled up to even ones. */
const riffEnd = (head: Buffer, at: number): number | undefined => {
  if (head.length < 12 || head.toString('latin1', 0, 4) !== 'RIFF') return undefined
  const size = head.readUInt32LE(4)
  return size === 0 || size === 0xffffffff ? undefined : at + 8 + size
}

/** EBML: a number whose first byte tells how many follow; all ones: unknown. */
function ebmlNumber(head: Buffer, at: number): { value: number; length: number } | undefined {
  const first = head[at] ?? 0
  const length = Math.clz32(first) - 23
  if (first === 0 || at + length > head.length) return undefined
  let [value, isUnknown] = [first & (0xff >> length), (first | ((0xff00 >> length) & 0xff)) === 0xff]
  for (const byte of head.subarray(at + 1, at + length)) {
    value = value * 256 + byte
    isUnknown &&= byte === 0xff
  }
  return isUnknown ? undefined : { value, length }
}

/** The head, the film itself, padding. */
const ebmlKinds: readonly number[] = [0x1a45dfa3, 0x18538067]

const ebmlEnd = (head: Buffer, at: number): number | undefined => {
  const isVoid = head[0] === 0xec
  if (!isVoid && (head.length < 5 || !ebmlKinds.includes(head.readUInt32BE(0)))) return undefined
  const idLength = isVoid ? 1 : 4
  const size = ebmlNumber(head, idLength)
  return size && at + idLength + size.length + size.value
}

/** The number that FLV's first piece gives under this name. */
function flvNumber(head: Buffer, name: string): number | undefined {
  const at = head.indexOf(name)
  const value = at + name.length
  return at >= 0 && head[value] === 0 && value + 9 <= head.length ? head.readDoubleBE(value + 1) : undefined
}

/** Every piece of FLV is followed by its length: at the end of a whole file it leads back to the last one. */
async function isFlvCut(file: FileHandle, fileBytes: number): Promise<boolean> {
  const told = flvNumber(await bytesAt(file, 0, 65536), 'filesize')
  if (told !== undefined && told > 0) return told > fileBytes
  const last = await bytesAt(file, fileBytes - 4, 4)
  const size = last.length < 4 ? 0 : last.readUInt32BE(0)
  if (size < 11 || size + 4 > fileBytes) return true
  const head = await bytesAt(file, fileBytes - 4 - size, 4)
  return !([8, 9, 18].includes(head[0] ?? 0) && head.readUIntBE(1, 3) === size - 11)
}

const asfHead = Buffer.from('3026b2758e66cf11a6d900aa0062ce6c', 'hex')
const asfFile = Buffer.from('a1dcab8c47a9cf118ee400c00c205365', 'hex')

/** The length in the file's properties; a broadcast does not know it. */
async function isAsfCut(file: FileHandle, fileBytes: number): Promise<boolean> {
  const head = await bytesAt(file, 0, 65536)
  const at = head.indexOf(asfFile)
  if (at < 0 || at + 92 > head.length || (head.readUInt32LE(at + 88) & 1) !== 0) return false
  return Number(head.readBigUInt64LE(at + 40)) > fileBytes
}

/** The last page of Ogg is announced longer than the file goes on. */
async function isOggCut(file: FileHandle, fileBytes: number): Promise<boolean> {
  const from = Math.max(0, fileBytes - 131072)
  const end = await bytesAt(file, from, 131072)
  const at = end.lastIndexOf('OggS')
  if (at < 0) return false
  const count = end[at + 26]
  if (count === undefined || at + 27 + count > end.length) return true
  const body = end.subarray(at + 27, at + 27 + count).reduce((sum, size) => sum + size, 0)
  return at + 27 + count + body > end.length
}

const mxfPartition = Buffer.from('060e2b34020501010d01020101', 'hex')

/** The head of MXF says where its foot stands. */
async function isMxfCut(file: FileHandle, fileBytes: number): Promise<boolean> {
  const head = await bytesAt(file, 0, 65536)
  const at = head.indexOf(mxfPartition)
  if (at < 0) return false
  const length = head[at + 16] ?? 0
  const body = at + 17 + (length > 0x80 ? length - 0x80 : 0)
  return body + 32 <= head.length && Number(head.readBigUInt64BE(body + 24)) >= fileBytes
}

/** Whether a file announces more bytes than it has. Kinds that do not tell their length: false. */
export async function isTruncated(path: string, fileBytes: number): Promise<boolean> {
  const file = await openFile(path)
  try {
    const head = await bytesAt(file, 0, 16)
    const kind = head.toString('latin1', 0, 4)
    if (kind === 'RIFF') return await endsInside(file, fileBytes + 1, riffEnd)
    if (kind === 'OggS') return await isOggCut(file, fileBytes)
    if (kind.startsWith('FLV')) return await isFlvCut(file, fileBytes)
    if (head.equals(asfHead)) return await isAsfCut(file, fileBytes)
    if (head.subarray(0, 4).equals(mxfPartition.subarray(0, 4))) return await isMxfCut(file, fileBytes)
    const isEbml = ebmlKinds[0] === (head.length < 4 ? 0 : head.readUInt32BE(0))
    return await endsInside(file, fileBytes, isEbml ? ebmlEnd : boxEnd)
  } finally {
    await file.close()
  }
}
