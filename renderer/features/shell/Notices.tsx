// What went wrong, calmly: what happened, what is safe, what to do. Stays until put away; several stand one below the other.
import { TriangleAlert, X } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import { sentenceOf } from '../../../electron/shared/errors.js'
import { Notice, dismiss, useSession } from '../../stores/session.js'
import { IconButton } from '../../ui/Button.js'
import styles from './Shell.module.css'

export function Notices() {
  const { t } = useTranslation()
  const notices = useSession((s) => s.notices)
  return (
    <div className={styles.notices} role="alert" aria-label={t('notices')}>
      {notices.slice(-3).map((notice) => (
        <NoticeCard key={notice.id} notice={notice} />
      ))}
    </div>
  )
}

function NoticeCard({ notice }: { notice: Notice }) {
  const { t, i18n } = useTranslation()
  const { failure } = notice
  return (
    <div className={styles.notice}>
      <TriangleAlert aria-hidden />
      <div className={styles.noticeWords}>
        <strong>{t(`failure.${failure.code}.title`)}</strong>
        <p className="selectable">{sentenceOf(failure, i18n.language)}</p>
        <p className={styles.advice}>{t(`failure.${failure.code}.advice`)}</p>
      </div>
      <IconButton label={t('close')} onClick={() => dismiss(notice.id)}>
        <X />
      </IconButton>
    </div>
  )
}
