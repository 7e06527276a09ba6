// What is there before there is a film: where to drop one, what was open before, the sample.
import { useEffect, useState } from 'react'
import { Film, FolderOpen } from 'lucide-react'
import { toFailure } from '../../../electron/shared/contract/errors.js'
import { projectLabel } from '../../../electron/shared/words/projectLabel.js'
import { actions } from '../../stores/actions.js'
import { api, useHost } from '../../stores/host.js'
import { openPaths } from '../../stores/open.js'
import { notify, useSession } from '../../stores/session.js'
import { useWords } from '../../stores/words.js'
import { Button } from '../../ui/Button.js'
import { formatDate } from '../../ui/format.js'
import { Progress } from '../../ui/Progress.js'
import { RecentProjects } from './RecentProjects.js'
import styles from './Open.module.css'

interface Recent {
  path: string
  name: string
  openedMs: number
}

export function StartScreen() {
  const { t } = useWords()
  const sample = useHost((s) => s.info?.samplePath)
  const opening = useSession((s) => s.opening)
  return (
    <main className={styles.start}>
      <div className={styles.drop}>
        <Film className={styles.film} aria-hidden />
        <h1>{t('start.title')}</h1>
        <p>{t('start.words')}</p>
        {opening[0] !== undefined ? (
          <div className={styles.busy} role="status">
            {t('clips.opening', { name: opening[0] })}
            <Progress label={t('clips.opening', { name: opening[0] })} />
          </div>
        ) : (
          <div className={styles.buttons}>
            <Button kind="primary" size="large" icon={<FolderOpen />} onClick={actions.open}>
              {t('start.open')}
            </Button>
            {sample && (
              <Button size="large" onClick={actions.openSample}>
                {t('command.openSample')}
              </Button>
            )}
          </div>
        )}
        <p className={styles.private}>{t('start.private')}</p>
      </div>
      <RecentProjects />
      <RecentFilms />
    </main>
  )
}

/** Films that were opened before. */
function RecentFilms() {
  const { t, language } = useWords()
  const [recent, setRecent] = useState<Recent[]>([])
  useEffect(() => {
    api()
      .sources.recent()
      .then(setRecent, (error: unknown) => notify({ failure: toFailure(error) }))
  }, [])
  // Of several with one name the folder is told.
  const listed = recent.slice(0, 6).map((file) => ({ ...file, isThere: true }))
  if (listed.length === 0) return null
  return (
    <section className={styles.recent} aria-label={t('start.recent')}>
      <h2>{t('start.recent')}</h2>
      <ul>
        {listed.map((file) => (
          <li key={file.path}>
            <button
              type="button"
              className={styles.entry}
              onClick={() => void openPaths([file.path])}
              title={file.path}
            >
              <span>{projectLabel(file, listed, language)}</span>
              <small>{formatDate(language, new Date(file.openedMs))}</small>
            </button>
          </li>
        ))}
      </ul>
    </section>
  )
}
