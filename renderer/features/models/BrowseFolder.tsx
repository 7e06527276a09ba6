// Choosing a folder of weights on the host's computer, where the system has no dialog for it.
import { useCallback, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { folderWords } from '../../stores/folders.js'
import { api } from '../../stores/host.js'
import { Button } from '../../ui/Button.js'
import { FolderBrowser, FolderPage } from '../../ui/FolderBrowser.js'
import { formatBytes } from '../../ui/format.js'
import { Card } from './Card.js'
import styles from './Models.module.css'

export function BrowseFolder({
  onChoose,
  onCancel,
}: {
  onChoose: (folder: string) => void
  onCancel: () => void
}) {
  const { t, i18n } = useTranslation()
  const [folder, setFolder] = useState<string>()
  const load = useCallback(
    async (path: string | null): Promise<FolderPage> => {
      const listing = await api().files.list(path)
      const note = (bytes: number): string => formatBytes(i18n.language, bytes)
      // Files are shown, so that a person sees that it is the right folder.
      return {
        ...listing,
        entries: listing.entries.map((entry) => ({
          ...entry,
          note: entry.isFolder || entry.bytes === undefined ? undefined : note(entry.bytes),
        })),
      }
    },
    [i18n.language],
  )
  return (
    <Card label={t('models.addFolder')}>
      <h3>{t('models.browse.title')}</h3>
      <p className={styles.soft}>{t('models.browse.explain')}</p>
      <FolderBrowser
        load={load}
        onFolder={setFolder}
        areFilesShown
        words={folderWords(i18n, t('models.browse.empty'))}
      />
      <div className={styles.buttons}>
        <Button
          kind="primary"
          disabled={folder === undefined}
          onClick={() => folder !== undefined && onChoose(folder)}
        >
          {t('models.browse.choose')}
        </Button>
        <Button onClick={onCancel}>{t('cancel')}</Button>
      </div>
    </Card>
  )
}
