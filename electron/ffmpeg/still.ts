// Picture files: told by their first bytes, not by their name, and read by the one reader that fits, so that a name such as
// "holiday%03d.jpg" is a file and not a numbered series.
import { basename } from 'node:path'
import { z } from 'zod'
import { failing } from '../shared/contract/errors.js'
import { tableOf } from '../shared/media/frameTable.js'
import { rational } from '../shared/media/rational.js'
import { type FrameTable, Source, interpreted } from '../shared/media/source.js'
import { phrase } from '../shared/words/sentences.js'
import { sourceIdOf } from './fingerprint.js'
import { orientation } from './geometry.js'
import { openFile } from './openFile.js'
import { pixelKind } from './pixelFormats.js'
import { look } from './probed.js'
import type { FoundFile, ProbeOptions } from './reader.js'
import { readAs } from './reading.js'
import type { Tools } from './resolve.js'
import { inputArguments, runText } from './run.js'
import { captureDate, readTags } from './tags.js'
import { picturesOf, taggedOf } from './tracks.js'
import { checkUnchanged } from './unchanged.js'

const magics: readonly [reader: string, starts: (head: Buffer) => boolean][] = [
  ['jpeg_pipe', (head) => head.readUInt16BE(0) === 0xffd8 && head[2] === 0xff],
  ['png_pipe', (head) => head.toString('latin1', 0, 8) === '\x89PNG\r\n\x1a\n'],
  ['tiff_pipe', (head) => ['II*\0', 'MM\0*'].includes(head.toString('latin1', 0, 4))],
  [
    'webp_pipe',
    (head) => head.toString('latin1', 0, 4) === 'RIFF' && head.toString('latin1', 8, 12) === 'WEBP',
  ],
  ['bmp_pipe', (head) => head.toString('latin1', 0, 2) === 'BM' && head.readUInt32LE(6) === 0],
  // Not every ffmpeg reads these; where it does, it takes them for a film of one picture.
  ['heic', (head) => /^ftyp(heic|heix|mif1|avif)$/.test(head.toString('latin1', 4, 12))],
]

/** ffmpeg's reader for a picture file, `heic` for one that its film reader may know; undefined for everything else. */
export async function stillFormat(path: string): Promise<string | undefined> {
  const file = await openFile(path)
  try {
    const head = Buffer.alloc(16)
    await file.read(head, 0, head.length, 0)
    return magics.find(([, starts]) => starts(head))?.[0]
  } finally {
    await file.close()
  }
}

/** A picture, moving or not, that is neither a film nor a photo here. */
export async function isGif(path: string): Promise<boolean> {
  const file = await openFile(path)
  try {
    const head = Buffer.alloc(6)
    await file.read(head, 0, head.length, 0)
    return /^GIF8[79]a$/.test(head.toString('latin1'))
  } finally {
    await file.close()
  }
}

const Shown = z.looseObject({
  frames: z
    .array(
      z.looseObject({
        tags: z.record(z.string(), z.string()).optional(),
        side_data_list: z.array(z.looseObject({ displaymatrix: z.string().optional() })).optional(),
      }),
    )
    .default([]),
})

/** What only the decoder knows: how the camera was held, when and with what the picture was taken. No picture: undefined. */
async function stillFacts(
  tools: Tools,
  path: string,
  container: string,
  signal?: AbortSignal,
): Promise<(ReturnType<typeof orientation> & { tags: Record<string, string> }) | undefined> {
  const text = await runText(
    tools.ffprobe,
    [
      ...[
        '-v',
        'error',
        '-select_streams',
        'v:0',
        '-show_frames',
        '-read_intervals',
        '%+#1',
        '-print_format',
        'json',
      ],
      ...[...readAs(container), ...inputArguments(path)],
    ],
    { what: phrase('doReadPhoto'), signal },
  )
  const parsed = Shown.safeParse(JSON.parse(text))
  const frame = parsed.success ? parsed.data.frames[0] : undefined
  if (!frame) return undefined
  const matrix = frame.side_data_list?.find((data) => data.displaymatrix !== undefined)?.displaymatrix
  const tags = frame.tags ?? {}
  const location = locationOf(tags)
  return { ...orientation(matrix), tags: { ...tags, ...(location === undefined ? {} : { location }) } }
}

