// Films that stand one behind the other in a file whose reader ends with the first, or takes the second for a part of it: where the head
// of each further one lies.
import { openFile } from './openFile.js'

interface Head {
  mark: Buffer
  /** Bytes of what begins with it at most: heads nearer to each other are of one film. */
  apart: number
}

const heads: Readonly<Record<string, Head>> = {
  // A page that begins a track; those of all tracks of a film stand together.
  ogg: { mark: Buffer.from('OggS\0\x02', 'latin1'), apart: 4096 },
  asf: { mark: Buffer.from('3026b2758e66cf11a6d900aa0062ce6c', 'hex'), apart: 1 },
  flv: { mark: Buffer.from('FLV\x01', 'latin1'), apart: 1 },
}

export const mayHoldHeads = (container: string): boolean => container in heads

/** Behind FLV's four letters: what is in it, the length of the head, no piece before. */
const isFlvHead = (data: Buffer, at: number): boolean =>
  ((data[at + 4] ?? 0xff) & 0xfa) === 0 && data.toString('hex', at + 5, at + 13) === '0000000900000000'

const pieceBytes = 4 << 20

/** First bytes of the films behind byte `from`. */
export async function headsBehind(path: string, container: string, from: number): Promise<number[]> {
  const head = heads[container]
  if (!head) return []
  const file = await openFile(path)
  try {
    const piece = Buffer.alloc(pieceBytes + 16)
    const found: number[] = []
    let last = -Infinity
    for (let place = from; ; place += pieceBytes) {
      const { bytesRead } = await file.read(piece, 0, piece.length, place)
      const data = piece.subarray(0, bytesRead)
      for (
        let at = data.indexOf(head.mark);
        at >= 0 && at < pieceBytes;
        at = data.indexOf(head.mark, at + 1)
      ) {
        if (container === 'flv' && !isFlvHead(data, at)) continue
        if (place + at - last > head.apart) found.push(place + at)
        last = place + at
      }
      if (bytesRead < piece.length) return found
    }
  } finally {
    await file.close()
  }
}
