// A film's cuts as other editors take them: made of the document and of what is known of its files, in whole units of each file's own
// clock and in whole frames of the film. Nothing is written here.
import { filmTrack, countingRate, timesIn } from '../document/cutList.js'
import type { Project } from '../document/document.js'
import { type FrameTimes, framesOf, timesByTable } from '../document/frames.js'
import type { Media, MediaId } from '../document/media.js'
import { type Item, endOf } from '../document/sequence.js'
import { ticksPerSecond } from '../document/time.js'
import { secondsOf, ticksOf } from '../media/frameTable.js'
import { type Ratio, type Rational, invert, rational, toNumber } from '../media/rational.js'
import { type FrameTable, type Source, displaySize, mainTrack, outputRate } from '../media/source.js'
import { canDrop, converted, framesOfTimecode, isSameRate, nominal } from './times.js'

/** A media that was opened. */
export interface Found {
  source: Source
  table: FrameTable
}
export type FoundMedia = ReadonlyMap<MediaId, Found>

/** A file that cuts are made of. */
export interface CutFile {
  path: string
  name: string
  /** Units of its times per second: its frames where they are even, else the ticks of the file's own time base. */
  clock: Rational
  isEven: boolean
  /** Frames per second, where they are not even a usual rate that is near. */
  rate: Rational
  /** The timecode of its first frame, in units; 0 where it has none. */
  start: number
  /** Of its timecode: whether numbers are dropped. Undefined: it has none. */
  isDrop: boolean | undefined
  /** In units. */
  length: number
  size: { width: number; height: number } | undefined
  sound: { channels: number; sampleRate: number } | undefined
  /** False: it was not there, and its rate is a guess. */
  isFound: boolean
}

export interface Cut {
  name: string
  file: CutFile
  /** [from, to) in units of the file's clock, from its first frame on. */
  from: number
  to: number
  /** The same in frames as the file has them. */
  frames: { from: number; to: number }
  /** [at, end) in frames of the film. */
  at: number
  end: number
  /** Media time per time of the film; undefined: 1. */
  speed: Ratio | undefined
  hasSound: boolean
  /** Its length in the film is no whole number of the film's frames. */
  isRounded: boolean
}

export interface CutFilm {
  name: string
  rate: Rational
  size: { width: number; height: number } | undefined
  /** In playing order. */
  cuts: Cut[]
}

const usual: readonly Rational[] = [
  ...[15, 24, 25, 30, 50, 60].map((rate) => rational(rate)),
  ...[24000, 30000, 60000].map((num) => rational(num, 1001)),
]

/** The rate itself where a timecode can count it; twice that where it has halves; else a usual one that is near. */
function countable(rate: Rational): Rational {
  if (rate.den === 1 || (rate.den === 1001 && rate.num % 1000 === 0)) return rate
  if (rate.den === 2) return rational(rate.num)
  const off = (other: Rational): number => Math.abs(toNumber(other) - toNumber(rate))
  return usual.reduce((best, one) => (off(one) < off(best) ? one : best))
}

interface Units {
  clock: Rational
  isEven: boolean
  /** Frames as Heirloom counts them, of which an interlaced picture has two, in one of the file's. */
  perFrame: 1 | 2
  unitOf: (frame: number) => number
}

/** A frame is where its number says, not half a frame away: nothing was lost before it. */
const isInPlace =
  (table: FrameTable, rate: Rational) =>
  (frame: number): boolean =>
    Math.abs(secondsOf(table, frame) * toNumber(rate) - frame) < 0.5

/** `edges`: frames at which it is cut. Whole pictures where all of them lie between two, else fields. */
function unitsOf({ source, table }: Found, edges: readonly number[]): Units {
  const rate = outputRate(source.video)
  const isEven = !source.video.isVariable && edges.every(isInPlace(table, rate))
  const perFrame = isSameRate(rate, source.video.frameRate) ? 1 : 2
  if (!isEven)
    return { clock: invert(table.timeBase), isEven, perFrame, unitOf: (frame) => ticksOf(table, frame) }
  if (perFrame === 2 && edges.every((edge) => edge % 2 === 0))
    return { clock: source.video.frameRate, isEven, perFrame, unitOf: (frame) => Math.ceil(frame / 2) }
  return { clock: rate, isEven, perFrame: 1, unitOf: (frame) => frame }
}

/** What a file says of its first frame, in units of its clock. */
function startOf({ others, video }: Source, clock: Rational): Pick<CutFile, 'start' | 'isDrop'> {
  const said = others.find((other) => other.startsWith('timecode '))?.slice('timecode '.length)
  const found = said === undefined ? undefined : framesOfTimecode(said, nominal(video.frameRate))
  if (!found) return { start: 0, isDrop: undefined }
  return { start: converted(found.frames, video.frameRate, clock).units, isDrop: found.isDrop }
}

interface Measured {
  file: CutFile
  times: FrameTimes
  units: Units
}

