// The time of the whole film: where in it each clip stands, when it shows each of its frames, and which clip and frame are there at a time. A clip whose film
// has not been read yet has its frames evenly over its length until it is; photos are no part of the film and take no time. Pure, and the hooks for it.
import { useMemo } from 'react'
import { filmTrack } from '../../electron/shared/document/cutList.js'
import { Project } from '../../electron/shared/document/document.js'
import { Clip, ClipId, Frame } from '../../electron/shared/document/project.js'
import { Item } from '../../electron/shared/document/sequence.js'
import { ticksPerSecond } from '../../electron/shared/document/time.js'
import {
  firstFrameFrom,
  frameAt,
  frameCount,
  secondsOf,
  ticksOf,
} from '../../electron/shared/media/frameTable.js'
import { Run, countIn, cut } from '../../electron/shared/media/runs.js'
import { FrameTable, Source, SourceId, isStill } from '../../electron/shared/media/source.js'
import { formatTimecode } from '../../electron/shared/media/timecode.js'
import { useProject } from './project.js'
import { countedTable, shownTable } from './shownTimes.js'
import { useSources } from './sources.js'
import { spedParts } from './speeds.js'

/** A clip at its place in the film. */
export interface Piece {
  clip: Clip
  /** In seconds of the film; a photo takes none. */
  at: number
  seconds: number
  /** Of the frames of the film, its first one, and how many are its own. */
  first: Frame
  frames: number
}

export interface FilmTime {
  pieces: readonly Piece[]
  /** Every frame of the film at its time. A gap belongs to the frame before it. */
  table: FrameTable
  seconds: number
}

interface Known {
  document: Project
  clips: readonly Clip[]
  sources: Readonly<Record<SourceId, Source>>
  tables: Readonly<Record<SourceId, FrameTable>>
}

/** The frames of a clip in ticks of the document, the first of them at `at`. */
function runsOf({ document, tables }: Known, clip: Clip, { duration }: Item, at: number): Run[] {
  const { from, to, sourceId } = clip
  const table = tables[sourceId]
  if (!table) return [{ start: at, steps: [duration / (to - from)], count: to - from }]
  const parts = spedParts(document, [clip], clip)
  const counted = countedTable(shownTable(table, parts), parts)
  const ticks = (counted.timeBase.num * ticksPerSecond) / counted.timeBase.den
  const begin = ticksOf(counted, from)
  return cut(counted.frames, from, from + (to - from) * (parts[0]?.times ?? 1)).map((run) => ({
    ...run,
    start: at + (run.start - begin) * ticks,
    steps: run.steps.map((step) => step * ticks),
  }))
}

export function filmTimeOf(known: Known): FilmTime {
  const items = new Map((filmTrack(known.document)?.items ?? []).map((item) => [item.id, item]))
  const pieces: Piece[] = []
  const frames: Run[] = []
  let [photos, end, count] = [0, 0, 0]
  for (const clip of known.clips) {
    const item = items.get(clip.id)
    if (!item) continue
    const source = known.sources[clip.sourceId]
    const at = item.at - photos
    const isPhoto = source !== undefined && isStill(source)
    const runs = isPhoto ? [] : runsOf(known, clip, item, at)
    const seconds = isPhoto ? 0 : item.duration / ticksPerSecond
    pieces.push({ clip, at: at / ticksPerSecond, seconds, first: count, frames: countIn(runs) })
    if (isPhoto) photos += item.duration
    else end = at + item.duration
    frames.push(...runs)
    count += countIn(runs)
  }
  return { pieces, table: tableOf(frames, end), seconds: end / ticksPerSecond }
}

function tableOf(frames: Run[], end: number): FrameTable {
  const table = { timeBase: { num: 1, den: ticksPerSecond }, frames, lastTicks: 0, start: 0, keyFrames: [] }
  return { ...table, lastTicks: Math.max(0, end - ticksOf(table, countIn(frames) - 1)) }
}

export const pieceOf = ({ pieces }: Pick<FilmTime, 'pieces'>, id: ClipId | undefined): Piece | undefined =>
  pieces.find(({ clip }) => clip.id === id)

/** The clip that the film shows at a time, and how far it is in it by then; in a gap the next one's beginning, at the end the last one's. */
export function placeAt({ pieces }: FilmTime, seconds: number): { piece: Piece; within: number } | undefined {
  const shown = pieces.filter((piece) => piece.seconds > 0)
  // As `frameAt` has it: a frame counts as begun a little before its tick.
  const piece = shown.find(({ at, seconds: length }) => seconds + 2e-6 < at + length) ?? shown.at(-1)
  return piece && { piece, within: Math.min(Math.max(0, seconds - piece.at), piece.seconds) }
}

/** The frame of the source that a clip of the film shows so many seconds after it began. */
export function frameWithin(
  { document, tables }: Omit<Known, 'clips' | 'sources'>,
  { clip, seconds }: Piece,
  within: number,
): Frame {
  const { from, to, sourceId } = clip
  const table = tables[sourceId]
  const frame = table
    ? shownAfter(shownTable(table, spedParts(document, [clip], clip)), from, within)
    : from + Math.floor((within / seconds) * (to - from))
  return Math.min(Math.max(from, frame), to - 1)
}

const shownAfter = (shown: FrameTable, from: Frame, within: number): Frame =>
  frameAt(shown, secondsOf(shown, from) + within)

/** How long the film is, written as its times are. */
export function formatLength({ table, seconds }: FilmTime): string {
  const count = frameCount(table)
  const second = Math.floor(seconds + 1e-6)
  const first = firstFrameFrom(table, second)
  // Of the second in which it ends no frame may have begun.
  return formatTimecode(table, count).replace(/\d+$/, (frames) =>
    count > 0 && secondsOf(table, first) > second - 1e-6 ? frames : '00',
  )
}

let last: (Known & { made: FilmTime }) | undefined

/** The same object as long as nothing of it is another. */
function remembered(known: Known): FilmTime {
  const { document, clips, sources, tables } = known
  const isSame =
    last?.document === document && last.clips === clips && last.sources === sources && last.tables === tables
  if (!last || !isSame) last = { ...known, made: filmTimeOf(known) }
  return last.made
}

export function filmTimeNow(): FilmTime {
  const { document, project } = useProject.getState()
  const { sources, tables } = useSources.getState()
  return remembered({ document, clips: project.clips, sources, tables })
}

export function useFilmTime(): FilmTime {
  const document = useProject((s) => s.document)
  const clips = useProject((s) => s.project.clips)
  const sources = useSources((s) => s.sources)
  const tables = useSources((s) => s.tables)
  return useMemo(() => remembered({ document, clips, sources, tables }), [document, clips, sources, tables])
}
