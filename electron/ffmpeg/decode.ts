// Frames of a source from any frame number on: upright, square, planar YUV at source depth, numbered and timed.
import { AppError, failing, fault } from '../shared/contract/errors.js'
import { Rational } from '../shared/media/rational.js'
import { frameCount, keyFrameAt, nearestFrame, tableOfSection, ticksOf } from '../shared/media/frameTable.js'
import { type SparseRun, countIn, sparseAt } from '../shared/media/runs.js'
import { FrameTable, Section, Source, sizeWords } from '../shared/media/source.js'
import { phrase } from '../shared/words/sentences.js'
import { FrameFormat, bytesPerFrame, pixelFormat } from './format.js'
import { decodedFormat as formatOf, upright } from './geometry.js'
import { NutFrame, isCutOff, readNut } from './nut.js'
import { Tools } from './resolve.js'
import { Child, cancelled, run, withoutTags } from './run.js'
import { sectionArguments } from './sections.js'
import { checkUnchanged, readErrorWords } from './unchanged.js'

export interface DecodedFrame {
  /** Number in the frame table. */
  frame: number
  /** When it is shown, see FrameTable. */
  ticks: number
  /** One frame in `format`; its bytes are overwritten once the next frame is asked for. */
  data: Uint8Array
}

/** Frames [from, to) of the table. */
export interface Gap {
  from: number
  to: number
}

/** How well the reading went; complete once the frames have ended. */
export interface Reading {
  /** Frames that the decoder left out, in rising order: each shows what came before it. */
  gaps: Gap[]
  /** The decoder spoke of damaged data while it was at the wanted frames. */
  isDamaged: boolean
  /** Where that was, as nearly as is known, in rising order: some of these frames. */
  damaged: Gap[]
  /** Pictures that the decoder gave and the table does not know: they are left out. */
  surplus: number
  /** The disk or the network did not give the bytes, or the file ended before its end. */
  hasReadError: boolean
}

export interface Decoding {
  format: FrameFormat
  /** Frames [from, to) of the table, every one exactly once. Leaving the loop stops ffmpeg. */
  frames: AsyncIterable<DecodedFrame>
  reading: Reading
}

/** Another look at stored frames than the upright, square and progressive one. */
export interface DecodedAs {
  format: FrameFormat
  filters: string[]
}

export interface DecodeOptions {
  table: FrameTable
  from: number
  to: number
  signal?: AbortSignal | undefined
  as?: DecodedAs | undefined
}

/** What decode() yields for this source. */
export const decodedFormat = (source: Source): FrameFormat => formatOf(source.video)

/** ffmpeg 5.1 renamed -vsync. Every frame goes through with its own timestamp, none is doubled or dropped. */
export function passthrough(tools: Tools): string[] {
  const [major = 0, minor = 0] = tools.version.split('.').map(Number)
  return Number.isNaN(major) || major > 5 || (major === 5 && minor >= 1)
    ? ['-fps_mode', 'passthrough']
    : ['-vsync', '0']
}

/** Containers whose index leads exactly to a frame that decoding can begin with. */
const hasExactIndex = (source: Source): boolean => /\b(mov|matroska)\b/.test(source.container)

/** Where to begin in order to get frame `from` whole: a key frame, or undefined for the start of the file. */
export function entry(source: Source, table: FrameTable, from: number): number | undefined {
  // Elsewhere a key frame may lean on the picture before it (open groups), or the seek may land a little late.
  const key = keyFrameAt(table, from - 4, hasExactIndex(source) ? 0 : 1) // the deinterlacer looks at neighbours
  return key === 0 ? undefined : key
}

/**
 * Not what decoders also say of whole films that are entered at an open group of pictures, nor what ffmpeg says of its own output:
 * since 7.0 of a pipe that closes once the last wanted frame is there ("Error submitting a packet to the muxer").
 */
const damageWords =
  /error while decoding|damaged|corrupt|concealing|invalid data found|error submitting packet to decoder|bad vlc|invalid nal unit size|splitting the input|overread|slice mismatch|end mismatch|invalid level prefix|out of range intra|illegal (dc|ac)|bad cabac|checksum|crc mismatch|slice crc|ignoring overflow|run overflow|dc overflow|error at mb|error dc|error y=|slice end not reached|temporal unit/i

