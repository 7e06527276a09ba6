// Cuts a stream of JPEG pictures into single ones by walking their markers.

/** Where the walk stands; kept over the borders of chunks. */
interface Walk {
  previous: number
  isScan: boolean
  /** Bytes of a segment that are still to be passed over. */
  skip: number
  /** Of a segment whose two length bytes are being collected. */
  lengthBytes: number[] | undefined
}

function takeLength(walk: Walk, lengthBytes: number[], byte: number): void {
  lengthBytes.push(byte)
  const [high, low] = lengthBytes
  if (high === undefined || low === undefined) return
  walk.skip = high * 256 + low - 2
  walk.lengthBytes = undefined
  walk.previous = 0
}

/** Takes the byte at `at`; returns where the walk goes on. */
function takeByte(walk: Walk, chunk: Buffer, at: number): number {
  const byte = chunk[at] ?? 0
  // Markers with a length: everything but start, end, restarts and the stuffed 00 of scan data.
  const isMarker =
    walk.previous === 0xff && byte !== 0xff && byte !== 0 && byte !== 0xd8 && !(byte >= 0xd0 && byte <= 0xd7)
  if (isMarker) {
    walk.lengthBytes = []
    if (byte === 0xda) walk.isScan = true
  }
  walk.previous = byte
  if (!walk.isScan || isMarker || byte === 0xff) return at + 1
  // Scan data has no meaning here: jump to the next FF.
  walk.previous = 0
  const next = chunk.indexOf(0xff, at + 1)
  return next < 0 ? chunk.length : next
}

/** Walks on from `from`; returns the index behind the end of the picture, or -1 where the chunk ends sooner. */
function endOfPicture(walk: Walk, chunk: Buffer, from: number): number {
  for (let at = from; at < chunk.length;) {
    const byte = chunk[at] ?? 0
    if (walk.skip > 0) {
      const step = Math.min(walk.skip, chunk.length - at)
      walk.skip -= step
      walk.previous = 0
      at += step
    } else if (walk.lengthBytes) {
      takeLength(walk, walk.lengthBytes, byte)
      at++
    } else if (walk.previous === 0xff && byte === 0xd9) {
      walk.isScan = false
      walk.previous = 0
      return at + 1
    } else at = takeByte(walk, chunk, at)
  }
  return -1
}

export async function* splitJpegs(chunks: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  const walk: Walk = { previous: 0, isScan: false, skip: 0, lengthBytes: undefined }
  let pending: Buffer[] = []
  for await (const chunk of chunks) {
    let start = 0
    for (let end = endOfPicture(walk, chunk, 0); end >= 0; end = endOfPicture(walk, chunk, start)) {
      pending.push(chunk.subarray(start, end))
      yield Buffer.concat(pending)
      pending = []
      start = end
    }
    if (start < chunk.length) pending.push(chunk.subarray(start))
  }
}
