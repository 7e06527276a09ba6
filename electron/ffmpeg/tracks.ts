// The tracks of a file that can be used, and what they are: the films among the pictures, the sound. Refuses what has none, with a
// sentence that says why.
import { basename } from 'node:path'
import { failing } from '../shared/contract/errors.js'
import { Rational, parseRational, toNumber } from '../shared/media/rational.js'
import { AudioStream, Film, Tagged, sizeWords } from '../shared/media/source.js'
import { Message, message } from '../shared/words/sentences.js'
import { orientation } from './geometry.js'
import { pixelKind } from './pixelFormats.js'
import { type ProbedStream, clockSeconds } from './headers.js'
import { type Head, audioOf, headTail, isPicture, packetsOf } from './probed.js'
import { Tools } from './resolve.js'
import { pixelAspect } from './shape.js'

function colourOf(
  stream: ProbedStream,
  isFullRange: boolean,
): Pick<Tagged, 'matrix' | 'range' | 'primaries' | 'transfer'> {
  const space = stream.color_space
  const matrix: Tagged['matrix'] =
    space === 'bt709'
      ? 'bt709'
      : space === 'bt470bg' || space === 'smpte170m' || space === 'fcc'
        ? 'bt601'
        : space?.startsWith('bt2020')
          ? 'bt2020'
          : undefined
  const known = (name: string | undefined): string | undefined =>
    name === 'unknown' || name === 'reserved' ? undefined : name
  const range = known(stream.color_range)
  return {
    matrix,
    range: range === 'pc' || isFullRange ? 'full' : range === undefined ? undefined : 'limited',
    primaries: known(stream.color_primaries),
    transfer: known(stream.color_transfer),
  }
}

function sitingOf(stream: ProbedStream, codec: string): Tagged['siting'] {
  const tagged = stream.chroma_location
  if (tagged === 'left' || tagged === 'center' || tagged === 'topleft') return tagged
  return /^(mpeg1video|h263|h263p|flv1|mjpeg|mjpegb|mpeg4|msmpeg4.*|wmv[12]|svq[13]|cinepak|indeo.*|vp[356]f?)$/.test(
    codec,
  )
    ? 'center'
    : 'left'
}

export function picturesOf(streams: readonly ProbedStream[], name: string): ProbedStream[] {
  const pictures = streams.filter(isPicture)
  if (pictures.length === 0)
    throw failing(
      'no-video-stream',
      streams.some((s) => s.codec_type === 'audio') ? 'sourceOnlySound' : 'sourceWithoutPicture',
      { name },
    )
  return pictures
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

/** The films among the video tracks, the main one first: a single picture is none; then length, the default mark and size decide. */
export async function filmsOf(
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

export const filmFacts = (s: ProbedStream): Film => ({
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

export function taggedOf(stream: ProbedStream, head: Head, name: string): Tagged {
  const { width = 0, height = 0 } = stream
  if (width < 1 || height < 1 || !stream.pix_fmt)
    throw failing('not-a-video', 'sourceCodec', { name, codec: stream.codec_name ?? '?' })
  if (width > 16384 || height > 16384)
    throw failing('not-a-video', 'pictureSize', { name, size: sizeWords({ width, height }) })
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
    sampleAspect: pixelAspect(stream.sample_aspect_ratio),
    ...orientation(matrix),
    fieldOrder,
    frameRate,
    isVariable:
      isUneven(head.pts.slice(0, -headTail), timeBase) ||
      (!isInterlaced && nominal !== undefined && toNumber(nominal) > 1.02 * toNumber(frameRate)),
    timeBase,
    ...colourOf(stream, kind.isFullRange),
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

/** Containers that list no more than the codec: what else is known of a track was read from its packets. */
const tellsByPackets = /^(mpegts|mpeg)$/

export interface SoundIn {
  streams: readonly ProbedStream[]
  /** Sample kinds of an MP4 by stream, see encryption.ts. */
  kinds: readonly string[]
  container: string
  /** Streams that have packets, where that is known. */
  sounding?: ReadonlySet<number> | undefined
}

/** Sound tracks that can be used, and a word on each that cannot: announced and never written, encrypted, or of no known kind. */
export async function soundOf(
  tools: Tools,
  path: string,
  { streams, kinds, container, sounding }: SoundIn,
  signal?: AbortSignal,
): Promise<{ audio: AudioStream[]; warnings: Message[] }> {
  const name = basename(path)
  const sounds = streams.filter((s) => s.codec_type === 'audio')
  if (sounds.length === 0) return { audio: [], warnings: [] }
  const isCounted = (s: ProbedStream): boolean =>
    Number(s.nb_frames ?? 0) > 0 ||
    (tellsByPackets.test(container) && s.channels !== undefined && s.channels > 0)
  const seen =
    sounding ?? new Set(sounds.every(isCounted) ? [] : await packetsOf(tools, path, 'a', '%+5', signal))
  const audio: AudioStream[] = []
  const warnings: Message[] = []
  for (const [i, stream] of sounds.entries()) {
    const track = i + 1
    const tag = stream.codec_tag_string ?? ''
    const hasPackets =
      isCounted(stream) ||
      seen.has(stream.index) ||
      (!sounding && (await packetsOf(tools, path, String(stream.index), '%+#1', signal)).length > 0)
    const [readable] = audioOf(stream)
    if (!hasPackets) warnings.push(message('noteSoundEmpty', { name, track }))
    else if (/^(enca|drms)$/.test(kinds[stream.index] ?? ''))
      warnings.push(message('noteSoundEncrypted', { name, track }))
    else if (readable) audio.push(readable)
    else
      warnings.push(
        message('noteSoundUnreadable', {
          ...{ name, track, codec: /^\w{2,}/.test(tag) ? tag : (stream.codec_name ?? '?') },
        }),
      )
  }
  return { audio, warnings }
}
