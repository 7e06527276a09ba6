// Frames of a source from any frame number on: upright, square, planar YUV at source depth, numbered and timed.
import { AppError, failing } from '../shared/errors.js'
import { Rational } from '../shared/rational.js'
import { FrameTable, Source } from '../shared/source.js'
import { FrameFormat, bytesPerFrame, pixelFormat } from './format.js'
import { decodedFormat as formatOf, upright } from './geometry.js'
import { NutFrame, readNut } from './nut.js'
import { checkUnchanged } from './probe.js'
import { Tools } from './resolve.js'
import { Child, cancelled, inputArguments, run, withoutTags } from './run.js'
import { readAs } from './still.js'

export interface DecodedFrame {
  /** Number in the frame table. */
  frame: number
  /** table.ticks[frame] */
  ticks: number
  /** One frame in `format`; its bytes are overwritten once the next frame is asked for. */
  data: Uint8Array
}

export interface Decoding {
  format: FrameFormat
  /** Frames [from, to) of the table, every one exactly once. Leaving the loop stops ffmpeg. */
  frames: AsyncIterable<DecodedFrame>
}

export interface DecodeOptions {
  table: FrameTable
  from: number
  to: number
  signal?: AbortSignal | undefined
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
  const before = table.keyFrames.filter((key) => key <= from - 4) // the deinterlacer looks at neighbours
  // Elsewhere a key frame may lean on the picture before it (open groups), or the seek may land a little late.
  const key = before.at(hasExactIndex(source) ? -1 : -2)
  return key === undefined || key === 0 ? undefined : key
}

/** How far frame 0 is moved up in the pipe: NUT has no negative timestamps, and frames before it may come. */
const margin = 1e9

interface Started {
  child: Child
  frames: AsyncGenerator<NutFrame>
  /** Timestamp of a pipe frame in table ticks, or its number when counting. */
  place: (pts: number) => number
}

function start(
  tools: Tools,
  source: Source,
  table: FrameTable,
  key: number | undefined,
  signal?: AbortSignal,
): Started {
  const { timeBase, keyFrames } = table
  const format = decodedFormat(source)
  const isCounting = keyFrames.length === 0
  const seconds =
    key === undefined ? 0 : ((table.start + (table.ticks[key] ?? 0)) * timeBase.num) / timeBase.den
  const filters = [
    ...upright(source.video),
    `settb=${timeBase.num}/${timeBase.den}`,
    isCounting ? `setpts=N+${margin}` : `setpts=PTS+${margin - table.start}`,
  ]
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
      ...[...readAs(source.container), ...inputArguments(source.path)],
      ...['-map', `0:${source.video.index}`, '-vf', filters.join(','), ...passthrough(tools)],
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
    { what: `read "${source.name}"`, signal },
  )
  child.stdin.end()
  let scale = 1 // pipe ticks per table tick: the muxer may choose a finer time base
  const frames = readNut(child.stdout as AsyncIterable<Uint8Array>, bytesPerFrame(format), (header) => {
    scale = ticksPerTick(header.timeBase, timeBase)
    if (header.width !== format.width || header.height !== format.height)
      throw failing('ffmpeg-failed', 'sourceSize', {
        name: source.name,
        found: `${header.width}x${header.height}`,
        wanted: `${format.width}x${format.height}`,
      })
  })
  return { child, frames, place: (pts) => Math.round(pts / scale) - margin }
}

function ticksPerTick(fine: Rational, coarse: Rational): number {
  const scale = (fine.den * coarse.num) / (fine.num * coarse.den)
  if (!Number.isInteger(scale) || scale < 1)
    throw new AppError(
      'ffmpeg-failed',
      `ffmpeg changed the time base from ${coarse.num}/${coarse.den} to ${fine.num}/${fine.den}.`,
    )
  return scale
}

/** The frame whose time is nearest; ticks rise. */
export function nearest(ticks: readonly number[], tick: number): number {
  let [low, high] = [0, ticks.length - 1]
  while (low < high) {
    const middle = (low + high) >> 1
    if ((ticks[middle] ?? 0) < tick) low = middle + 1
    else high = middle
  }
  const [before, after] = [ticks[low - 1], ticks[low] ?? 0]
  return before !== undefined && tick - before <= after - tick ? low - 1 : low
}

/** Thrown inside when a seek landed too late; decoding then starts at the beginning of the file. */
class LandedLate extends Error {}

/**
 * Every frame of [from, to) once. The table decides which frames there are: a frame that the decoder leaves out (damage)
 * is shown as the one before it, one that it gives too many is dropped, so numbers and sound never drift.
 */
async function* attempt(
  tools: Tools,
  source: Source,
  options: DecodeOptions,
  key: number | undefined,
): AsyncGenerator<DecodedFrame> {
  const { table, from, to, signal } = options
  const { child, frames, place } = start(tools, source, table, key, signal)
  const isCounting = table.keyFrames.length === 0
  const give = (frame: number, data: Uint8Array): DecodedFrame => ({
    frame,
    ticks: table.ticks[frame] ?? 0,
    data,
  })
  let next = from
  let last: Uint8Array | undefined
  let isFirst = true
  try {
    for await (const { pts, data } of frames) {
      const at = place(pts)
      const frame = isCounting ? at : nearest(table.ticks, at)
      if (isFirst && key !== undefined && at > (table.ticks[Math.max(0, Math.min(from - 4, key))] ?? 0))
        throw new LandedLate()
      isFirst = false
      if (signal?.aborted) throw cancelled()
      // Frames that are missing before this one repeat what came before them (or show this one, at the very start).
      while (next < Math.min(frame, to)) yield give(next++, last ?? data)
      last = data
      if (frame === next && next < to) yield give(next++, data)
      if (next >= to) return
    }
    await child.done // a reason to have ended early, or cancelled
    if (!last)
      throw failing(
        'ffmpeg-failed',
        'sourceNoPicture',
        { name: source.name },
        { detail: { stderr: child.stderr() } },
      )
    while (next < to) yield give(next++, last)
  } catch (error) {
    throw signal?.aborted ? cancelled() : error // a pipe that was cut off by the cancelling is not the news
  } finally {
    await child.stop()
  }
}

async function* framesOf(tools: Tools, source: Source, options: DecodeOptions): AsyncGenerator<DecodedFrame> {
  await checkUnchanged(source)
  const key = entry(source, options.table, options.from)
  try {
    yield* attempt(tools, source, options, key)
  } catch (error) {
    if (!(error instanceof LandedLate)) throw error
    yield* attempt(tools, source, options, undefined) // nothing was given yet
  }
}

export function decode(tools: Tools, source: Source, options: DecodeOptions): Decoding {
  const { table, from, to } = options
  if (!(from >= 0 && from < to && to <= table.ticks.length))
    throw new AppError(
      'empty-range',
      `"${source.name}" has frames 0 to ${table.ticks.length}; [${from}, ${to}) is not a range of them.`,
    )
  return { format: decodedFormat(source), frames: framesOf(tools, source, options) }
}
