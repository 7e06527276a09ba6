// What a file is: ffprobe's answer parsed into a Source. Refuses what is neither a video nor a photo with a sentence that says why.
import { createHash } from 'node:crypto'
import { open, stat } from 'node:fs/promises'
import { basename, resolve } from 'node:path'
import { z } from 'zod'
import { AppError, failing } from '../shared/errors.js'
import { Rational, parseRational, rational, toNumber } from '../shared/rational.js'
import { AudioStream, Film, Source, TrackRole, VideoStream } from '../shared/source.js'
import { phrase, type Part, Said, said } from '../shared/sentences.js'
import { systemReason } from '../shared/systemReason.js'
import { filmsBehind, isTruncated, leadsElsewhere, startsWithBox } from './boxes.js'
import { orientation } from './geometry.js'
import type { Input } from './packets.js'
import { isNotUnicode } from './names.js'
import { pixelKind } from './pixelFormats.js'
import { isEncrypted, sampleKinds } from './encryption.js'
import { farLook } from './reading.js'
import { Tools } from './resolve.js'
import { shapeChanges } from './shape.js'
import { listKind } from './readable.js'
import { inputArguments, late, runText } from './run.js'
import { readAs, stillFacts, stillFormat } from './still.js'
import { captureDate, readTags } from './tags.js'

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
type ProbedStream = z.infer<typeof ProbedStream>

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

/** The first packets and frames as the decoder takes and gives them. */
const ProbedHead = z.looseObject({
  packets_and_frames: z
    .array(
      z.looseObject({
        type: z.string().optional(),
        pts: z.number().int().optional(),
        dts: z.number().int().optional(),
        pos: z.string().optional(),
        pkt_pos: z.string().optional(),
        best_effort_timestamp: z.number().int().optional(),
        interlaced_frame: z.number().optional(),
        top_field_first: z.number().optional(),
      }),
    )
    .default([]),
})

/** Headers come within moments, or never: a silent drive, a file that leads to a pipe. */
const probeLimitMs = 60_000

async function fileFacts(path: string): Promise<{ id: string; bytes: number; modifiedMs: number }> {
  const name = basename(path)
  try {
    const facts = await stat(path)
    if (facts.isDirectory()) throw failing('not-a-video', 'sourceIsFolder', { name })
    if (!facts.isFile()) throw failing('not-a-video', 'sourceNotRegular', { name })
    if (facts.size === 0) throw failing('not-a-video', 'sourceEmpty', { name })
    const file = await open(path, 'r')
    try {
      const piece = Buffer.alloc(65536)
      const hash = createHash('sha256').update(`${facts.size} ${facts.mtimeMs}`)
      for (const position of [0, Math.max(0, facts.size - piece.length)]) {
        const { bytesRead } = await file.read(piece, 0, piece.length, position)
        hash.update(piece.subarray(0, bytesRead))
      }
      return { id: hash.digest('hex').slice(0, 32), bytes: facts.size, modifiedMs: facts.mtimeMs }
    } finally {
      await file.close()
    }
  } catch (cause) {
    if (cause instanceof AppError) throw cause
    const code = (cause as NodeJS.ErrnoException).code
    if (code === 'ENOENT' || code === 'ENOTDIR')
      throw (await isNotUnicode(path))
        ? failing('source-unreadable', 'sourceNameNotUnicode', { name }, { cause })
        : failing('source-vanished', 'sourceGone', { name, path }, { cause })
    throw failing('source-unreadable', 'sourceUnreadable', { name, why: systemReason(cause) }, { cause })
  }
}

/** Fails when the file is gone or is no longer the one that was probed. */
export async function checkUnchanged(source: Source): Promise<void> {
  const facts = await stat(source.path).catch((cause: unknown) => {
    throw failing('source-vanished', 'sourceAway', { name: source.name, path: source.path }, { cause })
  })
  if (facts.size !== source.bytes || facts.mtimeMs !== source.modifiedMs)
    throw failing('source-unreadable', 'sourceChanged', { name: source.name })
}

