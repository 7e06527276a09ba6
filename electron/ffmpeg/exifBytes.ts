// What a JPEG, PNG or WebP file says of itself as EXIF, byte by byte: a TIFF without a picture. Undefined where there is none, or where the file is not
// built as it should be; nothing that it claims is believed.
import type { FileHandle } from 'node:fs/promises'
import { openFile } from './openFile.js'

/** A segment of a JPEG holds no more; a chunk with more is left alone. */
const mostBytes = 1 << 16
/** Pictures have some tens. */
const mostParts = 4096

async function bytesAt(file: FileHandle, from: number, count: number): Promise<Buffer> {
  const bytes = Buffer.alloc(count)
  const { bytesRead } = await file.read(bytes, 0, count, from)
  return bytes.subarray(0, bytesRead)
}

const exifMark = 'Exif\0\0'

async function ofJpeg(file: FileHandle): Promise<Buffer | undefined> {
  for (let at = 2, count = 0; count < mostParts; count++) {
    const head = await bytesAt(file, at, 4 + exifMark.length)
    const [marker, length] = [
      head.length < 4 ? 0 : head.readUInt16BE(0),
      head.length < 4 ? 0 : head.readUInt16BE(2),
    ]
    // Anything but a segment with a length, or the picture itself: no EXIF comes behind that.
    if (marker < 0xffc0 || marker === 0xffda || length < 2) return undefined
    if (marker === 0xffe1 && head.toString('latin1', 4) === exifMark) {
      const wanted = length - 2 - exifMark.length
      const block = await bytesAt(file, at + 4 + exifMark.length, Math.max(0, wanted))
      return block.length === wanted ? block : undefined
    }
    at += 2 + length
  }
  return undefined
}

/** Where the parts begin, and how the head of one is read. */
interface Chunks {
  from: number
  type: string
  read: (head: Buffer) => { type: string; length: number; next: number }
}
const png: Chunks = {
  ...{ from: 8, type: 'eXIf' },
  read: (head) => {
    const length = head.readUInt32BE(0)
    return { type: head.toString('latin1', 4, 8), length, next: 12 + length }
  },
}
const webp: Chunks = {
  ...{ from: 12, type: 'EXIF' },
  read: (head) => {
    const length = head.readUInt32LE(4)
    return { type: head.toString('latin1', 0, 4), length, next: 8 + length + (length % 2) }
  },
}

async function ofChunks(file: FileHandle, { from, type, read }: Chunks): Promise<Buffer | undefined> {
  for (let at = from, count = 0; count < mostParts; count++) {
    const head = await bytesAt(file, at, 8)
    if (head.length < 8) return undefined
    const part = read(head)
    if (part.type === type) {
      const block = part.length > mostBytes ? Buffer.alloc(0) : await bytesAt(file, at + 8, part.length)
      // Some programs write the mark of JPEG here too.
      const start = block.toString('latin1', 0, exifMark.length) === exifMark ? exifMark.length : 0
      return block.length === part.length && block.length > start ? block.subarray(start) : undefined
    }
    at += part.next
  }
  return undefined
}

/** `container`: as a photo's source has it. */
export async function exifOf(path: string, container: string): Promise<Uint8Array | undefined> {
  const file = await openFile(path)
  try {
    if (container === 'jpeg_pipe') return await ofJpeg(file)
    if (container === 'png_pipe') return await ofChunks(file, png)
    return container === 'webp_pipe' ? await ofChunks(file, webp) : undefined
  } finally {
    await file.close()
  }
}
