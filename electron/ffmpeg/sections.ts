// Recordings that lie one after the other in one stream, each with a clock of its own: where in the file one ends and the next
// begins, and how ffmpeg opens one of them alone. Only for streams that may be cut at any packet (MPEG-TS, MPEG-PS) and for files of
// which one follows the other with its own head (Matroska, Ogg, WMV, FLV).
import { z } from 'zod'
import type { Section, Source } from '../shared/media/source.js'
import { phrase } from '../shared/words/sentences.js'
import type { Tools } from './resolve.js'
import { readableFormats } from './readable.js'
import { readArguments } from './reading.js'
import { runText } from './run.js'
import { openFile } from './openFile.js'
import { isAlike, pixelAspect } from './shape.js'

const readers: Readonly<Record<string, string>> = {
  mpegts: 'mpegts',
  mpeg: 'mpeg',
  'matroska,webm': 'matroska',
  ...{ ogg: 'ogg', asf: 'asf', flv: 'flv' },
}

/** Files that can be cut by bytes where one recording ends and the next begins. */
export const canPart = (container: string): boolean => container in readers

/** Streams that may be cut anywhere. */
export const isStream = (container: string): boolean => container === 'mpegts' || container === 'mpeg'

/** Opens a section as a file of its own; without one, the whole file. */
export const sectionArguments = (
  source: Pick<Source, 'path' | 'container' | 'lookBytes'>,
  section?: Pick<Section, 'bytes'>,
): string[] =>
  section === undefined
    ? readArguments(source)
    : [
        ...['-protocol_whitelist', 'file,subfile', '-format_whitelist', readableFormats],
        ...['-f', readers[source.container] ?? 'mpegts'],
        ...['-i', `subfile,,start,${section.bytes.from},end,${section.bytes.to},,:file:${source.path}`],
      ]

/** The last good timestamp of one count and the first of the next, with the places of their packets. */
export interface Joint {
  before: { position: number; stamp: number }
  after: { position: number; stamp: number }
}

/** A joint is looked for in so many bytes before the first packet of the new count: more than the largest picture. */
const most = 1 << 24
const wrap = 2 ** 33

/** Timestamps of 33 bits, whichever way around the circle is shorter. */
const apart = (a: number, b: number): number => {
  const way = (((a - b) % wrap) + wrap) % wrap
  return Math.min(way, wrap - way)
}

/** 33 bits in five bytes, as MPEG writes them. */
const stampIn = (data: Buffer, at: number): number =>
  ((data.readUInt8(at) >> 1) & 7) * 2 ** 30 +
  (data.readUInt16BE(at + 1) >> 1) * 2 ** 15 +
  (data.readUInt16BE(at + 3) >> 1)

interface Mark {
  at: number
  /** Undefined: packets may be read from here on (a table of programs). */
  stamp?: number
}

function transportMarks(data: Buffer): Mark[] {
  const size = data[188] === 0x47 ? 188 : data[192] === 0x47 ? 192 : 188
  const marks: Mark[] = []
  for (let at = 0; at + 188 <= data.length; at += size) {
    const head = data.readUInt32BE(at)
    if (head >>> 24 !== 0x47 || (head & 0x400000) === 0) continue // no beginning of a payload
    const payload = at + 4 + ((head & 0x20) === 0 ? 0 : 1 + data.readUInt8(at + 4))
    if (((head >> 8) & 0x1fff) === 0) marks.push({ at })
    else if (
      payload + 14 <= at + 188 &&
      data.readUIntBE(payload, 3) === 1 &&
      data.readUInt8(payload + 7) >= 0x80
    )
      marks.push({ at, stamp: stampIn(data, payload + 9) })
  }
  return marks
}

function programMarks(data: Buffer): Mark[] {
  const marks: Mark[] = []
  const start = Buffer.from([0, 0, 1, 0xba])
  for (let at = data.indexOf(start); at >= 0 && at + 14 <= data.length; at = data.indexOf(start, at + 4)) {
    const isSecond = data.readUInt8(at + 4) >> 6 === 1 // MPEG-2 has 2 bits of extension in between
    const bits = data.readUIntBE(at + 4, 6)
    const high = isSecond ? Math.floor(bits / 2 ** 43) % 8 : Math.floor(bits / 2 ** 41) % 8
    const middle = isSecond ? Math.floor(bits / 2 ** 27) % 32768 : Math.floor(bits / 2 ** 25) % 32768
    const low = isSecond ? Math.floor(bits / 2 ** 11) % 32768 : Math.floor(bits / 2 ** 9) % 32768
    marks.push({ at }, { at, stamp: high * 2 ** 30 + middle * 2 ** 15 + low })
  }
  return marks
}

