// Whether a stream that can be cut anywhere (MPEG-TS, MPEG-PS) ends in the middle of one of its packets. It tells no length: only its last
// bytes are looked at.
import { bytesAt } from './cutOff.js'
import { openFile } from './openFile.js'

const lookBytes = 1 << 18
const sync = 0x47
/** Bytes of a packet, and where in it the mark stands: as broadcast, as cameras write it, with check bytes. */
const transports = [
  { size: 188, mark: 0 },
  { size: 192, mark: 4 },
  { size: 204, mark: 0 },
]
/** So many packets in a row show where they begin. */
const witnesses = 8

function isTransportCut(end: Buffer): boolean {
  for (const { size, mark } of transports)
    for (let rest = 0; rest < size; rest++) {
      const last = end.length - rest
      const isPacket = (n: number): boolean => end[last - n * size + mark] === sync
      if (last < witnesses * size || !Array.from({ length: witnesses }, (_, n) => n + 1).every(isPacket))
        continue
      return rest > mark && end[last + mark] === sync
    }
  return false
}

const packStart = Buffer.from([0, 0, 1, 0xba])

/** Where the packet that begins here ends; undefined where none begins. */
function packetEnd(data: Buffer, at: number): number | undefined {
  if (at + 4 > data.length || data.readUIntBE(at, 3) !== 1) return undefined
  const id = data.readUInt8(at + 3)
  if (id === 0xb9) return at + 4
  if (id === 0xba) {
    const isSecond = ((data[at + 4] ?? 0) & 0xc0) === 0x40
    return at + (isSecond ? 14 + ((data[at + 13] ?? 0) & 7) : 12)
  }
  if (id < 0xbb) return undefined
  return at + 6 > data.length ? at + 6 : at + 6 + data.readUInt16BE(at + 4)
}

function isProgramCut(end: Buffer): boolean {
  let at: number | undefined = end.indexOf(packStart)
  if (at < 0) return false
  while (at !== undefined && at < end.length) at = packetEnd(end, at)
  return at !== undefined && at > end.length
}

export async function endsInPacket(path: string, container: string): Promise<boolean> {
  if (!/^mpeg(ts)?$/.test(container)) return false
  const file = await openFile(path)
  try {
    const { size } = await file.stat()
    const from = Math.max(0, size - lookBytes)
    const end = await bytesAt(file, from, size - from)
    return container === 'mpegts' ? isTransportCut(end) : isProgramCut(end)
  } finally {
    await file.close()
  }
}