function colourOf(
  stream: ProbedStream,
  width: number,
  height: number,
  isFullRange: boolean,
): Pick<VideoStream, 'matrix' | 'range' | 'isColourGuessed' | 'primaries' | 'transfer'> {
  const space = stream.color_space
  const matrix: VideoStream['matrix'] | undefined =
    space === 'bt709'
      ? 'bt709'
      : space === 'bt470bg' || space === 'smpte170m' || space === 'fcc'
        ? 'bt601'
        : space?.startsWith('bt2020')
          ? 'bt2020'
          : undefined
  // Untagged: standard definition is 601, anything larger 709 (what players do).
  const guess = Math.min(width, height) <= 576 && Math.max(width, height) <= 1024 ? 'bt601' : 'bt709'
  const known = (name: string | undefined): string | undefined =>
    name === 'unknown' || name === 'reserved' ? undefined : name
  return {
    matrix: matrix ?? guess,
    range: stream.color_range === 'pc' || isFullRange ? 'full' : 'limited',
    isColourGuessed: matrix === undefined,
    primaries: known(stream.color_primaries),
    transfer: known(stream.color_transfer),
  }
}

function sitingOf(stream: ProbedStream, codec: string): VideoStream['siting'] {
  const tagged = stream.chroma_location
  if (tagged === 'left' || tagged === 'center' || tagged === 'topleft') return tagged
  return /^(mpeg1video|h263|h263p|flv1|mjpeg|mjpegb|mpeg4|msmpeg4.*|wmv[12]|svq[13]|cinepak|indeo.*|vp[356]f?)$/.test(
    codec,
  )
    ? 'center'
    : 'left'
}

export interface Head {
  /** Timestamps of the first frames, in the order of showing, as far as they have any; `isTimed`: all but some of the last have. */
  pts: number[]
  isTimed: boolean
  /** Frames that were decoded. */
  frames: number
  /** Where the film starts on the file's clock. */
  start: number
  interlaced: number
  topFirst: number
  /** Packets that were read for it at most. */
  packets: number
}

/** Enough to see fields and rhythm; decoding them takes a moment for large pictures. */
const headPackets = 32
/** The decoder is stopped among the last of these, so that some may be missing. */
export const headTail = 12
/** A stream that was cut in the middle of a group: so many packets are tried for a first picture, some hours of a long-cut one. */
const mostHeadPackets = headPackets * 16 ** 3

/** What the decoder says about the first frames: timestamps and fields. No frame at all is not yet an error here. */
export async function headFrames(tools: Tools, input: Input, signal?: AbortSignal): Promise<Head> {
  for (let packets = headPackets; ; packets *= 16) {
    const { head, read } = await headOf(tools, input, packets, signal)
    if (head.frames > 0 || read < packets || packets >= mostHeadPackets) return head
  }
}

async function headOf(
  tools: Tools,
  { name, args, stream }: Input,
  count: number,
  signal?: AbortSignal,
): Promise<{ head: Head; read: number }> {
  const entries =
    'packet=pts,dts,pos:frame=best_effort_timestamp,pts,pkt_pos,interlaced_frame,top_field_first'
  const text = await runText(
    tools.ffprobe,
    [
      ...['-v', 'error', '-threads', '2', '-select_streams', String(stream)],
      ...['-read_intervals', `%+#${count}`, '-show_packets', '-show_frames', '-show_entries', entries],
      ...['-print_format', 'json', ...args],
    ],
    // What starts in the middle of a group may take its time, see mostHeadPackets.
    {
      what: phrase('doRead', { name }),
      signal,
      limitMs: count === headPackets ? 3 * probeLimitMs : undefined,
    },
  )
  const found = parseJson(ProbedHead, text, name).packets_and_frames
  const packets = found.filter(({ type }) => type === 'packet')
  const frames = found.filter(({ type }) => type === 'frame').slice(0, 4 * headPackets)
  const pts = frames.flatMap((frame) => frame.best_effort_timestamp ?? [])
  const sure = frames.slice(0, Math.max(1, frames.length - headTail))
  const share = (isSo: (frame: (typeof frames)[number]) => boolean): number =>
    frames.filter(isSo).length / Math.max(1, frames.length)
  // AVI tells when a packet is decoded, not when it is shown: the decoder's delay is none of the film's.
  const [first] = frames
  const own = packets.find(({ pos }) => pos !== undefined && pos === first?.pkt_pos)
  const isDelayed = first?.pts === undefined && own !== undefined && own.pts === undefined
  return {
    head: {
      pts,
      frames: frames.length,
      isTimed: sure.every((frame) => frame.best_effort_timestamp !== undefined),
      start: pts.length === 0 ? 0 : Math.min(...pts, (isDelayed ? own.dts : undefined) ?? Infinity),
      interlaced: share((frame) => frame.interlaced_frame === 1),
      topFirst: share((frame) => frame.top_field_first === 1),
      packets: frames.length < 4 * headPackets ? count : 0,
    },
    read: packets.length,
  }
}

