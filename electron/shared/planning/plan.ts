// The plan: project + sources -> ordered enhance units, cut on the grid of their source, and the exact times at which the film shows their
// frames. Pure; no files, no ffmpeg.
import { z } from 'zod'
import { Clip, EnhanceNumbers, EnhanceSettings, Frame, isModelled } from '../document/project.js'
import { Fit } from '../document/sequence.js'
import {
  durationOf,
  frameCount,
  longestFrame,
  secondsOf,
  stretches,
  ticksIn,
  ticksOf,
} from '../media/frameTable.js'
import { Message, message } from '../words/sentences.js'
import { FrameTable, Section, Source, SourceId, displaySize, workingSize } from '../media/source.js'
import { Rational, toNumber } from '../media/rational.js'
import { failing, fault } from '../contract/errors.js'
import { type Looks, numbersOf } from '../document/looks.js'
import type { ModelContract, ModelTime } from '../document/modelContract.js'
import type { Timing } from '../media/timing.js'
import type { Size } from './composition.js'
import { type Laid, laid } from './motion.js'
import { motionNotes } from './motionNotes.js'
import { UnitMotion, motionUnits } from './motionUnits.js'

/**
 * A range of one source and what is done to it: the unit of preview, cache, export and resume. Nothing in it says where its frames
 * will stand in a film, or how they are written, so that it is the same unit whatever is edited around it.
 */
export const EnhanceUnit = z.object({
  source: Source,
  /** Decoding starts here; frames [warmFrom, from) only warm the stream up and are thrown away. */
  warmFrom: Frame,
  /** Frames [from, to) are delivered. */
  from: Frame,
  to: Frame,
  /** Decoding goes on to here; what comes out for [to, lookTo) is thrown away: the last delivered frames see what follows them, as all others do. */
  lookTo: Frame,
  enhance: EnhanceNumbers,
  /** As it is decoded and worked on; and as the film shows it, without what was added to work on it. */
  input: z.object({ width: z.number().int(), height: z.number().int() }),
  output: z.object({ width: z.number().int(), height: z.number().int() }),
  /** What is shown of them, where that is not every frame [from, to) once. */
  motion: UnitMotion.optional(),
})
export type EnhanceUnit = z.infer<typeof EnhanceUnit>

const UnitRange = EnhanceUnit.pick({ warmFrom: true, from: true, to: true, lookTo: true })

/** A unit in its place in a film: when its frames are shown. The join alone puts these times on. */
export const Segment = EnhanceUnit.extend({
  index: z.number().int().nonnegative(),
  /** Of every delivered frame, in ticks of the plan's time base from the start of the film. */
  ticks: z.array(z.number().int()),
  /** Ticks at which this segment's last frame ends. */
  endTicks: z.number().int(),
  /** How its frames come into the film where they are of another size. */
  fit: Fit,
  /** The unit of the grid that it is a part of; undefined where it is all of it. */
  whole: UnitRange.optional(),
})
export type Segment = z.infer<typeof Segment>

/** The unit alone: an engine needs to know no times. */
export const unitOf = (segment: EnhanceUnit): EnhanceUnit => {
  const { source, warmFrom, from, to, lookTo, enhance, input, output, motion } = segment
  return { source, warmFrom, from, to, lookTo, enhance, input, output, ...(motion ? { motion } : {}) }
}

export const Plan = z.object({
  segments: z.array(Segment),
  /** Of the film. Segments whose frames are of another size, or another form besides, are composed into it when they are delivered (ffmpeg/compose). */
  width: z.number().int(),
  height: z.number().int(),
  timeBase: Rational,
  frames: z.number().int(),
  seconds: z.number(),
  /** Ranges of sound in playing order, seconds from the source's first video frame; each of one recording (see Stretch). */
  audio: z.array(
    z.object({
      source: Source,
      fromSeconds: z.number(),
      toSeconds: z.number(),
      clock: z.object({ atSeconds: z.number(), startSeconds: z.number(), section: Section }).optional(),
      /** How long it lasts in the film where that is not its own length: stretched, at the same pitch. */
      filmSeconds: z.number().positive().optional(),
      /** It lasts as long, and nothing is heard. */
      isSilent: z.boolean().optional(),
    }),
  ),
  /** What each of its sources holds by its frame table, whatever of it is used. */
  sources: z.array(z.object({ id: SourceId, frames: z.number().int(), seconds: z.number() })),
  /** Frames of its sources that its clips hold, whatever is shown of them. */
  chosen: z.number().int(),
  /** Sentences a person should see about the timestamps of its sources. */
  notes: z.array(Message).optional(),
})
export type Plan = z.infer<typeof Plan>

