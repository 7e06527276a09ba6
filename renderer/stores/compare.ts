// Which enhanced picture, if any, belongs to a frame. A picture of other settings or another frame is never given.
import { EnhanceSettings, Frame, settingsKeyOf } from '../../electron/shared/document/project.js'
import { JobState, isEnded } from '../../electron/shared/contract/job.js'
import { PlayRange } from './session.js'

export interface EnhancedPicture {
  jobId: string
  width: number
  height: number
}

type Preview = NonNullable<JobState['preview']>
export interface PreviewJob {
  job: JobState
  preview: Preview
}

/** Previews that show this source as these settings make it, the newest first. */
export function previewsOf(
  jobs: readonly JobState[],
  sourceId: string,
  enhance: EnhanceSettings,
): PreviewJob[] {
  const key = settingsKeyOf(enhance)
  return jobs
    .flatMap((job) => {
      const { preview } = job
      const isOurs = preview !== undefined && preview.sourceId === sourceId && preview.settingsKey === key
      return job.kind === 'preview' && isOurs ? [{ job, preview }] : []
    })
    .reverse()
}

/** First frame that is not there yet. */
const readyTo = ({ job, preview }: PreviewJob): Frame => Math.min(preview.to, preview.from + job.framesDone)

/** The enhanced picture of exactly this frame, or undefined while there is none. */
export function enhancedPicture(previews: readonly PreviewJob[], frame: Frame): EnhancedPicture | undefined {
  const found = previews.find((p) => frame >= p.preview.from && frame < readyTo(p))
  return found && { jobId: found.job.id, width: found.preview.width, height: found.preview.height }
}

export interface CoveredRange {
  from: Frame
  to: Frame
  state: 'ready' | 'working'
}

/** For the bar above the clip: what is ready and what is being made. */
export const coverage = (previews: readonly PreviewJob[]): CoveredRange[] =>
  previews.flatMap((p) => {
    const middle = readyTo(p)
    const ready: CoveredRange = { from: p.preview.from, to: middle, state: 'ready' }
    const working: CoveredRange = { from: middle, to: p.preview.to, state: 'working' }
    return [
      ...(middle > p.preview.from ? [ready] : []),
      ...(isEnded(p.job) || middle === p.preview.to ? [] : [working]),
    ]
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
  previews: readonly PreviewJob[]
}): PlayRange {
  const { playhead, clip, frames, isLooping } = options
  const finished = options.previews.find(
    ({ job, preview }) => job.state === 'done' && playhead >= preview.from && playhead < preview.to,
  )
  if (finished) return { from: finished.preview.from, to: finished.preview.to, isLoop: isLooping }
  if (playhead >= clip.from && playhead < clip.to) return { from: clip.from, to: clip.to, isLoop: isLooping }
  return { from: 0, to: frames, isLoop: isLooping }
}

/** Frames a preview of `count` frames from the playhead covers, moved back where the clip ends sooner. */
export function previewRange(
  playhead: Frame,
  clip: { from: Frame; to: Frame },
  frames: number,
  count: number,
) {
  const isInside = playhead >= clip.from && playhead < clip.to
  const low = isInside ? clip.from : 0
  const high = isInside ? clip.to : frames
  const from = Math.max(low, Math.min(playhead, high - count))
  return { from, to: Math.min(high, from + Math.max(1, count)) }
}
