// Segment files (fragmented MP4/MOV with one video track) read back and joined to one stream with exact times.
// Nothing is re-encoded: sample bytes are copied, only the tables around them are written anew.
import type { FileHandle } from 'node:fs/promises'
import { basename } from 'node:path'
import { type AppError, failing, fault } from '../shared/contract/errors.js'
import { Rational } from '../shared/media/rational.js'
import { Box, boxHeader, boxes } from './boxes.js'
import { openFile } from './openFile.js'

interface Sample {
  /** Where its bytes are in the file. */
  offset: number
  size: number
  isKey: boolean
  /** Place among the segment's frames in showing order. */
  rank: number
}

export interface SegmentFile {
  path: string
  /** ftyp and moov as they stand in the file. */
  init: Buffer
  /** In decoding order. */
  samples: Sample[]
  bytes: number
}

const broken = (path: string, what: string): AppError =>
  fault('ffmpeg-failed', `The segment "${basename(path)}" is damaged: ${what}.`)

const inside = (data: Buffer, box: Box, type: string): Box | undefined =>
  boxes(data, box.start, box.end).find((child) => child.type === type)

interface Defaults {
  size: number
  flags: number
}

/** Sync unless sample_is_non_sync_sample. */
const isKeyOf = (flags: number): boolean => (flags & 0x10000) === 0

async function readAt(file: FileHandle, position: number, length: number, path: string): Promise<Buffer> {
  const data = Buffer.alloc(length)
  const { bytesRead } = await file.read(data, 0, length, position)
  if (bytesRead !== length) throw broken(path, 'it ends too early')
  return data
}

/** Samples of one moof, with their presentation time in the track's own units. */
function* fragmentSamples(
  moof: Buffer,
  moofAt: number,
  trex: Defaults,
  path: string,
): Generator<Omit<Sample, 'rank'> & { pts: number }> {
  const whole: Box = { type: 'moof', start: 8, end: moof.length }
  for (const traf of boxes(moof, whole.start, whole.end).filter((box) => box.type === 'traf')) {
    const [tfhd, tfdt] = [inside(moof, traf, 'tfhd'), inside(moof, traf, 'tfdt')]
    if (!tfhd || !tfdt) throw broken(path, 'a fragment has no header')
    const headFlags = moof.readUIntBE(tfhd.start + 1, 3)
    let at = tfhd.start + 8
    let base = moofAt
    const defaults = { ...trex, duration: 0 }
    if (headFlags & 0x01) {
      base = Number(moof.readBigUInt64BE(at))
      at += 8
    }
    if (headFlags & 0x02) at += 4
    if (headFlags & 0x08) {
      defaults.duration = moof.readUInt32BE(at)
      at += 4
    }
    if (headFlags & 0x10) {
      defaults.size = moof.readUInt32BE(at)
      at += 4
    }
    if (headFlags & 0x20) defaults.flags = moof.readUInt32BE(at)
    let dts =
      moof[tfdt.start] === 1
        ? Number(moof.readBigUInt64BE(tfdt.start + 4))
        : moof.readUInt32BE(tfdt.start + 4)
    let offset = base
    for (const trun of boxes(moof, traf.start, traf.end).filter((box) => box.type === 'trun')) {
      const flags = moof.readUIntBE(trun.start + 1, 3)
      const count = moof.readUInt32BE(trun.start + 4)
      let p = trun.start + 8
      if (flags & 0x001) {
        offset = base + moof.readInt32BE(p)
        p += 4
      }
      const firstFlags = flags & 0x004 ? moof.readUInt32BE((p += 4) - 4) : undefined
      for (let i = 0; i < count; i++) {
        const duration = flags & 0x100 ? moof.readUInt32BE((p += 4) - 4) : defaults.duration
        const size = flags & 0x200 ? moof.readUInt32BE((p += 4) - 4) : defaults.size
        const own =
          flags & 0x400
            ? moof.readUInt32BE((p += 4) - 4)
            : i === 0 && firstFlags !== undefined
              ? firstFlags
              : defaults.flags
        const shift = flags & 0x800 ? moof.readInt32BE((p += 4) - 4) : 0
        yield { offset, size, isKey: isKeyOf(own), pts: dts + shift }
        dts += duration
        offset += size
      }
    }
  }
}

