// The timestamps of the frames that decode() yields. Taken from the packets where these predict what the decoder gives, else by
// decoding everything once; made to rise by clock.ts. Deinterlacing's doubling is computed, not run.
import { stat } from 'node:fs/promises'
import { failing } from '../shared/contract/errors.js'
import { multiply, rational, toNumber } from '../shared/media/rational.js'
import { FrameTable, Section, Source, isInterlaced, sizeWords } from '../shared/media/source.js'
import { type ListedTable, tableOf } from '../shared/media/frameTable.js'
import { type Message, type SentenceKey, message } from '../shared/words/sentences.js'
import { formatTenths } from '../shared/media/timecode.js'
import {
  type Leaps,
  type Steadied,
  discontinuities,
  isRising,
  setAnew,
  steadied,
  usualStep,
} from './clock.js'
import { trackEnds } from './headers.js'
import { type Input, type Listing, listFrames, listPackets } from './packets.js'
import { headsBehind, mayHoldHeads } from './headSearch.js'
import { indexLosses } from './indexLosses.js'
import { lossesOf, unread } from './losses.js'
import { headFrames, headTail } from './probed.js'
import { isBare } from './readable.js'
import { Tools } from './resolve.js'
import { canPart, cutAt, isStream, sectionArguments, sectionStreams } from './sections.js'
import { checkUnchanged } from './unchanged.js'

/**
 * A stream that can be cut anywhere may go on with any clock: nobody shows a picture for ten seconds there. FLV is written live too;
 * where it has sound, sound and picture leap alike and stay together.
 */
const leapsOf = ({ video, container, audio }: Source): Leaps => {
  const second = 1 / toNumber(video.timeBase)
  const mayLeap = isStream(container) || (container === 'flv' && audio.length === 0)
  return { back: second / 2, forward: mayLeap ? 10 * second : Infinity }
}

const inputOf = (source: Source): Input => {
  const { name, video, bytes, modifiedMs } = source
  return { name, args: sectionArguments(source), stream: video.index, file: { bytes, modifiedMs } }
}

/** MPEG-PS: one rate, and timestamps for some frames only, which ffmpeg now and then gives to the wrong one. */
const isProgram = (source: Source): boolean => source.container === 'mpeg'

/** Frames in the order of showing, timestamps in stream ticks. */
interface Stored {
  pts: number[]
  /** Decoders reorder or guess: what one frame is called depends on those before it, so that only key frames are known by their time. */
  isGuessed?: boolean
  durations: number[]
  isKey: boolean[]
  /** Pictures before the first that can be decoded, and how long they would have been shown. */
  lost: { pictures: number; ticks: number }
}

const pick = <T>(values: readonly T[], order: Iterable<number>): T[] =>
  Array.from(order, (i) => values[i] as T)

/** Numbers of the packets in the order of their timestamps. */
function orderOf(pts: readonly number[]): number[] {
  const order = Array.from(pts, (_, i) => i)
  return isRising(pts) ? order : order.sort((a, b) => (pts[a] ?? 0) - (pts[b] ?? 0) || a - b)
}

/** The most packets that a decoder may hold back to put pictures in order (H.264, H.265). */
const deepest = 16

/** No packet stands further from its place than reordering explains. A single wrong timestamp is none. */
function isOrdered(order: readonly number[]): boolean {
  let moved = 0
  for (let i = 0; i < order.length; i++) {
    const by = Math.abs((order[i] ?? 0) - i)
    if (by > deepest) return false
    if (by > 0) moved++
  }
  return moved === 0 || moved * 10 > order.length
}

/** Of frames at an even rate, some stand between two others: their order was taken from a wrong timestamp. */
function isMisplaced(pts: readonly number[]): boolean {
  const usual = usualStep(pts, 0)
  const steps = pts.slice(1).map((stamp, i) => stamp - (pts[i] ?? stamp))
  const even = steps.filter((step) => Math.abs(step - usual) <= Math.max(1, usual / 10))
  return even.length * 10 > steps.length * 9 && steps.some((step) => step < Math.min(usual - 1, 0.75 * usual))
}

type Reading = Omit<Stored, 'lost' | 'isGuessed'>

