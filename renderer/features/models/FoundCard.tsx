// What a chosen folder holds, and, where the files themselves do not tell, the question which version they are.
import { useState } from 'react'
import { FlashVsrVersion, FoundWeights } from '../../../electron/shared/contract/models.js'
import { api } from '../../stores/host.js'
import { forgetFound } from '../../stores/models.js'
import { notifyFailure } from '../../stores/session.js'
import { useWords } from '../../stores/words.js'
import { Button } from '../../ui/Button.js'
import { Choice } from '../../ui/Choice.js'
import { Fold } from '../../ui/Fold.js'
import { formatBytes } from '../../ui/format.js'
import { Card } from './Card.js'
import { FileList } from './FileList.js'
import { SlowNote } from './SlowNote.js'
import { foundWords } from './words.js'
import styles from './Models.module.css'

export function FoundCard({ found }: { found: FoundWeights }) {
  const { t, language } = useWords()
  const [chosen, setChosen] = useState<FlashVsrVersion>()
  const size = (bytes: number): string => formatBytes(language, bytes)
  const version = found.version ?? chosen
  const add = async (): Promise<void> => {
    try {
      await api().models.import({ folder: found.folder, version })
      forgetFound()
    } catch (error) {
      notifyFailure(error)
    }
  }
  return (
    <Card label={t('models.found.title')}>
      <h3>{foundWords(found, t)}</h3>
      <p className={`${styles.soft} selectable`}>{t('models.found.where', { folder: found.folder })}</p>
      <p>
        {t('models.found.size', { from: size(found.bytes), to: size(found.importedBytes) })}{' '}
        {t('models.found.originals')}
      </p>
      {!found.isPublishedSize && <p className={styles.note}>{t('models.found.otherSize')}</p>}
      {!found.version && (
        <>
          <p>{t('models.found.which')}</p>
          <Choice
            look="cards"
            label={t('models.found.whichLabel')}
            value={chosen ?? ''}
            onChange={(value) => value !== '' && setChosen(value)}
            options={(['v1.1', 'v1'] as const).map((value) => ({
              value,
              label: `FlashVSR ${value}`,
              note: t(value === 'v1' ? 'models.found.v1' : 'models.found.v11'),
            }))}
          />
          {found.hint && <p className={styles.soft}>{t('models.found.hint', { version: found.hint })}</p>}
        </>
      )}
      <SlowNote parameters={found.parameters} />
      <div className={styles.buttons}>
        <Button kind="primary" disabled={version === undefined} onClick={() => void add()}>
          {t('models.found.add')}
        </Button>
        <Button onClick={forgetFound}>{t('cancel')}</Button>
      </div>
      <Fold title={t('enhance.details')}>
        <FileList title={t('models.facts.files')} files={found.files} />
      </Fold>
    </Card>
  )
}
