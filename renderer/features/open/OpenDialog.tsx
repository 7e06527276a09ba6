// The page on which films are chosen where there is no system dialog: files that the browser hands over, and the host's shared folders.
import { useCallback, useRef, useState } from 'react'
import { FolderOpen } from 'lucide-react'
import { byName, isFilmName, isPictureName } from '../../../electron/shared/media/fileNames.js'
import { folderWords } from '../../stores/folders.js'
import { api } from '../../stores/host.js'
import { openFiles, openPaths } from '../../stores/open.js'
import { closeDialog, setSession, useSession } from '../../stores/session.js'
import { useWords } from '../../stores/words.js'
import { Button } from '../../ui/Button.js'
import { Dialog } from '../../ui/Dialog.js'
import { FolderBrowser, FolderPage } from '../../ui/FolderBrowser.js'
import { formatBytes } from '../../ui/format.js'
import { Switch } from '../../ui/Switch.js'
import styles from './Open.module.css'

export function OpenDialog() {
  const { t, language } = useWords()
  const [chosen, setChosen] = useState<readonly string[]>([])
  const [isAll, setAll] = useState(false)
  const [folder, setFolder] = useState<string>()
  const begin = useSession((s) => s.lastFolder)
  const load = useCallback((path: string | null) => listFilms(path, isAll, language), [language, isAll])
  const open = (paths: readonly string[]): void => {
    setSession({ lastFolder: folder })
    closeDialog()
    void openPaths(paths)
  }
  const showAll = (isOn: boolean): void => {
    setChosen([])
    setAll(isOn)
  }
  return (
    <Dialog
      title={t('open.title')}
      closeLabel={t('close')}
      onClose={closeDialog}
      isWide
      footer={
        <>
          <Switch isOn={isAll} onChange={showAll}>
            {t('open.all')}
          </Switch>
          <span className={styles.spring} />
          <Button onClick={closeDialog}>{t('cancel')}</Button>
          <Button kind="primary" size="large" disabled={chosen.length === 0} onClick={() => open(chosen)}>
            {chosen.length === 0 ? t('open.none') : t('open.chosen', { count: chosen.length })}
          </Button>
        </>
      }
    >
      <OwnFiles />
      <p className={styles.explain}>{t('open.explain')}</p>
      <FolderBrowser
        load={load}
        begin={begin}
        onFolder={setFolder}
        files={{ chosen, onChange: setChosen, onOpen: open }}
        words={folderWords({ t, language }, t('open.empty'))}
      />
    </Dialog>
  )
}

/** Folders, and the files in them that look like films or photos, or all. */
async function listFilms(path: string | null, isAll: boolean, language: string): Promise<FolderPage> {
  const listing = await api().files.list(path)
  const offered = listing.entries.filter(
    ({ name, isFolder }) => isAll || isFolder || isFilmName(name) || isPictureName(name),
  )
  const noteOf = ({ isFolder, bytes }: (typeof offered)[number]): string | undefined =>
    isFolder || bytes === undefined ? undefined : formatBytes(language, bytes)
  return { ...listing, entries: offered.map((entry) => ({ ...entry, note: noteOf(entry) })) }
}

/** Files of the computer that the window is on, which the browser hands over. */
function OwnFiles() {
  const { t } = useWords()
  const picker = useRef<HTMLInputElement>(null)
  return (
    <div className={styles.choose}>
      <Button icon={<FolderOpen />} onClick={() => picker.current?.click()}>
        {t('open.choose')}
      </Button>
      <p>{t('open.copies')}</p>
      <input
        ref={picker}
        type="file"
        multiple
        hidden
        aria-label={t('open.choose')}
        onChange={({ target }) => {
          closeDialog()
          void openFiles([...(target.files ?? [])].sort(byName))
        }}
      />
    </div>
  )
}
