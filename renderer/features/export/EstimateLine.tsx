// What an export will cost, below everything that decides it.
import { ReactNode } from 'react'
import { Lookup } from '../../../electron/shared/words/lookup.js'
import { Estimate } from '../../../electron/shared/contract/render.js'
import { useWords } from '../../stores/words.js'
import { formatBytes, formatDuration, formatNumber } from '../../ui/format.js'
import styles from './Export.module.css'

interface EstimateProps {
  estimate: Estimate | undefined
  hasFailed: boolean
  path: string
  /** The size is not worked out yet: nothing is said of it. */
  isSizeOpen: boolean
  /** What else is said of it. */
  children: ReactNode
}

/** "40 MB to 70 MB"; one size where both are written alike. */
function sizeWords({ bytes, bytesFrom, bytesTo }: Estimate, language: string, t: Lookup): string {
  const from = formatBytes(language, bytesFrom ?? bytes)
  const to = formatBytes(language, bytesTo ?? bytes)
  return from === to ? t('export.about', { size: from }) : t('export.aboutRange', { from, to })
}

export function EstimateLine({ estimate, hasFailed, path, isSizeOpen, children }: EstimateProps) {
  const { t, language } = useWords()
  if (!estimate)
    return (
      <div className={styles.estimate} role="status">
        <p>{hasFailed ? '' : t('export.preparing')}</p>
        <p>{children}</p>
      </div>
    )
  const facts = [
    `${estimate.width} × ${estimate.height}`,
    t('export.frames', { frames: formatNumber(language, estimate.frames) }),
    formatDuration(language, estimate.seconds),
    ...(isSizeOpen ? [] : [sizeWords(estimate, language, t)]),
  ]
  const isFull = estimate.freeBytes !== undefined && estimate.freeBytes < (estimate.bytesTo ?? estimate.bytes)
  const { frames, framesKept } = estimate
  const kept = framesKept > 0 && t('noteMadeBefore', { kept: framesKept, total: frames })
  return (
    <div className={styles.estimate} title={path} role="status">
      <p className={styles.facts}>{facts.join(' · ')}</p>
      <p>
        {estimate.workMs === undefined
          ? t('export.workUnknown')
          : t(estimate.isGuess ? 'export.workGuess' : 'export.work', {
              time: formatDuration(language, Math.max(1, Math.round(estimate.workMs / 1000))),
            })}
        {estimate.freeBytes !== undefined &&
          ` ${t('export.free', { size: formatBytes(language, estimate.freeBytes) })}`}
      </p>
      {kept && <p>{kept}</p>}
      <p>{children}</p>
      {isFull && <p className={styles.full}>{t('export.full')}</p>}
    </div>
  )
}
