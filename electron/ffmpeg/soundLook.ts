// Where the sound of a file lies, by its packets: begin, end, gaps, and what an edit list leaves out. Read once per file, decodes nothing.
import { AudioStream, Source } from '../shared/media/source.js'
import { failing } from '../shared/contract/errors.js'
import { phrase } from '../shared/words/sentences.js'
import { Edit, editLists } from './editList.js'
import { Tools } from './resolve.js'
import { keepNewest } from './newest.js'
import { readArguments } from './reading.js'
import { eachLine, run, twice } from './run.js'
import { readErrorWords, watchFiles } from './unchanged.js'

export interface SoundTrack {
  /** Seconds from the first picture to the first and behind the last packet that is heard. */
  from: number
  to: number
  /** Seconds of packets before it that are decoded and not heard. */
  hidden: number
  /** Bytes of what is heard. */
  bytes: number
  /** Packets follow each other, none inside is left out: copying gives what decoding gives. */
  isWhole: boolean
  /** Where an edit list plays the track in several pieces. */
  edits?: readonly Edit[] | undefined
}

/** AAC begins with a packet that only fills the decoder: silence, and at 8 kHz an eighth of a second. */
export const primingSeconds = ({ codec, sampleRate }: Pick<AudioStream, 'codec' | 'sampleRate'>): number =>
  codec === 'aac' ? 1024 / sampleRate : 0

/** Where sound begins to be heard. Matroska has no word for what only fills the decoder: it stands before the picture there. */
export const heardFrom = (
  container: string,
  track: Pick<AudioStream, 'codec' | 'sampleRate'>,
  from: number,
): number => (/matroska/.test(container) && from < 0 && from >= -primingSeconds(track) - 0.002 ? 0 : from)

/** A hole (or overlap) that can be heard; times rounded to milliseconds, as in Matroska, stay far below it. */
const holeSeconds = 0.04

interface Looking {
  start?: number
  /** Of the first packet of all. */
  first?: number
  from?: number
  end: number
  bytes: number
  hasTail: boolean
  isWhole: boolean
}

function take(track: Looking, at: number, duration: number, bytes: number, flags: string): void {
  if (!Number.isNaN(at)) track.first ??= at
  // Discarded: before the first it is what the codec needs to begin, after the last it is padding. Between: a cut.
  if (flags.includes('D')) {
    track.hasTail = track.from !== undefined
    return
  }
  const begin = Number.isNaN(at) ? track.end : at
  if (track.hasTail || (track.from !== undefined && Math.abs(begin - track.end) > holeSeconds))
    track.isWhole = false
  track.from ??= begin
  track.bytes += bytes
  track.hasTail = false
  track.end = Math.max(track.end, begin + (Number.isNaN(duration) ? 0 : duration))
}

/** Takes what ffprobe says of packets and tracks of sound, a line each (see `soundEntries`), in the order of the file. */
export interface Listener {
  take: (line: string) => void
  /** Streams with a packet. */
  heard: () => ReadonlySet<number>
  /** By stream index; tracks without a packet that is heard are not in it. */
  tracks: (source: Source) => Promise<Map<number, SoundTrack>>
}

/** For ffprobe's -show_entries, with `-of compact`. */
export const soundEntries = {
  packet: 'stream_index,pts_time,duration_time,size,flags',
  stream: 'index,start_time',
} as const

export function listener(): Listener {
  const tracks = new Map<number, Looking>()
  const of = (index: number): Looking => {
    const track = tracks.get(index) ?? { end: 0, bytes: 0, hasTail: false, isWhole: true }
    tracks.set(index, track)
    return track
  }
  return {
    take(line) {
      const packet =
        /^packet\|.*\bstream_index=(\d+)\|.*\bpts_time=([^|]*)\|duration_time=([^|]*)\|size=(\d+)\|flags=(\S*)/.exec(
          line,
        )
      if (packet) {
        const [index = 0, at = NaN, duration = NaN, bytes = 0] = packet.slice(1, 5).map(Number)
        take(of(index), at, duration, bytes, packet[5] ?? '')
      }
      const stream = /^stream\|index=(\d+)\|.*\bstart_time=([-\d.]+)/.exec(line)
      if (stream) of(Number(stream[1])).start = Number(stream[2])
    },
    heard: () =>
      new Set(
        [...tracks].flatMap(([index, { from, first }]) => ((from ?? first) === undefined ? [] : [index])),
      ),
    async tracks(source) {
      const lists = await editLists(source.path, source.container)
      return new Map(
        [...tracks].flatMap(([index, { start, first, from, end, bytes, isWhole }]) => {
          if (from === undefined) return []
          // The demuxer's own word, which knows what the codec's first packets are good for.
          const begin = start !== undefined && Math.abs(start - from) < 0.1 ? start : from
          const edits = lists[index]
          const place = {
            ...{ from: begin - source.startSeconds, to: end - source.startSeconds, bytes },
            ...{ hidden: Math.max(0, begin - (first ?? begin)), isWhole: isWhole && !edits, edits },
          }
          return [[index, place] as const]
        }),
      )
    },
  }
}

interface Read {
  tracks: Map<number, SoundTrack>
  hasReadError: boolean
}

async function read(tools: Tools, source: Source, signal?: AbortSignal): Promise<Read> {
  const checkUntouched = await watchFiles([source])
  let hasReadError = false
  const { take, tracks } = listener()
  const entries = `packet=${soundEntries.packet}:stream=${soundEntries.stream}`
  const child = run(
    tools.ffprobe,
    [
      ...['-v', 'error', '-select_streams', 'a', '-show_packets', '-show_entries', entries, '-of', 'compact'],
      ...readArguments(source),
    ],
    {
      ...{ what: phrase('doHear', { name: source.name }), signal },
      onLine: (line) => void (hasReadError ||= readErrorWords.test(line)),
    },
  )
  await eachLine(child, take)
  const found = await tracks(source)
  await checkUntouched()
  return { tracks: found, hasReadError }
}

/** What a file lacks it lacks the second time, too; else it was the disk. */
async function settled(tools: Tools, source: Source, signal?: AbortSignal): Promise<Read> {
  const first = await read(tools, source, signal)
  if (!first.hasReadError) return first
  const again = await read(tools, source, signal)
  if (JSON.stringify([...again.tracks]) !== JSON.stringify([...first.tracks]))
    throw failing('source-unreadable', 'sourceUnsteady', { name: source.name })
  return first
}

const kept = new Map<string, Promise<Read>>()
const keptFiles = 20

function readOnce(tools: Tools, source: Source, signal?: AbortSignal): Promise<Read> {
  const known = kept.get(source.id)
  if (known) return known
  const reading = twice(() => settled(tools, source, signal))
  reading.catch(() => kept.delete(source.id))
  return keepNewest(kept, keptFiles, source.id, reading)
}

/** By stream index; tracks without a packet are not in it. */
export const soundTracks = async (
  tools: Tools,
  source: Source,
  signal?: AbortSignal,
): Promise<Map<number, SoundTrack>> => (await readOnce(tools, source, signal)).tracks

/** The file ends early, or has places that its reader cannot find, whenever it is read. */
export const soundReadsBadly = async (tools: Tools, source: Source, signal?: AbortSignal): Promise<boolean> =>
  (await readOnce(tools, source, signal)).hasReadError
