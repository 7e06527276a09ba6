// How large a film will be, by what its own pictures need: a few short pieces go through the encoder, nothing is kept of them.
import { type EncoderQuality, type VideoCodec, writtenSize } from '../shared/contract/output.js'
import type { Rational } from '../shared/media/rational.js'
import { type Source, displaySize } from '../shared/media/source.js'
import type { Composition, Size } from '../shared/planning/composition.js'
import { phrase } from '../shared/words/sentences.js'
import { composeFilters } from './compose.js'
import { coding, encodedLayout, keyDistance } from './encode.js'
import { pixelFormat } from './format.js'
import { cropped, decodedFormat, upright, widened } from './geometry.js'
import type { Tools } from './resolve.js'
import { run } from './run.js'

/** Where a piece begins: seconds from the start of its recording, and ffmpeg's arguments that open that. */
export interface SampleStart {
  seconds: number
  args: readonly string[]
}

export interface SampleOptions {
  at: readonly SampleStart[]
  /** Pictures of each piece. */
  pictures: number
  /** Of the finished frames, before they are composed. */
  size: Size
  composition?: Composition | undefined
  codec: VideoCodec
  quality: EncoderQuality
  /** A model takes noise out of the pictures before they are encoded. */
  isEnhanced: boolean
  rate: Rational
  signal: AbortSignal
}

/**
 * What a model takes away, without the model: each pixel is the middle one of three pictures. Told beside what 12 enhanced films
 * became: 0.9 to 1.6 times; without it up to 2.8 times, hqdn3d and smartblur 0.5 to 1.8 times.
 */
const stillness = 'tmedian=radius=1'

/** Sizes of the encoded pictures of one piece. */
async function piece(
  tools: Tools,
  source: Source,
  { seconds, args }: SampleStart,
  options: SampleOptions,
): Promise<number[]> {
  const { pictures, size, composition, codec, quality, isEnhanced, rate, signal } = options
  const format = decodedFormat(source.video)
  const form = composition?.form ?? { ...size, ...encodedLayout(codec, format, quality) }
  const pixels = pixelFormat(form)
  const own = { format: { ...format, ...size }, size, colour: source.video }
  const filters = [
    ...[...upright(source.video), ...cropped(format, displaySize(source.video))],
    ...(isEnhanced && pictures > 2 ? [stillness] : []), // of fewer it makes none
    `scale=${size.width}:${size.height}:flags=bicubic`,
    ...(composition ? composeFilters(own, composition) : []),
    ...widened(form, writtenSize(codec, form)),
  ]
  const child = run(
    tools.ffmpeg,
    [
      ...['-hide_banner', '-nostdin', '-loglevel', 'error', '-noautorotate', '-ss', seconds.toFixed(3)],
      ...[...args, '-map', `0:${source.video.index}`],
      ...['-vf', [...filters, `format=${pixels}`].join(',')],
      ...['-frames:v', String(pictures), ...coding(codec, quality, pixels, rate, form)],
      ...['-f', 'framecrc', 'pipe:1'], // one line per encoded picture, with its size
    ],
    { what: phrase('doRead', { name: source.name }), signal },
  )
  child.stdin.end()
  let text = ''
  for await (const chunk of child.stdout) text += String(chunk)
  await child.done
  return [...text.matchAll(/^0,\s*-?\d+,\s*-?\d+,\s*\d+,\s*(\d+),/gm)].map((line) => Number(line[1]))
}

/** Bytes of a key picture and of the others, on average over one piece. */
export interface Sample {
  key: number
  other: number
}

/** One sample per piece; undefined where no piece could be read. */
export async function samplePictures(
  tools: Tools,
  source: Source,
  options: SampleOptions,
): Promise<Sample[] | undefined> {
  const isAllKeys = keyDistance(options.codec, options.rate) === 1
  const found: Sample[] = []
  for (const place of options.at) {
    const [key, ...rest] = await piece(tools, source, place, options).catch((error: unknown) => {
      if (found.length === 0) throw error
      return [] // the time is up: what has been seen has to do
    })
    if (key === undefined) continue
    const sum = rest.reduce((all, bytes) => all + bytes, 0)
    const mean = (key + sum) / (rest.length + 1)
    if (isAllKeys || rest.length === 0) found.push({ key: mean, other: mean })
    else found.push({ key, other: sum / rest.length })
  }
  return found.length === 0 ? undefined : found
}

/** Key pictures of one segment of so many pictures: each segment begins with one. */
export const keysIn = (pictures: number, codec: VideoCodec, rate: Rational): number =>
  Math.ceil(pictures / keyDistance(codec, rate))
