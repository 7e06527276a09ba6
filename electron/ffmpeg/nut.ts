// NUT, the pipe format between ffmpeg and us: one raw video stream, every frame with an exact timestamp.
// A strict reader and a writer for just that; see docs/decisions/0002-pipe-format.md. Layout: ffmpeg.org/~michael/nut.txt
import { Rational, rational } from '../shared/media/rational.js'
import { AppError, fault } from '../shared/contract/errors.js'

export interface NutHeader {
  width: number
  height: number
  fourcc: string
  timeBase: Rational
}

export interface NutFrame {
  pts: number
  /** Overwritten when the frame after the next is read: two buffers take turns, so that no length of film leaves garbage. */
  data: Uint8Array
}

const fileId = 'nut/multimedia container\0'
const startcodes = {
  main: 0x4e4d7a561f5f04adn,
  stream: 0x4e5311405bf2f9dbn,
  syncpoint: 0x4e4be4adeeca4569n,
  index: 0x4e58dd672f23e64en,
  info: 0x4e49ab68b596ba78n,
}
const flag = {
  key: 1,
  codedPts: 8,
  streamId: 16,
  sizeMsb: 32,
  checksum: 64,
  reserved: 128,
  sideData: 256,
  headerIndex: 1024,
  matchTime: 2048,
  coded: 4096,
  invalid: 8192,
}
/** Headers are a few hundred bytes; more means that this is no NUT. */
const maxPacketBytes = 1 << 20

const wrong = (what: string): AppError => fault('ffmpeg-failed', `ffmpeg's frame stream is damaged: ${what}.`)

const cutOff = 'it ends in the middle of a frame'
/** Whether whoever wrote the stream stopped before its end. */
export const isCutOff = (error: unknown): boolean =>
  error instanceof AppError && error.message === wrong(cutOff).message

const crcTable = Uint32Array.from({ length: 256 }, (_, i) => {
  let value = i << 24
  for (let bit = 0; bit < 8; bit++) value = (value << 1) ^ (value < 0 ? 0x04c11db7 : 0)
  return value >>> 0
})

/** CRC-32 as NUT wants it: polynomial 04C11DB7, most significant bit first, start 0, no final change. */
function crc(bytes: Uint8Array): number {
  let value = 0
  for (const byte of bytes) value = ((value << 8) ^ (crcTable[(value >>> 24) ^ byte] ?? 0)) >>> 0
  return value
}

/** Bytes of a stream of chunks, taken in any amounts. */
class ByteSource {
  private chunk: Uint8Array = new Uint8Array(0)
  private at = 0
  private readonly chunks: AsyncIterator<Uint8Array>

  constructor(chunks: AsyncIterable<Uint8Array>) {
    this.chunks = chunks[Symbol.asyncIterator]()
  }

  private async fill(): Promise<boolean> {
    while (this.at >= this.chunk.length) {
      const next = await this.chunks.next()
      if (next.done) return false
      this.chunk = next.value
      this.at = 0
    }
    return true
  }

  /** The next byte without taking it; undefined at the end. */
  async peek(): Promise<number | undefined> {
    return (await this.fill()) ? this.chunk[this.at] : undefined
  }

  async byte(): Promise<number> {
    if (!(await this.fill())) throw wrong(cutOff)
    return this.chunk[this.at++] ?? 0
  }

  bytes(count: number): Promise<Uint8Array> {
    return this.into(new Uint8Array(count))
  }

  /** Fills `out` and gives it back. */
  async into(out: Uint8Array): Promise<Uint8Array> {
    for (let filled = 0; filled < out.length;) {
      if (!(await this.fill())) throw wrong(cutOff)
      const part = this.chunk.subarray(this.at, this.at + out.length - filled)
      out.set(part, filled)
      filled += part.length
      this.at += part.length
    }
    return out
  }

  /** NUT's v: 7 bits per byte, most significant first. */
  async value(): Promise<number> {
    let value = 0
    for (;;) {
      const byte = await this.byte()
      value = value * 128 + (byte & 127)
      if (value > Number.MAX_SAFE_INTEGER) throw wrong('a number is too large')
      if (byte < 128) return value
    }
  }

  async close(): Promise<void> {
    await this.chunks.return?.()
  }
}

/** The same for a packet that is already in memory. */
class PacketReader {
  private at = 0
  constructor(private readonly bytes: Uint8Array) {}

  value(): number {
    let value = 0
    for (;;) {
      const byte = this.bytes[this.at++]
      if (byte === undefined) throw wrong('a header is cut short')
      value = value * 128 + (byte & 127)
      if (value > Number.MAX_SAFE_INTEGER) throw wrong('a number is too large')
      if (byte < 128) return value
    }
  }

  signed(): number {
    const value = this.value() + 1
    return value % 2 === 1 ? -((value - 1) / 2) : value / 2
  }

  block(): Uint8Array {
    const length = this.value()
    const block = this.bytes.subarray(this.at, this.at + length)
    if (block.length !== length) throw wrong('a header is cut short')
    this.at += length
    return block
  }
}

