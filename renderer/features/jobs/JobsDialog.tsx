// The work list: one row per job with its progress in words, what can be done with it, and how it ended.
import { Ban, CircleAlert, CircleCheck, FolderOpen, Play, X } from 'lucide-react'
import { Lookup } from '../../../electron/shared/words/lookup.js'
import { sentenceOf, toFailure } from '../../../electron/shared/contract/errors.js'
import { JobState, ListedJob, isEnded } from '../../../electron/shared/contract/job.js'
import { say } from '../../../electron/shared/words/sentences.js'
import { cancelJob } from '../../stores/actions.js'
import { api, useHost } from '../../stores/host.js'
import { hideEnded, useJobs } from '../../stores/jobs.js'
import { closeDialog, notify } from '../../stores/session.js'
import { useWords } from '../../stores/words.js'
import { Button } from '../../ui/Button.js'
import { Dialog } from '../../ui/Dialog.js'
import { formatDuration } from '../../ui/format.js'
import { Progress } from '../../ui/Progress.js'
import { ReportTable } from './ReportTable.js'
import { SaveLink } from './SaveLink.js'
import { nameOf, progressWords, shareOf } from './words.js'
import styles from './Jobs.module.css'

export function JobsDialog() {
  const { t } = useWords()
  const jobs = useJobs((s) => s.jobs)
  const hidden = useJobs((s) => s.hidden)
  const shown = jobs.filter((job) => !hidden.includes(job.id)).reverse()
  return (
    <Dialog
      title={t('jobs.title')}
      closeLabel={t('close')}
      onClose={closeDialog}
      isWide
      footer={
        shown.some(isEnded) && (
          <Button kind="quiet" onClick={hideEnded}>
            {t('jobs.clear')}
          </Button>
        )
      }
    >
      {shown.length === 0 && <p className={styles.soft}>{t('jobs.none')}</p>}
      <ul className={styles.rows}>
        {shown.map((job) => (
          <JobRow key={job.id} job={job} />
        ))}
      </ul>
    </Dialog>
  )
}

function JobRow({ job }: { job: ListedJob }) {
  const { t, language } = useWords()
  const jobs = useJobs((s) => s.jobs)
  const { outputPath } = job
  const isFile = job.state === 'done' && (job.kind === 'export' || job.kind === 'photo')
  return (
    <li className={styles.row} data-state={job.state}>
      <div className={styles.head}>
        <StateIcon job={job} />
        <span className={styles.name}>
          {t(`jobs.kind.${job.kind}`)} <strong>{nameOf(job)}</strong>
        </span>
        {!isEnded(job) && (
          <Button size="small" icon={<X />} onClick={() => cancelJob(job.id)}>
            {t('cancel')}
          </Button>
        )}
        {outputPath && isFile && <OutputButtons path={outputPath} />}
        <SaveLink job={job} />
      </div>
      {job.state === 'running' && <Progress label={nameOf(job)} value={shareOf(job)} />}
      <p className={styles.soft}>{stateWords(job, jobs, language, t)}</p>
      {job.state === 'done' && outputPath && <p className={`${styles.soft} selectable`}>{outputPath}</p>}
      {job.failure && job.state === 'failed' && (
        <p className={styles.failure}>{sentenceOf(job.failure, language)}</p>
      )}
      {job.notes.map((note, i) => (
        <p key={i} className={styles.soft}>
          {say(note, language)}
        </p>
      ))}
      {job.report && job.report.length > 0 && <ReportTable report={job.report} />}
    </li>
  )
}

/** How far it is, or how it ended. */
function stateWords(job: JobState, jobs: readonly JobState[], language: string, t: Lookup): string {
  if (job.state === 'running') return progressWords(job, jobs, language, t)
  if (job.state !== 'done') return t(`jobs.state.${job.state}`)
  const seconds = Math.max(1, Math.round(job.elapsedMs / 1000))
  return t('jobs.doneIn', { time: formatDuration(language, seconds) })
}

/** What can be done with a file that is finished, where the host can show it. */
function OutputButtons({ path }: { path: string }) {
  const { t } = useWords()
  const canReveal = useHost((s) => s.info?.canReveal ?? false)
  const tell = (error: unknown): void => notify({ failure: toFailure(error) })
  if (!canReveal) return null
  return (
    <>
      <Button size="small" icon={<Play />} onClick={() => void api().files.openOutput(path).catch(tell)}>
        {t('jobs.open')}
      </Button>
      <Button size="small" icon={<FolderOpen />} onClick={() => void api().files.reveal(path).catch(tell)}>
        {t('jobs.reveal')}
      </Button>
    </>
  )
}

function StateIcon({ job }: { job: JobState }) {
  if (job.state === 'done') return <CircleCheck className={styles.good} aria-hidden />
  if (job.state === 'failed') return <CircleAlert className={styles.bad} aria-hidden />
  if (job.state === 'cancelled') return <Ban className={styles.quiet} aria-hidden />
  return null
}