export interface PlanSource {
  source: Source
  table: FrameTable
  /** What repeats in it and where shots begin, where a clip of it has a motion. */
  timing?: Timing | undefined
}

/** What a plan has to know of a model. */
export interface PlanModel {
  contract: ModelContract
  looks?: Looks | undefined
}

/** Of frames that pass through: those before are there to be repeated where the first ones cannot be decoded. */
const untouched: Pick<ModelTime, 'warmup' | 'lookahead' | 'alignment'> = {
  ...{ warmup: 16, lookahead: 0, alignment: 1 },
}
export const unitSeconds = 10

/**
 * The frames at which a source is cut into units of about `unitSeconds`, from 0 to its number of frames: by its frame table alone, whatever
 * is used of it, so that moving an in or out point moves no boundary. None is shorter than half the usual.
 */
export function gridOf(table: FrameTable): Frame[] {
  const frames = frameCount(table)
  const usual = Math.max(1, Math.round((frames * unitSeconds) / durationOf(table)))
  const count = Math.max(1, Math.round(frames / usual))
  return Array.from({ length: count + 1 }, (_, i) => Math.floor((i * frames) / count))
}

interface Range {
  from: Frame
  to: Frame
}

/** Frames [from, to) cut on the grid, each range with its unit: only the first and the last range may be parts of theirs. */
export function unitRanges(grid: readonly Frame[], from: Frame, to: Frame): { range: Range; unit: Range }[] {
  return grid.slice(1).flatMap((end, i) => {
    const unit = { from: grid[i] ?? 0, to: end }
    const range = { from: Math.max(from, unit.from), to: Math.min(to, end) }
    return range.from < range.to ? [{ range, unit }] : []
  })
}

/** A clip with what its source says. */
interface Placed {
  clip: Clip
  known: PlanSource
  /** End of its range: never past the frames that there are. */
  to: Frame
  enhance: EnhanceNumbers
  time: Pick<ModelTime, 'warmup' | 'lookahead' | 'alignment'>
  output: Size
}

/** What a recipe needs before and after a range. */
export function timeOf(enhance: EnhanceSettings, model: PlanModel | undefined): Placed['time'] {
  if (!isModelled(enhance)) return untouched
  if (model) return model.contract.time
  throw fault('internal', `The plan was not told of the model ${enhance.model}.`)
}

/** The size of finished frames. */
export function outputOf(
  video: Source['video'],
  { isEnabled, scale }: Pick<EnhanceSettings, 'isEnabled' | 'scale'>,
): Size {
  const { width, height } = displaySize(video)
  const times = isEnabled ? scale : 1
  return { width: width * times, height: height * times }
}

function placedOf(
  clip: Clip,
  sources: readonly PlanSource[],
  models: Readonly<Record<string, PlanModel | undefined>>,
): Placed {
  const known = sources.find((s) => s.source.id === clip.sourceId)
  if (!known) throw failing('not-found', 'clipNotOpen', { name: clip.name })
  const to = Math.min(clip.to, frameCount(known.table))
  if (clip.from >= to) throw failing('empty-range', 'clipEmpty', { name: clip.name })
  const output = outputOf(known.source.video, clip.enhance)
  const model = models[clip.enhance.model]
  const enhance = { ...clip.enhance, ...numbersOf(clip.enhance, model?.looks) }
  return { clip, known, to, enhance, time: timeOf(clip.enhance, model), output }
}

/** So fine a time is rounded without anybody seeing or hearing it: 0.05 ms at most. */
const fineEnough = 10_000
/** Common time bases are no finer than this, nor so fine that a frame is held for more ticks than containers write (31 bits). */
const finest = 100_000_000
const longestHold = 2 ** 31 - 1

const greatest = (a: number, b: number): number => (b === 0 ? a : greatest(b, a % b))

/**
 * In which every frame of every clip has its own time. The first clip's, where it is fine enough or all others' times are whole in it; else one in
 * which all are. `isExact`: a rate was asked for, so rounding is no way out as long as there is such a base.
 */
