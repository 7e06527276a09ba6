// What the headers of a file say of it and its tracks, asked of ffprobe once: opening a film and its frame table want the same answer.
import { basename } from 'node:path'
import { z } from 'zod'
import { AppError, failing, fault } from '../shared/contract/errors.js'
import type { Source } from '../shared/media/source.js'
import { type Phrase, phrase } from '../shared/words/sentences.js'
import { startsWithBox } from './boxes.js'
import { remainsOf } from './brokenFilm.js'
import { keepNewest } from './newest.js'
import type { Input } from './packets.js'
import { readArguments } from './reading.js'
import type { Tools } from './resolve.js'
import { runText } from './run.js'

const Tags = z.record(z.string(), z.string()).optional()
const SideData = z.looseObject({
  side_data_type: z.string().optional(),
  displaymatrix: z.string().optional(),
})

const ProbedStream = z.looseObject({
  index: z.number().int().nonnegative(),
  codec_type: z.string().optional(),
  codec_name: z.string().optional(),
  codec_tag_string: z.string().optional(),
  profile: z.string().optional(),
  width: z.number().int().optional(),
  height: z.number().int().optional(),
  pix_fmt: z.string().optional(),
  sample_aspect_ratio: z.string().optional(),
  field_order: z.string().optional(),
  r_frame_rate: z.string().optional(),
  avg_frame_rate: z.string().optional(),
  time_base: z.string().optional(),
  start_pts: z.number().optional(),
  start_time: z.string().optional(),
  duration: z.string().optional(),
  nb_frames: z.string().optional(),
  color_range: z.string().optional(),
  color_space: z.string().optional(),
  color_transfer: z.string().optional(),
  color_primaries: z.string().optional(),
  chroma_location: z.string().optional(),
  sample_rate: z.string().optional(),
  channels: z.number().int().optional(),
  disposition: z.record(z.string(), z.number()).optional(),
  tags: Tags,
  side_data_list: z.array(SideData).optional(),
})
export type ProbedStream = z.infer<typeof ProbedStream>

const Probed = z.looseObject({
  streams: z.array(ProbedStream).default([]),
  chapters: z.array(z.looseObject({ start_time: z.string(), end_time: z.string(), tags: Tags })).default([]),
  format: z
    .looseObject({
      format_name: z.string().optional(),
      duration: z.string().optional(),
      start_time: z.string().optional(),
      tags: Tags,
    })
    .default({}),
})
export type Probed = z.infer<typeof Probed>

/** Headers come within moments, or never: a silent drive, a file that leads to a pipe. */
export const probeLimitMs = 60_000

export function parseJson<T>(schema: z.ZodType<T>, text: string, path: string): T {
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch (cause) {
    throw fault('ffmpeg-failed', `ffprobe's answer about "${basename(path)}" cannot be understood.`, {
      cause,
    })
  }
  const parsed = schema.safeParse(value)
  if (parsed.success) return parsed.data
  throw fault('ffmpeg-failed', `ffprobe's answer about "${basename(path)}" is not as expected.`, {
    cause: parsed.error,
  })
}

/** What was read of a file once holds as long as these. */
export type FileFacts = Pick<Source, 'bytes' | 'modifiedMs'>

interface Asked {
  path: string
  /** ffmpeg's arguments that open it. */
  args: readonly string[]
  file?: FileFacts | undefined
}

const kept = new Map<string, Probed>()
const keptFiles = 50

/** Tracks, chapters and tags; fails with a sentence where there is no film or sound in it. */
export async function headers(
  tools: Tools,
  { path, args, file }: Asked,
  signal?: AbortSignal,
): Promise<Probed> {
  const key = JSON.stringify([file?.bytes, file?.modifiedMs, args])
  const known = file && kept.get(key)
  if (known) return known
  const found = await ask(tools, path, args, signal)
  return file ? keepNewest(kept, keptFiles, key, found) : found
}

/** Readers that ffmpeg chooses by a file's name alone: of what is no film or picture they miss an index, or would go through a numbered series. */
const saidInVain = /moov atom not found|\[image2 @[^\]]*\] Format not on whitelist/

const whyNoFilm = ({ sentence, detail }: AppError): Phrase =>
  saidInVain.test(JSON.stringify(detail ?? ''))
    ? phrase('reasonSenseless')
    : ((sentence?.values.reason as Phrase | undefined) ?? phrase('reasonSenseless'))

async function ask(
  tools: Tools,
  path: string,
  input: readonly string[],
  signal?: AbortSignal,
): Promise<Probed> {
  const name = basename(path)
  const args = ['-v', 'error', '-print_format', 'json', '-show_format', '-show_streams', '-show_chapters']
  try {
    const text = await runText(tools.ffprobe, [...args, ...input], {
      ...{ what: phrase('doRead', { name }), signal, limitMs: probeLimitMs },
    })
    return parseJson(Probed, text, path)
  } catch (cause) {
    if (!(cause instanceof AppError) || cause.code !== 'ffmpeg-failed') throw cause
    const more = { cause, detail: cause.detail }
    const remains = await remainsOf(path)
    if (/moov atom not found/.test(JSON.stringify(cause.detail ?? '')) && (await startsWithBox(path)))
      throw failing(
        'truncated-file',
        remains?.hasIndex ? 'sourceIndexLost' : 'sourceWithoutIndex',
        { name },
        more,
      )
    if (remains) throw failing('truncated-file', 'sourceBroken', { name, kind: remains.kind }, more)
    throw failing('not-a-video', 'notReadableVideo', { name, reason: whyNoFilm(cause) }, more)
  }
}

/** "00:00:05.040000000" -> 5.04 */
export function clockSeconds(text: string | undefined): number | undefined {
  const match = /^(\d+):(\d\d):(\d\d(?:\.\d+)?)$/.exec(text ?? '')
  return match ? Number(match[1]) * 3600 + Number(match[2]) * 60 + Number(match[3]) : undefined
}

/** What a file says of its own length, seconds and pictures; NaN where it does not. */
export async function lengths(
  tools: Tools,
  { name, args, stream, file }: Input,
  signal?: AbortSignal,
): Promise<{ start: number; told: number; pictures: number }> {
  const { format, streams } = await headers(tools, { path: name, args, file }, signal)
  return {
    start: Number(format.start_time ?? 0) || 0,
    told: Number(format.duration ?? NaN),
    pictures: Number(streams.find(({ index }) => index === stream)?.nb_frames ?? NaN),
  }
}

/** Seconds of the file's clock at which the picture and the longest sound end, where the file tells it; else -Infinity. */
export async function trackEnds(
  tools: Tools,
  source: Source,
  signal?: AbortSignal,
): Promise<{ video: number; sound: number }> {
  const { path, bytes, modifiedMs } = source
  const asked = { path, args: readArguments(source), file: { bytes, modifiedMs } }
  const { streams } = await headers(tools, asked, signal)
  const ends = ({ start_time, duration, tags }: ProbedStream): number => {
    const end = Number(start_time ?? 0) + Number(duration ?? NaN)
    return Math.max(clockSeconds(tags?.['DURATION']) ?? -Infinity, Number.isNaN(end) ? -Infinity : end)
  }
  const ofKind = (isWanted: (s: ProbedStream) => boolean): number =>
    Math.max(-Infinity, ...streams.filter(isWanted).map(ends))
  return {
    video: ofKind(({ index }) => index === source.video.index),
    sound: ofKind(({ codec_type }) => codec_type === 'audio'),
  }
}
