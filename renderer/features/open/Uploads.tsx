// Files on their way to the host: each with its progress, and how many have arrived.
import { stopUploads, useUploads } from '../../stores/uploads.js'
import { useWords } from '../../stores/words.js'
import { Button } from '../../ui/Button.js'
import { formatBytes } from '../../ui/format.js'
import { Progress } from '../../ui/Progress.js'
import styles from './Open.module.css'

export function Uploads() {
  const { t, language } = useWords()
  const { waiting, arrived, total } = useUploads()
  if (waiting.length === 0) return null
  const size = (bytes: number): string => formatBytes(language, bytes)
  return (
    <section className={styles.uploads} aria-label={t('uploads.label')}>
      <header>
        <strong role="status">{t('uploads.title', { arrived, total })}</strong>
        <Button size="small" onClick={stopUploads}>
          {t('cancel')}
        </Button>
      </header>
      <p>{t('uploads.stay')}</p>
      <ul>
        {waiting.map(({ id, name, bytes, sent }, i) => (
          <li key={id}>
            <span>{name}</span>
            <Progress label={name} value={bytes > 0 ? sent / bytes : 0} />
            <span>
              {i === 0 ? t('uploads.of', { sent: size(sent), bytes: size(bytes) }) : t('uploads.waiting')}
            </span>
          </li>
        ))}
      </ul>
    </section>
  )
}
