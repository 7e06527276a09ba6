// The index of an MP4 or QuickTime file held against the file: times that are none, and pictures and sounds that are not where it
// leads to. Only for files that list all of them in one index; nothing is decoded.
import { type Box, boxHeader, boxes, down, readIndex, scaleIn } from './boxes.js'
import { bytesAt } from './cutOff.js'
import { openFile } from './openFile.js'

/** Seconds on the track's own clock. */
export interface Missing {
  from: number
  to: number
  count: number
  /** They have no bytes: some cameras write that for "as before". Else the index leads out of the film. */
  isEmpty: boolean
}

export interface TrackFaults {
  /** Pictures, or packets of sound, as the index counts them. */
  count: number
  /** Its index gives all of them the same time. */
  isTimeless: boolean
  /** For these there is nothing in the file: they have no bytes, or the index leads out of the file or into itself. */
  missing: Missing[]
}

/** Numbers of 32 bits behind the head of a table: `width` of them an entry. */
function tableIn(data: Buffer, box: Box | undefined, width: number, skip = 0): number[] {
  if (!box || box.start + 8 + skip > box.end) return []
  const from = box.start + 8 + skip
  const told = data.readUInt32BE(from - 4) * width
  const count = Math.min(told, Math.floor((box.end - from) / 4))
  return Array.from({ length: count }, (_, i) => data.readUInt32BE(from + 4 * i))
}

/** Sizes of all samples: one for all of them, or one each. */
function sizesIn(data: Buffer, box: Box | undefined): number[] {
  if (!box || box.start + 12 > box.end) return []
  const same = data.readUInt32BE(box.start + 4)
  if (same === 0) return tableIn(data, box, 1, 4)
  const count = data.readUInt32BE(box.start + 8)
  return count > mostAlike ? [] : new Array<number>(count).fill(same)
}
/** Uncompressed sound counts every vibration: only little of it is looked at. */
const mostAlike = 1_000_000

function offsetsIn(data: Buffer, list: Box): number[] {
  const short = down(data, list, 'stco')
  if (short) return tableIn(data, short, 1)
  const pairs = tableIn(data, down(data, list, 'co64'), 2)
  return Array.from(
    { length: pairs.length / 2 },
    (_, i) => (pairs[2 * i] ?? 0) * 2 ** 32 + (pairs[2 * i + 1] ?? 0),
  )
}

/** When each sample begins, in the track's ticks, and the end of the last. */
function timesIn(data: Buffer, box: Box | undefined, samples: number): Float64Array {
  const runs = tableIn(data, box, 2)
  const times = new Float64Array(samples + 1)
  let [at, sample] = [0, 0]
  for (let run = 0; run + 1 < runs.length; run += 2)
    for (let n = runs[run] ?? 0; n > 0 && sample < samples; n--) {
      at += runs[run + 1] ?? 0
      times[++sample] = at
    }
  return times.fill(at, sample + 1)
}

/** Samples that lie one behind the other in the file. */
interface Chunk {
  start: number
  end: number
  /** Number of its first sample, and of the first behind it. */
  from: number
  to: number
}

function chunksIn(data: Buffer, list: Box, sizes: readonly number[]): Chunk[] {
  const runs = tableIn(data, down(data, list, 'stsc'), 3)
  let [sample, run] = [0, 0]
  return offsetsIn(data, list).map((start, i) => {
    while ((runs[run + 3] ?? Infinity) <= i + 1) run += 3
    const from = sample
    let end = start
    for (let n = runs[run + 1] ?? 0; n > 0 && sample < sizes.length; n--) end += sizes[sample++] ?? 0
    return { start, end, from, to: sample }
  })
}

/** Files that were edited keep no order, and share pieces: so many chunks that lie before the last one are no fault. */
const mostAstray = 20

/** Chunks that lie before the one that they follow, or behind the next, in the middle of others: their place is wrong. */
function astray(chunks: readonly Chunk[], all: readonly Chunk[]): Set<Chunk> {
  const isAstray = ({ start }: Chunk, i: number): boolean =>
    start < (chunks[i - 1]?.start ?? 0) || start > (chunks[i + 1]?.start ?? Infinity)
  const candidates = chunks.filter(isAstray)
  if (candidates.length > mostAstray) return new Set()
  return new Set(
    candidates.filter((chunk) =>
      all.some((other) => other !== chunk && other.start < chunk.start && other.end > chunk.start),
    ),
  )
}