/** How far frame 0 is moved up in the pipe: NUT has no negative timestamps, and frames before it may come. */
const margin = 1e9

/** A recording to decode from: a file, or a section of one, with the table of its own frames. */
interface Recording {
  table: FrameTable
  section?: Section | undefined
}

const formatIn = (source: Source, { as }: Pick<DecodeOptions, 'as'>): FrameFormat =>
  as?.format ?? decodedFormat(source)

interface Started {
  child: Child
  frames: AsyncGenerator<NutFrame>
  /** The number in the table of the frame that came with this timestamp in the pipe; undefined: not one of them. */
  find: (pts: number) => number | undefined
}

/**
 * How frames are told apart in the pipe. By time, where every timestamp is right; by order alone, where none can be trusted;
 * by order with a look at the timestamp, where some are wrong: a number and the low bits of the timestamp travel as one.
 */
function numbering(table: FrameTable, key: number | undefined): { setpts: string; find: Started['find'] } {
  const { raw, start } = table
  if (raw) {
    const follow = follower(raw, key)
    const low = `mod(PTS+${lowBits * 1e6 - start},${lowBits})`
    return {
      setpts: `setpts='N*${2 * lowBits}+if(isnan(PTS),${lowBits},${low})'`,
      find: (pts) =>
        follow(pts % (2 * lowBits) === lowBits ? NaN : (pts % (2 * lowBits)) + (start % lowBits)),
    }
  }
  if (table.keyFrames.length === 0) return { setpts: `setpts=N+${margin}`, find: (pts) => pts - margin }
  return { setpts: `setpts=PTS+${margin - start}`, find: (pts) => nearestFrame(table, pts - margin) }
}

/** Timestamps are told apart by their low bits; the pipe's numbers stay whole that way. */
const lowBits = 2 ** 20
/** So many frames in a row may be missing from what the decoder gives, and are still noticed. */
const mostMissing = 300

/** Gives numbers to frames by their order; a timestamp that belongs to a later frame says that some are missing. */
function follower(raw: readonly SparseRun[], key = 0): (stamp: number) => number | undefined {
  let expected = key
  let isBegun = key === 0
  const isAt = (frame: number, stamp: number): boolean => {
    const told = sparseAt(raw, frame)
    return told !== null && told !== undefined && (((told - stamp) % lowBits) + lowBits) % lowBits === 0
  }
  return (stamp) => {
    // What comes before the key frame leans on pictures that were not decoded.
    if (!isBegun && !isAt(expected, stamp)) return undefined
    isBegun = true
    if (sparseAt(raw, expected) !== null && !isAt(expected, stamp))
      for (let frame = expected + 1; frame < Math.min(countIn(raw), expected + mostMissing); frame++)
        if (isAt(frame, stamp)) {
          expected = frame
          break
        }
    return expected++
  }
}