export async function readSegment(path: string): Promise<SegmentFile> {
  const file = await openFile(path)
  try {
    const fileBytes = (await file.stat()).size
    const init: Buffer[] = []
    const timed: (Omit<Sample, 'rank'> & { pts: number })[] = []
    let trex: Defaults = { size: 0, flags: 0 }
    for (let at = 0; at < fileBytes;) {
      const header = boxHeader(await readAt(file, at, Math.min(16, fileBytes - at), path))
      if (!header || header.size === 0 || at + header.size > fileBytes)
        throw broken(path, 'a part of it is missing')
      if (header.type === 'ftyp' || header.type === 'moov') {
        const data = await readAt(file, at, header.size, path)
        init.push(data)
        if (header.type === 'moov') trex = trackDefaults(data)
      } else if (header.type === 'moof') {
        const data = await readAt(file, at, header.size, path)
        for (const sample of fragmentSamples(data, at, trex, path)) timed.push(sample)
      }
      at += header.size
    }
    if (init.length !== 2 || timed.length === 0) throw broken(path, 'it holds no frames')
    if (timed.some((sample) => sample.offset + sample.size > fileBytes))
      throw broken(path, 'a frame is missing')
    const ranks = new Map(timed.toSorted((a, b) => a.pts - b.pts).map((sample, rank) => [sample, rank]))
    if (new Set(timed.map((sample) => sample.pts)).size !== timed.length)
      throw broken(path, 'two frames have one time')
    const samples = timed.map((sample) => ({
      offset: sample.offset,
      size: sample.size,
      isKey: sample.isKey,
      rank: ranks.get(sample) ?? 0,
    }))
    return { path, init: Buffer.concat(init), samples, bytes: samples.reduce((sum, s) => sum + s.size, 0) }
  } catch (error) {
    if (error instanceof RangeError) throw broken(path, 'a table in it makes no sense')
    throw error
  } finally {
    await file.close()
  }
}

function trackDefaults(moov: Buffer): Defaults {
  const mvex = boxes(moov, 8).find((box) => box.type === 'mvex')
  const trex = mvex && inside(moov, mvex, 'trex')
  return trex
    ? { size: moov.readUInt32BE(trex.start + 16), flags: moov.readUInt32BE(trex.start + 20) }
    : { size: 0, flags: 0 }
}

/** moov/trak/mdia/... */
function find(data: Buffer, ...path: string[]): Box | undefined {
  let box: Box | undefined = { type: '', start: 0, end: data.length }
  for (const type of path) box = box && inside(data, box, type)
  return box
}

/** How the codec must be set up (SPS and PPS, colours, size ...): equal for segments that may be joined. */
function setup(segment: SegmentFile): Buffer {
  const stsd = find(segment.init, 'moov', 'trak', 'mdia', 'minf', 'stbl', 'stsd')
  if (!stsd) throw broken(segment.path, 'it does not describe its frames')
  return segment.init.subarray(stsd.start, stsd.end)
}

/** The first segment's header with another time scale. */
function initWith(segment: SegmentFile, timescale: number): Buffer {
  const init = Buffer.from(segment.init)
  const mdhd = find(init, 'moov', 'trak', 'mdia', 'mdhd')
  if (!mdhd) throw broken(segment.path, 'its track has no header')
  init.writeUInt32BE(timescale, mdhd.start + (init[mdhd.start] === 1 ? 20 : 12))
  return init
}

const u32 = (...values: number[]): Buffer => {
  const data = Buffer.alloc(4 * values.length)
  values.forEach((value, i) => data.writeUInt32BE(value, 4 * i))
  return data
}
const box = (type: string, ...parts: Buffer[]): Buffer => {
  const body = Buffer.concat(parts)
  return Buffer.concat([u32(body.length + 8), Buffer.from(type, 'latin1'), body])
}

interface Timed extends Sample {
  dts: number
  duration: number
  pts: number
}

/** One moof and the head of its mdat; times in units of the track. */
function fragment(sequence: number, samples: readonly Timed[]): Buffer {
  const base = Buffer.alloc(8)
  base.writeBigUInt64BE(BigInt(samples[0]?.dts ?? 0))
  const rows = samples.map((s) => u32(s.duration, s.size, s.isKey ? 0x02000000 : 0x01010000, s.pts - s.dts))
  const make = (dataOffset: number): Buffer =>
    box(
      'moof',
      box('mfhd', u32(0, sequence)),
      box(
        'traf',
        box('tfhd', u32(0x020000, 1)), // offsets count from the moof; track 1
        box('tfdt', u32(0x01000000), base),
        box('trun', u32(0xf01, samples.length, dataOffset), ...rows),
      ),
    )
  const moof = make(make(0).length + 8)
  const bytes = samples.reduce((sum, s) => sum + s.size, 8)
  return Buffer.concat([moof, u32(bytes), Buffer.from('mdat')])
}

