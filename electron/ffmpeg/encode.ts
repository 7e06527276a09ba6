// Writes frames, one after the other, into a segment file: fragmented MP4/MOV, closed, ready to be joined without re-encoding. It knows
// neither the times at which they will be shown nor the container of the film: join() brings both.
import { rm } from 'node:fs/promises'
import { basename } from 'node:path'
import { failing, fault } from '../shared/contract/errors.js'
import { type EncoderQuality, Quality, VideoCodec, writtenSize } from '../shared/contract/output.js'
import { Rational, invert, rational, toNumber } from '../shared/media/rational.js'
import { isModelled } from '../shared/document/project.js'
import { VideoStream } from '../shared/media/source.js'
import type { Composition, FrameForm } from '../shared/planning/composition.js'
import type { EnhanceUnit } from '../shared/planning/plan.js'
import { phrase } from '../shared/words/sentences.js'
import { composeFilters } from './compose.js'
import { decodedFormat, passthrough } from './decode.js'
import { FrameFormat, bytesPerFrame, pixelFormat } from './format.js'
import { cropped, matrixName, widened } from './geometry.js'
import { intermediateArguments } from './intermediate.js'
import { nutFrameHeader, nutHeader } from './nut.js'
import { Tools, parseVersion } from './resolve.js'
import { Child, run } from './run.js'

export interface EncodeOptions {
  /** Segment file, named with `segmentExtension`; its folder exists. */
  path: string
  /** A second file for the frames as they come, without loss, named with `intermediateExtension`. */
  framesPath?: string | undefined
  codec: VideoCodec
  quality: EncoderQuality
  /** Layout of the frames that write() takes. */
  format: FrameFormat
  /** What is written of them, from the left and the top; all of them when left out. */
  size?: { width: number; height: number } | undefined
  /** How that is brought to the form of the film; left out: it is written as it is. */
  composition?: Composition | undefined
  /** Usual rate, a hint for rate control; must be the same for every segment of a film. Default 30. */
  frameRate?: Rational | undefined
  /** Of the frames, ffmpeg's names; written as tags, unless they are composed. Undefined stays untagged. */
  colour: Pick<VideoStream, 'primaries' | 'transfer'>
  signal?: AbortSignal | undefined
}

export interface Encoder {
  /** The next frame. Resolves when more can be taken and `data` may be reused. */
  write(data: Uint8Array): Promise<void>
  /** Resolves when the file is whole. */
  finish(): Promise<void>
  /** Stops ffmpeg and removes the file. */
  abort(): Promise<void>
}

export const segmentExtension = '.mov'

export const encoderName: Record<VideoCodec, string> = {
  h264: 'libx264',
  h265: 'libx265',
  av1: 'libsvtav1',
  prores: 'prores_ks',
  ffv1: 'ffv1',
}

/**
 * Constant quality per codec, chosen to look alike. ProRes: profile LT, standard, HQ. FFV1 is lossless whatever is asked.
 * H.264 encodes beside the model on the same cores: with `medium` it took a third of an export's time (docs/SPEED.md), so
 * only the film to send, where bytes count, still gets it.
 */
const quality: Record<VideoCodec, Record<Quality, string[]>> = {
  h264: {
    small: ['-preset', 'medium', '-crf', '24'],
    good: ['-preset', 'veryfast', '-crf', '18'],
    best: ['-preset', 'fast', '-crf', '15'],
  },
  h265: { small: ['-crf', '26'], good: ['-crf', '21'], best: ['-crf', '17'] },
  av1: { small: ['-crf', '38'], good: ['-crf', '30'], best: ['-crf', '22'] },
  prores: { small: ['-profile:v', '1'], good: ['-profile:v', '2'], best: ['-profile:v', '3'] },
  ffv1: { small: [], good: [], best: [] },
}