/** Every two packets are the fields of one frame: near each other, and no nearer to the neighbours. */
function paired({ pts, durations, isKey }: Reading): Reading | undefined {
  const pairs: Reading = { pts: [], durations: [], isKey: [] }
  for (let i = 0; i < pts.length; i += 2) {
    const [first = 0, second, next] = [pts[i], pts[i + 1], pts[i + 2]]
    if (second !== undefined && next !== undefined && 1.5 * (second - first) > next - first) return undefined
    pairs.pts.push(first)
    pairs.durations.push((durations[i] ?? 0) + (durations[i + 1] ?? 0))
    pairs.isKey.push(isKey[i] === true || isKey[i + 1] === true)
  }
  return pairs
}

/** Whether a reading starts with what the decoder gave. The decoder's last frames are not compared: it was stopped among them. */
function predicts(pts: readonly number[], head: readonly number[], isWhole: boolean): boolean {
  const compared = isWhole ? head.length : Math.max(1, head.length - headTail)
  return (
    pts.length >= head.length &&
    (!isWhole || pts.length === head.length) &&
    head.slice(0, compared).every((stamp, i) => pts[i] === stamp)
  )
}

/** The frames that the packets foretell: one packet per frame, or one per field (H.264 PAFF); undefined when they do not. */
function foretold(packets: Listing, head: readonly number[], isWhole: boolean): Stored | undefined {
  const order = orderOf(packets.pts)
  const first = head[0]
  if (first === undefined || packets.pts.some(Number.isNaN) || !isOrdered(order)) return undefined
  const from = order.findIndex((i) => (packets.pts[i] ?? 0) >= first) // before the first whole frame nothing is decoded
  if (from < 0) return undefined
  const shown = order.slice(from)
  const single = {
    pts: pick(packets.pts, shown),
    durations: pick(packets.durations, shown),
    isKey: pick(packets.isKey, shown),
  }
  if (!isRising(single.pts) || (!isRising(packets.pts) && isMisplaced(single.pts))) return undefined
  const lost = { pictures: from, ticks: first - (packets.pts[order[0] ?? 0] ?? first) }
  if (predicts(single.pts, head, isWhole)) return { ...single, lost }
  const pairs = paired(single)
  return pairs && predicts(pairs.pts, head, isWhole) ? { ...pairs, lost } : undefined
}

/** What decoding gives. The last frames may have no timestamp (it was their packets' place, and there are none left). */
async function decoded(
  tools: Tools,
  input: Input,
  packets: Listing,
  nominal: number,
  signal?: AbortSignal,
): Promise<Stored> {
  const { pts, guessed, durations, isKey, positions } = await listFrames(tools, input, signal)
  const last = pts.findLastIndex((stamp) => !Number.isNaN(stamp))
  const step = usualStep(pts, nominal)
  if (last >= 0 && pts.length - last <= deepest + 1)
    for (let i = last + 1; i < pts.length; i++) pts[i] = (pts[i - 1] ?? 0) + step
  // Only where the first frame's packet is known by its place can it be said how many came before it.
  const before = Math.max(0, packets.positions.indexOf(positions[0] ?? NaN))
  const stamps = packets.dts
  const ticks = before === 0 ? 0 : (stamps[before] ?? NaN) - (stamps[0] ?? NaN)
  const lost = { pictures: before, ticks: ticks > 0 ? ticks : before * step }
  const isGuessed =
    guessed.some((stamp, i) => stamp !== pts[i] && !Number.isNaN(stamp)) ||
    packets.pts.some((stamp, i) => stamp !== packets.dts[i])
  return { pts, durations, isKey, lost, isGuessed }
}

async function storedFrames(
  tools: Tools,
  input: Input,
  packets: Listing,
  nominal: number,
  signal?: AbortSignal,
): Promise<Stored> {
  const head = await headFrames(tools, input, signal)
  const isWhole = packets.pts.length <= head.packets
  return foretold(packets, head.pts, isWhole) ?? (await decoded(tools, input, packets, nominal, signal))
}

