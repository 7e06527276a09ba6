// The whole film on one line: every clip at its place and as long as it lasts, under a ruler in times of the film, with the film's playhead. The wheel zooms;
// the ruler is for the playhead, the clips are a list of which one is in hand.
import { useEffect, useMemo, useRef, useState } from 'react'
import { Clip } from '../../../electron/shared/document/project.js'
import { frameAt, frameCount, secondsOf } from '../../../electron/shared/media/frameTable.js'
import { formatTimecode } from '../../../electron/shared/media/timecode.js'
import { FilmTime, useFilmTime } from '../../stores/filmTime.js'
import { clipOf, useProject } from '../../stores/project.js'
import { pause, selectClipById } from '../../stores/scene.js'
import { useSession } from '../../stores/session.js'
import { useFilmFrame } from '../../stores/standing.js'
import { useWords } from '../../stores/words.js'
import { usePieces } from '../../ui/pieces.js'
import { useSize } from '../../ui/size.js'
import { LaneClip } from './LaneClip.js'
import { MiniMap, Ruler } from './Ruler.js'
import { useLanePlayhead, useZoomByWheel } from './hands.js'
import { useReorder } from './reorder.js'
import { Scale, clampView, scaleOf, toSeconds, toX } from './scale.js'
import styles from './Timeline.module.css'

export function FilmLane() {
  return (
    <>
      <Lane />
      <SpokenOrder />
    </>
  )
}

interface Moved {
  name: string
  place: number
  count: number
}

/** The clip that stands elsewhere after an edit that only changed the order: the one in hand, if it is among them. */
function movedIn(
  now: readonly Clip[],
  before: readonly Clip[],
  chosen: string | undefined,
): Moved | undefined {
  const known = new Set(before.map(({ id }) => id))
  if (now.length !== before.length || !now.every(({ id }) => known.has(id))) return undefined
  const others = now.filter(({ id }, i) => id !== before[i]?.id)
  const moved = others.find(({ id }) => id === chosen) ?? others[0]
  return moved && { name: moved.name, place: now.indexOf(moved) + 1, count: now.length }
}

/** For screen readers: what stands where after a swap, be it by a key, a menu or undoing. */
function SpokenOrder() {
  const { t } = useWords()
  const [moved, setMoved] = useState<Moved>()
  useEffect(
    () =>
      useProject.subscribe(({ project }, before) => {
        if (project.clips === before.project.clips) return
        setMoved(movedIn(project.clips, before.project.clips, useSession.getState().selectedClipId))
      }),
    [],
  )
  return (
    <div className="visually-hidden" role="status" aria-live="polite">
      {moved && t('timeline.moved', { ...moved })}
    </div>
  )
}

function Lane() {
  const lane = useRef<HTMLDivElement>(null)
  const { width } = useSize(lane)
  const film = useFilmTime()
  const view = useSession((s) => s.lane)
  const whole = film.seconds
  const scale = useMemo(() => {
    const { startSeconds, spanSeconds = whole } = view
    return scaleOf(clampView(startSeconds, spanSeconds, whole, 0), width, whole)
  }, [view, width, whole])
  useZoomByWheel(lane, 'lane', whole, (whole / Math.max(1, frameCount(film.table))) * 4)
  return (
    <div ref={lane} className={styles.lane} data-testid="lane">
      <LaneTime scale={scale} />
      <LaneClips film={film} scale={scale} />
      <LanePlayhead scale={scale} />
      {scale.span < whole && <MiniMap scale={scale} />}
    </div>
  )
}

/** The ruler: where it is clicked or dragged over, the playhead is. */
function LaneTime({ scale }: { scale: Scale }) {
  const { t } = useWords()
  const ruler = useRef<HTMLDivElement>(null)
  const { film, frame } = useFilmFrame()
  const frameUnder = (clientX: number): number => {
    const left = ruler.current?.getBoundingClientRect().left ?? 0
    return frameAt(film.table, Math.max(0, toSeconds(scale, clientX - left)))
  }
  const handlers = useLanePlayhead(
    scale,
    frame === undefined ? undefined : secondsOf(film.table, frame),
    frameUnder,
  )
  return (
    <div
      ref={ruler}
      role="slider"
      tabIndex={0}
      aria-label={t('timeline.time')}
      aria-valuemin={0}
      aria-valuemax={Math.max(0, frameCount(film.table) - 1)}
      aria-valuenow={frame ?? 0}
      aria-valuetext={frame === undefined ? t('viewer.notInFilm') : formatTimecode(film.table, frame)}
      className={styles.laneRuler}
      onFocus={pause}
      {...handlers}
    >
      <Ruler scale={scale} table={film.table} />
    </div>
  )
}

function LaneClips({ film, scale }: { film: FilmTime; scale: Scale }) {
  const { t } = useWords()
  const selected = useSession((s) => s.selectedClipId)
  const clips = useProject((s) => s.project.clips)
  const chosen = useProject((s) => clipOf(s.project, selected)?.id)
  const list = useRef<HTMLDivElement>(null)
  const { moving, handlers } = useReorder(film.pieces, scale)
  const hands = usePieces(list, {
    ids: clips.map(({ id }) => id),
    chosen,
    choose: selectClipById,
    along: 'row',
  })
  return (
    <div
      ref={list}
      role="listbox"
      aria-orientation="horizontal"
      aria-label={t('timeline.order')}
      className={styles.laneClips}
      {...hands}
      {...handlers}
    >
      {film.pieces.map((piece, index) => {
        const isChosen = piece.clip.id === chosen
        const [left, right] = [toX(scale, piece.at), toX(scale, piece.at + piece.seconds)]
        // What has the focus, or would get it, is there wherever it is.
        if (!isChosen && (right < 0 || left > scale.width)) return null
        return (
          <LaneClip
            key={piece.clip.id}
            {...{ piece, scale, isChosen }}
            place={index + 1}
            count={film.pieces.length}
            isMoving={moving?.id === piece.clip.id}
          />
        )
      })}
      {moving && <div className={styles.insertion} style={{ left: moving.x }} data-testid="insertion" />}
    </div>
  )
}

function LanePlayhead({ scale }: { scale: Scale }) {
  const { film, frame } = useFilmFrame()
  const left = frame === undefined ? -1 : toX(scale, secondsOf(film.table, frame))
  if (left < -0.5 || left > scale.width + 1) return null
  return <div className={styles.lanePlayhead} style={{ left }} data-testid="lane-playhead" aria-hidden />
}
