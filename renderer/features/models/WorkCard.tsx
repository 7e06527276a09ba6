// The work on models that goes on, waits or has ended: how far it is in words, and what can be done with it.
import { Pause, Play, Trash2, X } from 'lucide-react'
import { Lookup } from '../../../electron/shared/words/lookup.js'
import { sentenceOf } from '../../../electron/shared/contract/errors.js'
import { ModelWork } from '../../../electron/shared/contract/models.js'
import {
  cancelModelWork,
  discardDownload,
  forgetWork,
  pauseDownload,
  resumeDownload,
} from '../../stores/models.js'
import { useWords } from '../../stores/words.js'
import { Button } from '../../ui/Button.js'
import { Progress } from '../../ui/Progress.js'
import { progressWords, shareOf, stepWords } from './words.js'
import styles from './Models.module.css'

export function WorkCard({ work }: { work: ModelWork }) {
  return work.state === 'running' ? <Running work={work} /> : <Ended work={work} />
}

function Running({ work }: { work: ModelWork }) {
  const { t, language } = useWords()
  return (
    <section className={styles.card} aria-label={t('models.work.label')}>
      <p className={styles.step}>{stepWords(work, t)}</p>
      <Progress label={stepWords(work, t)} value={shareOf(work)} />
      <div className={styles.head}>
        <p className={styles.soft}>{progressWords(work, language, t)}</p>
        <div className={styles.buttons}>
          {work.kind === 'download' && (
            <Button size="small" icon={<Pause />} onClick={pauseDownload}>
              {t('models.work.pause')}
            </Button>
          )}
          <Button size="small" icon={<X />} onClick={cancelModelWork}>
            {t('cancel')}
          </Button>
        </div>
      </div>
      <Spoken work={work} />
    </section>
  )
}

/** How it ended, in words; a look into a folder has none where it succeeded. */
function endWords({ state, kind, name, failure, download }: ModelWork, language: string, t: Lookup) {
  if (state === 'done') return kind === 'inspect' ? undefined : t('models.work.done', { name })
  if (state === 'failed') return failure && sentenceOf(failure, language)
  return t(download ? 'models.work.paused' : 'models.work.cancelled', { name })
}

function Ended({ work }: { work: ModelWork }) {
  const { t, language } = useWords()
  const { state, download } = work
  const words = endWords(work, language, t)
  if (!words) return null
  return (
    <section className={styles.card} data-state={state} aria-label={t('models.work.label')}>
      <p
        className={state === 'failed' ? styles.bad : undefined}
        role={state === 'failed' ? 'alert' : 'status'}
      >
        {words}
      </p>
      {download && state !== 'done' && <p className={styles.soft}>{progressWords(work, language, t)}</p>}
      <div className={styles.buttons}>
        {download && state !== 'done' ? (
          <>
            <Button kind="primary" icon={<Play />} onClick={() => resumeDownload(download)}>
              {t('models.work.resume')}
            </Button>
            <Button icon={<Trash2 />} onClick={() => discardDownload(download.id)}>
              {t('models.work.discard')}
            </Button>
          </>
        ) : (
          <Button size="small" onClick={forgetWork}>
            {t('models.work.ok')}
          </Button>
        )}
      </div>
    </section>
  )
}

/** For screen readers: every tenth of the way. */
function Spoken({ work }: { work: ModelWork }) {
  const { t } = useWords()
  const percent = Math.floor((shareOf(work) ?? 0) * 10) * 10
  return (
    <div className="visually-hidden" role="status" aria-live="polite">
      {t('jobs.spoken', { name: work.name, percent })}
    </div>
  )
}
