// The start or end handle of the clip in hand. A drag is session until the pointer is up, then one command; arrow keys move it
// frame by frame.
import { frameCount } from '../../../electron/shared/media/frameTable.js'
import { KeyboardEvent, PointerEvent } from 'react'
import { useTranslation } from 'react-i18next'
import { Clip } from '../../../electron/shared/document/project.js'
import { FrameTable } from '../../../electron/shared/media/source.js'
import { formatTimecode } from '../../../electron/shared/media/timecode.js'
import { trimClip } from '../../commands/trimClip.js'
import { pause } from '../../stores/actions.js'
import { run } from '../../stores/project.js'
import { setSession, useSession } from '../../stores/session.js'
import styles from './Timeline.module.css'

interface Props {
  edge: 'from' | 'to'
  /** As the drag would leave it. */
  clip: Clip
  /** As the document has it. */
  original: Clip
  table: FrameTable
  x: number
  frameUnder: (clientX: number) => number
}

export function TrimHandle({ edge, clip, original, table, x, frameUnder }: Props) {
  const { t } = useTranslation()
  const frames = frameCount(table)
  const [low, high] = edge === 'from' ? [0, clip.to - 1] : [clip.from + 1, frames]
  const limit = (frame: number): number => Math.min(high, Math.max(low, frame))
  /** The frame that is looked at while an edge moves: the first or the last one that stays in. */
  const look = (value: number): void => setSession({ playhead: edge === 'from' ? value : value - 1 })

  const onPointerDown = (event: PointerEvent): void => {
    if (event.button !== 0) return
    event.stopPropagation()
    event.currentTarget.setPointerCapture(event.pointerId)
    pause()
    setSession({ trimming: { clipId: clip.id, from: clip.from, to: clip.to } })
  }
  const onPointerMove = (event: PointerEvent): void => {
    if (!useSession.getState().trimming) return
    // Above the strip's end the frame under the pointer is the last one: the end edge lies behind it.
    const under = frameUnder(event.clientX)
    const value = limit(edge === 'to' && under >= frames - 1 ? frames : under)
    setSession({ trimming: { clipId: clip.id, from: clip.from, to: clip.to, [edge]: value } })
    look(value)
  }
  const onPointerUp = (): void => {
    const { trimming } = useSession.getState()
    setSession({ trimming: undefined })
    if (trimming) run(trimClip(trimming.clipId, { [edge]: trimming[edge] }))
  }
  const onKeyDown = (event: KeyboardEvent): void => {
    const far = event.shiftKey ? Math.round(frames / 20) || 1 : 1
    const step = { ArrowLeft: -far, ArrowDown: -far, ArrowRight: far, ArrowUp: far }[event.key]
    const value =
      event.key === 'Home'
        ? low
        : event.key === 'End'
          ? high
          : step === undefined
            ? undefined
            : limit(clip[edge] + step)
    if (value === undefined || event.ctrlKey || event.altKey || event.metaKey) return
    event.preventDefault()
    event.stopPropagation()
    pause()
    run(trimClip(clip.id, { [edge]: value }))
    look(value)
  }
  const cancel = (): void => {
    setSession({ trimming: undefined })
    look(original[edge])
  }
  return (
    <div
      role="slider"
      tabIndex={0}
      aria-label={t(edge === 'from' ? 'timeline.start' : 'timeline.end')}
      aria-valuemin={low}
      aria-valuemax={high}
      aria-valuenow={clip[edge]}
      aria-valuetext={formatTimecode(table, clip[edge])}
      className={`${styles.handle} ${edge === 'from' ? styles.handleFrom : styles.handleTo}`}
      style={{ left: x }}
      onPointerDown={onPointerDown}
      onPointerMove={onPointerMove}
      onPointerUp={onPointerUp}
      onPointerCancel={cancel}
      onKeyDown={onKeyDown}
    />
  )
}
