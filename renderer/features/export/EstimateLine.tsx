// What an export will cost, below everything that decides it.
import { TFunction } from 'i18next'
import { useTranslation } from 'react-i18next'
import { Estimate } from '../../../electron/shared/contract/render.js'
import { message, say } from '../../../electron/shared/words/sentences.js'
import { formatBytes, formatDuration, formatNumber } from '../../ui/format.js'
import styles from './Export.module.css'

interface EstimateProps {
  estimate: Estimate | undefined
  hasFailed: boolean
  path: string
}

/** "40 MB to 70 MB"; one size where both are written alike. */
function sizeWords({ bytes, bytesFrom, bytesTo }: Estimate, language: string, t: TFunction): string {
  const from = formatBytes(language, bytesFrom ?? bytes)
  const to = formatBytes(language, bytesTo ?? bytes)
  return from === to ? t('export.about', { size: from }) : t('export.aboutRange', { from, to })
}

export function EstimateLine({ estimate, hasFailed, path }: EstimateProps) {
  const { t, i18n } = useTranslation()
  const lng = i18n.language
  if (!estimate)
    return (
      <p className={styles.estimate} role="status">
        {hasFailed ? '' : t('export.preparing')}
      </p>
    )
  const facts = [
    `${estimate.width} × ${estimate.height}`,
    t('export.frames', { count: estimate.frames, frames: formatNumber(lng, estimate.frames) }),
    formatDuration(lng, estimate.seconds),
    sizeWords(estimate, lng, t),
  ]
  const isFull = estimate.freeBytes !== undefined && estimate.freeBytes < (estimate.bytesTo ?? estimate.bytes)
  const { frames, framesKept } = estimate
  const kept = framesKept > 0 && say(message('noteMadeBefore', { kept: framesKept, total: frames }), lng)
  return (
    <div className={styles.estimate} title={path} role="status">
      <p className={styles.facts}>{facts.join(' · ')}</p>
      <p>
        {estimate.workMs === undefined
          ? t('export.workUnknown')
          : t('export.work', { time: formatDuration(lng, Math.max(1, Math.round(estimate.workMs / 1000))) })}
        {estimate.freeBytes !== undefined &&
          ` ${t('export.free', { size: formatBytes(lng, estimate.freeBytes) })}`}
      </p>
      {kept && <p>{kept}</p>}
      {isFull && <p className={styles.full}>{t('export.full')}</p>}
    </div>
  )
}
