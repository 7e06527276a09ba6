// Sound that is in the file and cannot be decoded: where its packets give nothing. Looked for only where a decoder complained.
import type { AudioStream, Source } from '../shared/media/source.js'
import { phrase } from '../shared/words/sentences.js'
import { readArguments } from './reading.js'
import type { Tools } from './resolve.js'
import { eachLine, run, twice } from './run.js'

/** Seconds from the first frame. */
export interface UndecodableRange {
  from: number
  to: number
}

/** What decoders say of packets that they cannot read. */
export const decodeErrorWords = /Error while decoding stream|Error submitting packet to decoder/

/** Some packets at both ends only fill the decoder, or are cut. */
const edgeSeconds = 0.15
/** Places nearer to each other than this are one. */
const apartSeconds = 0.1

interface Span {
  from: number
  to: number
}

const packetForm = /^packet\|pts_time=([-\d.]+)\|duration_time=([\d.]+)\|flags=(\S*)/
const frameForm = /^frame\|pts_time=([-\d.]+)\|nb_samples=(\d+)/

/** Packets of which no sample came out: their middle lies in no decoded frame. Both in the order of time. */
function silent(packets: readonly Span[], frames: readonly Span[]): Span[] {
  let at = 0
  return packets.filter((packet) => {
    const middle = (packet.from + packet.to) / 2
    while (at < frames.length && (frames[at]?.to ?? 0) < middle) at++
    return !(frames[at] && (frames[at]?.from ?? 0) <= middle)
  })
}

/** Where a track cannot be decoded although it goes on; none where its packets have no times. */
export const undecodableRanges = (...of: Parameters<typeof find>): Promise<UndecodableRange[]> =>
  twice(() => find(...of))

async function find(
  tools: Tools,
  source: Source,
  track: AudioStream,
  signal?: AbortSignal,
): Promise<UndecodableRange[]> {
  const entries = 'packet=pts_time,duration_time,flags:frame=pts_time,nb_samples'
  const child = run(
    tools.ffprobe,
    [
      ...['-v', 'quiet', '-select_streams', String(track.index), '-show_packets', '-show_frames'],
      ...['-show_entries', entries, '-of', 'compact', ...readArguments(source)],
    ],
    { what: phrase('doHear', { name: source.name }), signal },
  )
  const packets: Span[] = []
  const frames: Span[] = []
  await eachLine(child, (line) => {
    const [, at, length, flags = ''] = packetForm.exec(line) ?? []
    if (at !== undefined && !flags.includes('D'))
      packets.push({ from: Number(at), to: Number(at) + Number(length) })
    const [, shown, samples] = frameForm.exec(line) ?? []
    if (shown !== undefined)
      frames.push({ from: Number(shown), to: Number(shown) + Number(samples) / track.sampleRate })
  })
  for (const list of [packets, frames]) list.sort((a, b) => a.from - b.from)
  const [begin, end] = [(packets[0]?.from ?? 0) + edgeSeconds, (packets.at(-1)?.to ?? 0) - edgeSeconds]
  const places: UndecodableRange[] = []
  for (const { from, to } of silent(packets, frames)) {
    if (to < begin || from > end) continue
    const [start, stop] = [from - source.startSeconds, to - source.startSeconds]
    const last = places.at(-1)
    if (last && start - last.to < apartSeconds) last.to = stop
    else places.push({ from: start, to: stop })
  }
  return places
}