/** bwdif at field rate: every frame becomes two, the second halfway to the next frame; ticks are halves. */
export function doubled(ticks: readonly number[]): number[] {
  return ticks.flatMap((tick, i) => {
    const next = ticks[i + 1] ?? 2 * tick - (ticks[i - 1] ?? tick - 1)
    return [2 * tick, tick + next]
  })
}

/** One recording: a file, or a section of one. */
interface Recording extends Steadied {
  input: Input
  packets: Listing
  stored: Stored
  /** Timestamp of the first frame. */
  start: number
  bytes?: Section['bytes']
  streams?: number[]
  isReshaped?: boolean
}

async function recording(
  tools: Tools,
  source: Source,
  input: Input,
  packets: Listing,
  signal?: AbortSignal,
): Promise<Recording | undefined> {
  const { timeBase, frameRate } = source.video
  const nominal = Math.max(1, Math.round(1 / (toNumber(frameRate) * toNumber(timeBase))))
  const stored = await storedFrames(tools, input, packets, nominal, signal)
  if (stored.pts.length === 0) return undefined
  const steady = steadied(stored.pts, nominal, leapsOf(source), isProgram(source))
  return { ...steady, input, packets, stored, start: stored.pts.find((stamp) => !Number.isNaN(stamp)) ?? 0 }
}

/** Where the packets of a stream that can be cut go over to another count. */
async function joints(source: Source, packets: Listing): Promise<number[]> {
  if (!canPart(source.container)) return []
  const { timeBase, frameRate } = source.video
  const nominal = 1 / (toNumber(frameRate) * toNumber(timeBase))
  const stamps = isStream(source.container) ? packets.dts : packets.pts // Matroska stores no others
  const usual = usualStep(stamps, nominal)
  const found = setAnew(stamps, usual, discontinuities(stamps, usual, leapsOf(source)))
  const isKnown = (at: number): boolean => !Number.isNaN(packets.positions[at] ?? NaN)
  if (mayHoldHeads(source.container)) {
    const last = found[0] === undefined ? packets.positions.length : found[0]
    const from = packets.positions.slice(0, last).findLast((position) => !Number.isNaN(position))
    return from === undefined ? [] : headsBehind(source.path, source.container, from)
  }
  const cuts: number[] = []
  for (const at of found) {
    let before = at - 1
    while (before > 0 && !(isKnown(before) && !Number.isNaN(stamps[before] ?? NaN))) before--
    if (!isKnown(at) || !isKnown(before)) continue
    const place = (i: number): { position: number; stamp: number } => ({
      position: packets.positions[i] ?? 0,
      stamp: stamps[i] ?? 0,
    })
    const cut = await cutAt(source, { before: place(before), after: place(at) })
    if (cut !== undefined) cuts.push(cut)
  }
  return cuts
}

/** More would be a broken clock, not recordings: each is opened by itself. */
const mostSections = 200

async function recordings(tools: Tools, source: Source, signal?: AbortSignal): Promise<Recording[]> {
  const input = inputOf(source)
  const packets = await listPackets(tools, input, signal)
  const cuts = await joints(source, packets)
  const edges = [0, ...cuts, (await stat(source.path)).size]
  const found: Recording[] = []
  if (cuts.length > 0 && cuts.length < mostSections)
    for (let i = 0; i + 1 < edges.length; i++) {
      const bytes = { from: edges[i] ?? 0, to: edges[i + 1] ?? 0 }
      const args = sectionArguments(source, { bytes })
      const { indices: streams, isReshaped } = await sectionStreams(tools, source, { bytes }, signal)
      const stream = streams[source.video.index] ?? -1
      if (stream < 0) continue
      const part = { name: source.name, args, stream }
      const one = await recording(tools, source, part, await listPackets(tools, part, signal), signal)
      if (one) found.push({ ...one, bytes, streams, isReshaped })
    }
  if (found.length > 0) return found
  const whole = await recording(tools, source, input, packets, signal)
  return whole ? [whole] : []
}