interface FrameCode {
  flags: number
  stream: number
  sizeMul: number
  sizeLsb: number
  ptsDelta: number
  reserved: number
}

interface MainHeader {
  timeBase: Rational
  codes: FrameCode[]
}

function parseMain(packet: PacketReader): MainHeader {
  const version = packet.value()
  if (version > 3) packet.value() // minor version
  if (version < 2 || version > 4) throw wrong(`version ${version} is unknown`)
  if (packet.value() !== 1) throw wrong('it should hold one stream')
  packet.value() // max_distance
  if (packet.value() !== 1) throw wrong('it should hold one time base')
  const num = packet.value()
  const den = packet.value()
  if (num === 0 || den === 0) throw wrong('its time base is zero')
  const codes: FrameCode[] = []
  // State carries over from one run of codes to the next.
  let [ptsDelta, sizeMul, stream] = [0, 1, 0]
  while (codes.length < 256) {
    const flags = packet.value()
    const fields = packet.value()
    if (fields > 0) ptsDelta = packet.signed()
    if (fields > 1) sizeMul = packet.value()
    if (fields > 2) stream = packet.value()
    const sizeLsb = fields > 3 ? packet.value() : 0
    const reserved = fields > 4 ? packet.value() : 0
    const count = fields > 5 ? packet.value() : sizeMul - sizeLsb
    if (fields > 6) packet.signed() // match_time_delta
    if (fields > 7 && packet.value() !== 0) throw wrong('elided headers are not expected')
    for (let i = 8; i < fields; i++) packet.value()
    if (count <= 0 || count > 256) throw wrong('its frame codes do not add up')
    for (let j = 0; j < count && codes.length < 256; j++) {
      if (codes.length === 0x4e) {
        // 'N' starts a packet and is never a frame code
        codes.push({ flags: flag.invalid, stream: 0, sizeMul: 1, sizeLsb: 0, ptsDelta: 0, reserved: 0 })
        j--
      } else codes.push({ flags, stream, sizeMul, sizeLsb: sizeLsb + j, ptsDelta, reserved })
    }
  }
  return { timeBase: rational(num, den), codes }
}

function parseStream(packet: PacketReader): { width: number; height: number; fourcc: string; shift: number } {
  packet.value() // stream id
  if (packet.value() !== 0) throw wrong('its stream is not video')
  const fourcc = Buffer.from(packet.block()).toString('latin1')
  packet.value() // time base id
  const shift = packet.value()
  if (shift > 40) throw wrong('its timestamps are too wide')
  packet.value() // max_pts_distance
  packet.value() // decode_delay
  packet.value() // flags
  packet.block() // codec data
  return { width: packet.value(), height: packet.value(), fourcc, shift }
}

/** What headers and earlier frames have told. */
interface Stream {
  main: MainHeader | undefined
  /** Bits of a timestamp that are coded; what lies above them is as in the frame before. */
  shift: number
  lastPts: number
}

async function readPacket(
  source: ByteSource,
  stream: Stream,
  onHeader: (header: NutHeader) => void,
): Promise<void> {
  const start = Buffer.from(await source.bytes(8)).readBigUInt64BE()
  const length = await source.value()
  if (length > maxPacketBytes) throw wrong('a header is too long')
  if (length > 4096) await source.bytes(4) // header checksum
  const body = await source.bytes(length)
  if (length < 4 || crc(body) !== 0) throw wrong('a checksum does not fit')
  const packet = new PacketReader(body.subarray(0, -4))
  if (start === startcodes.main) stream.main = parseMain(packet)
  else if (start === startcodes.stream) {
    if (!stream.main) throw wrong('its headers are out of order')
    const { width, height, fourcc, shift } = parseStream(packet)
    stream.shift = shift
    onHeader({ width, height, fourcc, timeBase: stream.main.timeBase })
  } else if (start === startcodes.syncpoint) stream.lastPts = packet.value()
  else if (start !== startcodes.index && start !== startcodes.info) throw wrong('a start code is unknown')
}

/** A timestamp as it was coded: whole, or by its low bits, near the one before. */
function decodePts(coded: number, { shift, lastPts }: Stream): number {
  const range = 2 ** shift
  if (coded >= range) return coded - range
  const low = lastPts - Math.floor((range - 1) / 2)
  return low + ((((coded - low) % range) + range) % range)
}

