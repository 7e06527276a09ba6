// What of a film is not in its file any more: places at which its reader complained, leaps of the clock where neither picture nor
// sound go on, and an end before the one that the file tells. Nothing is decoded.
import { type Message, message } from '../shared/words/sentences.js'
import { toNumber } from '../shared/media/rational.js'
import type { Source } from '../shared/media/source.js'
import { formatTenths } from '../shared/media/timecode.js'
import { usualStep } from './clock.js'
import { aviBreaks } from './aviChunks.js'
import { isLossAt } from './leapCheck.js'
import { isFragmented } from './boxes.js'
import { lengths } from './headers.js'
import { placeWords } from './placeWords.js'
import { type Input, type Listing, lastByte, listComplaints, listSound } from './packets.js'
import type { Tools } from './resolve.js'
import { isStream } from './sections.js'

/** Of one recording: its frames in the order of showing, by their timestamps in the file. */
export interface Listed {
  input: Input
  packets: Listing
  pts: readonly number[]
}

/** From the last picture before it to the first behind it, timestamps of the file. */
interface Span {
  from: number
  to: number
}

/** A step between pictures that is as long as several. */
interface Leap extends Span {
  pictures: number
  /** Number of the picture behind it. */
  at: number
}

/** Steps of a film with one rate that are longer than one picture is shown; none where pictures come as they like. */
function leapsIn(pts: readonly number[], nominal: number): Leap[] {
  const usual = usualStep(pts, nominal)
  const leaps: Leap[] = []
  let even = 0
  for (let i = 1; i < pts.length; i++) {
    const [from = NaN, to = NaN] = [pts[i - 1], pts[i]]
    const step = to - from
    if (Math.abs(step - usual) <= Math.max(1, usual / 5)) even++
    else if (step > 1.8 * usual) leaps.push({ from, to, pictures: Math.round(step / usual) - 1, at: i })
  }
  return even + leaps.length > 0.9 * (pts.length - 1) && leaps.length <= even / 5 + 2 ? leaps : []
}

const isNear = (a: Span, b: Span, by: number): boolean => a.from - by <= b.to && b.from - by <= a.to

/** Places that lie within `by` of each other are one. */
function merged(places: readonly Span[], by: number): Span[] {
  const found: Span[] = []
  for (const place of places.toSorted((a, b) => a.from - b.from)) {
    const last = found.at(-1)
    if (last && isNear(last, place, by)) last.to = Math.max(last.to, place.to)
    else found.push({ ...place })
  }
  return found
}

/** A whole film says nothing at so many places: it was written by a careless program, and its decoder will tell. */
const isHabit = (packets: Listing): boolean => packets.complaints > packets.pts.length / 2 + 10

/** Where a film was cut without encoding, pictures may be missing that others before or behind the cut were needed for. */
const raggedHead = 8
const raggedTail = 16

/** Where the reader complained; at the end of a stream that can be cut anywhere there is no loss. */
async function complained(
  tools: Tools,
  source: Source,
  { input, packets, pts }: Listed,
  leaps: readonly Leap[],
  signal?: AbortSignal,
): Promise<Span[]> {
  if (packets.complaints === 0 || isHabit(packets)) return []
  const second = 1 / toNumber(source.video.timeBase)
  const stamps = pts.filter((stamp) => !Number.isNaN(stamp))
  const [first = 0, last = 0] = [stamps[0], stamps.at(-1)]
  const all = await listComplaints(tools, input, signal)
  // A reader that looks at the end of the file first complains there, too.
  const known = all.filter(({ before }) => !Number.isNaN(before))
  const complaints = known.length > 0 ? known : all
  const isKnownCut = source.warnings.some(({ key }) => key === 'noteTruncated')
  const ragged = stamps.at(-raggedTail) ?? first
  return complaints.flatMap(({ before, after, isDoubtful }) => {
    const isAtEnd = Number.isNaN(after) || after > last
    if (isAtEnd && (isStream(source.container) || isKnownCut)) return []
    const to = isAtEnd ? last : Math.max(after, first)
    const from = Number.isNaN(before) ? to : Math.min(before, last)
    const place =
      from > to + second ? { from, to: from } : { from: Math.min(from, to), to: Math.max(from, to) }
    if (isStream(source.container) && place.from >= ragged) return []
    const isSure = !isDoubtful || (isAtEnd && !isStream(source.container))
    return isSure || leaps.some((leap) => isNear(leap, place, second / 2)) ? [place] : []
  })
}

/** Containers whose readers go on behind a hole without a word. */
const isSilent = (container: string): boolean => /^(mpeg|mpegts|asf|nut|wtv)$/.test(container)

/** So many pictures in a row are missing before it is asked whether the sound goes on meanwhile. */
const mostHeld = 2

