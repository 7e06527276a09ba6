// The timestamps of the frames that decode() yields. Taken from the packets where these predict what the decoder gives
// (checked on the first frames), else by decoding everything once. Deinterlacing's doubling is computed, not run.
import { createInterface } from 'node:readline'
import { failing } from '../shared/errors.js'
import { Rational, multiply, rational } from '../shared/rational.js'
import { isStill } from '../shared/photo.js'
import { FrameTable, Source, isInterlaced } from '../shared/source.js'
import { checkUnchanged, headFrames, headPackets, headTail } from './probe.js'
import { Tools } from './resolve.js'
import { inputArguments, run } from './run.js'

/** One stored frame, timestamps in stream ticks. */
interface Stored {
  pts: number | undefined
  duration: number
  isKey: boolean
}

/** Lines of one ffprobe listing, `key=value|key=value`. */
async function listing(
  tools: Tools,
  source: Source,
  entries: readonly string[],
  signal?: AbortSignal,
): Promise<Stored[]> {
  const child = run(
    tools.ffprobe,
    [
      ...['-v', 'error', '-threads', '0', '-select_streams', String(source.video.index)],
      ...[...entries, '-print_format', 'compact=p=0', ...inputArguments(source.path)],
    ],
    { what: `read the timestamps of "${source.name}"`, signal },
  )
  child.stdin.end()
  const stored: Stored[] = []
  for await (const line of createInterface({ input: child.stdout })) {
    const fields = new Map(line.split('|').map((part) => part.split('=', 2) as [string, string]))
    const whole = (key: string): number | undefined => {
      const text = fields.get(key)
      return text !== undefined && /^-?\d+$/.test(text) ? Number(text) : undefined
    }
    const flags = fields.get('flags') ?? ''
    if (flags.includes('D')) continue // needed for decoding, outside of the edit list: never shown
    if (!fields.has('pts') && !fields.has('best_effort_timestamp')) continue // side data has lines of its own
    stored.push({
      pts: whole('pts') ?? whole('best_effort_timestamp'),
      duration: whole('duration') ?? whole('pkt_duration') ?? 0,
      isKey: flags.includes('K') || whole('key_frame') === 1,
    })
  }
  await child.done
  return stored
}

const inOrder = (stored: readonly Stored[]): Stored[] =>
  stored.toSorted((a, b) => (a.pts ?? 0) - (b.pts ?? 0))

/** Readings of the packet list to hold against the decoder: one packet per frame, or one per field (H.264 PAFF). */
function readings(packets: readonly Stored[]): Stored[][] {
  const sorted = inOrder(packets)
  const pairs = sorted.flatMap((first, i) => {
    const second = sorted[i + 1]
    if (i % 2 === 1) return []
    return [
      {
        ...first,
        isKey: first.isKey || second?.isKey === true,
        duration: first.duration + (second?.duration ?? 0),
      },
    ]
  })
  return [sorted, pairs]
}

/** Whether a reading starts with what the decoder gave. The decoder's last frames are not compared: it was stopped among them. */
function predicts(reading: readonly Stored[], head: readonly number[], isWhole: boolean): boolean {
  const compared = isWhole ? head.length : Math.max(1, head.length - headTail)
  return (
    reading.length >= head.length &&
    (!isWhole || reading.length === head.length) &&
    head.slice(0, compared).every((pts, i) => reading[i]?.pts === pts)
  )
}

const isRising = (stored: readonly Stored[]): boolean =>
  stored.every((s, i) => s.pts !== undefined && (i === 0 || s.pts > (stored[i - 1]?.pts ?? Infinity)))

async function storedFrames(tools: Tools, source: Source, signal?: AbortSignal): Promise<Stored[]> {
  const packets = await listing(
    tools,
    source,
    ['-show_packets', '-show_entries', 'packet=pts,duration,flags'],
    signal,
  )
  const head = (await headFrames(tools, source.path, source.video.index, signal)).pts
  const first = head[0]
  if (first !== undefined && packets.every((p) => p.pts !== undefined)) {
    for (const reading of readings(packets)) {
      const shown = reading.filter((p) => (p.pts ?? 0) >= first) // frames before the first whole one are not decoded
      if (isRising(shown) && predicts(shown, head, packets.length <= headPackets)) return shown
    }
  }
  return listing(
    tools,
    source,
    ['-show_frames', '-show_entries', 'frame=key_frame,best_effort_timestamp,duration,pkt_duration'],
    signal,
  )
}

function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b)
  return sorted[Math.floor(sorted.length / 2)] ?? 0
}

/** Stream ticks that do not rise (or leap) are replaced by the usual step: such a file is read by counting. */
function repaired(stored: readonly Stored[], timeBase: Rational, frameRate: Rational): number[] {
  const nominal = Math.max(1, Math.round((frameRate.den * timeBase.den) / (frameRate.num * timeBase.num)))
  const leap = (10 * timeBase.den) / timeBase.num
  const ticks: number[] = []
  for (const [i, { pts }] of stored.entries()) {
    const step = (pts ?? NaN) - (stored[i - 1]?.pts ?? NaN)
    ticks.push(i === 0 ? 0 : (ticks[i - 1] ?? 0) + (step > 0 && step < leap ? step : nominal))
  }
  return ticks
}

/** bwdif at field rate: every frame becomes two, the second halfway to the next frame; ticks are halves. */
export function doubled(ticks: readonly number[]): number[] {
  return ticks.flatMap((tick, i) => {
    const next = ticks[i + 1] ?? 2 * tick - (ticks[i - 1] ?? tick - 1)
    return [2 * tick, tick + next]
  })
}

export async function frameTable(tools: Tools, source: Source, signal?: AbortSignal): Promise<FrameTable> {
  await checkUnchanged(source)
  if (isStill(source)) return { timeBase: rational(1, 25), ticks: [0], lastTicks: 1, start: 0, keyFrames: [] }
  const stored = await storedFrames(tools, source, signal)
  if (stored.length === 0) throw failing('not-a-video', 'sourceUndecodable', { name: source.name })
  const { timeBase, frameRate } = source.video
  const canSeek = isRising(stored)
  const first = canSeek ? (stored[0]?.pts ?? 0) : 0
  const ticks = canSeek ? stored.map((s) => (s.pts ?? 0) - first) : repaired(stored, timeBase, frameRate)
  const steps = ticks.slice(1).map((tick, i) => tick - (ticks[i] ?? 0))
  const usual =
    median(steps) || Math.max(1, Math.round((frameRate.den * timeBase.den) / (frameRate.num * timeBase.num)))
  const said = stored.at(-1)?.duration ?? 0
  const last = said > 0 && said < 100 * usual ? said : usual
  const keys = canSeek ? stored.flatMap((s, i) => (s.isKey ? [i] : [])) : []
  if (!isInterlaced(source.video)) return { timeBase, ticks, lastTicks: last, start: first, keyFrames: keys }
  const fields = doubled(ticks)
  return {
    timeBase: multiply(timeBase, rational(1, 2)),
    ticks: fields,
    lastTicks: Math.max(1, ticks.length > 1 ? (steps.at(-1) ?? usual) : usual),
    start: 2 * first,
    keyFrames: keys.map((key) => 2 * key),
  }
}
