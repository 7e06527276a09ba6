// The host is not there: said at once, for as long as it is so, with what is safe meanwhile.
import { Unplug } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import { useContact } from '../../stores/contact.js'
import styles from './Shell.module.css'

export function ContactLost() {
  const { t } = useTranslation()
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
