// How large a film will be, by what its own pictures need: a few short pieces go through the encoder, nothing is kept of them.
import { type Quality, type VideoCodec, writtenSize } from '../shared/output.js'
import { type Rational, toNumber } from '../shared/rational.js'
import { type Source, displaySize } from '../shared/source.js'
import { phrase } from '../shared/sentences.js'
import { coding, encodedLayout, keyDistance } from './encode.js'
import { pixelFormat } from './format.js'
import { cropped, decodedFormat, upright, widened } from './geometry.js'
import type { Tools } from './resolve.js'
import { inputArguments, run } from './run.js'
import { readAs } from './still.js'

export interface SampleOptions {
  /** Where the pieces begin, in seconds of the file. */
  at: readonly number[]
  size: { width: number; height: number }
  codec: VideoCodec
  quality: Quality
  rate: Rational
  signal: AbortSignal
}

const piecePictures = 12

/** Sizes of the encoded pictures of one piece. */
async function piece(
  tools: Tools,
  source: Source,
  seconds: number,
  options: SampleOptions,
): Promise<number[]> {
  const { size, codec, quality, rate, signal } = options
  const format = decodedFormat(source.video)
  const pixels = pixelFormat({ ...format, ...encodedLayout(codec, format) })
  const filters = [
    ...[...upright(source.video), ...cropped(format, displaySize(source.video))],
    ...[`scale=${size.width}:${size.height}:flags=bicubic`, ...widened(size, writtenSize(codec, size))],
  ]
  const child = run(
    tools.ffmpeg,
    [
      ...['-hide_banner', '-nostdin', '-loglevel', 'error', '-noautorotate', '-ss', seconds.toFixed(3)],
      ...[...readAs(source.container), ...inputArguments(source.path), '-map', `0:${source.video.index}`],
      ...['-vf', [...filters, `format=${pixels}`].join(',')],
      ...['-frames:v', String(piecePictures), ...coding(codec, quality, pixels, rate)],
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

/** Bytes per picture in the middle, and how far the pieces lie apart. Undefined where no piece could be read. */
export async function bytesPerPicture(
  tools: Tools,
  source: Source,
  options: SampleOptions,
): Promise<{ low: number; middle: number; high: number } | undefined> {
  const distance = Math.min(keyDistance(options.codec, options.rate), Math.ceil(toNumber(options.rate) * 10))
  const found: number[] = []
  for (const at of options.at) {
    const [key, ...rest] = await piece(tools, source, at, options).catch((error: unknown) => {
      if (found.length === 0) throw error
      return [] // the time is up: what has been seen has to do
    })
    if (key === undefined) continue
    const other = rest.length > 0 ? rest.reduce((sum, bytes) => sum + bytes, 0) / rest.length : key
    // A piece holds one key picture; a film has one for each of its distances.
    found.push(
      distance === 1 ? (key + other * rest.length) / (rest.length + 1) : other + (key - other) / distance,
    )
  }
  if (found.length === 0) return undefined
  const middle = found.reduce((sum, bytes) => sum + bytes, 0) / found.length
  return { low: Math.min(...found), middle, high: Math.max(...found) }
}