function parseJson<T>(schema: z.ZodType<T>, text: string, path: string): T {
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch (cause) {
    throw new AppError('ffmpeg-failed', `ffprobe's answer about "${basename(path)}" cannot be understood.`, {
      cause,
    })
  }
  const parsed = schema.safeParse(value)
  if (parsed.success) return parsed.data
  throw new AppError('ffmpeg-failed', `ffprobe's answer about "${basename(path)}" is not as expected.`, {
    cause: parsed.error,
  })
}

async function ask(
  tools: Tools,
  path: string,
  reader: readonly string[],
  signal?: AbortSignal,
): Promise<z.infer<typeof Probed>> {
  const name = basename(path)
  try {
    const text = await runText(
      tools.ffprobe,
      [
        '-v',
        'error',
        '-print_format',
        'json',
        '-show_format',
        '-show_streams',
        '-show_chapters',
        ...[...reader, ...inputArguments(path)],
      ],
      { what: phrase('doRead', { name }), signal, limitMs: probeLimitMs },
    )
    return parseJson(Probed, text, path)
  } catch (cause) {
    if (!(cause instanceof AppError) || cause.code !== 'ffmpeg-failed') throw cause
    const said = JSON.stringify(cause.detail ?? '')
    if (/moov atom not found/.test(said) && (await startsWithBox(path)))
      throw failing('truncated-file', 'sourceWithoutIndex', { name }, { cause, detail: cause.detail })
    throw failing(
      'not-a-video',
      'notReadableVideo',
      { name },
      {
        cause,
        detail: cause.detail,
      },
    )
  }
}

const isPicture = (s: ProbedStream): boolean =>
  s.codec_type === 'video' &&
  s.disposition?.['attached_pic'] !== 1 &&
  s.disposition?.['timed_thumbnails'] !== 1

function picturesOf(streams: readonly ProbedStream[], name: string): ProbedStream[] {
  const pictures = streams.filter(isPicture)
  if (pictures.length === 0)
    throw failing(
      'no-video-stream',
      streams.some((s) => s.codec_type === 'audio') ? 'sourceOnlySound' : 'sourceWithoutPicture',
      { name },
    )
  return pictures
}

/** "00:00:05.040000000" -> 5.04 */
function clockSeconds(text: string | undefined): number | undefined {
  const match = /^(\d+):(\d\d):(\d\d(?:\.\d+)?)$/.exec(text ?? '')
  return match ? Number(match[1]) * 3600 + Number(match[2]) * 60 + Number(match[3]) : undefined
}

function secondsOf(s: ProbedStream): number | undefined {
  const seconds = s.duration === undefined ? clockSeconds(s.tags?.['DURATION']) : Number(s.duration)
  return seconds !== undefined && seconds > 0 ? seconds : undefined
}

/** Whether a video track is more than one picture: by its index, else by looking for the second packet. */
async function isFilm(tools: Tools, path: string, s: ProbedStream, signal?: AbortSignal): Promise<boolean> {
  if (s.nb_frames !== undefined) return Number(s.nb_frames) > 1
  return (await packetsOf(tools, path, String(s.index), '%+#2', signal)).length > 1
}

