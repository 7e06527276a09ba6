// Cuts a stream of JPEG pictures into single ones by walking their markers.

/** Grows as chunks come in; `take` hands out what is complete. */
export async function* splitJpegs(chunks: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  let pending: Buffer[] = []
  let length = 0
  let previous = 0
  let isScan = false
  // State of the walk, kept over chunk borders: bytes of a segment still to skip, and its length bytes being collected.
  let skip = 0
  let lengthBytes: number[] | undefined
  for await (const chunk of chunks) {
    let start = 0
    for (let i = 0; i < chunk.length; i++) {
      const byte = chunk[i] ?? 0
      if (skip > 0) {
        const step = Math.min(skip, chunk.length - i)
        skip -= step
        i += step - 1
        previous = 0
        continue
      }
      if (lengthBytes) {
        lengthBytes.push(byte)
        if (lengthBytes.length === 2) {
          skip = (lengthBytes[0] ?? 0) * 256 + (lengthBytes[1] ?? 0) - 2
          lengthBytes = undefined
          previous = 0
        }
        continue
      }
      if (previous === 0xff && byte === 0xd9) {
        pending.push(chunk.subarray(start, i + 1))
        yield Buffer.concat(pending)
        pending = []
        start = i + 1
        isScan = false
        previous = 0
        continue
      }
      // Markers with a length: everything but start, end, restarts and the stuffed 00 of scan data.
      const isMarker =
        previous === 0xff && byte !== 0xff && byte !== 0 && byte !== 0xd8 && !(byte >= 0xd0 && byte <= 0xd7)
      if (isMarker) {
        lengthBytes = []
        if (byte === 0xda) isScan = true
      }
      previous = byte
      if (isScan && !isMarker && byte !== 0xff) {
        // Scan data has no meaning here: jump to the next FF.
        const next = chunk.indexOf(0xff, i + 1)
        if (next < 0) {
          i = chunk.length
          previous = 0
        } else {
          i = next - 1
          previous = 0
        }
      }
    }
    if (start < chunk.length) {
      pending.push(chunk.subarray(start))
      length += chunk.length - start
    }
  }
  if (length === 0) return
}
