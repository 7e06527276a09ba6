// The bottom line: what is being worked on now, how the last export ended, and the button that starts one.
import { CircleAlert, CircleCheck, Download, ListChecks, X } from 'lucide-react'
import { sentenceOf, toFailure } from '../../../electron/shared/contract/errors.js'
import { JobState, isEnded } from '../../../electron/shared/contract/job.js'
import { actions, cancelJob } from '../../stores/actions.js'
import { api, useHost } from '../../stores/host.js'
import { useJobs } from '../../stores/jobs.js'
import { useKeys } from '../../stores/keys.js'
import { useModelWork } from '../../stores/models.js'
import { useProject } from '../../stores/project.js'
import { notify } from '../../stores/session.js'
import { useWords } from '../../stores/words.js'
import { Button } from '../../ui/Button.js'
import { formatPercent } from '../../ui/format.js'
import { keyWords } from '../../ui/keyWords.js'
import { Progress } from '../../ui/Progress.js'
import { SaveLink } from './SaveLink.js'
import { nameOf, progressWords, shareOf } from './words.js'
import styles from './Jobs.module.css'

export function JobsBar() {
  const { t } = useWords()
  const keys = useKeys()
  const jobs = useJobs((s) => s.jobs)
  const hidden = useJobs((s) => s.hidden)
  const left = useJobs((s) => s.left)
  const hasFilm = useProject((s) => s.project.clips.length > 0)
  const exports = jobs.filter((job) => job.kind === 'export' || job.kind === 'photo')
  const running = exports.find((job) => job.state === 'running') ?? exports.find((job) => !isEnded(job))
  const last = exports.findLast((job) => isEnded(job) && ![...hidden, ...left].includes(job.id))
  const open = jobs.filter((job) => !isEnded(job)).length
  return (
    <footer className={styles.bar}>
      <Button
        kind="quiet"
        icon={<ListChecks />}
        onClick={actions.jobs}
        aria-label={t('command.jobs')}
        title={t('command.jobs')}
      >
        {open > 0 ? t('jobs.count', { count: open }) : t('jobs.title')}
      </Button>
      <div className={styles.now}>
        {running ? <Running job={running} /> : last ? <Ended job={last} /> : null}
      </div>
      <ModelWorkLine />
      <Button
        kind="primary"
        size="large"
        icon={<Download />}
        disabled={!hasFilm}
        onClick={actions.export}
        title={keyWords(keys.export[0])}
      >
        {t('export.button')}
      </Button>
      <LiveWords job={running ?? last} />
    </footer>
  )
}

/** A download or an import goes on while its page is closed. */
function ModelWorkLine() {
  const { t, language } = useWords()
  const work = useModelWork((s) => s.work)
  if (work?.state !== 'running') return null
  const share = work.bytesTotal > 0 ? Math.floor((100 * work.bytesDone) / work.bytesTotal) / 100 : 0
  return (
    <Button kind="quiet" onClick={actions.models}>
      {t(`models.work.${work.step}`, { name: work.name })} {formatPercent(language, share)}
    </Button>
  )
}

function Running({ job }: { job: JobState }) {
  const { t, language } = useWords()
  const jobs = useJobs((s) => s.jobs)
  return (
    <div className={styles.running}>
      <div className={styles.words}>
        <strong>{nameOf(job)}</strong>
        <Progress label={nameOf(job)} value={job.state === 'waiting' ? undefined : shareOf(job)} />
        <span className={styles.soft}>
          {job.state === 'waiting' ? t('jobs.state.waiting') : progressWords(job, jobs, language, t)}
        </span>
      </div>
      <Button size="small" icon={<X />} onClick={() => cancelJob(job.id)}>
        {t('cancel')}
      </Button>
    </div>
  )
}

function Ended({ job }: { job: JobState }) {
  const { t, language } = useWords()
  const canReveal = useHost((s) => s.info?.canReveal ?? false)
  const tell = (error: unknown): void => notify({ failure: toFailure(error) })
  const { outputPath } = job
  if (job.state === 'failed')
    return (
      <p className={styles.ended}>
        <CircleAlert className={styles.bad} aria-hidden />
        <span>{job.failure ? sentenceOf(job.failure, language) : t('jobs.state.failed')}</span>
      </p>
    )
  if (job.state === 'cancelled')
    return <p className={styles.ended}>{t('jobs.cancelledNamed', { name: nameOf(job) })}</p>
  return (
    <div className={styles.ended}>
      <CircleCheck className={styles.good} aria-hidden />
      <span>{t('jobs.ready', { name: nameOf(job) })}</span>
      {outputPath && canReveal && (
        <Button size="small" onClick={() => void api().files.openOutput(outputPath).catch(tell)}>
          {t('jobs.open')}
        </Button>
      )}
      {outputPath && canReveal && (
        <Button size="small" onClick={() => void api().files.reveal(outputPath).catch(tell)}>
          {t('jobs.reveal')}
        </Button>
      )}
      <SaveLink job={job} />
    </div>
  )
}

/** For screen readers: every tenth of the way, and the end. */
function LiveWords({ job }: { job: JobState | undefined }) {
  const { t, language } = useWords()
  const share = job && shareOf(job)
  const words = !job
    ? ''
    : job.state === 'done'
      ? t('jobs.ready', { name: nameOf(job) })
      : job.state === 'failed' || job.state === 'cancelled'
        ? job.failure
          ? sentenceOf(job.failure, language)
          : t(`jobs.state.${job.state}`)
        : t('jobs.spoken', { name: nameOf(job), percent: Math.floor((share ?? 0) * 10) * 10 })
  return (
    <div className="visually-hidden" role="status" aria-live="polite">
      {words}
    </div>
  )
}