/** Stream indexes of the packets that a short look finds. */
async function packetsOf(
  tools: Tools,
  path: string,
  select: string,
  interval: string,
  signal?: AbortSignal,
): Promise<number[]> {
  const text = await runText(
    tools.ffprobe,
    [
      ...['-v', 'error', '-select_streams', select, '-read_intervals', interval],
      ...['-show_packets', '-show_entries', 'packet=stream_index', '-of', 'csv=p=0', ...inputArguments(path)],
    ],
    { what: phrase('doReadTracks', { name: basename(path) }), signal },
  )
  return text.split('\n').flatMap((line) => (/^\d+/.test(line) ? [parseInt(line, 10)] : []))
}

/** The films among the video tracks, the main one first: a single picture is none; then length, the default mark and size decide. */
async function filmsOf(
  tools: Tools,
  path: string,
  streams: readonly ProbedStream[],
  signal?: AbortSignal,
): Promise<ProbedStream[]> {
  const pictures = picturesOf(streams, basename(path))
  if (pictures.length === 1) return pictures
  const are: boolean[] = []
  for (const picture of pictures) are.push(await isFilm(tools, path, picture, signal))
  const moving = pictures.filter((_, i) => are[i])
  const films = moving.length > 0 ? moving : pictures
  const longest = Math.max(...films.map((s) => secondsOf(s) ?? 0))
  const area = (s: ProbedStream): number => (s.width ?? 0) * (s.height ?? 0)
  const rank = (s: ProbedStream): number =>
    area(s) +
    (s.disposition?.['default'] === 1 ? 1e10 : 0) +
    ((secondsOf(s) ?? longest) >= longest / 2 ? 1e11 : 0)
  return films.toSorted((a, b) => rank(b) - rank(a) || a.index - b.index)
}

const filmFacts = (s: ProbedStream): Film => ({
  index: s.index,
  codec: s.codec_name ?? 'unknown',
  width: s.width ?? 0,
  height: s.height ?? 0,
  seconds: secondsOf(s),
  title: s.tags?.['title'],
})

const positive = (r: Rational | undefined): Rational | undefined => (r && r.num > 0 ? r : undefined)

/** Codecs whose own pictures say how they are scanned: their decoder knows better than the container. */
const speaks = /^(h264|hevc|mpeg[12]video|mpeg4|vc1|wmv3|dvvideo|prores|dnxhd|av1|vp[89])$/

/** What the container says of fields that the codec cannot say; the second letter is the field that is shown first. */
const orderOfContainer = ({ codec_name, field_order }: ProbedStream): 'tff' | 'bff' | undefined =>
  speaks.test(codec_name ?? '') || !/^[tb][tb]$/.test(field_order ?? '')
    ? undefined
    : field_order?.[1] === 't'
      ? 'tff'
      : 'bff'

