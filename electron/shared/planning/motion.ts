// The frames that a clip shows by its motion, and when: filmed ones, bit for bit, and estimates between two of them. Pure; what was filmed is
// filmFrames.ts, and how the list is cut into units motionUnits.ts.
import { z } from 'zod'
import { failing, fault } from '../contract/errors.js'
import { type ClipMotion, highestRate } from '../document/motion.js'
import { Frame } from '../document/project.js'
import { frameCount, ticksOf } from '../media/frameTable.js'
import { nominalRate } from '../media/rates.js'
import { numbersOf } from '../media/runs.js'
import { type Rational, type Ratio, multiply, rational, toNumber } from '../media/rational.js'
import { type FrameTable, type Source, isInterlaced, outputRate } from '../media/source.js'
import { type Timing, filmedRatio } from '../media/timing.js'
import { type FilmFrame, type Reading, filmFrames, perStored, shotStarts } from './filmFrames.js'

/** A frame of the film: the source's frame `key` itself where t is 0, else the one at t between it and `next`. */
export const ShownFrame = z.object({
  key: Frame,
  next: Frame.optional(),
  t: z.number().min(0).lt(1),
})
export type ShownFrame = z.infer<typeof ShownFrame>

/** Of an estimate how far it lies from `key` on its way to `next`, in millionths: with the two frames it is what a picture is known by. */
export const wayOf = ({ t }: ShownFrame): number => Math.min(999_999, Math.ceil(t * 1_000_000))

/** What its picture is called in a folder of one unit; the same wherever it is shown. */
export const pictureName = (frame: Frame, way: number): string => (way > 0 ? `${frame}-${way}` : `${frame}`)

/** What a clip shows, in order. */
export interface Laid {
  by: ClipMotion
  shown: ShownFrame[]
  /** Of every frame, and of the clip's end, from its beginning on. */
  seconds: number[]
  endSeconds: number
  /** In which all of these are whole. */
  timeBase: Rational
  /** What is heard with it, in seconds of the source. */
  sound: { from: number; to: number }
  /** Frames that estimates are made of, and which of them begin a shot. */
  film: FilmFrame[]
  shots: ReadonlySet<Frame>
}

type Frames = Omit<Laid, 'by'>

export interface Asked {
  source: Pick<Source, 'name' | 'video'>
  table: FrameTable
  timing: Timing
  /** Frames [from, to) of the source. */
  from: Frame
  to: Frame
}

const fieldsOf = ({ video }: Asked['source']): Reading['fields'] =>
  isInterlaced(video) ? (video.fieldOrder === 'tff' ? 'top' : 'bottom') : undefined

/** Fails where a source has other frames now than those that were looked at. */
export function readingOf({ source, table, timing }: Omit<Asked, 'from' | 'to'>): Reading {
  const reading = { table, timing, fields: fieldsOf(source) }
  if (timing.frames * perStored(reading) !== frameCount(table))
    throw fault('internal', `"${source.name}" was looked at as ${timing.frames} frames.`)
  return reading
}

/** A picture that is shown for longer is meant to stand: nothing is estimated behind it. */
const longestGapSeconds = 0.5
/** Times of films are often written in whole milliseconds: so near to a frame that frame is meant. Never more than an eighth of the way. */
const nearSeconds = 0.0011
const nearShare = 1 / 8

interface Film {
  frames: readonly FilmFrame[]
  shots: ReadonlySet<Frame>
  /** The clip's frames end here: no frame behind begins another shot in it. */
  to: Frame
  secondsPerTick: number
  nearTicks: number
}

function lastAt(frames: readonly FilmFrame[], at: number): number {
  let [low, high] = [0, frames.length - 1]
  while (low < high) {
    const middle = (low + high + 1) >> 1
    if ((frames[middle]?.at ?? Infinity) <= at) low = middle
    else high = middle - 1
  }
  return low
}