export interface ConcatSegments {
  /** Whole seconds by which all times in the stream are late (decoding times must not be negative). */
  lateSeconds: number
  /** How long the last frame is shown, in 1/den of the time base: the stream itself cannot say it. */
  lastDuration: number
  /** The frame that is shown last: its number in the stream, its time and how long it is shown, in seconds. */
  last: { n: number; seconds: number; lastSeconds: number }
  bytes: number
  stream: AsyncGenerator<Buffer>
}

const fragmentFrames = 60

/** They can stand in one stream. */
function checkAlike(segments: readonly SegmentFile[], first: SegmentFile, timeBase: Rational): void {
  for (const segment of segments)
    if (!setup(segment).equals(setup(first)))
      throw fault(
        'ffmpeg-failed',
        `The segment "${basename(segment.path)}" was encoded differently from the first one.`,
      )
  if (timeBase.den > 0x7fffffff) throw fault('internal', `The time base 1/${timeBase.den} is too fine.`)
}

/** The times of a film in units of its track, by place in decoding order or in showing order. */
interface Times {
  lateSeconds: number
  lastDuration: number
  dtsOf: (i: number) => number
  durationOf: (i: number) => number
  ptsOf: (frame: number) => number
}

function timesOf(
  segments: readonly SegmentFile[],
  ticks: readonly number[],
  endTicks: number,
  { num, den }: Rational,
): Times {
  const depth = Math.max(
    0,
    ...segments.map((s) => s.samples.reduce((deep, sample, i) => Math.max(deep, i - sample.rank), 0)),
  )
  const last = ticks.at(-1) ?? 0
  // The first decoding times lie before 0, by as much as the last one lies before its frame: then all of them together
  // last exactly as long as the film.
  const ahead = Math.max(depth, last - (ticks[ticks.length - 1 - depth] ?? last))
  const lateSeconds = Math.ceil((ahead * num) / den) + 1
  const lastDuration = (endTicks - last) * num
  const at = (tick: number): number => tick * num + lateSeconds * den
  const dtsOf = (i: number): number =>
    at(i >= depth ? (ticks[i - depth] ?? 0) : (ticks[0] ?? 0) - ahead + Math.floor((i * ahead) / depth))
  return {
    ...{ lateSeconds, lastDuration, dtsOf },
    durationOf: (i) => (i === ticks.length - 1 ? lastDuration : dtsOf(i + 1) - dtsOf(i)),
    ptsOf: (frame) => at(ticks[frame] ?? 0),
  }
}

async function* streamOf(
  segments: readonly SegmentFile[],
  first: SegmentFile,
  times: Times,
  den: number,
): AsyncGenerator<Buffer> {
  yield initWith(first, den)
  let start = 0
  let sequence = 1
  for (const { path, samples } of segments) {
    const file = await openFile(path)
    try {
      for (let i = 0; i < samples.length; i += fragmentFrames) {
        const part = samples.slice(i, i + fragmentFrames).map((sample, k): Timed => {
          const place = start + i + k
          const pts = times.ptsOf(start + sample.rank)
          return { ...sample, dts: times.dtsOf(place), duration: times.durationOf(place), pts }
        })
        yield fragment(sequence++, part)
        for (const sample of part) yield await readAt(file, sample.offset, sample.size, path)
      }
      start += samples.length
    } finally {
      await file.close()
    }
  }
}

/**
 * One fragmented stream of all segments. Frame k (in showing order) of the film gets exactly ticks[k]; decoding times are
 * the same ticks, moved back by the deepest reordering, so they rise and never pass the showing time.
 */
export function concatSegments(
  segments: readonly SegmentFile[],
  ticks: readonly number[],
  endTicks: number,
  timeBase: Rational,
): ConcatSegments {
  const [first] = segments
  const frames = segments.reduce((sum, s) => sum + s.samples.length, 0)
  if (!first || frames !== ticks.length)
    throw failing('ffmpeg-failed', 'segmentFrames', { found: frames, wanted: ticks.length })
  checkAlike(segments, first, timeBase)
  const { num, den } = timeBase
  const times = timesOf(segments, ticks, endTicks, timeBase)
  const { lateSeconds, lastDuration } = times
  const tail = segments.at(-1)?.samples ?? []
  return {
    ...{ lateSeconds, lastDuration, stream: streamOf(segments, first, times, den) },
    last: {
      n: frames - tail.length + tail.findIndex(({ rank }) => rank === tail.length - 1),
      seconds: ((ticks.at(-1) ?? 0) * num) / den,
      lastSeconds: lastDuration / den,
    },
    bytes: segments.reduce((sum, s) => sum + s.bytes, 0),
  }
}