function videoOf(stream: ProbedStream, head: Head, name: string): VideoStream {
  const { width = 0, height = 0 } = stream
  if (width < 1 || height < 1 || !stream.pix_fmt)
    throw failing('not-a-video', 'sourceCodec', { name, codec: stream.codec_name ?? '?' })
  if (width > 16384 || height > 16384)
    throw failing('not-a-video', 'pictureSize', { name, size: `${width}x${height}` })
  const codec = stream.codec_name ?? 'unknown'
  const kind = pixelKind(stream.pix_fmt)
  const average = positive(parseRational(stream.avg_frame_rate))
  const nominal = positive(parseRational(stream.r_frame_rate))
  const frameRate = average ?? nominal
  const timeBase = positive(parseRational(stream.time_base))
  if (!frameRate || !timeBase) throw failing('not-a-video', 'sourceRate', { name })
  const byContainer = head.interlaced < 0.5 ? orderOfContainer(stream) : undefined
  const isInterlaced = head.interlaced >= 0.5 || byContainer !== undefined
  const fieldOrder =
    byContainer ??
    (head.frames === 0 ? 'unknown' : !isInterlaced ? 'progressive' : head.topFirst >= 0.5 ? 'tff' : 'bff')
  const aspect = positive(parseRational(stream.sample_aspect_ratio)) ?? rational(1)
  const isSane = toNumber(aspect) > 0.1 && toNumber(aspect) < 10
  const matrix = stream.side_data_list?.find((data) => data.displaymatrix !== undefined)?.displaymatrix
  return {
    index: stream.index,
    codec,
    profile: stream.profile,
    width,
    height,
    pixelFormat: stream.pix_fmt,
    bits: kind.bits,
    chroma: kind.chroma,
    sampleAspect: isSane ? aspect : rational(1),
    ...orientation(matrix),
    fieldOrder,
    frameRate,
    isVariable:
      isUneven(head.pts.slice(0, -headTail), timeBase) ||
      (!isInterlaced && nominal !== undefined && toNumber(nominal) > 1.02 * toNumber(frameRate)),
    timeBase,
    ...colourOf(stream, width, height, kind.isFullRange),
    siting: sitingOf(stream, codec),
  }
}

/** Steps between frames differ by more than a fifth of a step (rounding to milliseconds does not count). */
function isUneven(pts: readonly number[], timeBase: Rational): boolean {
  const steps = pts.slice(1).map((p, i) => (p - (pts[i] ?? p)) * toNumber(timeBase))
  if (steps.length < 2) return false
  const [least, most] = [Math.min(...steps), Math.max(...steps)]
  return most - least > 0.2 * least && most - least > 0.0025
}

function audioOf(stream: ProbedStream): AudioStream[] {
  const sampleRate = Number(stream.sample_rate)
  if (
    !stream.codec_name ||
    stream.codec_name === 'unknown' ||
    !stream.channels ||
    !Number.isInteger(sampleRate) ||
    sampleRate < 1
  )
    return []
  return [
    {
      index: stream.index,
      codec: stream.codec_name,
      channels: stream.channels,
      sampleRate,
      language: stream.tags?.['language'],
      title: stream.tags?.['title'],
      roles: TrackRole.options.filter((role) => stream.disposition?.[role] === 1),
    },
  ]
}

/**
 * Matroska has no times before 0: what an encoder of sound puts before the first sample moves the picture up by some
 * milliseconds, but not the chapters.
 */
const isDelay = (startSeconds: number, container: string): boolean =>
  container.includes('matroska') && startSeconds > 0 && startSeconds < 0.1

const chapterOf = (
  chapter: { start_time: string; end_time: string; tags?: Record<string, string> | undefined },
  start: number,
): Source['chapters'][number] => ({
  from: Number(chapter.start_time) - start,
  to: Number(chapter.end_time) - start,
  title: chapter.tags?.['title'] ?? '',
})

/** The track in which MP4 and MOV keep the titles of chapters: ffmpeg has read it as chapters already. */
const isChapterTrack = (stream: ProbedStream, chapters: number): boolean =>
  chapters > 0 && stream.codec_name === 'bin_data' && stream.codec_tag_string === 'text'

/** Of the many that cameras write into a photo, what is said of a picture made from it. */
const photoTags = (tags: Readonly<Record<string, string>>): Record<string, string> =>
  Object.fromEntries(
    Object.entries(readTags(tags)).filter(([name]) => /^(artist|copyright|location|make|model)$/.test(name)),
  )

