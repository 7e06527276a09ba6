// What ffprobe answers about a file: its tracks, its first frames, its first packets. Nothing is decided here about what can be used.
import { basename } from 'node:path'
import { z } from 'zod'
import { AudioStream, TrackRole } from '../shared/media/source.js'
import { phrase } from '../shared/words/sentences.js'
import {
  type FileFacts,
  type Probed,
  type ProbedStream,
  headers,
  parseJson,
  probeLimitMs,
} from './headers.js'
import { keepNewest } from './newest.js'
import type { Input } from './packets.js'
import { farLook } from './reading.js'
import { Tools } from './resolve.js'
import { inputArguments, runText } from './run.js'

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

const kept = new Map<string, Head>()
const keptHeads = 50

/** What the decoder says about the first frames: timestamps and fields. No frame at all is not yet an error here. */
export async function headFrames(tools: Tools, input: Input, signal?: AbortSignal): Promise<Head> {
  // Opening a film, its frame table and its first picture all ask for the same.
  const key = JSON.stringify([input.file?.bytes, input.file?.modifiedMs, input.stream, input.args])
  const known = input.file && kept.get(key)
  if (known) return known
  for (let packets = headPackets; ; packets *= 16) {
    const { head, read } = await headOf(tools, input, packets, signal)
    if (head.frames === 0 && read >= packets && packets < mostHeadPackets) continue
    return input.file ? keepNewest(kept, keptHeads, key, head) : head
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

export const isPicture = (s: ProbedStream): boolean =>
  s.codec_type === 'video' &&
  s.disposition?.['attached_pic'] !== 1 &&
  s.disposition?.['timed_thumbnails'] !== 1

/** Stream indexes of the packets that a short look finds. */
export async function packetsOf(
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

export function audioOf(stream: ProbedStream): AudioStream[] {
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

/** How far tracks are looked for in a container that does not list them; what lies behind is said. */
const farthest = 512e6

/** Tracks may be missing: a container without a list of them shows one when its first packet comes. */
function mayMiss({ streams, format }: Probed): boolean {
  if (!/^(mpegts|mpeg|flv|asf|wtv|nut)\b/.test(format.format_name ?? '')) return false
  const sounds = streams.filter((s) => s.codec_type === 'audio')
  const isUnknown = streams.some(
    (s) => (s.codec_type === 'audio' && !s.channels) || (isPicture(s) && (!s.width || !s.pix_fmt)),
  )
  return isUnknown || (sounds.length === 0 && /^mpeg/.test(format.format_name ?? ''))
}

/** A first look, which is enough for most files, and a far one where tracks may begin later. */
export async function look(
  tools: Tools,
  path: string,
  file: FileFacts,
  reader: readonly string[],
  signal?: AbortSignal,
): Promise<Probed & { lookBytes?: number }> {
  const ask = (args: readonly string[]): Promise<Probed> =>
    headers(tools, { path, args: [...args, ...reader, ...inputArguments(path)], file }, signal)
  const near = await ask([])
  if (!mayMiss(near)) return near
  const lookBytes = Math.max(5_000_000, Math.min(file.bytes, farthest))
  const far = await ask(farLook(lookBytes))
  const isSame = audioIn(far).length === audioIn(near).length && !mayMiss(near)
  return isSame ? near : { ...far, lookBytes }
}

const audioIn = ({ streams }: Pick<Probed, 'streams'>): AudioStream[] =>
  streams.filter((s) => s.codec_type === 'audio').flatMap(audioOf)
