// What ffprobe lists of one stream, packets or decoded frames, as columns of numbers: two hours are some hundred thousand lines.
import type { Source } from '../shared/media/source.js'
import { phrase } from '../shared/words/sentences.js'
import { type Child, eachLine, run } from './run.js'
import type { Tools } from './resolve.js'

/** One stream of a file, or of a part of it: what to open and which stream to read. */
export interface Input {
  name: string
  /** ffmpeg's arguments that open it. */
  args: readonly string[]
  stream: number
  /** Size and time of the file: what was read of it once holds as long as these. */
  file?: Pick<Source, 'bytes' | 'modifiedMs'>
}

/** A line each. NaN where ffprobe says nothing. Timestamps in stream ticks, positions in bytes. */
export interface Listing {
  pts: number[]
  /** Frames only: the time by which the decoder goes on, which may be guessed from another. */
  guessed: number[]
  dts: number[]
  durations: number[]
  positions: number[]
  isKey: boolean[]
  /** Packets only: how many an edit list leaves out; they are not listed. */
  discarded: number
  /** Packets only: lines with which the reader complained of data that is missing or damaged, see lossWords. */
  complaints: number
}

const empty = (): Listing => ({
  ...{ pts: [], guessed: [], dts: [], durations: [], positions: [], isKey: [] },
  ...{ discarded: 0, complaints: 0 },
})

/** What readers say of data that is not there or not as it was written, and never of a whole film of any container. */
const lossWords = new RegExp(
  [
    ...['exceeds containing master element', 'inside parent with finite size', 'as first byte of an EBML'],
    ...['exceeds max length', 'Invalid track number', 'File ended prematurely', 'Read error at pos'], // Matroska
    ...['Packet mismatch', 'packet_obj_size \\S+ invalid', 'packet_frag_size is invalid'], // FLV, ASF
    ...['frame must have been damaged', 'and no checksum', 'CRC mismatch'], // NUT, Ogg
    ...['sync lost', 'encountered broken chunk', 'PES packet size mismatch', 'temporal unit'], // GXF, MXF, WTV, TS, AV1
  ].join('|'),
)
/** Said also of films that were put together from whole pieces: only where pictures are missing it is a loss. */
const doubtWords = /Packet corrupt|ff asf skip|unsupported chunk/

interface Asking {
  /** How much is said on stderr. */
  level?: 'error' | 'warning' | 'debug'
  onLine?: (line: string) => void
  signal?: AbortSignal | undefined
}

function list(tools: Tools, input: Input, what: string[], asking: Asking): Child {
  const { level = 'error', onLine, signal } = asking
  const words = [
    '-v',
    level,
    '-threads',
    '0',
    '-select_streams',
    String(input.stream),
    ...what,
    ...input.args,
  ]
  const how = { what: phrase('doReadTimes', { name: input.name }), signal }
  return run(tools.ffprobe, words, onLine ? { ...how, onLine } : how)
}

const whole = (text: string | undefined): number => (text === undefined || text === '' ? NaN : Number(text)) // 'N/A' is NaN

/** In the order of the file. Packets outside of the edit list are left out: they are decoded but never shown. */
export async function listPackets(tools: Tools, input: Input, signal?: AbortSignal): Promise<Listing> {
  const listing = empty()
  // ffprobe writes them in this order, whatever order they are asked in.
  const entries = ['-show_packets', '-show_entries', 'packet=pts,dts,duration,pos,flags', '-of', 'csv=p=0']
  const onLine = (line: string): void => {
    if (lossWords.test(line) || doubtWords.test(line)) listing.complaints++
  }
  await eachLine(list(tools, input, entries, { level: 'warning', onLine, signal }), (line) => {
    const [pts, dts, duration, position, flags] = line.split(',')
    if (flags === undefined) return // lines of side data are shorter
    if (flags.includes('D')) {
      listing.discarded++
      return
    }
    listing.pts.push(whole(pts))
    listing.dts.push(whole(dts))
    listing.durations.push(whole(duration) || 0)
    listing.positions.push(whole(position))
    listing.isKey.push(flags.includes('K'))
  })
  return listing
}