/** A photo is a film of one picture that lasts no time anybody counts. */
async function photoOf(
  tools: Tools,
  path: string,
  container: string,
  facts: Awaited<ReturnType<typeof fileFacts>>,
  streams: readonly ProbedStream[],
  signal?: AbortSignal,
): Promise<Source> {
  const name = basename(path)
  const [stream] = picturesOf(streams, name)
  if (!stream) throw failing('not-a-video', 'photoUndecodable', { name })
  const shown = await stillFacts(tools, path, container, signal)
  if (!shown) throw failing('not-a-video', 'photoUndecodable', { name })
  const { tags, ...turn } = shown
  const video = videoOf(
    stream,
    { pts: [0], isTimed: true, frames: 1, start: 0, interlaced: 0, topFirst: 0, packets: 1 },
    name,
  )
  // RGB goes through YUV on its way: two more bits, so that no colour changes by it.
  const exact = pixelKind(stream.pix_fmt ?? '').isRgb
    ? ({ bits: Math.max(10, video.bits), range: 'full' } as const)
    : {}
  return Source.parse({
    ...{ ...facts, path, name, container, durationSeconds: 0.04, startSeconds: 0 },
    video: { ...video, ...exact, ...turn, isVariable: false },
    ...{ audio: [], others: [], chapters: [], warnings: [] },
    createdAt: captureDate({ date: tags['DateTimeOriginal'] ?? tags['DateTime'] ?? tags['date'] ?? '' }),
    tags: photoTags(tags),
  })
}

/** What we read of a file ourselves, before any tool does. */
async function headOfFile(path: string) {
  const facts = await fileFacts(path)
  return { facts, still: await stillFormat(path), list: await listKind(path) }
}

/** The system's own calls cannot be ended: whoever asked hears of it, and one thread stays with the silent drive. */
async function inTime<T>(work: Promise<T>, what: Part): Promise<T> {
  let timer: NodeJS.Timeout | undefined
  const end = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(late(what, probeLimitMs)), probeLimitMs)
  })
  return Promise.race([work, end]).finally(() => clearTimeout(timer))
}

/** How far tracks are looked for in a container that does not list them; what lies behind is said. */
const farthest = 512e6

/** Tracks may be missing: a container without a list of them shows one when its first packet comes. */
function mayMiss({ streams, format }: z.infer<typeof Probed>): boolean {
  if (!/^(mpegts|mpeg|flv|asf|wtv|nut)\b/.test(format.format_name ?? '')) return false
  const sounds = streams.filter((s) => s.codec_type === 'audio')
  const isUnknown = streams.some(
    (s) => (s.codec_type === 'audio' && !s.channels) || (isPicture(s) && (!s.width || !s.pix_fmt)),
  )
  return isUnknown || (sounds.length === 0 && /^mpeg/.test(format.format_name ?? ''))
}

/** A first look, which is enough for most files, and a far one where tracks may begin later. */
async function look(
  tools: Tools,
  path: string,
  bytes: number,
  reader: readonly string[],
  signal?: AbortSignal,
): Promise<z.infer<typeof Probed> & { lookBytes?: number }> {
  const near = await ask(tools, path, reader, signal)
  if (!mayMiss(near)) return near
  const lookBytes = Math.max(5_000_000, Math.min(bytes, farthest))
  const far = await ask(tools, path, [...farLook(lookBytes), ...reader], signal)
  const isSame = audioIn(far).length === audioIn(near).length && !mayMiss(near)
  return isSame ? near : { ...far, lookBytes }
}

const audioIn = ({ streams }: Pick<z.infer<typeof Probed>, 'streams'>): AudioStream[] =>
  streams.filter((s) => s.codec_type === 'audio').flatMap(audioOf)

/** Sound tracks that can be used, and a word on each that cannot: announced and never written, encrypted, or of no known kind. */
async function soundOf(
  tools: Tools,
  path: string,
  streams: readonly ProbedStream[],
  kinds: readonly string[],
  signal?: AbortSignal,
): Promise<{ audio: AudioStream[]; warnings: Said[] }> {
  const name = basename(path)
  const sounds = streams.filter((s) => s.codec_type === 'audio')
  if (sounds.length === 0) return { audio: [], warnings: [] }
  const seen = new Set(await packetsOf(tools, path, 'a', '%+5', signal))
  const audio: AudioStream[] = []
  const warnings: Said[] = []
  for (const [i, stream] of sounds.entries()) {
    const track = i + 1
    const tag = stream.codec_tag_string ?? ''
    const hasPackets =
      seen.has(stream.index) ||
      (stream.nb_frames !== undefined && Number(stream.nb_frames) > 0) ||
      (await packetsOf(tools, path, String(stream.index), '%+#1', signal)).length > 0
    const [readable] = audioOf(stream)
    if (!hasPackets) warnings.push(said('noteSoundEmpty', { name, track }))
    else if (/^(enca|drms)$/.test(kinds[stream.index] ?? ''))
      warnings.push(said('noteSoundEncrypted', { name, track }))
    else if (readable) audio.push(readable)
    else
      warnings.push(
        said('noteSoundUnreadable', {
          ...{ name, track, codec: /^\w{2,}/.test(tag) ? tag : (stream.codec_name ?? '?') },
        }),
      )
  }
  return { audio, warnings }
}