const settings: Record<VideoCodec, string[]> = {
  // Closed groups: a segment never looks into its neighbour.
  h264: ['-flags', '+cgop', '-x264-params', 'open-gop=0'],
  h265: ['-preset', 'medium', '-x265-params', 'open-gop=0:log-level=error', '-tag:v', 'hvc1'],
  av1: ['-preset', '8', '-g', '240'],
  prores: ['-vendor', 'apl0'],
  // Version 3 with slice checksums: what archives use.
  ffv1: ['-level', '3', '-slicecrc', '1', '-slices', '4', '-g', '1'],
}

/** By number: the preset that takes the time it needs to be small. */
function qualityArguments(codec: VideoCodec, wanted: EncoderQuality): string[] {
  if (typeof wanted === 'string') return quality[codec][wanted]
  return [...(codec === 'h264' ? ['-preset', 'medium'] : []), '-crf', String(wanted.crf)]
}

/** The layout that is encoded for frames of a layout. */
export function encodedLayout(
  codec: VideoCodec,
  format: Pick<FrameFormat, 'bits' | 'chroma'>,
  wanted: EncoderQuality,
): Pick<FrameFormat, 'bits' | 'chroma'> {
  switch (codec) {
    case 'h264':
      return { bits: 8, chroma: '420' } // what every player knows; 10-bit H.264 is not
    case 'h265':
    case 'av1': {
      const isDeep = format.bits > 8 || (codec === 'av1' && typeof wanted === 'object')
      return { bits: isDeep ? 10 : 8, chroma: '420' }
    }
    case 'prores':
      return { bits: 10, chroma: '422' }
    case 'ffv1':
      return { bits: format.bits === 9 ? 10 : format.bits, chroma: format.chroma }
  }
}

/** The frame layout to ask of the engine for a codec: exactly what will be encoded, so that nothing is converted after it. */
export function encoderFormat(
  codec: VideoCodec,
  decoded: FrameFormat,
  size: { width: number; height: number },
  wanted: EncoderQuality,
): FrameFormat {
  const layout = encodedLayout(codec, decoded, wanted)
  const isTopLeft = decoded.siting === 'topleft' && layout.chroma === '420'
  return { ...decoded, ...size, ...layout, siting: isTopLeft ? 'topleft' : 'left' }
}

/** How a segment is written; the names of files apart, all that decides its bytes beside the frames themselves. */
export type Delivery = Omit<EncodeOptions, 'path' | 'framesPath' | 'signal'>

/** How a unit's frames are written: enhanced ones as the engine is asked for them, others as they are decoded. A composition changes nothing of that. */
export function deliveryOf(
  { source, enhance, output }: Pick<EnhanceUnit, 'source' | 'enhance' | 'output'>,
  {
    codec,
    quality,
    frameRate,
    composition,
  }: Pick<EncodeOptions, 'codec' | 'quality' | 'frameRate' | 'composition'>,
): Delivery {
  const decoded = decodedFormat(source)
  const size = { width: decoded.width * enhance.scale, height: decoded.height * enhance.scale }
  const format = isModelled(enhance) ? encoderFormat(codec, decoded, size, quality) : decoded
  const { primaries, transfer } = source.video
  const composed = composition ? { composition } : {}
  return { codec, quality, format, size: output, frameRate, colour: { primaries, transfer }, ...composed }
}

/** What the encoder makes of frames that are not composed. */
export function formOf({ codec, quality: wanted, format, size = format, colour }: Delivery): FrameForm {
  const { chroma, siting, matrix, range } = format
  const isHalved = chroma === '420' || chroma === '422'
  return {
    ...{ width: size.width, height: size.height, ...encodedLayout(codec, format, wanted), matrix, range },
    ...(isHalved ? { siting } : {}),
    ...(colour.primaries ? { primaries: colour.primaries } : {}),
    ...(colour.transfer ? { transfer: colour.transfer } : {}),
  }
}

