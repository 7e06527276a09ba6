// Settings, Models: what Heirloom enhances with, what can be added to it from a folder or by a download, and the work on that.
import { useState } from 'react'
import { Download, FolderPlus } from 'lucide-react'
import { sentenceOf } from '../../../electron/shared/contract/errors.js'
import { ModelInfo } from '../../../electron/shared/contract/models.js'
import { api, useHost } from '../../stores/host.js'
import { inspectFolder, useModelWork } from '../../stores/models.js'
import { notifyFailure } from '../../stores/session.js'
import { useWords } from '../../stores/words.js'
import { Button } from '../../ui/Button.js'
import { BrowseFolder } from './BrowseFolder.js'
import { DownloadForm } from './DownloadForm.js'
import { FoundCard } from './FoundCard.js'
import { ModelCard } from './ModelCard.js'
import { WorkCard } from './WorkCard.js'
import styles from './Models.module.css'

const noModels: readonly ModelInfo[] = []

export function ModelsPanel() {
  const { t } = useWords()
  const models = useHost((s) => s.info?.models ?? [])
  const photoModels = useHost((s) => s.info?.photoModels ?? noModels)
  const hasDialogs = useHost((s) => s.info?.hasDialogs ?? false)
  const { work, found } = useModelWork()
  const [asking, setAsking] = useState<'folder' | 'download'>()
  const isWorking = work?.state === 'running'

  const addFolder = async (): Promise<void> => {
    if (!hasDialogs) return setAsking('folder')
    try {
      const folder = await api().files.chooseFolder()
      if (folder !== null) inspectFolder(folder)
    } catch (error) {
      notifyFailure(error)
    }
  }

  return (
    <div className={styles.panel}>
      <p className={styles.soft}>{t('models.explain')}</p>
      <ul className={styles.list} aria-label={t('models.list')}>
        {[...models, ...photoModels].map((model) => (
          <ModelCard key={model.id} model={model} />
        ))}
      </ul>
      <Unusable />
      {work && <WorkCard work={work} />}
      {found && !isWorking && <FoundCard found={found} />}
      {asking === 'folder' && (
        <BrowseFolder
          onChoose={(folder) => {
            setAsking(undefined)
            inspectFolder(folder)
          }}
          onCancel={() => setAsking(undefined)}
        />
      )}
      {asking === 'download' && !isWorking && <DownloadForm onClose={() => setAsking(undefined)} />}
      {!asking && !found && !isWorking && (
        <div className={styles.buttons}>
          <Button icon={<FolderPlus />} onClick={() => void addFolder()}>
            {t('models.addFolder')}
          </Button>
          <Button icon={<Download />} onClick={() => setAsking('download')}>
            {t('models.download')}
          </Button>
        </div>
      )}
    </div>
  )
}

/** Folders that hold no model that can be used, and why. */
function Unusable() {
  const { t, language } = useWords()
  const unusable = useHost((s) => s.info?.unusable) ?? []
  if (unusable.length === 0) return null
  return (
    <ul className={styles.list} aria-label={t('models.unusable')}>
      {unusable.map(({ id, failure }) => (
        <li key={id} className={styles.card}>
          <h3>{t('models.unusableNamed', { name: id })}</h3>
          <p>{sentenceOf(failure, language)}</p>
        </li>
      ))}
    </ul>
  )
}
