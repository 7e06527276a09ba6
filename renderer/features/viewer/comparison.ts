// What there is to compare of a clip at the playhead: its original, and what previews made of it with its present settings.
import { useCallback, useEffect, useMemo, useState } from 'react'
import { Clip } from '../../../electron/shared/document/project.js'
import { Source, displaySize } from '../../../electron/shared/media/source.js'
import { PreviewJob, coverage, enhancedPicture, previewsOf } from '../../stores/compare.js'
import { mediaUrl } from '../../stores/host.js'
import { useJobs } from '../../stores/jobs.js'
import { usePreview } from '../../stores/preview.js'
import { useSession } from '../../stores/session.js'
import { Size } from '../../stores/view.js'
import { enhanced, stills } from './pictures.js'

/** The output grid. */
export function sizeOf(source: Source, { enhance }: Clip): Size {
  const size = displaySize(source.video)
  const scale = enhance.isEnabled ? enhance.scale : 1
  return { width: size.width * scale, height: size.height * scale }
}

export interface Comparison {
  previews: readonly PreviewJob[]
  isComparing: boolean
  /** In pixels of the output. */
  picture: Size
  stillUrl: string
  /** Undefined where no preview has this frame. */
  enhancedUrl: string | undefined
}

function enhancedUrlOf(previews: readonly PreviewJob[], frame: number): string | undefined {
  const made = enhancedPicture(previews, frame)
  return made && mediaUrl({ kind: 'preview', jobId: made.jobId, frame })
}

export function useComparison(clip: Clip, source: Source, playhead: number): Comparison {
  const jobs = useJobs((s) => s.jobs)
  const previews = useMemo(
    () => (clip.enhance.isEnabled ? previewsOf(jobs, source.id, clip.enhance) : []),
    [jobs, source.id, clip.enhance],
  )
  // While another preview is about to take the place of one, the comparison stays, and says what is not there yet.
  const isAwaited = usePreview(({ wish, asked }) => (wish ?? asked)?.clipId === clip.id)
  const isComparing = previews.length > 0 || (isAwaited && clip.enhance.isEnabled)
  const picture = useMemo(() => sizeOf(source, clip), [source, clip])
  const stillUrl = mediaUrl({
    kind: 'frame',
    sourceId: source.id,
    frame: playhead,
    // The host enlarges with its own bicubic filter, so that both sides of a comparison lie on one grid.
    width: isComparing ? picture.width : undefined,
  })
  return { previews, isComparing, picture, stillUrl, enhancedUrl: enhancedUrlOf(previews, playhead) }
}

/**
 * Playing a finished preview begins when all of its pictures are there; the original's too where no film plays beside them.
 * Returns what resolves then, and whether they are being loaded.
 */
export function useGetReady({ previews, picture }: Comparison, { id: sourceId }: Source, hasFilm: boolean) {
  const [isLoading, setLoading] = useState(false)
  const { width } = picture
  const getReady = useCallback(
    async (signal: AbortSignal): Promise<void> => {
      const { range } = useSession.getState()
      const covered = range && coverage(previews).find((c) => c.from === range.from && c.to === range.to)
      if (!range || covered?.state !== 'ready') return
      const frames = Array.from({ length: range.to - range.from }, (_, i) => range.from + i)
      const urls = frames.flatMap((frame) => enhancedUrlOf(previews, frame) ?? [])
      const originals = frames.map((frame) => mediaUrl({ kind: 'frame', sourceId, frame, width }))
      setLoading(true)
      await enhanced.loadAll(urls, signal)
      if (!hasFilm) await stills.loadAll(originals, signal)
      setLoading(false)
    },
    [previews, sourceId, width, hasFilm],
  )
  return [getReady, isLoading] as const
}

/** While the film plays, the next few pictures are decoded before they are due. */
export function useDecodedAhead({ previews, enhancedUrl }: Comparison, playhead: number): void {
  const isPlaying = useSession((s) => s.isPlaying)
  useEffect(() => {
    if (!isPlaying || enhancedUrl === undefined) return
    for (let frame = playhead + 1; frame <= playhead + 4; frame++) {
      const url = enhancedUrlOf(previews, frame)
      if (url === undefined) continue
      enhanced
        .ready(url)
        ?.decode()
        .catch(() => {
          // Dropped meanwhile; drawing it will decode it again.
        })
    }
  }, [isPlaying, enhancedUrl, playhead, previews])
}
