// The line between original and enhanced with its round handle; a slider for keyboards and screen readers. The pointer is
// handled by the pane, which can be taken hold of within reach of the line.
import { Divider, afterKey } from '../../stores/divider.js'
import { setSession } from '../../stores/session.js'
import { useWords } from '../../stores/words.js'
import styles from './Viewer.module.css'

interface Props {
  /** As it is on screen. */
  divider: Divider
  /** Where along the line its handle stands, 0 to 1. */
  middle: number
}

export function DividerHandle({ divider, middle }: Props) {
  const { t } = useWords()
  const percent = Math.round(divider.position * 100)
  const place = divider.isVertical
    ? { left: `${divider.position * 100}%` }
    : { top: `${divider.position * 100}%` }
  return (
    <div
      role="slider"
      tabIndex={0}
      aria-label={t('compare.dividerLabel')}
      aria-orientation={divider.isVertical ? 'horizontal' : 'vertical'}
      aria-valuemin={0}
      aria-valuemax={100}
      aria-valuenow={percent}
      aria-valuetext={t('compare.dividerValue', { percent })}
      className={`${styles.divider} ${divider.isVertical ? styles.upright : styles.level}`}
      style={place}
      onKeyDown={(event) => {
        if (event.ctrlKey || event.altKey || event.metaKey) return
        const next = afterKey(divider, event.key, event.shiftKey)
        if (!next) return
        event.preventDefault()
        event.stopPropagation()
        setSession({ divider: next })
      }}
    >
      <span
        className={styles.knob}
        style={{ [divider.isVertical ? 'top' : 'left']: `${middle * 100}%` }}
        aria-hidden
      >
        ⇄
      </span>
    </div>
  )
}