/** "35:1, 39:1, 31:1" -> 35.6586; undefined unless it is an angle up to `largest` degrees. */
function degrees(text: string | undefined, largest: number): number | undefined {
  const parts = (text ?? '').split(',').map((part) => {
    const [num = NaN, den = NaN] = part.split(':').map(Number)
    return num / den
  })
  const [whole = NaN, minutes = 0, seconds = 0] = parts
  const angle = whole + minutes / 60 + seconds / 3600
  return angle >= 0 && angle <= largest ? angle : undefined
}

const signed = (value: number, digits: number): string => {
  const [whole = '0', part = '0'] = Math.abs(value).toFixed(6).split('.')
  return `${value < 0 ? '-' : '+'}${whole.padStart(digits, '0')}.${part}`
}

/** Where a camera says that it was, in the form that films use (ISO 6709): "+35.658600+139.745400/". */
export function locationOf(tags: Readonly<Record<string, string>>): string | undefined {
  const latitude = degrees(tags['GPSLatitude'], 90)
  const longitude = degrees(tags['GPSLongitude'], 180)
  if (latitude === undefined || longitude === undefined) return undefined
  const south = tags['GPSLatitudeRef']?.trim() === 'S' ? -1 : 1
  const west = tags['GPSLongitudeRef']?.trim() === 'W' ? -1 : 1
  return `${signed(south * latitude, 2)}${signed(west * longitude, 3)}/`
}

/** Of the many that cameras write into a photo, what is said of a picture made from it. */
const photoTags = (tags: Readonly<Record<string, string>>): Record<string, string> =>
  Object.fromEntries(
    Object.entries(readTags(tags)).filter(([name]) => /^(artist|copyright|location|make|model)$/.test(name)),
  )

/** A photo is a film of one picture that lasts no time anybody counts. */
export async function probeStill(
  tools: Tools,
  { path, facts, still: container = '' }: FoundFile,
  { keepsake }: ProbeOptions,
  signal?: AbortSignal,
): Promise<Source> {
  const name = basename(path)
  const shownPath = keepsake?.path ?? path
  const { streams } = await look(tools, shownPath, facts, readAs(container), signal).catch(
    (cause: unknown) => {
      if (container !== 'heic') throw cause
      throw failing('not-a-video', 'photoKind', { name, version: tools.version }, { cause })
    },
  )
  const [stream] = picturesOf(streams, name)
  if (!stream) throw failing('not-a-video', 'photoUndecodable', { name })
  const shown = await stillFacts(tools, shownPath, container, signal)
  if (!shown) throw failing('not-a-video', 'photoUndecodable', { name })
  const { tags, ...turn } = shown
  const found = taggedOf(
    stream,
    { pts: [0], isTimed: true, frames: 1, start: 0, interlaced: 0, topFirst: 0, packets: 1 },
    name,
  )
  // RGB goes through YUV on its way: two more bits, so that no colour changes by it.
  const exact = pixelKind(stream.pix_fmt ?? '').isRgb
    ? ({ bits: Math.max(10, found.bits), range: 'full' } as const)
    : {}
  const tagged = { ...found, ...exact, ...turn, isVariable: false }
  return Source.parse({
    ...facts,
    id: sourceIdOf(facts.fingerprint, stream.index, {}),
    ...{ path, name, container, durationSeconds: 0.04, startSeconds: 0 },
    ...{ tagged, interpretation: {}, video: interpreted(tagged, {}) },
    ...{ audio: [], others: [], chapters: [], warnings: keepsake?.warnings ?? [] },
    ...(keepsake
      ? { createdAt: keepsake.info.takenAt, tags: photoTags(keepsake.info.tags), picture: shownPath }
      : {
          createdAt: captureDate({
            date: tags['DateTimeOriginal'] ?? tags['DateTime'] ?? tags['date'] ?? '',
          }),
          tags: photoTags(tags),
        }),
  })
}

/** One frame. */
export async function stillTable(_: Tools, source: Source): Promise<FrameTable> {
  await checkUnchanged(source)
  return tableOf({ timeBase: rational(1, 25), ticks: [0], lastTicks: 1, start: 0, keyFrames: [] })
}
