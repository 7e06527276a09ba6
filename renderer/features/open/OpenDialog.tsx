// The page on which films of the host's shared folders are chosen, where there is no system dialog.
import { useCallback } from 'react'
import { useTranslation } from 'react-i18next'
import { folderWords } from '../../stores/folders.js'
import { api } from '../../stores/host.js'
import { openPaths } from '../../stores/open.js'
import { closeDialog } from '../../stores/session.js'
import { Dialog } from '../../ui/Dialog.js'
import { FolderBrowser, FolderPage } from '../../ui/FolderBrowser.js'
import { formatBytes } from '../../ui/format.js'
import styles from './Open.module.css'

export function OpenDialog() {
  const { t, i18n } = useTranslation()
  const load = useCallback(
    async (path: string | null): Promise<FolderPage> => {
      const listing = await api().listFolder(path)
      return {
        ...listing,
        entries: listing.entries.map((entry) => ({
          ...entry,
          note:
            entry.isFolder || entry.bytes === undefined ? undefined : formatBytes(i18n.language, entry.bytes),
        })),
      }
    },
    [i18n.language],
  )
  return (
    <Dialog title={t('open.title')} closeLabel={t('close')} onClose={closeDialog} isWide>
      <p className={styles.explain}>{t('open.explain')}</p>
      <FolderBrowser
        load={load}
        onFile={(path) => {
          closeDialog()
          void openPaths([path])
        }}
        words={folderWords(i18n, t('folder.empty'))}
      />
    </Dialog>
  )
}
