// Which enhanced frames are there. A frame of other settings or another number is never given.
import { Clip, Frame } from '../../electron/shared/document/project.js'
import { RecipeKey } from '../../electron/shared/document/recipeKey.js'
import { JobState, isEnded } from '../../electron/shared/contract/job.js'
import { Coverage } from '../../electron/shared/contract/render.js'
import { PlayRange } from './session.js'

/** Frames [from, to) of a source that are rendered, or being rendered. */
export interface Rendered {
  from: Frame
  to: Frame
  /** First frame that is not there yet. */
  readyTo: Frame
  /** The job of this session that makes it, or made it. */
  job?: JobState
}

/** Of this source as a recipe makes it: what this session asked for, the newest first, then what was there before. */
export function renderedOf(
  jobs: readonly JobState[],
  coverage: Coverage | undefined,
  sourceId: string,
  recipe: RecipeKey | undefined,
): Rendered[] {
  const asked = jobs.flatMap((job): Rendered[] => {
    const { preview } = job
    if (job.kind !== 'preview' || preview?.sourceId !== sourceId || preview.recipe !== recipe) return []
    const { from, to } = preview
    return [{ from, to, readyTo: readyTo(job, from, to), job }]
  })
  const isOurs = coverage?.sourceId === sourceId && coverage.recipe === recipe
  const before = isOurs ? coverage.pictures.map((range) => ({ ...range, readyTo: range.to })) : []
  return [...asked.reverse(), ...before]
}

/** By a motion more or fewer pictures are made than the source has frames: then the one that they have come to may lack some. */
function readyTo({ framesDone, framesTotal }: JobState, from: Frame, to: Frame): Frame {
  if (framesTotal === to - from) return Math.min(to, from + framesDone)
  if (framesTotal > 0 && framesDone >= framesTotal) return to
  const share = framesTotal > 0 ? framesDone / framesTotal : 0
  return Math.max(from, from + Math.floor((to - from) * share) - 1)
}

/** What is made of it is something else than the frames as filmed. */
export const isWorkedOn = ({ enhance, motion }: Pick<Clip, 'enhance' | 'motion'>): boolean =>
  enhance.isEnabled || motion !== undefined

/** This very frame can be fetched. */
export const isRendered = (rendered: readonly Rendered[], frame: Frame): boolean =>
  rendered.some(({ from, readyTo }) => frame >= from && frame < readyTo)

export interface CoveredRange {
  from: Frame
  to: Frame
  state: 'ready' | 'working'
}

/** For the bar above the clip: what is ready and what is being made. */
export const coveredRanges = (rendered: readonly Rendered[]): CoveredRange[] =>
  rendered.flatMap(({ from, to, readyTo, job }) => {
    const ready: CoveredRange = { from, to: readyTo, state: 'ready' }
    const working: CoveredRange = { from: readyTo, to, state: 'working' }
    const isOver = !job || isEnded(job) || readyTo === to
    return [...(readyTo > from ? [ready] : []), ...(isOver ? [] : [working])]
  })

/**
 * Where playing that starts at a frame stays: inside a finished preview, else inside the clip, else in the source from end to
 * end. It goes round there only when that is wished.
 */
export function playRange(options: {
  playhead: Frame
  clip: { from: Frame; to: Frame }
  frames: number
  isLooping: boolean
  rendered: readonly Rendered[]
}): PlayRange {
  const { playhead, clip, frames, isLooping } = options
  const finished = options.rendered.find(
    ({ from, to, readyTo }) => readyTo === to && playhead >= from && playhead < to,
  )
  if (finished) return { from: finished.from, to: finished.to, isLoop: isLooping }
  if (playhead >= clip.from && playhead < clip.to) return { from: clip.from, to: clip.to, isLoop: isLooping }
  return { from: 0, to: frames, isLoop: isLooping }
}

/** Frames a preview of `count` frames from the playhead covers: of the clip only, moved back where it ends sooner. */
export function previewRange(playhead: Frame, clip: { from: Frame; to: Frame }, count: number) {
  const from = Math.max(clip.from, Math.min(playhead, clip.to - Math.max(1, count)))
  return { from, to: Math.min(clip.to, from + Math.max(1, count)) }
}
