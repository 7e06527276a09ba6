// The plan: project + sources + output -> ordered segments with warm-up and exact timestamps. Pure; no files, no ffmpeg.
import { z } from 'zod'
import { Clip, EnhanceNumbers, Frame } from '../document/project.js'
import { durationOf, stretches } from '../media/frameTable.js'
import { Said } from '../words/sentences.js'
import {
  FrameTable,
  Section,
  Source,
  SourceId,
  displaySize,
  workingSize,
  sizeWords,
} from '../media/source.js'
import { Rational } from '../media/rational.js'
import { failing } from '../contract/errors.js'
import { type Looks, numbersOf } from '../document/looks.js'

/** A range of one source + recipe: the unit of preview, cache, export and resume. */
export const Segment = z.object({
  index: z.number().int().nonnegative(),
  source: Source,
  /** Decoding starts here; frames [warmFrom, from) only warm the stream up and are thrown away. */
  warmFrom: Frame,
  /** Frames [from, to) are delivered. */
  from: Frame,
  to: Frame,
  /** Decoding goes on to here; what comes out for [to, lookTo) is thrown away: the last delivered frames see what follows them, as all others do. */
  lookTo: Frame,
  timeBase: Rational,
  /** Output timestamp of every delivered frame, in timeBase ticks from the start of the output. */
  ticks: z.array(z.number().int()),
  /** Ticks at which this segment's last frame ends. */
  endTicks: z.number().int(),
  enhance: EnhanceNumbers,
  /** As it is decoded and worked on; and as the film shows it, without what was added to work on it. */
  input: z.object({ width: z.number().int(), height: z.number().int() }),
  output: z.object({ width: z.number().int(), height: z.number().int() }),
})
export type Segment = z.infer<typeof Segment>

export const Plan = z.object({
  segments: z.array(Segment),
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
    }),
  ),
  /** What each of its sources holds by its frame table, whatever of it is used. */
  sources: z.array(z.object({ id: SourceId, frames: z.number().int(), seconds: z.number() })),
  /** Sentences a person should see about the timestamps of its sources. */
  notes: z.array(Said).optional(),
})
export type Plan = z.infer<typeof Plan>

export interface PlanSource {
  source: Source
  table: FrameTable
}

/** Frames of the past that settle the recursive mean and fill the KV ring of the shipped models; a multiple of their chunk. */
export const warmUpFrames = 16
/** Frames of the future that the shipped models look at; a multiple of their chunk. */
export const lookAheadFrames = 8
export const segmentSeconds = 10

/** Frame counts of the pieces of n frames, about `size` each and none shorter than half of it. */
function pieces(frames: number, size: number): number[] {
  const count = Math.max(1, Math.round(frames / size))
  return Array.from(
    { length: count },
    (_, i) => Math.floor(((i + 1) * frames) / count) - Math.floor((i * frames) / count),
  )
}

/** `looks`: of the models, by id. Fails with `empty-range` when a clip holds no frame, `not-found` when its source is not there, `bad-argument` when sizes differ. */
export function makePlan(
  clips: readonly Clip[],
  sources: readonly PlanSource[],
  looks: Readonly<Record<string, Looks | undefined>> = {},
): Plan {
  const segments: Segment[] = []
  const audio: Plan['audio'] = []
  let offset = 0 // seconds of output so far
  let size: { width: number; height: number } | undefined
  let firstShown: typeof size
  let timeBase: Rational | undefined
  if (clips.length === 0) throw failing('empty-range', 'filmEmpty')
  for (const clip of clips) {
    const known = sources.find((s) => s.source.id === clip.sourceId)
    if (!known) throw failing('not-found', 'clipNotOpen', { name: clip.name })
    const { source, table } = known
    const to = Math.min(clip.to, table.ticks.length)
    if (clip.from >= to) throw failing('empty-range', 'clipEmpty', { name: clip.name })
    const input = workingSize(source.video)
    const shown = displaySize(source.video)
    const scale = clip.enhance.isEnabled ? clip.enhance.scale : 1
    const output = { width: shown.width * scale, height: shown.height * scale }
    size ??= output
    firstShown ??= shown
    timeBase ??= table.timeBase
    const isAlike = firstShown.width === shown.width && firstShown.height === shown.height
    if (size.width !== output.width || size.height !== output.height)
      throw failing('bad-argument', isAlike ? 'clipScales' : 'clipSizes', {
        name: clip.name,
        found: sizeWords(output),
        wanted: sizeWords(size),
      })
    const tickSeconds = table.timeBase.num / table.timeBase.den
    const outTick = tickSeconds / (timeBase.num / timeBase.den)
    const startTick = table.ticks[clip.from] ?? 0
    const endTick = table.ticks[to] ?? (table.ticks.at(-1) ?? 0) + table.lastTicks
    const base = Math.round(offset / (timeBase.num / timeBase.den))
    const place = (tick: number): number => base + Math.round((tick - startTick) * outTick)
    const seconds = (endTick - startTick) * tickSeconds
    const enhance = { ...clip.enhance, ...numbersOf(clip.enhance, looks[clip.enhance.model]) }
    const perSegment = Math.max(1, Math.round(((to - clip.from) * segmentSeconds) / seconds))
    let from = clip.from
    for (const length of pieces(to - clip.from, perSegment)) {
      segments.push({
        index: segments.length,
        source,
        warmFrom: Math.max(0, from - warmUpFrames),
        from,
        to: from + length,
        lookTo: clip.enhance.isEnabled
          ? Math.min(table.ticks.length, from + length + lookAheadFrames)
          : from + length,
        timeBase,
        ticks: table.ticks.slice(from, from + length).map(place),
        endTicks: place(from + length < to ? (table.ticks[from + length] ?? endTick) : endTick),
        enhance,
        input,
        output,
      })
      from += length
    }
    for (const stretch of stretches(table, startTick * tickSeconds, endTick * tickSeconds))
      audio.push({ source, ...stretch })
    offset += seconds
  }
  const { width, height } = size ?? { width: 0, height: 0 }
  const used = sources.filter(({ source }) => clips.some((clip) => clip.sourceId === source.id))
  const notes = used.flatMap(({ table }) => table.notes ?? [])
  return {
    segments,
    width,
    height,
    timeBase: timeBase ?? { num: 1, den: 1 },
    frames: segments.reduce((sum, s) => sum + s.ticks.length, 0),
    seconds: offset,
    audio,
    sources: used.map(({ source, table }) => ({
      ...{ id: source.id, frames: table.ticks.length, seconds: durationOf(table) },
    })),
    ...(notes.length > 0 ? { notes } : {}),
  }
}
