// The start or end handle of the clip in hand. A drag is session until the pointer is up, then one command; arrow keys move it
// frame by frame.
import { frameCount } from '../../../electron/shared/media/frameTable.js'
import { KeyboardEvent, PointerEvent } from 'react'
import { Clip } from '../../../electron/shared/document/project.js'
import { FrameTable } from '../../../electron/shared/media/source.js'
import { trimClip } from '../../commands/trimClip.js'
import { pause } from '../../stores/scene.js'
import { run } from '../../stores/project.js'
import { setSession, useSession } from '../../stores/session.js'
import { useWords } from '../../stores/words.js'
import styles from './Timeline.module.css'

interface Props {
  edge: 'from' | 'to'
  /** As the drag would leave it. */
  clip: Clip
  /** As the document has it. */
  original: Clip
  table: FrameTable
  /** A frame's time in the film, in words. */
  timeOf: (frame: number) => string
  x: number
  frameUnder: (clientX: number) => number
}

export function TrimHandle(props: Props) {
  const { edge, clip, original, timeOf, x } = props
  const { t } = useWords()
  const [low, high] = reachOf(props)
  const cancel = (): void => {
    setSession({ trimming: undefined })
    look(edge, original[edge])
  }
  return (
    <div
      role="slider"
      tabIndex={0}
      aria-label={t(edge === 'from' ? 'timeline.start' : 'timeline.end')}
      aria-valuemin={low}
      aria-valuemax={high}
      aria-valuenow={clip[edge]}
      aria-valuetext={timeOf(clip[edge])}
      className={`${styles.handle} ${edge === 'from' ? styles.handleFrom : styles.handleTo}`}
      style={{ left: x }}
      onPointerDown={(event) => onPointerDown(event, clip)}
      onPointerMove={(event) => onPointerMove(event, props)}
      onPointerUp={() => onPointerUp(edge)}
      onPointerCancel={cancel}
      onKeyDown={(event) => onKeyDown(event, props)}
    />
  )
}

/** The first and the last frame at which this edge can stand. */
const reachOf = ({ edge, clip, table }: Props): readonly [low: number, high: number] =>
  edge === 'from' ? [0, clip.to - 1] : [clip.from + 1, frameCount(table)]

/** The frame that is looked at while an edge moves: the first or the last one that stays in. */
const look = (edge: Props['edge'], value: number): void =>
  setSession({ playhead: edge === 'from' ? value : value - 1 })

function onPointerDown(event: PointerEvent, { id, from, to }: Clip): void {
  if (event.button !== 0) return
  event.stopPropagation()
  event.currentTarget.setPointerCapture(event.pointerId)
  pause()
  setSession({ trimming: { clipId: id, from, to } })
}

function onPointerMove(event: PointerEvent, props: Props): void {
  if (!useSession.getState().trimming) return
  const { edge, clip, table, frameUnder } = props
  const frames = frameCount(table)
  const [low, high] = reachOf(props)
  // Above the strip's end the frame under the pointer is the last one: the end edge lies behind it.
  const under = frameUnder(event.clientX)
  const value = limit(edge === 'to' && under >= frames - 1 ? frames : under, low, high)
  setSession({ trimming: { clipId: clip.id, from: clip.from, to: clip.to, [edge]: value } })
  look(edge, value)
}

function onPointerUp(edge: Props['edge']): void {
  const { trimming } = useSession.getState()
  setSession({ trimming: undefined })
  if (trimming) run(trimClip(trimming.clipId, { [edge]: trimming[edge] }))
}

function onKeyDown(event: KeyboardEvent, props: Props): void {
  const { edge, clip } = props
  const value = afterKey(event, props)
  if (value === undefined || event.ctrlKey || event.altKey || event.metaKey) return
  event.preventDefault()
  event.stopPropagation()
  pause()
  run(trimClip(clip.id, { [edge]: value }))
  look(edge, value)
}

/** Where a key puts the edge; undefined when it means nothing. With Shift it goes a twentieth of the source. */
function afterKey({ key, shiftKey }: KeyboardEvent, props: Props): number | undefined {
  const { edge, clip, table } = props
  const [low, high] = reachOf(props)
  if (key === 'Home') return low
  if (key === 'End') return high
  const far = shiftKey ? Math.round(frameCount(table) / 20) || 1 : 1
  const step = { ArrowLeft: -far, ArrowDown: -far, ArrowRight: far, ArrowUp: far }[key]
  return step === undefined ? undefined : limit(clip[edge] + step, low, high)
}

const limit = (frame: number, low: number, high: number): number => Math.min(high, Math.max(low, frame))
