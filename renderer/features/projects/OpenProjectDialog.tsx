// The page on which a project is chosen where there is no system dialog: out of the host's shared folders.
import { useCallback, useState } from 'react'
import { isProjectName } from '../../../electron/shared/contract/project.js'
import { folderWords } from '../../stores/folders.js'
import { api } from '../../stores/host.js'
import { openProject } from '../../stores/projectFiles.js'
import { closeDialog } from '../../stores/session.js'
import { useWords } from '../../stores/words.js'
import { Button } from '../../ui/Button.js'
import { Dialog } from '../../ui/Dialog.js'
import { FolderBrowser, FolderPage } from '../../ui/FolderBrowser.js'
import styles from './Projects.module.css'

export function OpenProjectDialog() {
  const { t, language } = useWords()
  const [chosen, setChosen] = useState<string>()
  const load = useCallback(async (path: string | null): Promise<FolderPage> => {
    const listing = await api().files.list(path)
    return {
      ...listing,
      entries: listing.entries.filter(({ name, isFolder }) => isFolder || isProjectName(name)),
    }
  }, [])
  const open = (path: string | undefined): void => {
    if (path === undefined) return
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
        files={{
          chosen: chosen === undefined ? [] : [chosen],
          // One at a time: the one that was taken in last.
          onChange: (paths) => setChosen(paths.find((path) => path !== chosen)),
          onOpen: (paths) => open(paths.find((path) => path !== chosen) ?? paths[0]),
        }}
        words={folderWords({ t, language }, t('project.none'))}
      />
    </Dialog>
  )
}
