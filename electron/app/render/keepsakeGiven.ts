// What the encoder was given of a Keepsake's frames, once more: of the source where they passed through, of kept frames where a model made them.
import type { Plan, Segment } from '../../shared/planning/plan.js'
import { isUntouched } from '../../shared/document/project.js'
import { type Delivery, deliveryOf } from '../../ffmpeg/encode.js'
import type { Given } from '../../ffmpeg/filmLook.js'
import { readIntermediate } from '../../ffmpeg/intermediate.js'
import { readerOf } from '../../ffmpeg/readers.js'
import type { Tools } from '../../ffmpeg/resolve.js'
import type { Media } from '../sources/media.js'
import type { Piece } from './pieces.js'
import type { SegmentStore } from './segments.js'

interface Range {
  from: number
  to: number
}

/** Frames of a segment that can be had again. `from`: where they begin in the film. */
interface Part {
  segment: Segment
  from: number
  delivery: Delivery
  /** A file of kept frames; undefined: they are the source's own. */
  keptPath: string | undefined
}

/** A film of more stretches than this is compared up to there: each is told to ffmpeg. */
const mostRanges = 500

const lengthOf = ({ segment }: Part): number => segment.to - segment.from
const endOf = (part: Part): number => part.from + lengthOf(part)

interface GivenParts {
  tools: Tools
  plan: Plan
  /** Of the plan's segments, in their order. */
  pieces: readonly Piece[]
  media: Pick<Media, 'table'>
  store: Pick<SegmentStore, 'frames'>
  signal: AbortSignal
}

async function partsOf({ plan, pieces, store }: GivenParts): Promise<Part[]> {
  const keys = pieces.flatMap(({ frames }) => frames ?? [])
  const kept = await store.frames.finished(keys)
  const parts: Part[] = []
  let from = 0
  for (const [i, segment] of plan.segments.entries()) {
    const { coding, frames } = pieces[i] ?? {}
    const isKept = frames !== undefined && kept.has(frames)
    const isShownAsMade = segment.motion === undefined && coding !== undefined && !coding.composition
    if (isShownAsMade && (isKept || isUntouched(segment.enhance)))
      parts.push({
        ...{ segment, from, delivery: deliveryOf(segment, coding) },
        keptPath: isKept ? store.frames.pathOf(frames) : undefined,
      })
    from += segment.ticks.length
  }
  return parts
}

/** Parts whose frames follow each other in one source are read in one go. */
function inRuns(parts: readonly Part[]): Part[] {
  const runs: Part[] = []
  for (const part of parts) {
    const last = runs.at(-1)
    const isNext =
      last?.keptPath === undefined &&
      part.keptPath === undefined &&
      last?.segment.source.id === part.segment.source.id &&
      last.segment.to === part.segment.from &&
      endOf(last) === part.from
    if (last && isNext) runs.splice(-1, 1, { ...last, segment: { ...last.segment, to: part.segment.to } })
    else runs.push(part)
  }
  return runs
}

/** Ranges of the film, those that touch as one. */
function rangesOf(runs: readonly Part[]): Range[] {
  const ranges: Range[] = []
  for (const run of runs) {
    const last = ranges.at(-1)
    if (last?.to === run.from) last.to = endOf(run)
    else ranges.push({ from: run.from, to: endOf(run) })
  }
  return ranges
}

async function* framesOf(
  { tools, media, signal }: GivenParts,
  runs: readonly Part[],
): AsyncGenerator<Uint8Array> {
  for (const { segment, delivery, keptPath } of runs) {
    const { source, from, to } = segment
    const frames =
      keptPath === undefined
        ? readerOf(source).decode(tools, source, { table: await media.table(source.id), from, to, signal })
            .frames
        : readIntermediate(tools, keptPath, delivery.format, signal)
    for await (const { data } of frames) yield data
  }
}

/**
 * Frames of one layout, that of the first which can be had; undefined where none can: frames of a motion, frames that were brought to another shape and
 * frames that a model made and that are not kept are not compared.
 */
export async function givenOf(parts: GivenParts): Promise<Given | undefined> {
  const able = await partsOf(parts)
  const [first] = able
  if (!first) return undefined
  const layout = JSON.stringify(first.delivery)
  const runs = inRuns(able.filter(({ delivery }) => JSON.stringify(delivery) === layout)).slice(0, mostRanges)
  return { delivery: first.delivery, ranges: rangesOf(runs), frames: framesOf(parts, runs) }
}