/** Leaps during which there is no sound either: a picture that is only shown long has sound. */
async function silentLeaps(
  tools: Tools,
  source: Source,
  { input, pts }: Listed,
  leaps: readonly Leap[],
  signal?: AbortSignal,
): Promise<Span[]> {
  const isInside = (at: number): boolean => at > raggedHead && at < pts.length - raggedTail
  const long = leaps.filter(({ pictures, at }) => pictures > mostHeld && isInside(at))
  if (!isSilent(source.container) || long.length === 0) return []
  if (source.audio.length === 0) return isStream(source.container) ? long : []
  const second = toNumber(source.video.timeBase)
  const gaps = soundGaps(await listSound(tools, input, signal))
  return long.filter((leap) => {
    const place = { from: leap.from * second, to: leap.to * second }
    const least = (place.to - place.from) / 5
    return gaps.some((gap) => gap.to - gap.from > least && isNear(gap, place, interleaveSeconds))
  })
}

/** So many leaps are looked at by decoding what is around them. */
const mostChecked = 6

/** Leaps of an MPEG stream during which the sound goes on, and pictures are missing all the same. */
async function decodedLeaps(
  tools: Tools,
  source: Source,
  { input, packets, pts }: Listed,
  leaps: readonly Leap[],
  usual: number,
  signal?: AbortSignal,
): Promise<Span[]> {
  const isSection = input.args.some((word) => word.startsWith('subfile'))
  const inside = leaps.filter(({ at }) => at > raggedHead && at < pts.length - raggedTail)
  if (source.container !== 'mpegts' || isSection || inside.length > mostChecked) return []
  const lost: Span[] = []
  for (const leap of inside) if (await isLossAt(tools, source, packets, leap, usual, signal)) lost.push(leap)
  return lost
}

/** Sound and picture of one moment lie so far from each other in a file at most. */
const interleaveSeconds = 1
/** Shorter ones are no holes: times that were rounded. */
const gapSeconds = 0.08

function soundGaps(sounds: readonly Span[]): Span[] {
  const gaps: Span[] = []
  let end = Infinity
  for (const { from, to } of sounds.toSorted((a, b) => a.from - b.from)) {
    if (from - end > gapSeconds) gaps.push({ from: end, to: from })
    end = end === Infinity ? to : Math.max(end, to)
  }
  return gaps
}

/** Shorter ones are pauses. */
const emptySeconds = 2

interface Empty {
  leap: Leap
  /** Behind the last picture before it. */
  afterSeconds: number
  seconds: number
}

/** Long stretches in which there is nothing at all: no picture begins, and no track has sound. */
async function emptyStretches(
  tools: Tools,
  source: Source,
  { input }: Listed,
  leaps: readonly Leap[],
  signal?: AbortSignal,
): Promise<Empty[]> {
  const second = toNumber(source.video.timeBase)
  const long = leaps.filter(({ from, to }) => (to - from) * second > emptySeconds)
  if (source.audio.length === 0 || long.length === 0) return []
  const sounds = await listSound(tools, input, signal)
  const ends = [-Infinity, Infinity].map((at) => ({ from: at, to: at }))
  const gaps = soundGaps([...ends, ...sounds])
  return long.flatMap((leap) =>
    gaps
      .map((gap) => {
        const [from, to] = [Math.max(gap.from, leap.from * second), Math.min(gap.to, leap.to * second)]
        return { leap, afterSeconds: from - leap.from * second, seconds: to - from }
      })
      .filter(({ seconds }) => seconds > emptySeconds),
  )
}

/** Times of decoding rise in these from one packet to the next, whoever wrote them. */
const isMonotonic = (container: string): boolean => /^(mpeg|mpegts|asf|flv)$/.test(container)

/** Where the file goes back to a time that it has passed: a piece stands there twice, or before another that it belongs behind. */
function disordered(source: Source, { packets }: Listed, usual: number): Span[] {
  if (!isMonotonic(source.container)) return []
  // Of a whole program stream ffmpeg makes times that wobble.
  const least = (source.container === 'mpeg' ? 3 : 0.5) * usual
  const places: Span[] = []
  let most = -Infinity
  for (const stamp of packets.dts) {
    if (most - stamp > least) places.push({ from: stamp, to: most })
    if (stamp > most) most = stamp
  }
  return merged(places, usual)
}

/** AVI has no times: where other pictures are found than are told, pieces that follow no other show where. */
async function brokenChunks(
  tools: Tools,
  source: Source,
  { input, packets, pts }: Listed,
  signal?: AbortSignal,
): Promise<Span[]> {
  if (source.container !== 'avi') return []
  const { pictures } = await lengths(tools, input, signal)
  if (pictures === packets.pts.length) return []
  const breaks = await aviBreaks(source.path)
  const timeOf = (packet: number): number => pts[Math.min(packet, pts.length - 1)] ?? 0
  return breaks.map(({ from, to }) => {
    const behind = packets.positions.findIndex((position) => position >= to)
    return {
      from: timeOf(
        Math.max(
          0,
          packets.positions.findLastIndex((position) => position <= from),
        ),
      ),
      to: timeOf(behind < 0 ? Infinity : behind),
    }
  })
}

