// Which file this is, by its content alone: a copy of it, and the same file with another date, are the same; another file under its
// name is not. Two hours of film must open at once, so only its length, head, middle and tail are looked at.
import { createHash } from 'node:crypto'
import type { Stats } from 'node:fs'
import { type FileHandle, stat } from 'node:fs/promises'
import { Fingerprint, Interpretation, type SourceId } from '../shared/media/source.js'
import { keepNewest } from './newest.js'
import { openFile } from './openFile.js'

/** Of head, middle and tail, each. Files of no more than these three are read whole. */
const pieceBytes = 1 << 20

interface Range {
  from: number
  to: number
}

/** The bytes of a file of this size that decide, in order. */
function decisive(size: number): Range[] {
  if (size <= 3 * pieceBytes) return [{ from: 0, to: size }]
  const middle = Math.floor((size - pieceBytes) / 2)
  return [0, middle, size - pieceBytes].map((from) => ({ from, to: from + pieceBytes }))
}

async function hashed(file: FileHandle, size: number): Promise<Fingerprint> {
  const hash = createHash('sha256').update(`${size}\n`)
  const piece = Buffer.alloc(Math.min(pieceBytes, size))
  for (const { from, to } of decisive(size))
    for (let at = from; at < to;) {
      const { bytesRead } = await file.read(piece, 0, Math.min(piece.length, to - at), at)
      if (bytesRead === 0) break // cut off since its size was asked: a file of its own, whatever it becomes
      hash.update(piece.subarray(0, bytesRead))
      at += bytesRead
    }
  return hash.digest('hex')
}

const known = new Map<string, { seen: string; fingerprint: Fingerprint }>()
const mostKnown = 200

/** `facts`: of the file as it is now. Read again only when they are others than last time. */
export async function fingerprintOf(path: string, facts: Stats): Promise<Fingerprint> {
  const seen = [facts.dev, facts.ino, facts.size, facts.mtimeMs, facts.ctimeMs].join()
  const before = known.get(path)
  if (before?.seen === seen) return before.fingerprint
  const file = await openFile(path)
  try {
    const fingerprint = await hashed(file, facts.size)
    return keepNewest(known, mostKnown, path, { seen, fingerprint }).fingerprint
  } finally {
    await file.close()
  }
}

/** Whether a path leads to this file still. Its size and date are looked at first; only when the date is another, its bytes. */
export async function isSameFile(
  path: string,
  before: { fingerprint: Fingerprint; bytes: number; modifiedMs: number },
): Promise<boolean> {
  const facts = await stat(path)
  if (facts.size !== before.bytes) return false
  return facts.mtimeMs === before.modifiedMs || (await fingerprintOf(path, facts)) === before.fingerprint
}

/** What a track of a file is when it is read in a certain way: the name under which everything made of it is kept. */
export const sourceIdOf = (
  fingerprint: Fingerprint,
  track: number,
  interpretation: Interpretation,
): SourceId =>
  createHash('sha256')
    .update(JSON.stringify([fingerprint, track, Interpretation.parse(interpretation)])) // parsed: its keys are in one order
    .digest('hex')
    .slice(0, 40)
