// The times above a strip or a lane, and where what is seen of it lies in the whole.
import { firstFrameFrom, secondsOf } from '../../../electron/shared/media/frameTable.js'
import { FrameTable } from '../../../electron/shared/media/source.js'
import { formatSeconds, formatTimecode } from '../../../electron/shared/media/timecode.js'
import { Scale, tickStep, ticks, toX } from './scale.js'
import styles from './Timeline.module.css'

/** Pixels, however large letters are. */
const letterHeight = (): number => parseFloat(getComputedStyle(document.documentElement).fontSize) || 16

/** The first frame that is shown from then on: none at the very end. */
function frameFrom(table: FrameTable, seconds: number): number[] {
  const frame = firstFrameFrom(table, seconds)
  return secondsOf(table, frame) < seconds - 1e-6 ? [] : [frame]
}

/** Whole seconds, or frames of the film where there is room for them: written like the time under the picture. */
export function Ruler({ scale, table }: { scale: Scale; table: FrameTable }) {
  const letter = letterHeight()
  const room = 6 * letter
  const all = ticks(scale, room)
  const frames = tickStep(scale, room) < 1 ? [...new Set(all.flatMap((s) => frameFrom(table, s)))] : undefined
  const times = frames
    ? frames.map((frame) => ({ seconds: secondsOf(table, frame), words: formatTimecode(table, frame) }))
    : all.map((seconds) => ({ seconds, words: formatSeconds(seconds) }))
  /** At the end of the strip half a time says nothing: the line alone marks the place. */
  const fits = (seconds: number, words: string): boolean =>
    toX(scale, seconds) + (0.5 * words.length + 0.3) * letter <= scale.width
  return (
    <div className={styles.ruler} aria-hidden>
      {times.map(({ seconds, words }) => (
        <span key={seconds} className={styles.tick} style={{ left: toX(scale, seconds) }}>
          {fits(seconds, words) ? words : '\u200b'}
        </span>
      ))}
    </div>
  )
}

/** Where the visible part lies in the whole. */
export function MiniMap({ scale }: { scale: Scale }) {
  return (
    <div className={styles.miniMap} aria-hidden>
      <div
        style={{
          left: `${(scale.start / scale.whole) * 100}%`,
          width: `${(scale.span / scale.whole) * 100}%`,
        }}
      />
    </div>
  )
}