/** Seconds of picture: the file may be longer by its sound. */
function pictureSeconds(
  stream: ProbedStream,
  format: z.infer<typeof Probed>['format'],
  start: number,
): number {
  const whole = Number(format.duration ?? stream.duration ?? 0)
  // QuickTime counts the pause before a late first picture as part of its track.
  const begin = Number(stream.start_time ?? start)
  const own = stream.duration === undefined ? NaN : begin + Number(stream.duration) - start
  // ffmpeg's own Matroska writer tells the end of the track, not its length.
  const told = clockSeconds(stream.tags?.['DURATION'])
  const isEnd = /^Lavf/.test(format.tags?.['ENCODER'] ?? format.tags?.['encoder'] ?? '')
  const seconds = own > 0 ? own : told === undefined ? whole : told - (isEnd ? start : 0)
  return Number.isFinite(seconds) && seconds > 0 ? seconds : 0
}

/** Ogg has no tags of the file: each track carries them, the picture's first. */
function tagsOfFile(
  container: string,
  streams: readonly ProbedStream[],
  tags: Record<string, string> = {},
): Record<string, string> {
  if (container !== 'ogg') return tags
  const tracks = streams.toSorted((a, b) => Number(isPicture(a)) - Number(isPicture(b)))
  return { ...Object.fromEntries(tracks.flatMap((track) => Object.entries(track.tags ?? {}))), ...tags }
}

/** The picture has parts that can be seen through, which no output keeps. */
const hasAlpha = ({ pix_fmt = '', tags }: ProbedStream): boolean =>
  /^(yuva|gbrap|rgba|argb|bgra|abgr|ya\d)/.test(pix_fmt) ||
  Object.entries(tags ?? {}).some(([key, value]) => /^alpha_mode$/i.test(key) && value === '1')