/** What is shown at a time of the source. Across a cut, and behind a picture that stands, it is the nearer of the two. */
export function shownAt({ frames, shots, to, secondsPerTick, nearTicks }: Film, at: number): ShownFrame {
  const index = lastAt(frames, at)
  const [a, b] = [frames[index], frames[index + 1]]
  if (!a) throw fault('internal', 'A film without frames.')
  if (!b) return { key: a.frame, t: 0 }
  const gap = b.at - a.at
  const t = (at - a.at) / gap
  const near = Math.min(nearTicks / gap, nearShare)
  const isOneShot = !shots.has(b.frame)
  if (!isOneShot && b.frame >= to) return { key: a.frame, t: 0 }
  if (t <= near) return { key: a.frame, t: 0 }
  if (t >= 1 - near) return { key: b.frame, t: 0 }
  if (gap * secondsPerTick > longestGapSeconds) return { key: a.frame, t: 0 }
  return isOneShot ? { key: a.frame, next: b.frame, t } : { key: t < 0.5 ? a.frame : b.frame, t: 0 }
}

/** Of each shot the first frame that is used: its own first one may be bad. */
function startsAmong(frames: readonly FilmFrame[], shots: ReadonlySet<Frame>): Set<Frame> {
  const rising = [...shots].toSorted((a, b) => a - b)
  let next = 0
  const isFirst = ({ frame }: FilmFrame): boolean => {
    const before = next
    while (frame >= (rising[next] ?? Infinity)) next++
    return next > before
  }
  return new Set(frames.filter(isFirst).map(({ frame }) => frame))
}

const filmOf = (reading: Reading, to: Frame, frames: FilmFrame[]): Film => ({
  ...{ frames, shots: startsAmong(frames, shotStarts(reading)), to },
  secondsPerTick: toNumber(reading.table.timeBase),
  nearTicks: nearSeconds / toNumber(reading.table.timeBase),
})

/** A base in which frames of a rate are whole: 90,000 to the second where that will do, never coarser than a tenth of a millisecond. */
export function baseOfRate({ num }: Rational): Rational {
  if (90_000 % num === 0) return { num: 1, den: 90_000 }
  return { num: 1, den: num * Math.max(1, Math.ceil(10_000 / num)) }
}

/** For people: so many digits tell which rate it is. */
function rateWords(rate: Rational): string {
  const rounded = Math.round(1000 * toNumber(rate)) / 1000
  return rounded === 0 ? '<0.001' : String(rounded)
}

/** Fails with `bad-argument` for rates that no screen shows. */
export function checkRate(rate: Rational): void {
  if (toNumber(rate) > highestRate || toNumber(rate) < 1)
    throw failing('bad-argument', 'motionRate', { rate: rateWords(rate), most: highestRate })
}

/** Frames of one clip: eleven hours at the highest rate. Each is a record that is held while a film is planned. */
export const mostShown = 10_000_000

function checkCount({ source: { name } }: Asked, count: number): void {
  if (count > mostShown) throw failing('bad-argument', 'motionTooMany', { name, count, most: mostShown })
}

/** The number of the first frame of a rate at or after a tick of the table: exact, however long the film. */
function firstFrom({ num, den }: FrameTable['timeBase'], tick: number, rate: Rational): number {
  const [at, per] = [BigInt(tick) * BigInt(num) * BigInt(rate.num), BigInt(den) * BigInt(rate.den)]
  return Number((at + per - 1n) / per)
}

/**
 * Evenly at `rate`, `factor` times as slow. Frames are counted from the source's beginning, so that another in point changes none of them,
 * and two parts of a film follow each other as its whole did.
 */
function evenly(asked: Asked, rate: Rational, factor: number): Frames {
  checkRate(rate)
  const { table, from, to } = asked
  const reading = readingOf(asked)
  const frames = filmFrames(reading)
  const film = filmOf(reading, to, frames)
  const own = multiply(rate, rational(factor))
  const first = firstFrom(table.timeBase, ticksOf(table, from), own)
  const end = Math.max(first + 1, firstFrom(table.timeBase, ticksOf(table, to), own))
  const ticksPerFrame = (own.den * table.timeBase.den) / (own.num * table.timeBase.num)
  const lastTick = ticksOf(table, to) - 1
  const count = end - first
  checkCount(asked, count)
  const secondsAt = (frame: number): number => (frame * own.den) / own.num
  return {
    shown: Array.from({ length: count }, (_, i) =>
      shownAt(film, Math.min((first + i) * ticksPerFrame, lastTick)),
    ),
    seconds: Array.from({ length: count }, (_, i) => (i * rate.den) / rate.num),
    endSeconds: (count * rate.den) / rate.num,
    timeBase: baseOfRate(rate),
    sound: { from: secondsAt(first), to: secondsAt(end) },
    ...{ film: frames, shots: film.shots },
  }
}

