// The line between original and enhanced with its round handle; a slider for keyboards and screen readers. The pointer is
// handled by the pane, which can be taken hold of within reach of the line.
import { useTranslation } from 'react-i18next'
import { afterKey } from '../../stores/divider.js'
import { setSession, useSession } from '../../stores/session.js'
import styles from './Viewer.module.css'

export function DividerHandle() {
  const { t } = useTranslation()
  const divider = useSession((s) => s.divider)
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
      <span className={styles.knob} aria-hidden>
        ⇄
      </span>
    </div>
  )
}
