// "Original" and "Enhanced" on the picture: they fade when the pointer rests, and come back when it moves. The badge for a frame
// that is not enhanced yet stays.
import { useEffect, useState } from 'react'
import { CompareMode, useSession } from '../../stores/session.js'
import { useWords } from '../../stores/words.js'
import styles from './Viewer.module.css'

const restMs = 2000

/** True while something moves, and two seconds after. */
function useActivity(): boolean {
  const [isActive, setActive] = useState(true)
  useEffect(() => {
    let timer = setTimeout(() => setActive(false), restMs)
    const wake = (): void => {
      setActive(true)
      clearTimeout(timer)
      timer = setTimeout(() => setActive(false), restMs)
    }
    window.addEventListener('pointermove', wake)
    window.addEventListener('keydown', wake)
    return () => {
      clearTimeout(timer)
      window.removeEventListener('pointermove', wake)
      window.removeEventListener('keydown', wake)
    }
  }, [])
  return isActive
}

interface Props {
  mode: CompareMode
  isComparing: boolean
  isOriginalOnly: boolean
  isWaiting: boolean
}

export function SideLabels({ mode, isComparing, isOriginalOnly, isWaiting }: Props) {
  const { t } = useWords()
  const isActive = useActivity()
  const isVertical = useSession((s) => s.divider.isVertical)
  if (!isComparing) return null
  const fading = isActive || mode === 'ab' ? '' : styles.faded
  const second = mode === 'divider' && !isVertical ? styles.labelBottom : styles.labelRight
  return (
    <>
      {(mode === 'divider' || isOriginalOnly) && (
        <span className={`${styles.label} ${styles.labelLeft} ${isOriginalOnly ? '' : fading}`}>
          {t('compare.original')}
        </span>
      )}
      {!isOriginalOnly &&
        (isWaiting ? (
          <span className={`${styles.label} ${second} ${styles.waiting}`} role="status">
            {t('compare.notYet')}
          </span>
        ) : (
          <span className={`${styles.label} ${second} ${styles.labelEnhanced} ${fading}`}>
            {t('compare.enhanced')}
          </span>
        ))}
    </>
  )
}