/**
 * Rates as cameras have them, whole or 1000/1001 of that: the nearest one, since a file's average is no rate. None is slower than one frame
 * per second: an average below that is itself.
 */
export function usualRate(rate: Rational): Rational {
  if (rate.den === 1 || rate.den === 1001 || toNumber(rate) < 0.95) return rate
  const whole = Math.round(toNumber(rate))
  const off = (one: Rational): number => Math.abs(toNumber(one) - toNumber(rate))
  const [exact, less] = [rational(whole), rational(1000 * whole, 1001)]
  return off(exact) <= off(less) ? exact : less
}

/** At which a source's frames were filmed though some of them are missing, as cameras have it; undefined: evenly. */
export function unevenRate(table: FrameTable): Rational | undefined {
  const nominal = nominalRate(table)
  return nominal && usualRate(nominal)
}

/** At which a source shows its frames as filmed, as cameras have it. */
export const ownRate = ({ source: { video }, table }: Pick<Asked, 'source' | 'table'>): Rational =>
  unevenRate(table) ?? usualRate(outputRate(video))

const secondsIn = (table: FrameTable, from: Frame, to: Frame): number =>
  (ticksOf(table, to) - ticksOf(table, from)) * toNumber(table.timeBase)
const soundOf = (table: FrameTable, from: Frame, to: Frame): Laid['sound'] => ({
  from: secondsIn(table, 0, from),
  to: secondsIn(table, 0, to),
})

/** Film frames of a range; where it begins with a repeat, that frame itself if `isHeld`. Never none. */
function framesIn(film: readonly FilmFrame[], { from, to }: Asked, isHeld: boolean): Frame[] {
  const inside = film.map(({ frame }) => frame).filter((frame) => frame >= from && frame < to)
  const isBegun = inside[0] === from || (inside.length > 0 && !isHeld)
  return isBegun ? inside : [from, ...inside]
}

const themselves = (frames: readonly Frame[]): Pick<Laid, 'shown' | 'film' | 'shots'> => ({
  ...{ shown: frames.map((key) => ({ key, t: 0 })), film: [], shots: new Set() },
})

/** Frames that repeat are left out, all others keep their times. */
function withoutRepeats(asked: Asked): Frames {
  const { table, from, to } = asked
  const frames = framesIn(filmFrames(readingOf(asked)), asked, true)
  return {
    ...themselves(frames),
    seconds: frames.map((frame) => secondsIn(table, from, frame)),
    endSeconds: secondsIn(table, from, to),
    timeBase: table.timeBase,
    sound: soundOf(table, from, to),
  }
}

/** At which rate each part of a source was filmed; undefined where frames have times of their own. */
interface FilmedPart {
  to: Frame
  rate: Rational | undefined
}

function filmedParts(reading: Reading, { source: { video } }: Asked): FilmedPart[] {
  return reading.timing.sections.map(({ to, cadence }): FilmedPart => {
    const end = to * perStored(reading)
    if (cadence.kind === 'whole') return { to: end, rate: undefined }
    return { to: end, rate: multiply(usualRate(video.frameRate), filmedRatio(cadence)) }
  })
}

/** Frames per second at which a source was filmed, where its longest cadence says it; undefined: as it is stored. */
export function filmedRate({ sections }: Timing, video: Source['video']): Ratio | undefined {
  const lengthOf = ({ from, to }: Timing['sections'][number]): number => to - from
  const [longest] = sections
    .filter(({ cadence }) => cadence.kind !== 'whole')
    .toSorted((a, b) => lengthOf(b) - lengthOf(a))
  return longest && multiply(usualRate(video.frameRate), filmedRatio(longest.cadence))
}

const divisorOf = (a: number, b: number): number => (b === 0 ? a : divisorOf(b, a % b))
const common = (a: number, b: number): number => (a / divisorOf(a, b)) * b