/** Where a reader complained: between these two pictures of the file, by their timestamps; NaN: before the first or after the last. */
export interface Complaint {
  before: number
  after: number
  /** Alone it says nothing: see doubtWords. */
  isDoubtful: boolean
}

/** In the order of the file. For files that are known to have some: every packet is told on stderr, so that their order is known. */
export async function listComplaints(tools: Tools, input: Input, signal?: AbortSignal): Promise<Complaint[]> {
  const found: Complaint[] = []
  const packet = new RegExp(`ff_read_packet stream=${input.stream}, pts=(\\S+), dts=(\\S+),`)
  let [before, isDoubtful, isOpen] = [NaN, true, false]
  const onLine = (line: string): void => {
    const stamps = packet.exec(line)
    if (stamps) {
      const at = [stamps[1], stamps[2]].map(Number).find((stamp) => !Number.isNaN(stamp))
      if (at === undefined) return
      if (isOpen) found.push({ before, after: at, isDoubtful })
      ;[before, isDoubtful, isOpen] = [at, true, false]
    } else if (lossWords.test(line)) [isDoubtful, isOpen] = [false, true]
    else if (doubtWords.test(line)) isOpen = true
  }
  const entries = ['-fdebug', 'ts', '-show_packets', '-show_entries', 'packet=flags', '-of', 'csv=p=0']
  await eachLine(list(tools, input, entries, { level: 'debug', onLine, signal }), () => {})
  if (isOpen) found.push({ before, after: NaN, isDoubtful })
  return found
}

/** In the order of showing, by decoding everything. */
export async function listFrames(tools: Tools, input: Input, signal?: AbortSignal): Promise<Listing> {
  const listing = empty()
  const entries = 'frame=key_frame,pts,best_effort_timestamp,duration,pkt_duration,pkt_pos'
  const words = ['-show_frames', '-show_entries', entries, '-of', 'compact=p=0']
  await eachLine(list(tools, input, words, { signal }), (line) => {
    if (!line.includes('best_effort_timestamp=')) return // side data has lines of its own
    const fields = new Map(line.split('|').map((part) => part.split('=', 2) as [string, string]))
    const guessed = whole(fields.get('best_effort_timestamp'))
    const pts = whole(fields.get('pts'))
    listing.guessed.push(guessed)
    listing.pts.push(Number.isNaN(pts) ? guessed : pts)
    listing.dts.push(NaN)
    listing.durations.push(whole(fields.get('duration')) || whole(fields.get('pkt_duration')) || 0)
    listing.positions.push(whole(fields.get('pkt_pos')))
    listing.isKey.push(fields.get('key_frame') === '1')
  })
  return listing
}

/** When a packet of sound is heard, seconds of the file's clock. */
export interface Sounding {
  from: number
  to: number
}

/** Of all sound tracks, in the order of the file. */
export async function listSound(tools: Tools, input: Input, signal?: AbortSignal): Promise<Sounding[]> {
  const sounds: Sounding[] = []
  const words = ['-v', 'error', '-select_streams', 'a', '-show_packets', '-of', 'csv=p=0']
  const entries = ['-show_entries', 'packet=pts_time,duration_time']
  const what = phrase('doReadTimes', { name: input.name })
  await eachLine(run(tools.ffprobe, [...words, ...entries, ...input.args], { what, signal }), (line) => {
    const [from, duration] = line.split(',').map(whole)
    if (from !== undefined && !Number.isNaN(from)) sounds.push({ from, to: from + (duration || 0) })
  })
  return sounds
}

/** The last byte of the file that belongs to a packet of any track; 0 where readers do not say. */
export async function lastByte(tools: Tools, input: Input, signal?: AbortSignal): Promise<number> {
  let last = 0
  const words = ['-v', 'error', '-show_packets', '-show_entries', 'packet=size,pos', '-of', 'csv=p=0']
  const what = phrase('doReadTimes', { name: input.name })
  await eachLine(run(tools.ffprobe, [...words, ...input.args], { what, signal }), (line) => {
    const [size, position] = line.split(',').map(whole)
    last = Math.max(last, (position ?? 0) + (size ?? 0) || 0)
  })
  return last
}
