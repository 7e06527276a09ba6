// What went wrong, calmly: what happened, what is safe, what to do. Stays until put away, in a row of its own under the top line, where
// it covers nothing. News stands over the timeline and leaves by itself. Each is read out once, when it comes: every card is a live
// region of its own, so that a second one does not read out the first again.
import { useEffect } from 'react'
import { CircleCheck, TriangleAlert, X } from 'lucide-react'
import { sentenceOf } from '../../../electron/shared/contract/errors.js'
import { Notice, dismiss, setSession, useSession } from '../../stores/session.js'
import { useWords } from '../../stores/words.js'
import { Button, IconButton } from '../../ui/Button.js'
import styles from './Shell.module.css'

/** Long enough to be read twice. */
const informationMs = 8000

export function Failures() {
  const { t } = useWords()
  const failures = useSession((s) => s.notices).filter((notice) => 'failure' in notice)
  if (failures.length === 0) return null
  return (
    <div className={styles.notices} role="region" aria-label={t('notices')}>
      {failures.map((notice) => (
        <NoticeCard key={notice.id} notice={notice} />
      ))}
      {failures.length > 2 && (
        <Button
          size="small"
          onClick={() =>
            setSession(({ notices }) => ({ notices: notices.filter((notice) => !('failure' in notice)) }))
          }
        >
          {t('closeAll')}
        </Button>
      )}
    </div>
  )
}

export function News() {
  const news = useSession((s) => s.notices).filter((notice) => 'information' in notice)
  if (news.length === 0) return null
  return (
    <div className={styles.newsPlace}>
      {news.map((notice) => (
        <NoticeCard key={notice.id} notice={notice} />
      ))}
    </div>
  )
}

function NoticeCard({ notice }: { notice: Notice }) {
  const { t } = useWords()
  const { id } = notice
  const isFailure = 'failure' in notice
  useEffect(() => {
    if (isFailure) return
    const timer = setTimeout(() => dismiss(id), informationMs)
    return () => clearTimeout(timer)
  }, [id, isFailure])
  return (
    <div className={`${styles.notice} ${isFailure ? '' : styles.news}`} role={isFailure ? 'alert' : 'status'}>
      {isFailure ? <TriangleAlert aria-hidden /> : <CircleCheck aria-hidden />}
      <div className={styles.noticeWords}>
        <NoticeWords notice={notice} />
      </div>
      <IconButton label={t('close')} onClick={() => dismiss(id)}>
        <X />
      </IconButton>
    </div>
  )
}

function NoticeWords({ notice }: { notice: Notice }) {
  const { t, language } = useWords()
  if ('information' in notice) {
    const { count = 0, name = '' } = notice.values
    return <p>{t(`information.${notice.information}`, { count, name })}</p>
  }
  const { failure } = notice
  return (
    <>
      <strong>{t(`failure.${failure.code}.title`)}</strong>
      <p className="selectable">{sentenceOf(failure, language)}</p>
      {/* Sentences of ours advise themselves. */}
      {!failure.sentence && <p className={styles.advice}>{t(`failure.${failure.code}.advice`)}</p>}
    </>
  )
}
