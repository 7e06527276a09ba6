// The page on which films are chosen where there is no system dialog: files that the browser hands over, and the host's shared folders.
import { useCallback, useRef } from 'react'
import { FolderOpen } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import { folderWords } from '../../stores/folders.js'
import { api } from '../../stores/host.js'
import { openFiles, openPaths } from '../../stores/open.js'
import { closeDialog } from '../../stores/session.js'
import { Button } from '../../ui/Button.js'
import { Dialog } from '../../ui/Dialog.js'
import { FolderBrowser, FolderPage } from '../../ui/FolderBrowser.js'
import { formatBytes } from '../../ui/format.js'
import styles from './Open.module.css'

export function OpenDialog() {
  const { t, i18n } = useTranslation()
  const picker = useRef<HTMLInputElement>(null)
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
      <div className={styles.choose}>
        <Button kind="primary" icon={<FolderOpen />} onClick={() => picker.current?.click()}>
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
            void openFiles([...(target.files ?? [])])
          }}
        />
      </div>
      <p className={styles.explain}>{t('open.explain')}</p>
      <FolderBrowser
        load={load}
        onFile={(path) => {
          closeDialog()
          void openPaths([path])
        }}
        words={folderWords(i18n, t('open.empty'))}
      />
    </Dialog>
  )
}