/** Whether the bytes may be pictures or sound. */
type IsMedia = (from: number, to: number) => boolean

/** Numbers of the samples that are not in the file. */
function missingIn(
  chunks: readonly Chunk[],
  wrong: ReadonlySet<Chunk>,
  sizes: readonly number[],
  isMedia: IsMedia,
): number[] {
  const missing: number[] = []
  for (const chunk of chunks) {
    let at = chunk.start
    for (let sample = chunk.from; sample < chunk.to; sample++) {
      const size = sizes[sample] ?? 0
      if (size === 0 || wrong.has(chunk) || !isMedia(at, at + size)) missing.push(sample)
      at += size
    }
  }
  return missing
}

/** Samples in a row are one place. */
function placesOf(
  missing: readonly number[],
  sizes: readonly number[],
  times: Float64Array,
  scale: number,
): Missing[] {
  const places: Missing[] = []
  let last = -2
  for (const sample of missing) {
    const place = places.at(-1)
    const to = (times[sample + 1] ?? 0) / scale
    const isEmpty = sizes[sample] === 0
    if (place && sample === last + 1 && place.isEmpty === isEmpty)
      Object.assign(place, { to, count: place.count + 1 })
    else places.push({ from: (times[sample] ?? 0) / scale, to, count: 1, isEmpty })
    last = sample
  }
  return places
}

interface Listed {
  list: Box
  scale: number
  sizes: number[]
  chunks: Chunk[]
}

function listedIn(data: Buffer, track: Box): Listed | undefined {
  const list = down(data, track, 'mdia', 'minf', 'stbl')
  const scale = scaleIn(data, down(data, track, 'mdia', 'mdhd'))
  if (!list || scale === undefined) return undefined
  const sizes = sizesIn(data, down(data, list, 'stsz'))
  return sizes.length === 0 ? undefined : { list, scale, sizes, chunks: chunksIn(data, list, sizes) }
}

function faultsOf(
  data: Buffer,
  { list, scale, sizes, chunks }: Listed,
  all: readonly Chunk[],
  isMedia: IsMedia,
): TrackFaults {
  const times = timesIn(data, down(data, list, 'stts'), sizes.length)
  const missing = missingIn(chunks, astray(chunks, all), sizes, isMedia)
  return {
    count: sizes.length,
    isTimeless: sizes.length > 1 && times[sizes.length] === 0,
    missing: placesOf(missing, sizes, times, scale),
  }
}

/** Where the index and what describes the file lie: nothing is shown from there. */
async function describingBoxes(path: string): Promise<{ bytes: number; boxes: Box[] }> {
  const file = await openFile(path)
  try {
    const { size: bytes } = await file.stat()
    const found: Box[] = []
    for (let at = 0, count = 0; at < bytes && count < 1000; count++) {
      const header = boxHeader(await bytesAt(file, at, 16))
      if (!header || header.size === 0) break
      if (/^(ftyp|moov)$/.test(header.type))
        found.push({ type: header.type, start: at, end: at + header.size })
      at += header.size
    }
    return { bytes, boxes: found }
  } finally {
    await file.close()
  }
}

/** By track, in the file's order; empty where the file has no such index. */
export async function trackFaults(path: string, container: string): Promise<(TrackFaults | undefined)[]> {
  if (!/\bmov\b/.test(container)) return []
  const data = await readIndex(path)
  if (!data || down(data, { start: 0, end: data.length }, 'mvex')) return []
  const { bytes, boxes: described } = await describingBoxes(path)
  const isMedia: IsMedia = (from, to) =>
    to <= bytes && described.every(({ start, end }) => to <= start || from >= end)
  const tracks = boxes(data)
    .filter(({ type }) => type === 'trak')
    .map((track) => listedIn(data, track))
  const all = tracks.flatMap((track) => track?.chunks ?? [])
  return tracks.map((track) => track && faultsOf(data, track, all, isMedia))
}
