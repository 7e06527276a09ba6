// Models and the work on them as words a family reads; technical names stay in the details.
import { Lookup } from '../../../electron/shared/words/lookup.js'
import { FoundWeights, ModelInfo, ModelWork } from '../../../electron/shared/contract/models.js'
import { formatBytes, formatDuration } from '../../ui/format.js'

export const originOf = ({ origin }: ModelInfo, t: Lookup): string =>
  origin.kind === 'shipped' || origin.kind === 'placed'
    ? t(`models.origin.${origin.kind}`)
    : t(`models.origin.${origin.kind}`, { from: origin.from ?? '' })

/** "FlashVSR v1.1, as its authors published it" or what is not known about it. */
export function foundWords(found: FoundWeights, t: Lookup): string {
  const version = found.version
  if (found.isReady) return t('models.found.ready', { version: version ?? '' })
  const isKnown = found.files.every((file) => file.isKnown)
  if (version === undefined) return t('models.found.unknown')
  return t(isKnown ? 'models.found.published' : 'models.found.version', { version })
}

export const shareOf = (work: ModelWork): number | undefined =>
  work.bytesTotal > 0 ? Math.min(1, work.bytesDone / work.bytesTotal) : undefined

/** "1.2 GB of 6.4 GB · 12 MB a second · about 7 minutes left" */
export function progressWords(work: ModelWork, locale: string, t: Lookup): string {
  if (work.bytesTotal === 0) return t('models.work.starting')
  const parts = [
    t('models.work.bytes', {
      done: formatBytes(locale, work.bytesDone),
      total: formatBytes(locale, work.bytesTotal),
    }),
    ...(work.bytesPerSecond > 0
      ? [t('models.work.rate', { rate: formatBytes(locale, work.bytesPerSecond) })]
      : []),
    ...(work.leftMs === undefined
      ? []
      : [t('jobs.left', { time: formatDuration(locale, Math.max(1, Math.round(work.leftMs / 1000))) })]),
  ]
  return parts.join(' · ')
}

/** What is being done, with the file in work where it has a name. */
export function stepWords(work: ModelWork, t: Lookup): string {
  const name = work.file ?? work.name
  return t(`models.work.${work.kind === 'download' || work.step !== 'fetch' ? work.step : 'check'}`, { name })
}