export function commonTimeBase(
  bases: readonly Rational[],
  longestSeconds = (): number => 0,
  isExact = false,
): Rational {
  const [first = { num: 1, den: 90_000 }] = bases
  const isWhole = (base: Rational): boolean =>
    Number.isInteger((base.num * first.den) / (base.den * first.num))
  const isFine = toNumber(first) <= 1 / fineEnough
  if ((isFine && !isExact) || bases.every(isWhole)) return first
  const den = bases.reduce((common, base) => (common / greatest(common, base.den)) * base.den, 1)
  if (den <= Math.min(finest, longestHold / longestSeconds())) return { num: 1, den }
  return isFine ? first : { num: 1, den: 90_000 }
}

const even = (length: number): number => Math.max(2, 2 * Math.round(length / 2))

/** Where decoding begins for a range from `from` on. */
export const begun = (from: Frame, { warmup, alignment }: Pick<ModelTime, 'warmup' | 'alignment'>): Frame => {
  const first = Math.max(0, from - warmup)
  return first - (first % alignment)
}

/** A unit's own frames, and those that are decoded around them. */
const seenAround = ({ known, time }: Placed, range: Range): z.infer<typeof UnitRange> => ({
  ...range,
  warmFrom: begun(range.from, time),
  lookTo: Math.min(frameCount(known.table), range.to + time.lookahead),
})

/** A unit of a clip with the places in the clip, in seconds, of its frames and of their end. */
interface UnitInClip {
  unit: Omit<Segment, 'index' | 'ticks' | 'endTicks'>
  seconds: number[]
  endSeconds: number
}

function unitIn(placed: Placed, range: Range, whole: Range): UnitInClip['unit'] {
  const { clip, known, enhance, output } = placed
  return {
    source: known.source,
    ...seenAround(placed, range),
    ...(range.from > whole.from || range.to < whole.to ? { whole: seenAround(placed, whole) } : {}),
    fit: clip.fit ?? 'fit',
    ...{ enhance, output, input: workingSize(known.source.video) },
  }
}

/** As filmed: every frame at its own time. */
function asFilmed(placed: Placed): UnitInClip[] {
  const { clip, known, to } = placed
  const { table } = known
  const base = toNumber(table.timeBase)
  const start = ticksOf(table, clip.from)
  return unitRanges(gridOf(table), clip.from, to).map(({ range, unit }) => ({
    unit: unitIn(placed, range, unit),
    seconds: ticksIn(table, range.from, range.to).map((tick) => (tick - start) * base),
    endSeconds: (ticksOf(table, range.to) - start) * base,
  }))
}

/**
 * By its motion. A model that remembers is not begun earlier for it, so that frames which are shown as they are are those of the unit without motion;
 * the estimates' memory reaches back as far as that allows.
 */
function inMotion(placed: Placed, laid: Laid): UnitInClip[] {
  const { clip, known, to, time, enhance } = placed
  const ranges = unitRanges(gridOf(known.table), clip.from, to).map(({ range, unit }) => ({ ...range, unit }))
  const isFree = !isModelled(enhance) || time.warmup === 0
  const earliest = (range: Range): Frame => (isFree ? 0 : begun(range.from, time))
  return motionUnits(laid, ranges, earliest).map(({ range, first, motion }) => {
    const { unit: whole, ...own } = range
    const unit = unitIn(placed, own, whole)
    const end = first + motion.shown.length
    return {
      unit: {
        ...{ ...unit, motion },
        warmFrom:
          !isFree && motion.from >= unit.warmFrom
            ? unit.warmFrom
            : Math.min(unit.warmFrom, begun(motion.from, time)),
        lookTo: Math.max(unit.lookTo, Math.min(frameCount(known.table), motion.to + time.lookahead)),
      },
      seconds: laid.seconds.slice(first, end),
      endSeconds: laid.seconds[end] ?? laid.endSeconds,
    }
  })
}

interface PlacedInFilm extends Placed {
  laid: Laid | undefined
  seconds: number
}

function timed(placed: Placed): PlacedInFilm {
  const { clip, known, to } = placed
  const { source, table, timing } = known
  if (!clip.motion) {
    const seconds = secondsOf(table, to) - secondsOf(table, clip.from)
    return { ...placed, laid: undefined, seconds }
  }
  if (!timing) throw fault('internal', `The plan was not told how "${source.name}" is timed.`)
  const found = laid(clip.motion, { source, table, timing, from: clip.from, to })
  return { ...placed, laid: found, seconds: found.endSeconds }
}