/** As previews take a unit's frames: as they are decoded, at the model's size. */
export function previewFormat({ source, enhance }: Pick<EnhanceUnit, 'source' | 'enhance'>): FrameFormat {
  const decoded = decodedFormat(source)
  const scale = isModelled(enhance) ? enhance.scale : 1
  return { ...decoded, width: decoded.width * scale, height: decoded.height * scale }
}

const spaceName = ({ matrix }: Pick<FrameFormat, 'matrix'>): string =>
  matrix === 'bt2020' ? 'bt2020nc' : matrixName[matrix]

/** To the encoder's layout, nothing else. */
function convertFilters(format: FrameFormat, pixels: string): string[] {
  if (pixelFormat(format) === pixels) return [`format=${pixels}`]
  const siting = format.siting === 'center' ? 128 : 0
  const range = `in_range=${format.range}:out_range=${format.range}`
  const places = [
    ...(format.chroma === '420' || format.chroma === '422' ? [`in_h_chr_pos=${siting}`] : []),
    ...(format.chroma === '420' ? [`in_v_chr_pos=${format.siting === 'topleft' ? 0 : 128}`] : []),
    'out_h_chr_pos=0',
    ...(pixels.startsWith('yuv420') ? ['out_v_chr_pos=128'] : []),
  ]
  return [`scale=flags=bicubic+accurate_rnd+full_chroma_int:${range}:${places.join(':')}`, `format=${pixels}`]
}

/** From 7.1 on ffmpeg takes the place of chroma from the frames alone, and its filter can name it there. */
const isNamedInFrames = ({ version }: Tools): boolean => {
  const { major, minor } = parseVersion(`ffmpeg version ${version}`) ?? { major: 0, minor: 0 }
  return major > 7 || (major === 7 && minor >= 1)
}

/** What frames are tagged with before they are encoded. */
function tagsFilter(tools: Tools, { composition }: Delivery, form: FrameForm): string {
  // Some encoders (ProRes) take their tags from the frames, others from the options: both are set. Mapped frames bring tags of their own,
  // which a film without any must not get in some of its segments.
  const { primaries, transfer } = composition ? { primaries: 'unknown', transfer: 'unknown', ...form } : form
  const params = [
    `range=${form.range}`,
    `colorspace=${spaceName(form)}`,
    ...(primaries ? [`color_primaries=${primaries}`] : []),
    ...(transfer ? [`color_trc=${transfer}`] : []),
    ...(form.siting && isNamedInFrames(tools) ? [`chroma_location=${form.siting}`] : []),
  ]
  return `setparams=${params.join(':')}`
}

function filters(tools: Tools, options: Delivery, form: FrameForm): string {
  const { format, codec, colour, composition, size = format } = options
  const shaped = composition
    ? composeFilters({ format, size, colour }, composition)
    : [...convertFilters(format, pixelFormat(form)), ...cropped(format, size)]
  const tags = tagsFilter(tools, options, form)
  return [...shaped, ...widened(form, writtenSize(codec, form)), tags].join(',')
}

/** Filters after which frames are what an encoder was given of them, and those after which a film that it made is laid out and tagged alike. */
export function comparedFilters(tools: Tools, options: Delivery): { given: string; made: string } {
  const form = options.composition?.form ?? formOf(options)
  const { range } = form
  const layout = `scale=in_range=${range}:out_range=${range},format=${pixelFormat(form)}`
  return { given: filters(tools, options, form), made: `${layout},${tagsFilter(tools, options, form)}` }
}

function colourTags(form: FrameForm): string[] {
  return [
    ...['-color_range', form.range === 'full' ? 'pc' : 'tv'],
    ...['-colorspace', spaceName(form)],
    ...(form.primaries ? ['-color_primaries', form.primaries] : []),
    ...(form.transfer ? ['-color_trc', form.transfer] : []),
    ...(form.siting ? ['-chroma_sample_location', form.siting] : []),
  ]
}

/** A rate that every encoder takes (SVT-AV1: at most 240). */
function hintedRate({ frameRate }: Pick<EncodeOptions, 'frameRate'>): Rational {
  const rate = frameRate ?? rational(30)
  return toNumber(rate) >= 1 && toNumber(rate) <= 240 && rate.num < 2 ** 31 ? rate : rational(30)
}

