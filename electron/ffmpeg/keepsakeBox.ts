// The Keepsake box of an MP4 or QuickTime file: found by the headers of the boxes that stand side by side in it, read, and put behind a finished
// film. A film that is there already is never written to: `appendKeepsake` is for a part that has no name yet.
import { createHash } from 'node:crypto'
import { type FileHandle, open } from 'node:fs/promises'
import { fault } from '../shared/contract/errors.js'
import {
  type ReadBox,
  isKeepsakeBox,
  mostBoxBytes,
  readBox,
  recognisedBytes,
} from '../shared/media/keepsake/container.js'
import {
  type FoundKeepsake,
  type Keepsake,
  foundOf,
  keepsakeOf,
  writeKeepsake,
} from '../shared/media/keepsake/keepsake.js'
import { boxHeader, isFileBox } from './boxes.js'
import { openFile } from './openFile.js'

interface Range {
  from: number
  to: number
}

/** What lies side by side in a file, as far as its headers lead. */
interface Layout {
  /** The payloads of `mdat`, in order: pictures and sound. */
  media: Range[]
  /** As many of its bytes as are there. */
  keepsake?: Range
}

/** A film in pieces has two boxes for each; more than a million of them are no film. */
const mostBoxes = 1 << 20

/** Bytes of a file by their place, read in pieces: what lies close together takes one read, and a million boxes take a hundred. */
function piecewise(file: FileHandle, pieceBytes: number) {
  const piece = Buffer.alloc(pieceBytes)
  let [from, to] = [0, 0]
  /** Up to `most` bytes, at least `least` of them where the file has so many; good until the next call. */
  return async (at: number, least: number, most: number): Promise<Buffer> => {
    if (at < from || at + least > to) {
      const { bytesRead } = await file.read(piece, 0, piece.length, at)
      ;[from, to] = [at, at + bytesRead]
    }
    return piece.subarray(at - from, Math.min(at - from + most, to - from))
  }
}

/** Headers of boxes that stand far apart cost a read each, however much of it is used. */
const headersBytes = 1 << 16

async function layoutOf(file: FileHandle): Promise<Layout> {
  const { size: fileBytes } = await file.stat()
  const layout: Layout = { media: [] }
  const bytesFrom = piecewise(file, headersBytes)
  for (let at = 0, count = 0; at < fileBytes && count < mostBoxes; count++) {
    const seen = await bytesFrom(at, recognisedBytes, recognisedBytes)
    const header = boxHeader(seen)
    const end = !header || header.size === 0 ? fileBytes : Math.min(fileBytes, at + header.size)
    if (isKeepsakeBox(seen)) {
      // The first counts. Where its own size was changed the file may have more of it than that says.
      layout.keepsake ??= { from: at, to: Math.min(fileBytes, at + mostBoxBytes) }
    }
    if (!header || !isFileBox(header.type)) break
    if (header.type === 'mdat') layout.media.push({ from: at + header.headerSize, to: end })
    at = end
  }
  return layout
}

const pieceBytes = 1 << 20

async function hashOf(file: FileHandle, ranges: readonly Range[], signal?: AbortSignal): Promise<string> {
  const hash = createHash('sha256')
  const bytesFrom = piecewise(file, pieceBytes)
  for (const { from, to } of ranges)
    for (let at = from; at < to;) {
      signal?.throwIfAborted()
      const bytes = await bytesFrom(at, 1, to - at)
      if (bytes.length === 0) break // cut off since its size was asked
      hash.update(bytes)
      at += bytes.length
    }
  return hash.digest('hex')
}

const bytesIn = (ranges: readonly Range[]): number => ranges.reduce((sum, { from, to }) => sum + to - from, 0)

async function bytesAt(file: FileHandle, { from, to }: Range): Promise<Uint8Array> {
  const bytes = Buffer.alloc(to - from)
  const { bytesRead } = await file.read(bytes, 0, bytes.length, from)
  return bytes.subarray(0, bytesRead)
}

async function withFile<T>(path: string, work: (file: FileHandle) => Promise<T>): Promise<T> {
  const file = await openFile(path)
  try {
    return await work(file)
  } finally {
    await file.close()
  }
}

/** All bytes of pictures and sound of a film, as a box names the film that it belongs to. */
export const mediaOf = (path: string, signal?: AbortSignal): Promise<{ bytes: number; sha256: string }> =>
  withFile(path, async (file) => {
    const { media } = await layoutOf(file)
    return { bytes: bytesIn(media), sha256: await hashOf(file, media, signal) }
  })

interface Read {
  read: ReadBox
  bytes: Uint8Array
  range: Range
  media: readonly Range[]
}

async function readFrom(file: FileHandle): Promise<Read | undefined> {
  const { keepsake: range, media } = await layoutOf(file)
  if (!range) return undefined
  const bytes = await bytesAt(file, range)
  return { bytes, range, media, read: readBox(bytes) }
}

/** What a file has of it. `isWhole`: the film beside it is read too, all of it. */
export function findKeepsake(
  path: string,
  { isWhole, signal }: { isWhole: boolean; signal?: AbortSignal },
): Promise<FoundKeepsake> {
  return withFile(path, async (file) => {
    const found = await readFrom(file)
    if (!found) return { state: 'none' }
    const { read, bytes, range, media } = found
    const told = foundOf(read, range.from, bytes.length)
    if (told.state === 'newer' || !told.info) return told
    const { base } = told.info
    if (bytesIn(media) !== base.mediaBytes) return { ...told, media: 'other' }
    if (!isWhole) return { ...told, media: 'sameLength' }
    return { ...told, media: (await hashOf(file, media, signal)) === base.mediaSha256 ? 'same' : 'other' }
  })
}

/** Everything of it, for whoever shows the film; undefined where it is not whole, or not of this film. */
export function readKeepsake(path: string): Promise<Keepsake | undefined> {
  return withFile(path, async (file) => {
    const found = await readFrom(file)
    const keepsake = found && keepsakeOf(found.read)
    return keepsake?.info.base.mediaBytes === bytesIn(found?.media ?? []) ? keepsake : undefined
  })
}

/** Puts the box behind a finished film that has no name yet, and reads it back. */
export async function appendKeepsake(part: string, keepsake: Keepsake): Promise<number> {
  const bytes = writeKeepsake(keepsake)
  const file = await open(part, 'a')
  try {
    await file.writeFile(bytes)
  } finally {
    await file.close()
  }
  await withFile(part, async (written) => {
    const found = await readFrom(written)
    if (!found || Buffer.compare(found.bytes, bytes) !== 0 || !keepsakeOf(found.read))
      throw fault('output-not-writable', 'The Keepsake box was read back otherwise than it was written.')
  })
  return bytes.length
}
