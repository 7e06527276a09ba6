// One picture into a PNG, JPEG or TIFF that looks as the film does: sRGB, HDR brought down to it, described, whole or not there.
import { writeFile } from 'node:fs/promises'
import { basename } from 'node:path'
import { fault } from '../shared/contract/errors.js'
import type { PhotoFormat } from '../shared/contract/photo.js'
import type { VideoStream } from '../shared/media/source.js'
import { phrase } from '../shared/words/sentences.js'
import { passthrough } from './decode.js'
import { FrameFeed } from './encode.js'
import { type PictureFacts, describeJpeg, describePng, describeTiff } from './exif.js'
import type { FrameFormat } from './format.js'
import { matrixName } from './geometry.js'
import { type Tools, hasFilter } from './resolve.js'
import { type Child, cancelled, run, twice } from './run.js'
import { writePlaced } from './target.js'
import { isFar, toneMap } from './toneMap.js'

export interface PhotoOptions {
  path: string
  format: PhotoFormat
  mayOverwrite: boolean
  /** A size smaller than the frame's cuts what lies right and below. */
  facts: PictureFacts
  /** As the source is tagged. */
  colour: Pick<VideoStream, 'primaries' | 'transfer' | 'bits'>
  signal?: AbortSignal | undefined
  /** What makes the file of a Keepsake photo of R, G and B in 8 bits. */
  pack?: (pixels: Uint8Array) => Promise<Uint8Array>
}

/** The layout to ask of the engine: full colour and more steps than any screen, so that the last conversion rounds only once. */
export const photoLayout = (decoded: FrameFormat): FrameFormat => ({
  ...decoded,
  bits: 16,
  chroma: decoded.chroma === 'gray' ? 'gray' : '444',
  range: 'full',
})

function filters(layout: FrameFormat, options: PhotoOptions, mustMap: boolean): string {
  const { colour, format } = options
  const isDeep = colour.bits > 8 && !mustMap && format !== 'jpeg' && format !== 'hlm'
  const isGray = layout.chroma === 'gray' && format !== 'hlm'
  const pixels =
    format === 'jpeg' ? 'yuvj444p' : isGray ? (isDeep ? 'gray16' : 'gray') : isDeep ? 'rgb48' : 'rgb24'
  const siting = [
    ...(layout.chroma === '420' || layout.chroma === '422'
      ? [`in_h_chr_pos=${layout.siting === 'center' ? 128 : 0}`]
      : []),
    ...(layout.chroma === '420' ? [`in_v_chr_pos=${layout.siting === 'topleft' ? 0 : 128}`] : []),
  ]
  const read = mustMap ? [] : [`in_color_matrix=${matrixName[layout.matrix]}`, `in_range=${layout.range}`]
  const write = format === 'jpeg' ? ['out_color_matrix=smpte170m', 'out_range=full'] : ['out_range=full']
  const scale = [
    'scale=flags=bicubic+accurate_rnd+full_chroma_int+full_chroma_inp',
    ...read,
    ...siting,
    ...write,
  ]
  // The PNG writer says "sRGB" when the frame does.
  const name = 'setparams=range=full:color_primaries=bt709:color_trc=iec61966-2-1'
  const { width, height } = options.facts
  const crop =
    width === layout.width && height === layout.height ? [] : [`crop=${width}:${height}:0:0:exact=1`]
  return [
    ...(mustMap ? toneMap(layout, colour) : []),
    scale.join(':'),
    `format=${pixels}`,
    ...crop,
    name,
  ].join(',')
}

const encoders: Record<PhotoFormat, string[]> = {
  png: ['-c:v', 'png', '-compression_level', '6', '-pred', 'mixed'],
  // 1 is the finest that MJPEG has.
  jpeg: ['-c:v', 'mjpeg', '-qmin', '1', '-q:v', '1'],
  tiff: ['-c:v', 'tiff', '-compression_algo', 'deflate'],
  hlm: ['-c:v', 'rawvideo'],
}
const describers = { png: describePng, jpeg: describeJpeg, tiff: describeTiff }

async function described(picture: Buffer, { format, facts, pack }: PhotoOptions): Promise<Uint8Array> {
  if (format !== 'hlm') return describers[format](picture, facts)
  if (!pack) throw fault('internal', 'Nothing was said of how a Keepsake photo is made.')
  return pack(picture)
}

async function encoded(
  tools: Tools,
  frame: Uint8Array,
  layout: FrameFormat,
  options: PhotoOptions,
): Promise<Buffer> {
  const mustMap = isFar(layout, options.colour) && (await hasFilter(tools, 'zscale'))
  const child = run(
    tools.ffmpeg,
    [
      ...['-hide_banner', '-nostdin', '-loglevel', 'error', '-probesize', '32', '-analyzeduration', '0'],
      ...['-f', 'nut', '-i', 'pipe:0', '-map', '0:v:0', '-vf', filters(layout, options, mustMap)],
      ...[...passthrough(tools), ...encoders[options.format]],
      ...['-f', options.format === 'hlm' ? 'rawvideo' : 'image2pipe', 'pipe:1'],
    ],
    { what: phrase('doWrite', { name: basename(options.path) }), signal: options.signal },
  )
  try {
    const reading = collected(child)
    await new FrameFeed(child, layout, { num: 1, den: 25 }).write(frame, 0)
    child.stdin.end()
    const file = await reading
    await child.done
    return file
  } finally {
    await child.stop()
  }
}

/** All that it writes; awaited once it was fed, unless that fails first. */
function collected(child: Child): Promise<Buffer> {
  const reading = (async () => {
    const chunks: Buffer[] = []
    for await (const chunk of child.stdout) chunks.push(chunk as Buffer)
    return Buffer.concat(chunks)
  })()
  reading.catch(() => undefined)
  return reading
}

/** R, G and B in 8 bits as a PNG, for ourselves. */
export async function pngOf(
  tools: Tools,
  pixels: Uint8Array,
  { width, height, name, signal }: { width: number; height: number; name: string; signal?: AbortSignal },
): Promise<Buffer> {
  const child = run(
    tools.ffmpeg,
    [
      ...['-hide_banner', '-nostdin', '-loglevel', 'error'],
      ...['-f', 'rawvideo', '-pixel_format', 'rgb24', '-video_size', `${width}x${height}`, '-i', 'pipe:0'],
      ...['-frames:v', '1', '-c:v', 'png', '-pred', 'sub', '-f', 'image2pipe', 'pipe:1'],
    ],
    { what: phrase('doRead', { name }), signal },
  )
  try {
    const reading = collected(child)
    child.stdin.end(pixels)
    const file = await reading
    await child.done
    return file
  } finally {
    await child.stop()
  }
}

/** Writes one packed frame of `layout`. On any failure nothing is left beside the target, and the target is as it was. */
export async function writePhoto(
  tools: Tools,
  frame: Uint8Array,
  layout: FrameFormat,
  options: PhotoOptions,
): Promise<void> {
  const { path, mayOverwrite, signal } = options
  const file = await described(await twice(() => encoded(tools, frame, layout, options)), options)
  await writePlaced(path, mayOverwrite, async (part) => {
    if (signal?.aborted) throw cancelled()
    await writeFile(part, file, { flag: 'wx' })
    if (signal?.aborted) throw cancelled()
  })
}