/** Key frames at least this often; 1 where every frame is one. */
export function keyDistance(codec: VideoCodec, rate: Rational): number {
  if (codec === 'prores' || codec === 'ffv1') return 1
  return codec === 'av1' ? 240 : Math.min(250, Math.max(24, Math.round(toNumber(rate) * 5)))
}

/** The encoder with its quality. */
export const coding = (
  codec: VideoCodec,
  wanted: EncoderQuality,
  pixels: string,
  rate: Rational,
  { width, height }: Pick<FrameForm, 'width' | 'height'>,
): string[] => [
  ...['-c:v', encoderName[codec], '-pix_fmt', pixels, ...qualityArguments(codec, wanted), ...settings[codec]],
  // Its slices divide each side in two, half colours too.
  ...(codec === 'ffv1' && Math.min(width, height) < 4 ? ['-slices', '1'] : []),
  ...(codec === 'h264' || codec === 'h265' ? ['-g', String(keyDistance(codec, rate))] : []),
]

/** Frames of a FrameFeed. The stream says all there is to know in its header: no probing, so that the first frame is taken at once. */
export const feedArguments = ['-probesize', '32', '-analyzeduration', '0', '-f', 'nut', '-i', 'pipe:0']

/** What ffmpeg is told of what it is given. */
const inputArguments = ['-hide_banner', '-nostdin', '-loglevel', 'error', '-copyts', ...feedArguments, '-y']

/** And of the segment, without its name. */
export function encodeArguments(tools: Tools, options: Delivery): string[] {
  const { codec, composition } = options
  const form = composition?.form ?? formOf(options)
  const pixels = pixelFormat(form)
  const rate = hintedRate(options)
  return [
    ...['-map', '0:v:0', '-vf', filters(tools, options, form), ...passthrough(tools)],
    ...['-enc_time_base', `${rate.den}:${rate.num}`],
    ...coding(codec, options.quality, pixels, rate, form),
    ...colourTags(form),
    // Fragments carry every timestamp as a whole number of 1/den seconds; join() reads and renumbers them.
    ...[
      '-video_track_timescale',
      String(rate.num),
      '-movflags',
      '+frag_keyframe+empty_moov+default_base_moof',
    ],
    ...['-f', codec === 'prores' || codec === 'ffv1' ? 'mov' : 'mp4'],
  ]
}

/** The pipe's frame type: planar names that ffmpeg's NUT knows. */
const fourcc = (format: FrameFormat): string => rawTags[pixelFormat(format)] ?? missing(format)
function missing(format: FrameFormat): never {
  throw fault('internal', `No raw video tag for ${pixelFormat(format)}.`)
}
const planarTag = (kind: string, bits: number): string => kind + String.fromCharCode(bits)
/** From ffmpeg's libavcodec/raw.c: Y3, then chroma shifts (11, 10, 0) and the depth as a byte; Y1, 0 for gray. */
const rawTags: Record<string, string> = Object.fromEntries([
  ['yuv420p', 'I420'],
  ['yuv422p', 'Y42B'],
  ['yuv444p', '444P'],
  ['gray', 'Y800'],
  ...[10, 12, 14, 16].flatMap((bits) => [
    [`yuv420p${bits}le`, planarTag('Y3\x0b', bits)],
    [`yuv422p${bits}le`, planarTag('Y3\x0a', bits)],
    [`yuv444p${bits}le`, planarTag('Y3\0', bits)],
    [`gray${bits}le`, planarTag('Y1\0', bits)],
  ]),
]) as Record<string, string>

/** Feeds frames to a child's stdin as NUT; resolves when the pipe has taken all of a frame, so its bytes may be reused. */
export class FrameFeed {
  private readonly size: number
  constructor(
    private readonly child: Child,
    private readonly format: FrameFormat,
    timeBase: Rational,
  ) {
    this.size = bytesPerFrame(format)
    const { width, height } = format
    child.stdin.write(nutHeader({ width, height, fourcc: fourcc(format), timeBase }))
  }

