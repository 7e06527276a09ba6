// What there is to compare of a clip at the playhead: its original, and what previews made of it with its present settings.
import { useCallback, useEffect, useMemo, useState } from 'react'
import { Clip } from '../../../electron/shared/document/project.js'
import { secondsOf } from '../../../electron/shared/media/frameTable.js'
import { Source, displaySize } from '../../../electron/shared/media/source.js'
import { Rendered, coveredRanges, isRendered, isWorkedOn } from '../../stores/compare.js'
import { useRendered } from '../../stores/coverage.js'
import { LaidFrame, LaidOut, indexAt, indexInHand, useLaidOut } from '../../stores/laidOut.js'
import { Framing } from '../../stores/filmSize.js'
import { mediaUrl } from '../../stores/host.js'
import { usePreview } from '../../stores/preview.js'
import { useSession } from '../../stores/session.js'
import { Size } from '../../stores/view.js'
import { MotionKind } from '../../stores/motion.js'
import { useFraming } from './framing.js'
import { enhanced, stills } from './pictures.js'

/** The output grid. */
export function sizeOf(source: Source, { enhance }: Clip): Size {
  const size = displaySize(source.video)
  const scale = enhance.isEnabled ? enhance.scale : 1
  return { width: size.width * scale, height: size.height * scale }
}

/** What a clip's pictures have become, in the words for it: enhanced, or only shown by another motion. */
export const madeOf = ({ enhance, motion }: Clip): 'compare.enhanced' | `motion.kind.${MotionKind}` =>
  enhance.isEnabled || !motion ? 'compare.enhanced' : `motion.kind.${motion.kind}`

export interface Comparison {
  made: ReturnType<typeof madeOf>
  rendered: readonly Rendered[]
  isComparing: boolean
  /** In pixels of the output. */
  picture: Size
  framing: Framing | undefined
  stillUrl: string
  /** What is there of what the film shows of frames [from, to), in order. */
  urlsIn: (from: number, to: number) => string[]
  /** At the playhead; and of the next few. */
  enhancedUrl: string | undefined
  /** What is looked at was never filmed. */
  isEstimate: boolean
  urlsAhead: string[]
}

/** What the film shows: by its motion, else every frame itself. */
type Place = Pick<LaidFrame, 'key' | 'way' | 'during'>

export function useComparison(clip: Clip, source: Source, playhead: number): Comparison {
  const { recipe, rendered: found } = useRendered(clip)
  const isShown = isWorkedOn(clip)
  const rendered = useMemo(() => (isShown ? found : []), [isShown, found])
  const laidOut = useLaidOut(clip)
  const between = useSession((s) => s.between)
  const urlOf = useCallback(
    ({ key: frame, way, during }: Place): string | undefined =>
      recipe !== undefined && isRendered(rendered, during)
        ? mediaUrl({ kind: 'rendered', sourceId: source.id, recipe, frame, way: way || undefined })
        : undefined,
    [recipe, rendered, source.id],
  )
  const urlsIn = useCallback(
    (from: number, to: number): string[] => placesIn(clip, laidOut, from, to).flatMap((p) => urlOf(p) ?? []),
    [clip, laidOut, urlOf],
  )
  const [now, ...ahead] = placesFrom(clip, laidOut, { playhead, between })
  // While another preview is about to take the place of one, the comparison stays, and says what is not there yet.
  const isAwaited = usePreview(({ wish, asked }) => (wish ?? asked)?.clipId === clip.id)
  const isComparing = rendered.length > 0 || (isAwaited && isShown)
  const picture = useMemo(() => sizeOf(source, clip), [source, clip])
  const framing = useFraming(clip)
  const stillUrl = mediaUrl({
    kind: 'frame',
    sourceId: source.id,
    frame: playhead,
    // The host enlarges with its own bicubic filter, so that both sides of a comparison lie on one grid.
    width: isComparing ? picture.width : undefined,
  })
  const enhancedUrl = now && urlOf(now)
  const urlsAhead = ahead.flatMap((place) => urlOf(place) ?? [])
  const isEstimate = now !== undefined && now.way > 0
  return {
    ...{ made: madeOf(clip), rendered, isComparing, picture, framing, stillUrl, urlsIn },
    ...{ enhancedUrl, isEstimate, urlsAhead },
  }
}

const itself = (frame: number): Place => ({ key: frame, way: 0, during: frame })

/** What the film shows while its source shows frames [from, to). Nothing of a motion that is not known yet. */
function placesIn({ motion }: Clip, laidOut: LaidOut | undefined, from: number, to: number): Place[] {
  if (!motion) return Array.from({ length: to - from }, (_, i) => itself(from + i))
  if (!laidOut) return []
  const [begin, end] = [secondsOf(laidOut.table, from), secondsOf(laidOut.table, to)]
  return laidOut.frames.slice(indexAt(laidOut, begin), indexAt(laidOut, end) + 1)
}

const decodedAhead = 4

/** What is looked at, and the next few. Outside of its clip a motion shows nothing of that moment. */
function placesFrom(
  { from, to, motion }: Clip,
  laidOut: LaidOut | undefined,
  at: Parameters<typeof indexInHand>[1],
): Place[] {
  if (!motion) return Array.from({ length: 1 + decodedAhead }, (_, i) => itself(at.playhead + i))
  if (!laidOut || at.playhead < from || at.playhead >= to) return []
  const index = indexInHand(laidOut, at)
  return laidOut.frames.slice(index, index + 1 + decodedAhead)
}

/**
 * Playing a finished preview begins when all of its pictures are there; the original's too where no film plays beside them.
 * Returns what resolves then, and whether they are being loaded.
 */
export function useGetReady(
  { rendered, picture, urlsIn }: Comparison,
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
      const urls = urlsIn(range.from, range.to)
      const originals = frames.map((frame) => mediaUrl({ kind: 'frame', sourceId, frame, width }))
      setLoading(true)
      await enhanced.loadAll(urls, signal)
      if (!hasFilm) await stills.loadAll(originals, signal)
      setLoading(false)
    },
    [rendered, urlsIn, sourceId, width, hasFilm],
  )
  return [getReady, isLoading] as const
}

/** While the film plays, the next few pictures are decoded before they are due. */
export function useDecodedAhead({ urlsAhead, enhancedUrl }: Comparison): void {
  const isPlaying = useSession((s) => s.isPlaying)
  useEffect(() => {
    if (!isPlaying || enhancedUrl === undefined) return
    for (const url of urlsAhead)
      enhanced
        .ready(url)
        ?.decode()
        .catch(() => {
          // Dropped meanwhile; drawing it will decode it again.
        })
  }, [isPlaying, enhancedUrl, urlsAhead])
}
