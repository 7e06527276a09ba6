// The page on which a project is chosen where there is no system dialog: out of the host's shared folders.
import { useCallback, useState } from 'react'
import { isProjectName } from '../../../electron/shared/contract/project.js'
import { folderWords } from '../../stores/folders.js'
import { api } from '../../stores/host.js'
import { openProject } from '../../stores/projectFiles.js'
import { closeDialog, setSession, useSession } from '../../stores/session.js'
import { useWords } from '../../stores/words.js'
import { Button } from '../../ui/Button.js'
import { Dialog } from '../../ui/Dialog.js'
import { FolderBrowser, FolderPage } from '../../ui/FolderBrowser.js'
import styles from './Projects.module.css'

export function OpenProjectDialog() {
  const { t, language } = useWords()
  const [chosen, setChosen] = useState<string>()
  const [folder, setFolder] = useState<string>()
  const begin = useSession((s) => s.lastFolder)
  const load = useCallback(async (path: string | null): Promise<FolderPage> => {
    const listing = await api().files.list(path)
    return {
      ...listing,
      entries: listing.entries.filter(({ name, isFolder }) => isFolder || isProjectName(name)),
    }
  }, [])
  const open = (path: string | undefined): void => {
    if (path === undefined) return
    setSession({ lastFolder: folder })
    closeDialog()
    void openProject(path)
  }
  return (
    <Dialog
      title={t('project.open')}
      closeLabel={t('close')}
      onClose={closeDialog}
      isWide
      footer={
        <>
          <Button onClick={closeDialog}>{t('cancel')}</Button>
          <Button kind="primary" size="large" disabled={chosen === undefined} onClick={() => open(chosen)}>
            {t('project.openButton')}
          </Button>
        </>
      }
    >
      <p className={styles.explain}>{t('project.openWords')}</p>
      <FolderBrowser
        load={load}
        begin={begin}
        onFolder={setFolder}
        files={{
          isOne: true,
          chosen: chosen === undefined ? [] : [chosen],
          onChange: ([path]) => setChosen(path),
          onOpen: ([path]) => open(path),
        }}
        words={folderWords({ t, language }, t('project.none'))}
      />
    </Dialog>
  )
}
