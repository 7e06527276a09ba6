// Where the pieces of an AVI film do not follow each other: bytes are missing there, or are not the ones that were written.
import type { FileHandle } from 'node:fs/promises'
import { openFile } from './openFile.js'

export interface Break {
  /** First bytes of the last whole piece before it and of the first one behind it. */
  from: number
  to: number
}

/** Pieces that hold others: their heads are longer by the name of the list. What describes the film is passed over whole. */
const isList = (kind: string, name: string): boolean =>
  kind === 'RIFF' || (kind === 'LIST' && /^(movi|rec )$/.test(name))
const isMedia = (kind: string): boolean => /^\d\d(dc|db|wb|pc|tx|iv)$/.test(kind)
const isKnown = (kind: string): boolean =>
  isMedia(kind) || /^(RIFF|LIST|ix\d\d|idx1|indx|JUNK|junk|hdrl|avih|str[lhfdn]|dmlh|vprp)$/.test(kind)

/** With the name of a list. */
const headBytes = 12

interface Head {
  kind: string
  /** Where the piece behind it begins, or, of a list, its first one. */
  next: number
}

function headIn(data: Buffer, at: number, place: number): Head | undefined {
  if (at + headBytes > data.length) return undefined
  const kind = data.toString('latin1', at, at + 4)
  if (!isKnown(kind)) return undefined
  const size = data.readUInt32LE(at + 4)
  const holds = isList(kind, data.toString('latin1', at + 8, at + 12))
  return { kind, next: place + (holds ? 12 : 8 + size + (size % 2)) }
}

async function headAt(file: FileHandle, place: number): Promise<Head | undefined> {
  const data = Buffer.alloc(headBytes)
  const { bytesRead } = await file.read(data, 0, headBytes, place)
  return headIn(data.subarray(0, bytesRead), 0, place)
}

const pieceBytes = 1 << 18

/** The next piece of picture or sound, or list, that another follows. */
async function foundAgain(file: FileHandle, from: number, fileBytes: number): Promise<number> {
  const data = Buffer.alloc(pieceBytes + headBytes)
  for (let place = from; place + headBytes <= fileBytes; place += pieceBytes) {
    const { bytesRead } = await file.read(data, 0, data.length, place)
    for (let at = 0; at < Math.min(pieceBytes, bytesRead - headBytes + 1); at++) {
      const third = data[at + 2] ?? 0 // most bytes are no letter of a piece's name
      if (third < 0x46 || third > 0x78) continue
      const head = headIn(data.subarray(0, bytesRead), at, place + at)
      if (!head || !(isMedia(head.kind) || head.kind === 'idx1') || head.next > fileBytes) continue
      if (head.next === fileBytes || (await headAt(file, head.next))) return place + at
    }
  }
  return fileBytes
}

/** How many films stand one behind the other: what goes on with the first, in files above 1 GB, is called otherwise (`AVIX`). */
export async function aviFilms(path: string): Promise<number> {
  const file = await openFile(path)
  try {
    const { size: fileBytes } = await file.stat()
    const head = Buffer.alloc(headBytes)
    let films = 0
    for (let at = 0; at + headBytes <= fileBytes;) {
      await file.read(head, 0, headBytes, at)
      const [kind, name] = [head.toString('latin1', 0, 4), head.toString('latin1', 8, 12)]
      if (kind !== 'RIFF') break
      if (name === 'AVI ') films++
      const size = head.readUInt32LE(4)
      at += 8 + size + (size % 2)
    }
    return films
  } finally {
    await file.close()
  }
}

const mostBreaks = 1000

/** In the order of the file. One that was only cut off at its end has none. */
export async function aviBreaks(path: string): Promise<Break[]> {
  const file = await openFile(path)
  try {
    const { size: fileBytes } = await file.stat()
    const breaks: Break[] = []
    let [last, isInMedia] = [0, false]
    for (let at = 0; at + headBytes <= fileBytes && breaks.length < mostBreaks;) {
      const head = await headAt(file, at)
      if (head) {
        if (isMedia(head.kind)) [last, isInMedia] = [at, true]
        at = head.next
        continue
      }
      if (!isInMedia) break // the head of another program: nothing is known of it
      const to = await foundAgain(file, last + 8, fileBytes)
      breaks.push({ from: last, to })
      at = to
    }
    return breaks
  } finally {
    await file.close()
  }
}
