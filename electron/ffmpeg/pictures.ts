// Single frames, filmstrips and preview pictures as JPEG, with the colours that the source means.
import { randomBytes } from 'node:crypto'
import { mkdir, rename, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { failing, fault } from '../shared/contract/errors.js'
import { FrameTable, Source, displaySize } from '../shared/media/source.js'
import { phrase } from '../shared/words/sentences.js'
import { systemReason } from '../shared/words/systemReason.js'
import { decodedFormat, passthrough } from './decode.js'
import { readerOf } from './readers.js'
import { FrameFeed } from './encode.js'
import { FrameFormat } from './format.js'
import { cropped, matrixName } from './geometry.js'
import { splitJpegs } from './jpeg.js'
import { Tools } from './resolve.js'
import { Child, run } from './run.js'

export interface PictureSize {
  width?: number | undefined
  height?: number | undefined
  signal?: AbortSignal | undefined
}

/** What is shown of frames, from the left and the top. */
type Shown = Pick<FrameFormat, 'width' | 'height'>

const longestSide = 16384
const mostPixels = 2 ** 27

/**
 * Of the picture that is made: in the shape of the frame, as wide or as high as asked for. Nothing is made much larger than the
 * largest result (four times), nor larger than a picture can be, whoever asks.
 */
export function pictureSize(own: Shown, { width, height }: PictureSize): Shown {
  if (width === undefined && height === undefined) return { width: own.width, height: own.height }
  const factor = Math.min(
    Math.min((width ?? Infinity) / own.width, (height ?? Infinity) / own.height),
    Math.max(4, 512 / own.width, 512 / own.height),
    longestSide / Math.max(own.width, own.height),
    Math.sqrt(mostPixels / (own.width * own.height)),
  )
  const side = (length: number): number => Math.max(2, Math.round(length * factor))
  return { width: side(own.width), height: side(own.height) }
}

/**
 * Planar frames to JPEG: full range, matrix 601 (what every JPEG reader takes for granted), colour at full resolution.
 * The chroma siting of the source is given to the scaler; wide-gamut and HDR values are shown as they are.
 */
function jpegFilters(format: FrameFormat, shown: Shown, size: PictureSize): string {
  const { width, height } = pictureSize(shown, size)
  const siting = [
    ...(format.chroma === '420' || format.chroma === '422'
      ? [`in_h_chr_pos=${format.siting === 'center' ? 128 : 0}`]
      : []),
    ...(format.chroma === '420' ? [`in_v_chr_pos=${format.siting === 'topleft' ? 0 : 128}`] : []),
  ]
  const colours = [
    `in_color_matrix=${matrixName[format.matrix]}`,
    `in_range=${format.range}`,
    'out_color_matrix=smpte170m',
    'out_range=full',
  ]
  const scale = `scale=${width}:${height}:flags=bicubic+accurate_rnd+full_chroma_int`
  return [...cropped(format, shown), [scale, ...colours, ...siting].join(':'), 'format=yuvj444p'].join(',')
}

interface JpegPipe {
  child: Child
  feed: FrameFeed
  pictures: AsyncGenerator<Buffer>
}

/** Frames in, one JPEG each out, in order. quality: 2 is ffmpeg's best sensible for MJPEG. */
function jpegPipe(
  tools: Tools,
  format: FrameFormat,
  shown: Shown,
  size: PictureSize,
  quality: number,
): JpegPipe {
  const child = run(
    tools.ffmpeg,
    [
      ...['-hide_banner', '-nostdin', '-loglevel', 'error', '-probesize', '32', '-analyzeduration', '0'],
      ...[
        '-f',
        'nut',
        '-i',
        'pipe:0',
        '-map',
        '0:v:0',
        '-vf',
        jpegFilters(format, shown, size),
        ...passthrough(tools),
      ],
      // One thread: with more, frames wait for each other instead of coming out at once.
      ...[
        '-c:v',
        'mjpeg',
        '-threads',
        '1',
        '-q:v',
        String(quality),
        '-f',
        'image2pipe',
        '-flush_packets',
        '1',
        'pipe:1',
      ],
    ],
    { what: phrase('doPicture'), signal: size.signal },
  )
  const feed = new FrameFeed(child, format, { num: 1, den: 25 })
  return { child, feed, pictures: splitJpegs(child.stdout as AsyncIterable<Buffer>) }
}

/** One frame, upright and square, JPEG; scaled (bicubic) when a width or height is given. */
export async function framePicture(
  tools: Tools,
  source: Source,
  table: FrameTable,
  frame: number,
  size: PictureSize = {},
): Promise<Buffer> {
  const [picture] = await filmstrip(tools, source, table, [frame], size, 2)
  if (!picture) throw failing('ffmpeg-failed', 'frameNotShown', { frame, name: source.name })
  return picture
}

/** Runs of wanted frames that are read in one go: starting ffmpeg anew costs about as much as decoding this many frames. */
const worthReadingOn = 50

/** Several frames in one go, in the order asked for. */
export async function filmstrip(
  tools: Tools,
  source: Source,
  table: FrameTable,
  frames: readonly number[],
  size: PictureSize,
  quality = 4,
): Promise<Buffer[]> {
  const wanted = [...new Set(frames)].toSorted((a, b) => a - b)
  const pipe = jpegPipe(tools, decodedFormat(source), displaySize(source.video), size, quality)
  const found = new Map<number, Buffer>()
  const reading = (async () => {
    let i = 0
    for await (const picture of pipe.pictures) found.set(wanted[i++] ?? -1, picture)
  })()
  reading.catch(() => {}) // awaited below
  try {
    let count = 0
    for (let i = 0; i < wanted.length;) {
      let j = i + 1
      while (j < wanted.length && (wanted[j] ?? 0) - (wanted[j - 1] ?? 0) <= worthReadingOn) j++
      const isWanted = new Set(wanted.slice(i, j))
      const range = { table, from: wanted[i] ?? 0, to: (wanted[j - 1] ?? 0) + 1, signal: size.signal }
      for await (const { frame, data } of readerOf(source).decode(tools, source, range).frames)
        if (isWanted.has(frame)) await pipe.feed.write(data, count++)
      i = j
    }
    pipe.child.stdin.end()
    await reading
    await pipe.child.done
  } finally {
    await pipe.child.stop()
  }
  return frames.map((frame) => {
    const picture = found.get(frame)
    if (!picture) throw failing('ffmpeg-failed', 'frameNotShown', { frame, name: source.name })
    return picture
  })
}

export interface PreviewWriter {
  /** Becomes `<folder>/<name>.jpg` at once and whole; resolves when more can be taken and `data` may be reused. */
  write(data: Uint8Array, name: number | string): Promise<void>
  /** Resolves when every picture is there. */
  finish(): Promise<void>
  /** Stops; pictures that are there stay. */
  abort(): Promise<void>
}

export interface PreviewOptions {
  /** Made if it is not there. */
  folder: string
  format: FrameFormat
  /** What is shown of the frames, from the left and the top; all of them when left out. */
  size?: Shown | undefined
  signal?: AbortSignal | undefined
  /** Called when `<name>.jpg` is there. */
  onPicture?: (() => void) | undefined
}

/** A sink that shows frames instead of encoding them. A picture appears under its name only when it is whole. */
export async function openPreviewWriter(tools: Tools, options: PreviewOptions): Promise<PreviewWriter> {
  const { folder, format, size = format, signal, onPicture } = options
  await mkdir(folder, { recursive: true })
  const pipe = jpegPipe(tools, format, size, { signal }, 2)
  const waiting: (number | string)[] = []
  let count = 0
  const writing = (async () => {
    for await (const picture of pipe.pictures) {
      const name = waiting.shift()
      if (name === undefined) throw fault('internal', 'ffmpeg gave more pictures than it was given frames.')
      const part = join(folder, `.${name}-${randomBytes(3).toString('hex')}.part`)
      try {
        await writeFile(part, picture)
        await rename(part, join(folder, `${name}.jpg`))
      } catch (cause) {
        await rm(part, { force: true })
        const isFull = (cause as NodeJS.ErrnoException).code === 'ENOSPC'
        throw failing(
          isFull ? 'disk-full' : 'output-not-writable',
          isFull ? 'previewDiskFull' : 'previewNotKept',
          { folder, reason: systemReason(cause) },
          { cause },
        )
      }
      onPicture?.()
    }
  })()
  let failure: Error | undefined
  writing.catch(async (error: unknown) => {
    failure = error instanceof Error ? error : new Error(String(error))
    await pipe.child.stop()
  })
  const check = (): void => {
    if (failure) throw failure
  }
  return {
    async write(data, name) {
      check()
      waiting.push(name)
      await pipe.feed.write(data, count++).catch((error: unknown) => {
        check() // why the pictures could not be kept says more than that ffmpeg was stopped
        throw error
      })
    },
    async finish() {
      pipe.child.stdin.end()
      await writing
      await pipe.child.done
    },
    async abort() {
      await pipe.child.stop()
      await writing.catch(() => {}) // it was stopped on purpose
    },
  }
}
