// The timeline: the whole source of the clip in hand as a strip of pictures and sound, with the film's clips marked on it, the
// playhead, and handles for start and end; below it the whole film, where it has several clips.
import { useMemo, useRef } from 'react'
import { durationOf, frameAt, secondsOf, frameCount } from '../../../electron/shared/media/frameTable.js'
import { Clip } from '../../../electron/shared/document/project.js'
import { FrameTable, Source, displaySize } from '../../../electron/shared/media/source.js'
import { formatTimecode } from '../../../electron/shared/media/timecode.js'
import { pause } from '../../stores/scene.js'
import { coveredRanges, isWorkedOn } from '../../stores/compare.js'
import { useRendered } from '../../stores/coverage.js'
import { useFilmClock } from '../../stores/filmClock.js'
import { clipOf, useProject } from '../../stores/project.js'
import { useSession } from '../../stores/session.js'
import { useSources } from '../../stores/sources.js'
import { useWords } from '../../stores/words.js'
import { useSize } from '../../ui/size.js'
import { EstimatedBar } from './EstimatedBar.js'
import { FilmLane } from './FilmLane.js'
import { Filmstrip } from './Filmstrip.js'
import { MiniMap, Ruler } from './Ruler.js'
import { TimelineTools } from './TimelineTools.js'
import { TrimHandle } from './TrimHandle.js'
import { gaps } from './gaps.js'
import { useScrubbing, useZoomByWheel } from './hands.js'
import { WaveformStrip } from './WaveformStrip.js'
import { Scale, scaleOf, toSeconds, toX } from './scale.js'
import styles from './Timeline.module.css'

export function Timeline() {
  const { t } = useWords()
  const selected = useSession((s) => s.selectedClipId)
  const clip = useProject((s) => clipOf(s.project, selected))
  const source = useSources((s) => clip && s.sources[clip.sourceId])
  const table = useSources((s) => clip && s.tables[clip.sourceId])
  const isMissing = useSources((s) => clip !== undefined && s.missing[clip.sourceId] !== undefined)
  // Of one clip the strip shows all that a lane would.
  const hasLane = useProject((s) => s.project.clips.length > 1)
  return (
    <section className={styles.timeline} aria-label={t('timeline.label')} data-lane={hasLane}>
      <TimelineTools hasClip={clip !== undefined} isMissing={isMissing} />
      {clip && source && table ? (
        <Strip clip={clip} source={source} table={table} />
      ) : (
        <div className={styles.empty} />
      )}
      {hasLane && <FilmLane />}
    </section>
  )
}

/** In the times of the film: a clip that is slowed down is as much longer here. */
function Strip({ clip, source, table: filmed }: { clip: Clip; source: Source; table: FrameTable }) {
  const { t } = useWords()
  const strip = useRef<HTMLDivElement>(null)
  const { width } = useSize(strip)
  const view = useSession((s) => s.timeline)
  const { shown: table, counted, now, firstOf } = useFilmClock(clip, filmed)
  const trimming = useSession((s) => s.trimming)
  const clips = useProject((s) => s.project.clips)
  const whole = durationOf(table)
  const scale = useMemo(() => scaleOf(view, width, whole), [view, width, whole])
  useZoomByWheel(strip, 'timeline', whole, (whole / frameCount(counted)) * 4)
  const own = clips.filter((c) => c.sourceId === source.id)
  const frameUnder = (clientX: number): number => {
    const edge = strip.current?.getBoundingClientRect()
    return frameAt(table, Math.max(0, toSeconds(scale, clientX - (edge?.left ?? 0))))
  }
  const handlers = useScrubbing({ table, width, own, clip, frameUnder })
  const x = (frame: number): number => toX(scale, secondsOf(table, frame))
  const present = own.map((c) => (trimming?.clipId === c.id ? { ...c, ...trimming } : c))
  const current = present.find((c) => c.id === clip.id) ?? clip
  const timeOf = (frame: number): string => formatTimecode(counted, firstOf(frame))
  const handle = { clip: current, original: clip, table, frameUnder, timeOf }
  return (
    <div className={styles.strip} ref={strip}>
      <div className={styles.surface} {...handlers} data-testid="timeline">
        <Ruler scale={scale} table={counted} />
        <div className={styles.renderBar}>
          <RenderBar clip={clip} x={x} />
        </div>
        <Filmstrip source={source} table={table} scale={scale} aspect={aspectOf(source)} />
        <EstimatedBar clips={present} source={source} x={x} />
        <WaveformStrip source={source} shown={table} filmed={filmed} scale={scale} />
        <ClipMarks clips={present} chosen={clip} frames={frameCount(table)} x={x} />
      </div>
      <TrimHandle edge="from" {...handle} x={x(current.from)} />
      <TrimHandle edge="to" {...handle} x={x(current.to)} />
      <Playhead
        frames={frameCount(table)}
        counted={counted}
        now={now}
        scale={scale}
        width={width}
        label={t('timeline.playhead')}
      />
      {view.spanSeconds !== undefined && <MiniMap scale={scale} />}
    </div>
  )
}

interface MarksProps {
  /** All of one source, as a drag would leave them. */
  clips: readonly Clip[]
  chosen: Clip
  /** Of the source. */
  frames: number
  x: (frame: number) => number
}

/** The clips on the strip; what belongs to none of them is dim. */
function ClipMarks({ clips, chosen, frames, x }: MarksProps) {
  const dims = gaps(
    clips.map((c) => [c.from, c.to] as const),
    frames,
  )
  const place = (from: number, to: number) => ({ left: x(from), width: x(to) - x(from) })
  return (
    <>
      {dims.map(([from, to]) => (
        <div key={from} className={styles.dim} style={place(from, to)} />
      ))}
      {clips.map(({ id, from, to }) => (
        <div
          key={id}
          className={`${styles.clip} ${id === chosen.id ? styles.chosen : ''}`}
          style={place(from, to)}
        />
      ))}
    </>
  )
}

const aspectOf = (source: Source): number => {
  const { width, height } = displaySize(source.video)
  return width / height
}

function RenderBar({ clip, x }: { clip: Clip; x: (frame: number) => number }) {
  const { rendered } = useRendered(clip)
  const covered = isWorkedOn(clip) ? coveredRanges(rendered) : []
  return covered.map((range) => (
    <div
      key={`${range.from}-${range.state}`}
      className={range.state === 'ready' ? styles.ready : styles.working}
      style={{ left: x(range.from), width: x(range.to) - x(range.from) }}
      data-state={range.state}
    />
  ))
}

interface PlayheadProps {
  /** Of the source. */
  frames: number
  /** The film's frames, and which of them is looked at. */
  counted: FrameTable
  now: number
  scale: Scale
  width: number
  label: string
}

function Playhead({ frames, counted, now, scale, width, label }: PlayheadProps) {
  const playhead = useSession((s) => Math.min(s.playhead, frames - 1))
  const left = toX(scale, secondsOf(counted, now))
  if (left < -1 || left > width + 1) return null
  const isNearEnd = left > width - 110
  return (
    <div
      className={styles.playhead}
      style={{ left }}
      role="slider"
      tabIndex={0}
      aria-label={label}
      aria-valuemin={0}
      aria-valuemax={frames - 1}
      aria-valuenow={playhead}
      aria-valuetext={formatTimecode(counted, now)}
      onFocus={pause}
    >
      <span className={`${styles.playheadTime} ${isNearEnd ? styles.leftOf : ''}`}>
        {formatTimecode(counted, now)}
      </span>
    </div>
  )
}
