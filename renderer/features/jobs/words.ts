// A job's progress as words.
import { Lookup } from '../../../electron/shared/words/lookup.js'
import { JobState } from '../../../electron/shared/contract/job.js'
import { formatDuration, formatNumber } from '../../ui/format.js'

/** An export or photo is called like the file it makes, once that is known. */
export const nameOf = (job: JobState): string =>
  ((job.kind === 'export' || job.kind === 'photo') && job.outputPath?.split(/[\\/]/).at(-1)) || job.name

export const shareOf = (job: JobState): number | undefined =>
  job.framesTotal > 0 ? Math.min(1, job.framesDone / job.framesTotal) : undefined

const whole = (locale: string, ms: number): string =>
  formatDuration(locale, Math.max(1, Math.round(ms / 1000)))

/** A preview or a photo goes first: an export moves on in between, or when that is ready. */
const isAside = (job: JobState, jobs: readonly JobState[]): boolean =>
  job.kind === 'export' &&
  job.state === 'running' &&
  jobs.some(({ kind, state }) => (kind === 'preview' || kind === 'photo') && state === 'running')

/** "120 of 360 frames · 6.2 frames per second · 19 seconds so far · 39 seconds left" */
export function progressWords(job: JobState, jobs: readonly JobState[], locale: string, t: Lookup): string {
  if (isAside(job, jobs)) return t('jobs.aside')
  const parts = [
    t('jobs.frames', {
      done: formatNumber(locale, job.framesDone),
      total: formatNumber(locale, job.framesTotal),
    }),
    ...(job.framesPerSecond > 0
      ? [t('jobs.rate', { rate: formatNumber(locale, job.framesPerSecond, 1) })]
      : []),
    t('jobs.elapsed', { time: whole(locale, job.elapsedMs) }),
    ...(job.leftMs === undefined ? [] : [t('jobs.left', { time: whole(locale, job.leftMs) })]),
  ]
  return parts.join(' · ')
}