function measured(media: Media, found: Found, items: readonly Item[]): Measured {
  const { source, table } = found
  const times = timesByTable(table)
  const ranges = items.flatMap((item) => framesOf(item, times) ?? [])
  // The very end is no cut: an interlaced film may end with half a picture.
  const edges = ranges.flatMap(({ from, to }) => (to === times.count ? [from] : [from, to]))
  const units = unitsOf(found, edges)
  const sound = mainTrack(source.audio)
  const file = {
    ...{ path: source.path, name: media.name, clock: units.clock, isEven: units.isEven, isFound: true },
    ...{ rate: units.isEven ? units.clock : countable(source.video.frameRate) },
    ...startOf(source, units.clock),
    ...{ length: units.unitOf(times.count), size: displaySize(source.video) },
    sound: sound && { channels: sound.channels, sampleRate: sound.sampleRate },
  }
  return { file, times, units }
}

/** As the document remembers it. */
function remembered(media: Media): Measured {
  const times = timesIn(media, {})
  const { duration } = media.facts
  const average = rational(times.count * ticksPerSecond, duration)
  const near = countable(average)
  const isNear = Math.abs(toNumber(near) / toNumber(average) - 1) < 1e-3
  const clock =
    media.countedAt ?? (isNear ? near : rational(Math.max(1, Math.round(toNumber(average) * 1000)), 1000))
  const file = {
    ...{ path: media.locations.absolute, name: media.name, clock, isEven: true, isFound: false },
    ...{ rate: countable(clock), start: 0, isDrop: undefined, length: times.count },
    ...{ size: undefined, sound: undefined },
  }
  return { file, times, units: { clock, isEven: true, perFrame: 1, unitOf: (frame) => frame } }
}

/** Where a cut ends in the film: where its units say if they are whole frames of the film, else where the document says. */
function endIn(rate: Rational, at: number, item: Item, { clock }: Units, length: number) {
  const { speed } = item
  const played = speed ? { num: clock.num * speed.num, den: clock.den * speed.den } : clock
  const span = converted(length, played, rate)
  if (span.isExact && span.units > 0) return { end: at + span.units, isRounded: false }
  const told = converted(endOf(item), { num: ticksPerSecond, den: 1 }, rate).units
  return { end: Math.max(at + 1, told), isRounded: true }
}

/** Cuts follow each other as they do in the document: what touches still does, and gaps are rounded to frames. */
function laidOut(items: readonly Item[], known: ReadonlyMap<MediaId, Measured>, rate: Rational): Cut[] {
  const cuts: Cut[] = []
  let [ticks, end] = [0, 0]
  for (const item of items) {
    const own = item.of.kind === 'media' ? known.get(item.of.media) : undefined
    const range = own && framesOf(item, own.times)
    if (item.of.kind !== 'media' || !own || !range) continue
    const { file, units } = own
    const told = converted(item.at, { num: ticksPerSecond, den: 1 }, rate).units
    const at = item.at > ticks ? Math.max(end, told) : end
    const [from, to] = [units.unitOf(range.from), units.unitOf(range.to)]
    const placed = endIn(rate, at, item, units, to - from)
    const { perFrame } = units
    cuts.push({
      ...{ name: item.name ?? file.name, file, from, to, at, ...placed, speed: item.speed },
      frames: { from: Math.floor(range.from / perFrame), to: Math.ceil(range.to / perFrame) },
      hasSound: file.sound !== undefined && item.of.isHeard,
    })
    ticks = endOf(item)
    end = placed.end
  }
  return cuts
}

const itemsOf = (document: Project): Item[] =>
  (filmTrack(document)?.items ?? []).filter(({ of }) => of.kind === 'media')

/** Of the film that is shown. `document`: the times of what was found are settled (edits/media). */
export function cutFilmOf(document: Project, found: FoundMedia, name: string): CutFilm {
  const items = itemsOf(document)
  const known = new Map<MediaId, Measured>()
  for (const media of document.media) {
    const own = items.filter(({ of }) => of.kind === 'media' && of.media === media.id)
    const there = found.get(media.id)
    if (own.length > 0) known.set(media.id, there ? measured(media, there, own) : remembered(media))
  }
  const first = items[0]?.of.kind === 'media' ? known.get(items[0].of.media)?.file : undefined
  const settings = document.sequences[0]?.settings ?? 'as-first-item'
  const rate = countable(settings === 'as-first-item' ? (first?.rate ?? countingRate) : settings.rate)
  const size = settings === 'as-first-item' ? first?.size : settings
  return { name, rate, size: size && { ...size }, cuts: laidOut(items, known, rate) }
}

/** The files of a film, each once, in the order in which they are first seen. */
export const filesOf = ({ cuts }: CutFilm): CutFile[] => [...new Set(cuts.map(({ file }) => file))]

/** Whether timecode of the film drops numbers: as its first file with timecode does, else where it can. */
export const dropsNumbers = (film: CutFilm): boolean =>
  canDrop(film.rate) && (filesOf(film).find(({ isDrop }) => isDrop !== undefined)?.isDrop ?? true)