/** How long the last frame is shown, in ticks; `refused`: seconds that the file says and that cannot be. */
async function lastStep(
  tools: Tools,
  source: Source,
  { stored, ticks, fineness, start }: Recording,
  signal?: AbortSignal,
): Promise<{ last: number; refused?: number }> {
  const second = fineness / toNumber(source.video.timeBase)
  const usual = Math.max(1, Math.round(usualStep(ticks, second / toNumber(source.video.frameRate))))
  const packet = (stored.durations.at(-1) ?? 0) * fineness
  const isCut = source.warnings.some(({ key }) => key === 'noteTruncated') // what it tells of its end is not there
  if (isCut || (packet <= 1.5 * usual && !/matroska/.test(source.container)))
    return { last: Math.max(1, packet || usual) }
  const ends = await trackEnds(tools, source, signal)
  const begun = (ticks.at(-1) ?? 0) + start * fineness
  const track = Math.round(ends.video * second - begun) // Matroska tells the length of a track, but not of its last frame
  const told = track > packet && track > 1.5 * usual ? track : packet
  // Believed while the sound goes on; else, as long as it is not far longer than all the rest.
  const isHeld = (ends.sound + 1) * second >= begun + told
  const isLikely = told <= Math.max(100 * usual, 60 * second, ticks.at(-1) ?? 0)
  if (isHeld || isLikely) return { last: Math.max(1, told || usual) }
  return { last: usual, refused: told / second }
}

const clockTime = (seconds: number): string => {
  const whole = Math.round(seconds)
  const two = (n: number): string => String(n).padStart(2, '0')
  const [hours, minutes] = [Math.floor(whole / 3600), Math.floor(whole / 60) % 60]
  return hours > 0 ? `${hours}:${two(minutes)}:${two(whole % 60)}` : `${minutes}:${two(whole % 60)}`
}

/** The recordings one after the other, in ticks of one fineness. */
interface ConcatTimes {
  ticks: number[]
  raw: (number | null)[]
  keys: number[]
  sections: Section[]
  /** Numbers of frames whose wrong timestamps were replaced, and of frames at which a clock starts over. */
  replaced: number[]
  restarts: number[]
  isRaw: boolean
  fineness: number
}

function concatTimes(parts: readonly Recording[], source: Source): ConcatTimes {
  const isUntimed = isBare(source.container)
  const isCounted = isUntimed || isProgram(source)
  const fineness = Math.max(...parts.map((part) => part.fineness))
  const all: ConcatTimes = {
    ...{ ticks: [], raw: [], keys: [], sections: [], replaced: [], restarts: [] },
    ...{ isRaw: isUntimed, fineness },
  }
  let end = 0
  for (const part of parts) {
    const { stored, bytes, streams, ticks, start, isReshaped } = part
    const frame = all.ticks.length
    const scale = fineness / part.fineness
    if (bytes && streams)
      all.sections.push({
        ...{ frame, start: start * fineness, bytes, streams },
        ...(isReshaped ? { isReshaped } : {}),
      })
    if (frame > 0) all.restarts.push(frame)
    const isTold = (i: number): boolean => !Number.isNaN(stored.pts[i] ?? NaN)
    for (const at of part.restarts) all.restarts.push(frame + at)
    for (const at of part.replaced) if (isTold(at)) all.replaced.push(frame + at)
    if (part.replaced.length > 0 || part.restarts.length > 0) all.isRaw = true
    const isGuessed = isCounted || stored.isGuessed === true
    // ffmpeg guesses times in program streams, otherwise after a seek than before: where some are wrong, all are counted.
    const isWay = isUntimed || (isCounted && part.replaced.length > 0) ? () => false : waysIn(part)
    for (let i = 0; i < ticks.length; i++) {
      const isEntry = isWay(i)
      if (isEntry) all.keys.push(all.ticks.length)
      all.ticks.push(end + (ticks[i] ?? 0) * scale)
      const stamp = stored.pts[i] ?? NaN
      all.raw.push(Number.isNaN(stamp) || (isGuessed && !isEntry) ? null : stamp * fineness)
    }
    end = (all.ticks.at(-1) ?? 0) + Math.max(1, Math.round(usualStep(ticks, 1))) * scale
  }
  return all
}