  async write(data: Uint8Array, pts: number): Promise<void> {
    if (data.length !== this.size)
      throw fault(
        'internal',
        `A frame has ${data.length} bytes; ${pixelFormat(this.format)} ${this.format.width}x${this.format.height} has ${this.size}.`,
      )
    if (this.child.stdin.destroyed || this.child.stdin.writableEnded) {
      await this.child.done
      this.endedEarly()
    }
    this.child.stdin.write(nutFrameHeader(pts, data.length))
    const isTaken = await new Promise<boolean>((resolve) =>
      this.child.stdin.write(data, (error) => resolve(!error)),
    )
    if (isTaken) return
    await this.child.done // the end of a child that takes no more says why
    this.endedEarly()
  }

  private endedEarly(): never {
    throw fault('ffmpeg-failed', 'ffmpeg stopped before the last frame.', {
      detail: { stderr: this.child.stderr() },
    })
  }
}

// eslint-disable-next-line @typescript-eslint/require-await -- refusals arrive as rejections, like every later failure
export async function openEncoder(tools: Tools, options: EncodeOptions): Promise<Encoder> {
  const { path, framesPath, codec, format, signal } = options
  if (!tools.encoders.has(encoderName[codec]))
    throw failing('ffmpeg-failed', 'encoderMissing', {
      ffmpeg: tools.ffmpeg,
      codec: codec.toUpperCase(),
      encoder: encoderName[codec],
    })
  const rate = hintedRate(options)
  const frames = framesPath === undefined ? [] : intermediateArguments(tools, framesPath, format, rate)
  const args = [...inputArguments, ...frames, ...encodeArguments(tools, options), `file:${path}`]
  const child = run(tools.ffmpeg, args, {
    what: phrase('doWrite', { name: basename(path) }),
    signal,
  })
  // Encoders see frames 0, 1, 2 ...: some refuse fine time bases, and none can then round a timestamp. The exact times of
  // a variable rate are the plan's; join() puts them on the frames again and checks that none is missing.
  const feed = new FrameFeed(child, format, invert(rate))
  let count = 0
  const abort = async (): Promise<void> => {
    await child.stop()
    await rm(path, { force: true })
    if (framesPath !== undefined) await rm(framesPath, { force: true })
  }
  return {
    write: (data) => feed.write(data, count++),
    async finish() {
      if (count === 0) throw fault('internal', 'A segment needs at least one frame.')
      child.stdin.end()
      try {
        await child.done
      } catch (error) {
        await abort()
        throw error
      }
    },
    abort,
  }
}

/**
 * Every frame lasts until the next one; only the end of the film needs a duration of its own, else ffmpeg takes the mean.
 * The filter knows it since ffmpeg 5.0; before, the end of a film of variable rate may be off by a part of a frame.
 */
export const lastFrame = (tools: Tools, duration: number): string[] =>
  Number(tools.version.split('.')[0]) < 5 ? [] : ['-bsf:v', `setts=pts=PTS:dts=DTS:duration=${duration}`]

/**
 * The same for Matroska, which counts milliseconds while the filter is told of the source's ticks: the one frame that is shown
 * last, the n-th in the stream at `seconds`, gets a duration in proportion to its own time, whatever that is counted in.
 */
export const lastFrameOfMatroska = (
  tools: Tools,
  { n, seconds, lastSeconds }: { n: number; seconds: number; lastSeconds: number },
): string[] =>
  Number(tools.version.split('.')[0]) < 5 || seconds === 0
    ? []
    : [
        '-bsf:v',
        `setts=pts=PTS:dts=DTS:duration=if(eq(N\\,${n})\\,round(PTS*${(lastSeconds / seconds).toFixed(12)})\\,DURATION)`,
      ]