/** Seconds that the end may lie off what the file tells of it. */
const unsureSeconds = (told: number): number => Math.max(0.5, 0.02 * told)
/** Containers that tell how long they are, and are not only asked for their last time. */
const tellsLength = /\b(flv|matroska|asf|mxf|gxf)\b/

async function shortened(
  tools: Tools,
  source: Source,
  { input, pts }: Listed,
  signal?: AbortSignal,
): Promise<Message[]> {
  if (!tellsLength.test(source.container)) return []
  const { start, told } = await lengths(tools, input, signal)
  const second = toNumber(source.video.timeBase)
  const isShort = (end: number): boolean => end - start < told - unsureSeconds(told)
  let end = pts.reduce((most, stamp) => Math.max(most, stamp * second || 0), 0)
  if (!isShort(end)) return []
  for (const sound of await listSound(tools, input, signal)) end = Math.max(end, sound.to)
  if (!isShort(end)) return []
  return [
    message('noteShorter', {
      ...{ name: source.name, told: formatTenths(told), found: formatTenths(end - start) },
    }),
  ]
}

/** Readers of these go on to the end of the file, and stop without a word where it does not go on as it began. */
const readsOn = /\b(flv|asf)\b/
/** Bytes behind the last packet that are an index at most. */
const restBytes = (bytes: number): number => 16_384 + bytes / 10

/** What stands in the file behind the last picture and sound: a second film that was put there, or what damage hides from the reader. */
export async function unread(
  tools: Tools,
  { name, bytes, container, path }: Source,
  { input, packets }: Pick<Listed, 'input' | 'packets'>,
  signal?: AbortSignal,
): Promise<Message[]> {
  const isFilm = (from: number): boolean => bytes - from > restBytes(bytes)
  const ofPictures = packets.positions.reduce((most, position) => Math.max(most, position || 0), 0)
  if (!readsOn.test(container) && !(/\bmov\b/.test(container) && (await isFragmented(path)))) return []
  if (ofPictures === 0 || !isFilm(ofPictures)) return []
  const last = await lastByte(tools, input, signal)
  return isFilm(last)
    ? [message('noteUnread', { name, percent: Math.round((100 * (bytes - last)) / bytes) })]
    : []
}

/** Places nearer to each other than this are told as one. */
const apartSeconds = 0.5

const wordsOf = (places: readonly Span[], secondsOf: (stamp: number) => number): string =>
  placeWords(places.map(({ from, to }) => ({ from: secondsOf(from), to: secondsOf(to) })))

/** What is missing in one recording, for people. `secondsOf`: of the film, for a timestamp of the recording. */
export async function lossesOf(
  tools: Tools,
  source: Source,
  listed: Listed,
  secondsOf: (stamp: number) => number,
  signal?: AbortSignal,
): Promise<Message[]> {
  const { frameRate, timeBase } = source.video
  const second = 1 / toNumber(timeBase)
  const leaps = leapsIn(listed.pts, second / toNumber(frameRate))
  const usual = usualStep(listed.pts, second / toNumber(frameRate))
  const known = [
    ...(await complained(tools, source, listed, leaps, signal)),
    ...(await silentLeaps(tools, source, listed, leaps, signal)),
  ]
  const open = leaps.filter((leap) => !known.some((place) => isNear(place, leap, second / 2)))
  const found = merged(
    [
      ...known,
      ...(await decodedLeaps(tools, source, listed, open, usual, signal)),
      ...(await brokenChunks(tools, source, listed, signal)),
    ],
    apartSeconds * second,
  )
  const wrong = disordered(source, listed, usualStep(listed.packets.dts, second / toNumber(frameRate)))
  const notes = await shortened(tools, source, listed, signal)
  const name = source.name
  // What is told as damage has its reason.
  const plain = leaps.filter((leap) => !found.some((place) => isNear(place, leap, second / 2)))
  for (const { leap, afterSeconds, seconds } of await emptyStretches(tools, source, listed, plain, signal)) {
    const at = formatTenths(secondsOf(leap.from) + afterSeconds)
    notes.push(message('noteEmpty', { name, at, seconds: seconds.toFixed(1) }))
  }
  if (wrong.length > 0) notes.unshift(message('noteDisorder', { name, places: wordsOf(wrong, secondsOf) }))
  // What the reader said of pieces in the wrong order is told with them.
  const places = found.filter((place) => !wrong.some((one) => isNear(one, place, apartSeconds * second)))
  if (places.length === 0) return notes
  // A hole that the reader noticed a few packets before or behind it belongs to it.
  const inside = leaps.filter((leap) => places.some((place) => isNear(leap, place, second / 2)))
  const told = merged([...places, ...inside], second / 2)
  const where = wordsOf(told, secondsOf)
  const count = inside.reduce((sum, { pictures }) => sum + pictures, 0)
  return [
    count > 0
      ? message('noteHoles', { name, places: where, count })
      : message('noteDamagedAt', { name, places: where }),
    ...notes,
  ]
}