/** Key frames that a seek by time finds: their timestamps are above all before and below all after. */
function waysIn({ stored, replaced, restarts }: Recording): (i: number) => boolean {
  const { isKey, pts } = stored
  if (replaced.length === 0 && restarts.length === 0) return (i) => isKey[i] === true
  const least = new Float64Array(pts.length + 1).fill(Infinity) // of all from i on
  for (let i = pts.length - 1; i >= 0; i--) least[i] = Math.min(least[i + 1] ?? Infinity, pts[i] || Infinity)
  let most = -Infinity
  return (i) => {
    const stamp = pts[i] ?? NaN
    const isBetween = stamp > most && stamp < (least[i + 1] ?? Infinity)
    if (stamp > most) most = stamp
    return isBetween && isKey[i] === true
  }
}

const restartWord = ({ audio }: Source, isParted: boolean): SentenceKey =>
  isParted ? 'noteClockRestarts' : audio.length === 0 ? 'noteClockLeaps' : 'noteClockRestartsOnly'

function notesOf(
  source: Source,
  parts: readonly Recording[],
  { replaced, restarts, ticks, fineness, sections }: ConcatTimes,
): Message[] {
  const { name } = source
  const second = fineness / toNumber(source.video.timeBase)
  const at = (frame: number | undefined): string => clockTime((ticks[frame ?? 0] ?? 0) / second)
  const tenths = (frame: number | undefined): string => formatTenths((ticks[frame ?? 0] ?? 0) / second)
  const lost = parts.reduce((sum, { stored }) => sum + stored.lost.pictures, 0)
  const lostTicks = parts.reduce((sum, { stored }) => sum + stored.lost.ticks, 0)
  const seconds = ((lostTicks * fineness) / second).toFixed(2)
  const untimed = parts.every(({ stored }) => stored.pts.every(Number.isNaN))
  const rate = toNumber(source.video.frameRate)
  const places =
    restarts.slice(0, 10).map(at).join(', ') + (restarts.length > 10 ? ` … (${restarts.length})` : '')
  const size = sizeWords(source.video)
  const others = sections.filter((section) => section.isReshaped).map(({ frame }) => at(frame))
  return [
    ...(others.length === 0 && sections.length > 0 && source.video.changesShape
      ? [message('noteSectionShapes', { name })]
      : []),
    ...(others.length > 0 ? [message('noteSectionSizes', { name, size, places: others.join(', ') })] : []),
    ...(restarts.length > 0
      ? [message(restartWord(source, restarts.length < parts.length), { name, places })]
      : []),
    ...(untimed ? [message('noteNoTimes', { name, rate: Math.round(100 * rate) / 100 })] : []),
    ...(replaced.length > 0
      ? [message('noteTimesReplaced', { name, count: replaced.length, at: tenths(replaced[0]) })]
      : []),
    ...(lost > 0 ? [message('noteBeginsLate', { name, count: lost, seconds })] : []),
  ]
}

/** What is missing in the recordings, by the film's time. */
async function lostIn(
  tools: Tools,
  source: Source,
  parts: readonly Recording[],
  { ticks, fineness }: ConcatTimes,
  signal?: AbortSignal,
): Promise<Message[]> {
  const second = fineness / toNumber(source.video.timeBase)
  const notes: Message[] = []
  let frame = 0
  for (const part of parts) {
    const { input, packets, stored, start } = part
    const first = frame
    frame += part.ticks.length
    // Wrong timestamps look like leaps; where the clock starts over there is no count of its own for the whole.
    const pts = part.restarts.length > 0 ? stored.pts : part.ticks.map((tick) => start + tick / part.fineness)
    const secondsOf = (stamp: number): number => {
      const behind = pts.findIndex((known) => known >= stamp)
      return (ticks[behind < 0 ? frame - 1 : first + behind] ?? 0) / second
    }
    const found = await lossesOf(tools, source, { input, packets, pts }, secondsOf, signal)
    // A file counts a wrong time into its length.
    notes.push(...found.filter(({ key }) => key !== 'noteShorter' || part.replaced.length === 0))
  }
  const [whole] = parts
  if (parts.length > 1 || !whole) return notes
  return [
    ...notes,
    ...(await unread(tools, source, whole, signal)),
    ...(await indexLosses(source, whole.packets, {
      pictures: ticks.length,
      seconds: (ticks.at(-1) ?? 0) / second,
    })),
  ]
}

