// What there is to compare of a clip at the playhead: its original, and what previews made of it with its present settings.
import { useCallback, useEffect, useMemo, useState } from 'react'
import { Clip } from '../../../electron/shared/document/project.js'
import { Source, displaySize } from '../../../electron/shared/media/source.js'
import { Rendered, coveredRanges, isRendered } from '../../stores/compare.js'
import { useRendered } from '../../stores/coverage.js'
import { Framing } from '../../stores/filmSize.js'
import { mediaUrl } from '../../stores/host.js'
import { usePreview } from '../../stores/preview.js'
import { useSession } from '../../stores/session.js'
import { Size } from '../../stores/view.js'
import { useFraming } from './framing.js'
import { enhanced, stills } from './pictures.js'

/** The output grid. */
export function sizeOf(source: Source, { enhance }: Clip): Size {
  const size = displaySize(source.video)
  const scale = enhance.isEnabled ? enhance.scale : 1
  return { width: size.width * scale, height: size.height * scale }
}

export interface Comparison {
  rendered: readonly Rendered[]
  isComparing: boolean
  /** In pixels of the output. */
  picture: Size
  framing: Framing | undefined
  stillUrl: string
  /** Of a frame as these settings make it; undefined where it is not there. */
  urlOf: (frame: number) => string | undefined
  /** At the playhead. */
  enhancedUrl: string | undefined
}

export function useComparison(clip: Clip, source: Source, playhead: number): Comparison {
  const { recipe, rendered: found } = useRendered(clip)
  const { isEnabled } = clip.enhance
  const rendered = useMemo(() => (isEnabled ? found : []), [isEnabled, found])
  const urlOf = useCallback(
    (frame: number): string | undefined =>
      recipe !== undefined && isRendered(rendered, frame)
        ? mediaUrl({ kind: 'rendered', sourceId: source.id, recipe, frame })
        : undefined,
    [recipe, rendered, source.id],
  )
  // While another preview is about to take the place of one, the comparison stays, and says what is not there yet.
  const isAwaited = usePreview(({ wish, asked }) => (wish ?? asked)?.clipId === clip.id)
  const isComparing = rendered.length > 0 || (isAwaited && isEnabled)
  const picture = useMemo(() => sizeOf(source, clip), [source, clip])
  const framing = useFraming(clip)
  const stillUrl = mediaUrl({
    kind: 'frame',
    sourceId: source.id,
    frame: playhead,
    // The host enlarges with its own bicubic filter, so that both sides of a comparison lie on one grid.
    width: isComparing ? picture.width : undefined,
  })
  return { rendered, isComparing, picture, framing, stillUrl, urlOf, enhancedUrl: urlOf(playhead) }
}

/**
 * Playing a finished preview begins when all of its pictures are there; the original's too where no film plays beside them.
 * Returns what resolves then, and whether they are being loaded.
 */
export function useGetReady(
  { rendered, picture, urlOf }: Comparison,
  { id: sourceId }: Source,
  hasFilm: boolean,
) {
  const [isLoading, setLoading] = useState(false)
  const { width } = picture
  const getReady = useCallback(
    async (signal: AbortSignal): Promise<void> => {
      const { range } = useSession.getState()
      const covered = range && coveredRanges(rendered).find((c) => c.from === range.from && c.to === range.to)
      if (!range || covered?.state !== 'ready') return
      const frames = Array.from({ length: range.to - range.from }, (_, i) => range.from + i)
      const urls = frames.flatMap((frame) => urlOf(frame) ?? [])
      const originals = frames.map((frame) => mediaUrl({ kind: 'frame', sourceId, frame, width }))
      setLoading(true)
      await enhanced.loadAll(urls, signal)
      if (!hasFilm) await stills.loadAll(originals, signal)
      setLoading(false)
    },
    [rendered, urlOf, sourceId, width, hasFilm],
  )
  return [getReady, isLoading] as const
}

/** While the film plays, the next few pictures are decoded before they are due. */
export function useDecodedAhead({ urlOf, enhancedUrl }: Comparison, playhead: number): void {
  const isPlaying = useSession((s) => s.isPlaying)
  useEffect(() => {
    if (!isPlaying || enhancedUrl === undefined) return
    for (let frame = playhead + 1; frame <= playhead + 4; frame++) {
      const url = urlOf(frame)
      if (url === undefined) continue
      enhanced
        .ready(url)
        ?.decode()
        .catch(() => {
          // Dropped meanwhile; drawing it will decode it again.
        })
    }
  }, [isPlaying, enhancedUrl, playhead, urlOf])
}
