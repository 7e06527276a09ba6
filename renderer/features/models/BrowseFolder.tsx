// Choosing a folder of weights on the host's computer, where the system has no dialog for it.
import { useCallback, useState } from 'react'
import { folderWords } from '../../stores/folders.js'
import { api } from '../../stores/host.js'
import { useWords } from '../../stores/words.js'
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
  const { t, language } = useWords()
  const [folder, setFolder] = useState<string>()
  const load = useCallback(
    async (path: string | null): Promise<FolderPage> => {
      const listing = await api().files.list(path)
      const note = (bytes: number): string => formatBytes(language, bytes)
      // Files are shown, so that a person sees that it is the right folder.
      return {
        ...listing,
        entries: listing.entries.map((entry) => ({
          ...entry,
          note: entry.isFolder || entry.bytes === undefined ? undefined : note(entry.bytes),
        })),
      }
    },
    [language],
  )
  return (
    <Card label={t('models.addFolder')}>
      <h3>{t('models.browse.title')}</h3>
      <p className={styles.soft}>{t('models.browse.explain')}</p>
      <FolderBrowser
        load={load}
        onFolder={setFolder}
        areFilesShown
        words={folderWords({ t, language }, t('models.browse.empty'))}
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