/** An index without times, or pieces in the wrong order, say more than that times were replaced. */
const mostTelling = (notes: readonly Message[]): Message[] =>
  notes.some(({ key }) => key === 'noteIndexTimeless' || key === 'noteDisorder')
    ? notes.filter(({ key }) => key !== 'noteTimesReplaced')
    : [...notes]

export async function frameTable(tools: Tools, source: Source, signal?: AbortSignal): Promise<FrameTable> {
  await checkUnchanged(source)
  const parts = await recordings(tools, source, signal)
  const final = parts.at(-1)
  if (!final) throw failing('not-a-video', 'sourceUndecodable', { name: source.name })
  const all = concatTimes(parts, source)
  const { last, refused } = await lastStep(tools, source, final, signal)
  const notes = notesOf(source, parts, all)
  if (refused !== undefined && final.replaced.length === 0)
    // a wrong time makes a file say so
    notes.push(message('noteLastPicture', { name: source.name, seconds: Math.round(refused) }))
  const seconds = ((all.ticks.at(-1) ?? 0) / all.fineness) * toNumber(source.video.timeBase)
  const after = source.chapters.filter(({ from }) => from > seconds)
  if (after.length > 0)
    notes.push(
      message('noteChaptersAfter', {
        ...{ name: source.name, count: after.length },
        titles: after.map(({ title, from }) => `${title} (${clockTime(from)})`.trim()).join(', '),
      }),
    )
  notes.push(...(await lostIn(tools, source, parts, all, signal)))
  const told = notes.length > 0 ? { notes: mostTelling(notes) } : {}
  return inFields(source, {
    timeBase: multiply(source.video.timeBase, rational(1, all.fineness)),
    ticks: all.ticks,
    lastTicks: Math.round((last * all.fineness) / final.fineness),
    start: (parts[0]?.start ?? 0) * all.fineness,
    keyFrames: all.keys,
    ...(all.isRaw ? { raw: all.raw } : {}),
    ...(all.sections.length > 0 ? { sections: all.sections } : {}),
    ...told,
  })
}

/** The first frames alone, known at once: good for showing them while the whole is read. No frame when that cannot be said. */
export async function headTable(tools: Tools, source: Source, signal?: AbortSignal): Promise<FrameTable> {
  const input = inputOf(source)
  const { pts, isTimed } = await headFrames(tools, input, signal)
  const sure = isTimed ? pts.slice(0, Math.max(1, pts.length - headTail)) : []
  const { timeBase } = source.video
  const nominal = Math.max(1, Math.round(1 / (toNumber(source.video.frameRate) * toNumber(timeBase))))
  const { ticks, fineness } = steadied(sure, nominal, leapsOf(source), isProgram(source))
  return inFields(source, {
    timeBase: multiply(timeBase, rational(1, fineness)),
    ticks,
    lastTicks: Math.max(1, Math.round(usualStep(ticks, nominal * fineness))),
    start: (sure[0] ?? 0) * fineness,
    keyFrames: [], // told apart by their order
  })
}

/** The table of the fields, where the deinterlacer takes frames apart: two for one. */
function inFields(source: Source, table: ListedTable): FrameTable {
  if (!isInterlaced(source.video)) return tableOf(table)
  const { timeBase, ticks, lastTicks, start, keyFrames, raw, sections } = table
  const step = (ticks.at(-1) ?? 0) - (ticks.at(-2) ?? 0)
  return tableOf({
    ...table,
    timeBase: multiply(timeBase, rational(1, 2)),
    ticks: doubled(ticks),
    // The last frame's second field comes half a usual step after its first.
    lastTicks: Math.max(1, 2 * lastTicks - (step > 0 ? step : lastTicks)),
    start: 2 * start,
    keyFrames: keyFrames.map((key) => 2 * key),
    ...(raw
      ? {
          raw: raw.flatMap((stamp, i) => {
            const next = raw[i + 1] ?? null
            return stamp === null ? [null, null] : [2 * stamp, next === null ? null : stamp + next]
          }),
        }
      : {}),
    ...(sections
      ? {
          sections: sections.map((section) => ({
            ...section,
            frame: 2 * section.frame,
            start: 2 * section.start,
          })),
        }
      : {}),
  })
}
