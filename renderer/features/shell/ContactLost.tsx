// The host is not there: said at once, for as long as it is so, with what is safe meanwhile.
import { Unplug } from 'lucide-react'
import { useContact } from '../../stores/contact.js'
import { useWords } from '../../stores/words.js'
import styles from './Shell.module.css'

export function ContactLost() {
  const { t } = useWords()
  if (!useContact((s) => s.isLost)) return null
  return (
    <div className={styles.lost} role="alert">
      <Unplug aria-hidden />
      <p>
        <strong>{t('contact.title')}</strong> {t('contact.words')}
      </p>
    </div>
  )
}