function start(
  tools: Tools,
  source: Source,
  options: PartOptions,
  key: number | undefined,
  onLine: (line: string) => void,
): Started {
  const { table, section, as, signal } = options
  const { timeBase } = table
  const format = formatIn(source, options)
  const first = table.start - ticksOf(table, 0)
  const seconds = key === undefined ? 0 : ((first + ticksOf(table, key)) * timeBase.num) / timeBase.den
  const { setpts, find } = numbering({ ...table, start: first }, key)
  const video = section?.isReshaped ? { ...source.video, changesShape: true } : source.video
  const filters = [...(as?.filters ?? upright(video)), `settb=${timeBase.num}/${timeBase.den}`, setpts]
  const stream = section ? (section.streams[source.video.index] ?? -1) : source.video.index
  const child = run(
    tools.ffmpeg,
    [
      ...[
        '-hide_banner',
        '-nostdin',
        '-loglevel',
        'error',
        '-max_error_rate',
        '1',
        '-copyts',
        '-noautorotate',
      ],
      // All frames from the key frame on are wanted; which of them to keep is decided here, by timestamp.
      ...(key === undefined ? [] : ['-noaccurate_seek', '-seek_timestamp', '1', '-ss', seconds.toFixed(6)]),
      // A stream that changes its size keeps its filters, which bring it back: new ones would count from 0 again.
      ...['-reinit_filter', '0', ...sectionArguments(source, section)],
      ...['-map', `0:${stream}`, '-vf', filters.join(','), ...passthrough(tools)],
      ...[
        '-enc_time_base',
        `${timeBase.num}:${timeBase.den}`,
        '-c:v',
        'rawvideo',
        '-pix_fmt',
        pixelFormat(format),
      ],
      ...[...withoutTags, '-f', 'nut', 'pipe:1'],
    ],
    { what: phrase('doRead', { name: source.name }), signal, onLine },
  )
  child.stdin.end()
  let scale = 1 // pipe ticks per table tick: the muxer may choose a finer time base
  const frames = readNut(child.stdout as AsyncIterable<Uint8Array>, bytesPerFrame(format), (header) => {
    scale = ticksPerTick(header.timeBase, timeBase)
    if (header.width !== format.width || header.height !== format.height)
      throw failing('ffmpeg-failed', 'sourceSize', {
        name: source.name,
        found: sizeWords(header),
        wanted: sizeWords(format),
      })
  })
  return { child, frames, find: (pts) => find(Math.round(pts / scale)) }
}

function ticksPerTick(fine: Rational, coarse: Rational): number {
  const scale = (fine.den * coarse.num) / (fine.num * coarse.den)
  if (!Number.isInteger(scale) || scale < 1)
    throw fault(
      'ffmpeg-failed',
      `ffmpeg changed the time base from ${coarse.num}/${coarse.den} to ${fine.num}/${fine.den}.`,
    )
  return scale
}

/** Thrown inside when a seek landed too late; decoding then starts at the beginning of the file. */
class LandedLate extends Error {}

/** So many frames may be decoded, and so many bytes of them be on their way, when the decoder speaks of one. */
const mostAhead = 24
const pipedBytes = 1 << 17
/** So many bytes of frames may be taken before what was said earlier is heard: both come by pipes of their own. */
const mostLateBytes = 1 << 21

/** Places come in rising order; those that touch are one. */
function mark(places: Gap[], place: Gap): void {
  const last = places.at(-1)
  if (last && place.from <= last.to) last.to = Math.max(last.to, place.to)
  else places.push(place)
}

/** Frames of one recording; `first` is where it begins in the table of the whole. */
type PartOptions = DecodeOptions & Recording & { first: number }

interface Notes {
  /** Of what the decoder says. */
  onLine: (line: string) => void
  /** The decoder has given this frame. */
  seen: (frame: number) => void
  /** It has left this one out. */
  missing: (frame: number) => void
}

/** Writes down in `reading` how well it goes, from key frame `key` or the start of the recording on. */
function noting(source: Source, options: PartOptions, key: number | undefined, reading: Reading): Notes {
  const { from, to, first } = options
  const frameBytes = bytesPerFrame(formatIn(source, options))
  const ahead = mostAhead + Math.ceil(pipedBytes / frameBytes)
  const late = Math.ceil(mostLateBytes / frameBytes)
  let at = key ?? 0
  // Before the first wanted frame a decoder may complain of what it has to leave out after a seek.
  let isAtWanted = key === undefined
  return {
    onLine(line) {
      if (readErrorWords.test(line)) reading.hasReadError = true
      else if (isAtWanted && damageWords.test(line)) {
        reading.isDamaged = true
        const place = { from: Math.max(from, at - late), to: Math.min(to, at + ahead) }
        if (place.from < place.to) mark(reading.damaged, { from: first + place.from, to: first + place.to })
      }
    },
    seen(frame) {
      at = frame
      if (frame >= from) isAtWanted = true
    },
    missing(own) {
      const frame = first + own
      const gap = reading.gaps.at(-1)
      if (gap?.to === frame) gap.to++
      else reading.gaps.push({ from: frame, to: frame + 1 })
    },
  }
}

