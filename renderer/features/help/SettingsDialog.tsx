// Language and colours, what this program is, and the page of models, which is given.
import { ReactNode } from 'react'
import { useHost } from '../../stores/host.js'
import { setPreferences, usePreferences } from '../../stores/preferences.js'
import { closeDialog, openSettings, useSession } from '../../stores/session.js'
import { useWords } from '../../stores/words.js'
import { Choice } from '../../ui/Choice.js'
import { Dialog } from '../../ui/Dialog.js'
import { Tabs } from '../../ui/Tabs.js'
import styles from './Help.module.css'

export function SettingsDialog({ models }: { models: ReactNode }) {
  const { t } = useWords()
  const page = useSession((s) => s.settingsPage)
  return (
    <Dialog title={t('settings.title')} closeLabel={t('close')} onClose={closeDialog} isWide>
      <Tabs
        label={t('settings.title')}
        value={page}
        onChange={openSettings}
        tabs={[
          { value: 'general', label: t('settings.general'), page: () => <General /> },
          { value: 'models', label: t('models.title'), page: () => models },
        ]}
      />
    </Dialog>
  )
}

function General() {
  const { t } = useWords()
  const { language, theme } = usePreferences()
  const info = useHost((s) => s.info)
  return (
    <div className={styles.settings}>
      <h3>{t('settings.language')}</h3>
      <Choice
        label={t('settings.language')}
        value={language}
        onChange={(value) => setPreferences({ language: value })}
        options={[
          { value: 'system', label: t('settings.likeSystem') },
          { value: 'en', label: 'English' },
          { value: 'ja', label: '日本語' },
        ]}
      />
      <h3>{t('settings.theme')}</h3>
      <Choice
        label={t('settings.theme')}
        value={theme}
        onChange={(value) => setPreferences({ theme: value })}
        options={[
          { value: 'system', label: t('settings.likeSystem') },
          { value: 'light', label: t('settings.light') },
          { value: 'dark', label: t('settings.dark') },
        ]}
      />
      <p className={`${styles.about} selectable`}>
        {t('settings.about', { version: info?.version ?? '' })}
        <br />
        {info?.ffmpeg
          ? t('settings.ffmpeg', { version: info.ffmpeg.version, path: info.ffmpeg.path })
          : t('settings.noFfmpeg')}
        <br />
        {t('start.private')}
      </p>
    </div>
  )
}
