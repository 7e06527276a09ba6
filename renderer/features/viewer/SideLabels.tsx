// "Original" and "Enhanced", or what else a clip has become, on the picture: they fade when the pointer rests, and come back when it moves. The badge for a frame
// that is not enhanced yet stays.
import { useEffect, useState } from 'react'
import { CompareMode, useSession } from '../../stores/session.js'
import { useWords } from '../../stores/words.js'
import { Comparison } from './comparison.js'
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
  comparison: Pick<Comparison, 'made' | 'isEstimate' | 'isComparing'>
  isOriginalOnly: boolean
  isWaiting: boolean
}

export function SideLabels({ mode, comparison, isOriginalOnly, isWaiting }: Props) {
  const { t } = useWords()
  const isActive = useActivity()
  const isVertical = useSession((s) => s.divider.isVertical)
  const gain = useSession((s) => s.gain)
  const { made, isEstimate, isComparing } = comparison
  if (!isComparing) return null
  const difference =
    gain === 1 ? t('compare.plainDifference') : t('compare.different', { gain: String(gain) })
  const name = mode === 'difference' ? difference : t(made)
  const stays = mode === 'ab' || mode === 'difference'
  const fading = isActive || stays ? '' : styles.faded
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
            {t(made === 'compare.enhanced' ? 'compare.notYet' : 'compare.notMade')}
          </span>
        ) : (
          <span className={`${styles.label} ${second} ${styles.labelEnhanced} ${fading}`}>
            {isEstimate ? t('compare.estimate', { made: name }) : name}
          </span>
        ))}
    </>
  )
}
