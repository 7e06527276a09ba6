// MP4 and QuickTime boxes, only as far as needed: walking them.
import { openFile } from './openFile.js'

export interface Box {
  type: string
  /** First byte after the box's own header, and the first byte after the box. */
  start: number
  end: number
}

/** The boxes of a buffer range. Stops at the first one that makes no sense. */
export function boxes(data: Buffer, from = 0, to = data.length): Box[] {
  const found: Box[] = []
  for (let at = from; at + 8 <= to;) {
    const header = boxHeader(data.subarray(at, Math.min(at + 16, to)))
    if (!header) break
    const end = header.size === 0 ? to : at + header.size
    if (end > to) break
    found.push({ type: header.type, start: at + header.headerSize, end })
    at = end
  }
  return found
}

/** The first box down a path of types; undefined where there is none. */
export function down(data: Buffer, box: Pick<Box, 'start' | 'end'>, ...types: string[]): Box | undefined {
  const [type, ...rest] = types
  const inner = boxes(data, box.start, box.end).find((found) => found.type === type)
  return inner && rest.length > 0 ? down(data, inner, ...rest) : inner
}

/** Ticks in a second, as `mvhd` and `mdhd` say it. */
export function scaleIn(data: Buffer, box: Box | undefined): number | undefined {
  if (!box || box.start + 24 > box.end) return undefined
  return data.readUInt32BE(box.start + (data[box.start] === 1 ? 20 : 12)) || undefined
}

/** size 0: to the end of the file. */
export function boxHeader(data: Buffer): { type: string; size: number; headerSize: number } | undefined {
  if (data.length < 8) return undefined
  const type = data.toString('latin1', 4, 8)
  const short = data.readUInt32BE(0)
  if (short !== 1) return short === 0 || short >= 8 ? { type, size: short, headerSize: 8 } : undefined
  if (data.length < 16) return undefined
  const size = Number(data.readBigUInt64BE(8))
  return size >= 16 && Number.isSafeInteger(size) ? { type, size, headerSize: 16 } : undefined
}

const known = /^(ftyp|moov|mdat|free|skip|wide|uuid|moof|mfra|pnot|udta|styp|sidx|meta|beam|camm|pict)$/

/** Whether boxes of this kind stand side by side in a file. */
export const isFileBox = (type: string): boolean => known.test(type)

/** Whether a file starts like an MP4 or QuickTime file at all. */
export async function startsWithBox(path: string): Promise<boolean> {
  const file = await openFile(path)
  try {
    const head = Buffer.alloc(16)
    const { bytesRead } = await file.read(head, 0, 16, 0)
    const header = boxHeader(head.subarray(0, bytesRead))
    return header !== undefined && isFileBox(header.type)
  } finally {
    await file.close()
  }
}

/** How many films follow the first in an MP4/QuickTime file: nothing reads those. Pieces of a live film (moof) belong to one. */
export async function filmsBehind(path: string): Promise<number> {
  const file = await openFile(path)
  try {
    const { size: fileBytes } = await file.stat()
    const head = Buffer.alloc(16)
    let indices = 0
    for (let at = 0, count = 0; at < fileBytes && count < 100_000; count++) {
      const { bytesRead } = await file.read(head, 0, 16, at)
      const header = boxHeader(head.subarray(0, bytesRead))
      if (!header || !isFileBox(header.type) || header.type === 'moof') break
      if (header.type === 'moov') indices++
      if (header.size === 0) break
      at += header.size
    }
    return Math.max(0, indices - 1)
  } finally {
    await file.close()
  }
}

const parents = new Set(['trak', 'mdia', 'minf', 'dinf'])

/** The references of tracks to where their media lies (`dref`), those to other files only. */
function outsideReferences(data: Buffer, from: number, to: number): number {
  return boxes(data, from, to).reduce((sum, { type, start, end }) => {
    if (parents.has(type)) return sum + outsideReferences(data, start, end)
    if (type !== 'dref') return sum
    // After version, flags and count: boxes whose lowest flag says "in this very file".
    return sum + boxes(data, start + 8, end).filter((box) => (data.readUInt32BE(box.start) & 1) === 0).length
  }, 0)
}

/** Whether an MP4 or QuickTime file says that media of it lies in another file. */
export async function leadsElsewhere(path: string): Promise<boolean> {
  const index = await readIndex(path)
  return index !== undefined && outsideReferences(index, 0, index.length) > 0
}

const mostIndexBytes = 64 << 20

/** Whether the pictures of an MP4 are listed piece by piece (`moof`) all through the file. */
export const isFragmented = async (path: string): Promise<boolean> =>
  (await readIndex(path))?.includes('mvex', 0, 'latin1') ?? false

/** The index (`moov`) without its header; undefined where the file has none of a sensible size. */
export async function readIndex(path: string): Promise<Buffer | undefined> {
  const file = await openFile(path)
  try {
    const head = Buffer.alloc(16)
    for (let at = 0, count = 0; count < 1000; count++) {
      const { bytesRead } = await file.read(head, 0, 16, at)
      const header = boxHeader(head.subarray(0, bytesRead))
      if (!header || header.size === 0) return undefined
      if (header.type === 'moov') {
        if (header.size > mostIndexBytes) return undefined
        const index = Buffer.alloc(header.size - header.headerSize)
        const got = await file.read(index, 0, index.length, at + header.headerSize)
        return got.bytesRead === index.length ? index : undefined
      }
      at += header.size
    }
    return undefined
  } finally {
    await file.close()
  }
}