/** Where a Matroska file begins. */
const ebml = Buffer.from([0x1a, 0x45, 0xdf, 0xa3])

/** The byte at which the new count begins: nothing of the old one comes after it, if the file allows it. Undefined: it cannot be cut. */
export async function cutAt(source: Source, joint: Joint): Promise<number | undefined> {
  const to = joint.after.position
  const from = Math.max(joint.before.position, to - most)
  const file = await openFile(source.path)
  try {
    const data = Buffer.alloc(Math.max(0, to - from) + 4 * 192)
    const { bytesRead } = await file.read(data, 0, data.length, from)
    const read = data.subarray(0, bytesRead)
    if (!isStream(source.container)) {
      const head = read.lastIndexOf(ebml)
      return head < 0 ? undefined : from + head
    }
    const marks = source.container === 'mpegts' ? transportMarks(read) : programMarks(read)
    const isNew = ({ stamp }: Mark): boolean =>
      stamp !== undefined && apart(stamp, joint.after.stamp) < apart(stamp, joint.before.stamp)
    const lastOld = marks.findLastIndex((mark) => mark.stamp !== undefined && !isNew(mark))
    const firstNew = marks.findIndex((mark, i) => i > lastOld && isNew(mark))
    const begins = marks.findIndex((mark, i) => i > lastOld && mark.stamp === undefined)
    const mark = begins >= 0 && (firstNew < 0 || begins <= firstNew) ? marks[begins] : marks[firstNew]
    // Without a table of programs in between the last one before is needed, with what of the old count follows it.
    const table = marks.findLast((known, i) => i < firstNew && known.stamp === undefined)
    return from + ((begins >= 0 ? mark?.at : (table?.at ?? mark?.at)) ?? to - from)
  } finally {
    await file.close()
  }
}

const Streams = z.object({
  streams: z
    .array(
      z.looseObject({
        index: z.number(),
        codec_type: z.string().optional(),
        id: z.string().optional(),
        width: z.number().optional(),
        height: z.number().optional(),
        sample_aspect_ratio: z.string().optional(),
      }),
    )
    .default([]),
})
type Streams = z.infer<typeof Streams>['streams']

async function streamsOf(
  tools: Tools,
  source: Source,
  args: readonly string[],
  signal?: AbortSignal,
): Promise<Streams> {
  const text = await runText(
    tools.ffprobe,
    [
      ...['-v', 'error', '-show_entries', 'stream=index,codec_type,id,width,height,sample_aspect_ratio'],
      ...['-of', 'json', ...args],
    ],
    { what: phrase('doReadTracks', { name: source.name }), signal },
  )
  return Streams.parse(JSON.parse(text)).streams
}

/** By index of a stream in the whole file, its index in the section: the same number in the stream, else the same place among its kind; `isReshaped`: its picture is not like the whole file's. */
export async function sectionStreams(
  tools: Tools,
  source: Source,
  section: Pick<Section, 'bytes'>,
  signal?: AbortSignal,
): Promise<{ indices: number[]; isReshaped: boolean }> {
  const all = await streamsOf(tools, source, sectionArguments(source), signal)
  const here = await streamsOf(tools, source, sectionArguments(source, section), signal)
  const indices: number[] = []
  for (const stream of all) {
    const ofKind = (streams: Streams): Streams => streams.filter((s) => s.codec_type === stream.codec_type)
    const same = ofKind(here).find((s) => s.id !== undefined && s.id === stream.id)
    indices[stream.index] = (same ?? ofKind(here)[ofKind(all).indexOf(stream)])?.index ?? -1
  }
  const picture = here.find(({ index }) => index === indices[source.video.index])
  const { width = 0, height = 0, sample_aspect_ratio } = picture ?? {}
  const own = { width, height, sampleAspect: pixelAspect(sample_aspect_ratio) }
  const isReshaped = width > 0 && !isAlike(own, source.video)
  return { indices: Array.from(indices, (index) => index ?? -1), isReshaped }
}