/** What stands before a frame's bytes: how many there are, and when it is shown. */
async function readFrameHead(source: ByteSource, stream: Stream): Promise<{ pts: number; size: number }> {
  const code = stream.main?.codes[await source.byte()]
  if (!code) throw wrong('a frame comes before the headers')
  let flags = code.flags
  if (flags & flag.coded) flags ^= await source.value()
  if (flags & flag.invalid) throw wrong('a frame code is invalid')
  if (flags & flag.streamId && (await source.value()) !== 0) throw wrong('a frame belongs to another stream')
  const pts = flags & flag.codedPts ? decodePts(await source.value(), stream) : stream.lastPts + code.ptsDelta
  const msb = flags & flag.sizeMsb ? await source.value() : 0
  if (flags & flag.matchTime) await source.value()
  if (flags & flag.headerIndex && (await source.value()) !== 0) throw wrong('elided headers are not expected')
  const reserved = flags & flag.reserved ? await source.value() : code.reserved
  for (let i = 0; i < reserved; i++) await source.value()
  if (flags & flag.checksum) await source.bytes(4)
  if (flags & flag.sideData) throw wrong('side data is not expected')
  return { pts, size: code.sizeLsb + code.sizeMul * msb }
}

/** Reads one raw video stream. `frameBytes` is what every frame must hold; a frame of another size is damage. */
export async function* readNut(
  chunks: AsyncIterable<Uint8Array>,
  frameBytes: number,
  onHeader: (header: NutHeader) => void,
): AsyncGenerator<NutFrame> {
  const source = new ByteSource(chunks)
  const stream: Stream = { main: undefined, shift: 0, lastPts: 0 }
  try {
    if ((await source.peek()) === undefined) return // ffmpeg ended without a word: its exit says why
    if (Buffer.from(await source.bytes(fileId.length)).toString('latin1') !== fileId)
      throw wrong('it does not start as one')
    let [data, other] = [new Uint8Array(frameBytes), new Uint8Array(frameBytes)]
    for (;;) {
      const first = await source.peek()
      if (first === undefined) return
      if (first === 0x4e) {
        await readPacket(source, stream, onHeader)
        continue
      }
      const { pts, size } = await readFrameHead(source, stream)
      if (size !== frameBytes && size !== 0) throw wrong(`a frame has ${size} bytes instead of ${frameBytes}`)
      stream.lastPts = pts
      if (size === 0) continue
      await source.into(data)
      yield { pts, data }
      ;[data, other] = [other, data]
    }
  } finally {
    await source.close()
  }
}

/** Bytes of NUT's v. */
function v(value: number): number[] {
  const bytes = [value % 128]
  for (let rest = Math.floor(value / 128); rest > 0; rest = Math.floor(rest / 128))
    bytes.unshift((rest % 128) | 128)
  return bytes
}

const block = (bytes: readonly number[] | Uint8Array): number[] => [...v(bytes.length), ...bytes]

function packet(startcode: bigint, body: readonly number[]): Buffer {
  const start = Buffer.alloc(8)
  start.writeBigUInt64BE(startcode)
  const sum = Buffer.alloc(4)
  sum.writeUInt32BE(crc(Uint8Array.from(body)))
  const length = v(body.length + 4)
  if (body.length + 4 > 4096) throw fault('internal', 'A NUT header grew over 4096 bytes.')
  return Buffer.concat([start, Buffer.from(length), Buffer.from(body), sum])
}

const maxDistance = 32768

/** File id, main and stream header. Every frame code but one is invalid: each frame spells everything out. */
export function nutHeader(header: NutHeader): Buffer {
  const { timeBase, width, height, fourcc } = header
  const codes = [
    // code 0: coded flags, nothing implied (fields: pts, mul, stream, size, reserved, count)
    ...[...v(flag.coded), ...v(6), ...v(0), ...v(1), ...v(0), ...v(0), ...v(0), ...v(1)],
    // codes 1..255, 'N' not counted
    ...[...v(flag.invalid), ...v(6), ...v(0), ...v(1), ...v(0), ...v(0), ...v(0), ...v(254)],
  ]
  const main = [v(3), v(1), v(maxDistance), v(1), v(timeBase.num), v(timeBase.den), codes, v(0)].flat()
  // stream 0, video, no shift tricks: msb_pts_shift 7, max_pts_distance 1 (every frame carries a checksum), no delay
  const stream = [
    ...[
      ...v(0),
      ...v(0),
      ...block(Buffer.from(fourcc, 'latin1')),
      ...v(0),
      ...v(7),
      ...v(1),
      ...v(0),
      ...v(0),
    ],
    ...[...block([]), ...v(width), ...v(height), ...v(1), ...v(1), ...v(0)],
  ]
  return Buffer.concat([
    Buffer.from(fileId, 'latin1'),
    packet(startcodes.main, main),
    packet(startcodes.stream, stream),
  ])
}

/** What stands before a frame's bytes: a sync point and the frame header. pts must not be negative. */
export function nutFrameHeader(pts: number, bytes: number): Buffer {
  const sync = packet(startcodes.syncpoint, [...v(pts), ...v(0)])
  const flags = flag.key | flag.codedPts | flag.sizeMsb | flag.checksum
  // code 0 has flags `coded`; the coded flags are XORed in, which also clears `coded` itself
  const head = Uint8Array.from([0, ...v(flags | flag.coded), ...v(pts + 128), ...v(bytes)])
  const sum = Buffer.alloc(4)
  sum.writeUInt32BE(crc(head))
  return Buffer.concat([sync, head, sum])
}