/** `track`: the stream to take as the film, where a file holds several. */
export async function probe(
  tools: Tools,
  path: string,
  signal?: AbortSignal,
  track?: number,
): Promise<Source> {
  const full = resolve(path)
  const name = basename(full)
  const { facts, still, list } = await inTime(headOfFile(full), phrase('doRead', { name }))
  if (list !== undefined) throw failing('not-a-video', 'sourceIsList', { name, kind: list })
  const { streams, format, chapters, lookBytes } = await look(
    ...([tools, full, facts.bytes, readAs(still ?? ''), signal] as const),
  ).catch((cause: unknown) => {
    if (still !== 'heic') throw cause
    throw failing('not-a-video', 'photoKind', { name, version: tools.version }, { cause })
  })
  if (still) return photoOf(tools, full, still, facts, streams, signal)
  const container = format.format_name ?? 'unknown'
  const films = await filmsOf(tools, full, streams, signal)
  const stream = track === undefined ? films[0] : films.find(({ index }) => index === track)
  if (!stream)
    throw failing('no-video-stream', 'noSuchFilm', {
      ...{ name, track: track ?? 0, tracks: films.map(({ index }) => index).join(', ') },
    })
  const kinds = /\bmov\b/.test(container) ? await sampleKinds(full) : []
  if (/^(encv|drmi)$/.test(kinds[stream.index] ?? ''))
    throw failing('not-a-video', 'sourceEncrypted', { name })
  const far = lookBytes === undefined ? [] : farLook(lookBytes)
  const input = { name, args: [...far, ...inputArguments(full)], stream: stream.index }
  const [head, sound] = await Promise.all([
    headFrames(tools, input, signal),
    soundOf(tools, full, streams, kinds, signal),
  ])
  if ((head.frames === 0 || !stream.pix_fmt) && (await isEncrypted(full, container)))
    throw failing('not-a-video', 'sourceEncrypted', { name })
  const isElsewhere = await leadsElsewhere(full)
  if (head.frames === 0 && isElsewhere) throw failing('not-a-video', 'sourceElsewhere', { name })
  const video = videoOf(stream, head, name)
  if (head.frames === 0)
    throw failing('not-a-video', 'sourceUndecodable', { name: `${name} (${video.codec})` })
  const startSeconds = head.start * toNumber(video.timeBase)
  const fileTags = tagsOfFile(container, streams, format.tags)
  const tags = { ...stream.tags, ...fileTags }
  const durationSeconds = pictureSeconds(stream, format, startSeconds)
  const warnings: Said[] = [...sound.warnings]
  if (await isTruncated(full, facts.bytes)) warnings.push(said('noteTruncated'))
  if (isElsewhere) warnings.push(said('noteElsewhere'))
  const behind = await filmsBehind(full)
  if (behind > 0) warnings.push(said('noteFilmsBehind', { name, count: behind }))
  if (video.transfer === 'arib-std-b67' || video.transfer === 'smpte2084') warnings.push(said('noteHdr'))
  if (lookBytes !== undefined && lookBytes < facts.bytes)
    warnings.push(said('noteLookEnded', { name, megabytes: Math.round(lookBytes / 1e6) }))
  if (hasAlpha(stream)) warnings.push(said('noteAlpha', { name }))
  if (video.width < 16 || video.height < 16)
    warnings.push(said('noteSmallPicture', { name, size: `${video.width}x${video.height}` }))
  if (head.interlaced < 0.5 && (video.fieldOrder === 'tff' || video.fieldOrder === 'bff'))
    warnings.push(said('noteFieldsByContainer', { name }))
  if (films.length > 1)
    warnings.push(
      said('noteSeveralFilms', {
        ...{ name, count: films.length, track: stream.index, size: `${video.width}x${video.height}` },
        others: films.flatMap(({ index }) => (index === stream.index ? [] : [index])).join(', '),
      }),
    )
  const shapes = await shapeChanges(tools, full, container, video, startSeconds, durationSeconds, signal)
  if (shapes.length > 0) warnings.push(said('noteShapeChanges', { name, places: shapes.join(', ') }))
  return Source.parse({
    ...facts,
    // Another film of the same file is a source of its own, with its own table and pictures.
    id: stream === films[0] ? facts.id : filmId(facts.id, stream.index),
    path: full,
    name,
    container,
    durationSeconds,
    startSeconds,
    video: shapes.length > 0 ? { ...video, changesShape: true } : video,
    // In Ogg the film's own title stands at each track.
    audio: sound.audio.map((heard) =>
      container === 'ogg' && heard.title === fileTags['title'] ? { ...heard, title: undefined } : heard,
    ),
    others: streams
      .filter((s) => s !== stream && s.codec_type !== 'audio' && !isChapterTrack(s, chapters.length))
      .map((s) => `${s.codec_type ?? 'unknown'} ${s.codec_name ?? s.codec_tag_string ?? ''}`.trim()),
    chapters: chapters
      .map((chapter) => chapterOf(chapter, isDelay(startSeconds, container) ? 0 : startSeconds))
      .filter((chapter) => Number.isFinite(chapter.from) && Number.isFinite(chapter.to)),
    createdAt: captureDate(tags),
    tags: readTags(fileTags),
    warnings,
    lookBytes,
    films: films.length > 1 ? films.map(filmFacts) : undefined,
  })
}

const filmId = (id: string, index: number): string =>
  createHash('sha256').update(`${id} ${index}`).digest('hex').slice(0, 32)