/** Without repeats, evenly: at one rate, or each part at that at which it was filmed. */
function inTempo(asked: Asked, rate: Ratio | 'found', isKept: boolean): Frames {
  if (rate !== 'found') checkRate(rate)
  const { table, from, to } = asked
  const reading = readingOf(asked)
  const film = filmFrames(reading)
  const frames = framesIn(film, asked, false)
  const parts = rate === 'found' ? filmedParts(reading, asked) : [{ to: Infinity, rate }]
  const seconds: number[] = []
  let [end, part] = [0, 0]
  for (const [i, frame] of frames.entries()) {
    while (frame >= (parts[part]?.to ?? Infinity)) part++
    seconds.push(end)
    const even = parts[part]?.rate
    end += even ? even.den / even.num : secondsIn(table, frame, frames[i + 1] ?? to)
  }
  const bases = parts.flatMap((one) => (one.rate ? baseOfRate(one.rate).den : table.timeBase.den))
  const start = secondsIn(table, 0, frames[0] ?? from)
  return {
    ...themselves(frames),
    ...{ seconds, endSeconds: end, timeBase: { num: 1, den: bases.reduce(common) } },
    sound: { from: start, to: isKept ? start + end : secondsIn(table, 0, to) },
  }
}

/** Frames that nothing good is in: given twice, torn. */
function badFrames({ timing, fields }: Reading): Set<Frame> {
  const per = perStored({ fields })
  const stored = [...numbersOf(timing.repeated), ...timing.torn]
  return new Set(stored.flatMap((frame) => Array.from({ length: per }, (_, i) => frame * per + i)))
}

/** Ticks of frames that are missing between those of a range, by the frame they would follow. */
function missingTicks({ table, timing, fields }: Reading, shots: ReadonlySet<Frame>): Map<Frame, number[]> {
  const per = perStored({ fields })
  return new Map(
    timing.lost.flatMap(({ after, missing }): [Frame, number[]][] => {
      const last = (after + 1) * per - 1
      const [from, gap] = [ticksOf(table, last), ticksOf(table, last + 1) - ticksOf(table, last)]
      const count = missing * per + 1
      const ticks = Array.from({ length: count - 1 }, (_, i) => from + Math.round((gap * (i + 1)) / count))
      return shots.has(last + 1) ? [] : [[last, ticks]]
    }),
  )
}

/** Every frame at its time, those that are bad or missing as estimates between the good ones around them. */
function repaired(asked: Asked): Frames {
  const { table, from, to } = asked
  const reading = readingOf(asked)
  const bad = badFrames(reading)
  const count = frameCount(table)
  const good = Array.from({ length: count }, (_, frame) => ({ frame, at: ticksOf(table, frame) }))
  const frames = good.filter(({ frame }) => !bad.has(frame))
  const film = { ...filmOf(reading, to, frames), nearTicks: 0 }
  const missing = missingTicks(reading, shotStarts(reading))
  const ticks: number[] = []
  const shown: ShownFrame[] = []
  for (let frame = from; frame < to; frame++) {
    const tick = ticksOf(table, frame)
    ticks.push(tick)
    shown.push(bad.has(frame) && frames.length > 0 ? shownAt(film, tick) : { key: frame, t: 0 })
    for (const at of frame + 1 < to ? (missing.get(frame) ?? []) : []) {
      ticks.push(at)
      shown.push(shownAt(film, at))
    }
  }
  const start = ticksOf(table, from)
  return {
    shown,
    seconds: ticks.map((tick) => (tick - start) * toNumber(table.timeBase)),
    endSeconds: secondsIn(table, from, to),
    timeBase: table.timeBase,
    sound: soundOf(table, from, to),
    ...{ film: frames, shots: film.shots },
  }
}

function framesOf(motion: ClipMotion, asked: Asked): Frames {
  switch (motion.kind) {
    case 'unique':
      return withoutRepeats(asked)
    case 'tempo':
      return inTempo(asked, motion.rate, motion.sound === 'kept')
    case 'smooth':
      return evenly(asked, motion.rate, 1)
    case 'slow':
      return evenly(asked, ownRate(asked), motion.factor)
    case 'repair':
      return repaired(asked)
  }
}

/** Fails with `bad-argument` for a rate that no screen shows, and for more frames than `mostShown`. */
export const laid = (motion: ClipMotion, asked: Asked): Laid => ({ by: motion, ...framesOf(motion, asked) })