/** The segments of one clip that begins at so many seconds of the film. `index`: of its first one. */
function segmentsOf(placed: PlacedInFilm, atSeconds: number, timeBase: Rational, index: number): Segment[] {
  const ticks = toNumber(timeBase)
  const base = Math.round(atSeconds / ticks)
  const place = (seconds: number): number => base + Math.round(seconds / ticks)
  const units = placed.laid ? inMotion(placed, placed.laid) : asFilmed(placed)
  return units.map(({ unit, seconds, endSeconds }, i) => ({
    ...{ index: index + i, ...unit },
    ticks: seconds.map(place),
    endTicks: place(endSeconds),
  }))
}

/** What is heard with a clip: of each recording its range, as long as the film shows it. */
function soundsOf({ clip, known, to, laid: found, seconds }: PlacedInFilm): Plan['audio'] {
  const { source, table } = known
  const own = { from: secondsOf(table, clip.from), to: secondsOf(table, to) }
  const { from, to: end } = found?.sound ?? own
  const sound = clip.motion && 'sound' in clip.motion ? clip.motion.sound : 'kept'
  const factor = seconds / (end - from)
  return stretches(table, from, end).map((stretch) => {
    const length = (stretch.toSeconds - stretch.fromSeconds) * factor
    const isOther = sound !== 'kept' && Math.abs(factor - 1) > 1e-9
    return {
      ...{ source, ...stretch },
      ...(isOther ? { filmSeconds: length } : {}),
      ...(sound === 'silent' ? { isSilent: true } : {}),
    }
  })
}

/** Seconds for which the longest frame of a clip is shown. */
function longestIn({ known, laid: found }: PlacedInFilm): number {
  if (!found) return longestFrame(known.table)
  const ends = [...found.seconds.slice(1), found.endSeconds]
  return ends.reduce((longest, end, i) => Math.max(longest, end - (found.seconds[i] ?? 0)), 0)
}

/**
 * `models`: those of the clips that are enhanced, by id. `size`: of the film; that of its first clip where it is left out. Fails with `empty-range` when a clip holds no
 * frame, `not-found` when its source is not there.
 */
export function makePlan(
  clips: readonly Clip[],
  sources: readonly PlanSource[],
  models: Readonly<Record<string, PlanModel | undefined>> = {},
  size?: Size,
): Plan {
  const placed = clips.map((clip) => timed(placedOf(clip, sources, models)))
  const [first] = placed
  if (!first) throw failing('empty-range', 'filmEmpty')
  const timeBase = commonTimeBase(
    placed.map(({ known, laid: found }) => found?.timeBase ?? known.table.timeBase),
    () => Math.max(...placed.map(longestIn)),
    placed.some(({ laid: found }) => found !== undefined),
  )
  const segments: Segment[] = []
  const audio: Plan['audio'] = []
  let seconds = 0 // of output so far
  for (const one of placed) {
    for (const segment of segmentsOf(one, seconds, timeBase, segments.length)) segments.push(segment)
    audio.push(...soundsOf(one))
    seconds += one.seconds
  }
  const used = sources.filter(({ source }) => clips.some((clip) => clip.sourceId === source.id))
  const notes = [
    ...used.flatMap(({ table }) => table.notes ?? []),
    ...clips.filter(({ hasUnknown }) => hasUnknown).map(({ name }) => message('noteHasUnknown', { name })),
    ...placed.flatMap(({ clip, known, to, laid: found }) =>
      clip.motion && found && known.timing
        ? motionNotes(clip.motion, { ...known, timing: known.timing, from: clip.from, to }, found)
        : [],
    ),
  ]
  return {
    segments,
    width: even(size?.width ?? first.output.width),
    height: even(size?.height ?? first.output.height),
    timeBase,
    frames: segments.reduce((sum, s) => sum + s.ticks.length, 0),
    seconds,
    audio,
    sources: used.map(({ source, table }) => ({
      ...{ id: source.id, frames: frameCount(table), seconds: durationOf(table) },
    })),
    chosen: placed.reduce((sum, { clip, to }) => sum + to - clip.from, 0),
    ...(notes.length > 0 ? { notes } : {}),
  }
}