/**
 * Every frame of [from, to) once. The table decides which frames there are: a frame that the decoder leaves out (damage)
 * is shown as the one before it, one that it gives too many is dropped, so numbers and sound never drift.
 */
async function* attempt(
  tools: Tools,
  source: Source,
  options: PartOptions,
  key: number | undefined,
  reading: Reading,
): AsyncGenerator<DecodedFrame> {
  const { table, from, to, signal } = options
  const notes = noting(source, options, key, reading)
  const { child, frames, find } = start(tools, source, options, key, notes.onLine)
  const give = (frame: number, data: Uint8Array): DecodedFrame => ({
    frame,
    ticks: ticksOf(table, frame),
    data,
  })
  let next = from
  let last: Uint8Array | undefined
  let isFirst = true
  try {
    for await (const { pts, data } of frames) {
      const frame = find(pts)
      if (frame === undefined) continue
      if (isFirst && key !== undefined && frame > Math.max(0, Math.min(from - 4, key))) throw new LandedLate()
      isFirst = false
      if (signal?.aborted) throw cancelled()
      notes.seen(frame)
      // Frames that are missing before this one repeat what came before them (or show this one, at the very start).
      while (next < Math.min(frame, to)) {
        notes.missing(next)
        yield give(next++, last ?? data)
      }
      last = data
      if (frame === next && next < to) yield give(next++, data)
      else if (frame >= from) reading.surplus++
      // At the end of the table it is asked whether the film ends there, too.
      if (next >= to && to < frameCount(table)) return
    }
    await child.done // a reason to have ended early, or cancelled
    if (isFirst && key !== undefined) throw new LandedLate()
    if (!last) throw noPicture(source, child)
    while (next < to) {
      notes.missing(next)
      yield give(next++, last)
    }
  } catch (error) {
    if (signal?.aborted) throw cancelled() // a pipe that was cut off by the cancelling is not the news
    if (isCutOff(error)) await child.done // nor is one whose ffmpeg was killed: how it ended says more
    throw error
  } finally {
    await child.stop()
  }
}

const noPicture = ({ name }: Source, child: Child): AppError =>
  failing('ffmpeg-failed', 'sourceNoPicture', { name }, { detail: { stderr: child.stderr() } })

/** The recordings that frames [from, to) lie in, each with its own part of the table and range. */
function recordings(options: DecodeOptions): PartOptions[] {
  const { table, from, to } = options
  const { sections } = table
  if (!sections) return [{ ...options, first: 0 }]
  return sections.flatMap((section, i) => {
    const first = section.frame
    const end = sections[i + 1]?.frame ?? frameCount(table)
    if (end <= from || first >= to) return []
    const own = tableOfSection(table, section, end)
    const range = { from: Math.max(from, first) - first, to: Math.min(to, end) - first }
    return [{ ...options, ...range, table: own, section, first }]
  })
}

async function* framesOf(
  tools: Tools,
  source: Source,
  options: DecodeOptions,
  reading: Reading,
): AsyncGenerator<DecodedFrame> {
  await checkUnchanged(source)
  for (const recording of recordings(options))
    for await (const frame of framesIn(tools, source, recording, reading))
      yield { ...frame, frame: recording.first + frame.frame }
}

async function* framesIn(
  tools: Tools,
  source: Source,
  options: PartOptions,
  reading: Reading,
): AsyncGenerator<DecodedFrame> {
  const key = entry(source, options.table, options.from)
  try {
    yield* attempt(tools, source, options, key, reading)
  } catch (error) {
    if (!(error instanceof LandedLate)) throw error
    yield* attempt(tools, source, options, undefined, reading) // nothing was given yet
  }
}

export function decode(tools: Tools, source: Source, options: DecodeOptions): Decoding {
  const { table, from, to } = options
  if (!(from >= 0 && from < to && to <= frameCount(table)))
    throw fault(
      'empty-range',
      `"${source.name}" has frames 0 to ${frameCount(table)}; [${from}, ${to}) is not a range of them.`,
    )
  const reading: Reading = { gaps: [], isDamaged: false, damaged: [], surplus: 0, hasReadError: false }
  return { format: formatIn(source, options), frames: framesOf(tools, source, options, reading), reading }
}
