// One model in words; removing it asks first and says what stays.
import { useState } from 'react'
import { Trash2 } from 'lucide-react'
import { ModelInfo, modelName, purposeOf } from '../../../electron/shared/contract/models.js'
import { api } from '../../stores/host.js'
import { notifyFailure } from '../../stores/session.js'
import { useWords } from '../../stores/words.js'
import { Button } from '../../ui/Button.js'
import { Fold } from '../../ui/Fold.js'
import { formatBytes, formatDate, formatNumber } from '../../ui/format.js'
import { FileList } from './FileList.js'
import { originOf } from './words.js'
import styles from './Models.module.css'

export function ModelCard({ model }: { model: ModelInfo }) {
  const { t, language } = useWords()
  const [isAsking, setAsking] = useState(false)
  const name = modelName(model)
  const size = formatBytes(language, model.bytes)
  const { origin, licence } = model
  return (
    <li className={styles.card}>
      <div className={styles.head}>
        <h3>{name}</h3>
        {origin.kind !== 'shipped' && !isAsking && (
          <Button
            size="small"
            icon={<Trash2 />}
            aria-label={t('models.removeNamed', { name })}
            onClick={() => setAsking(true)}
          >
            {t('models.remove')}
          </Button>
        )}
      </div>
      <p>{t(`models.purpose.${purposeOf(model)}`)}</p>
      <p className={styles.soft}>
        {[
          originOf(model, t),
          t('models.onDisk', { size }),
          ...(licence ? [t('models.licence', { licence })] : []),
        ].join(' · ')}
      </p>
      {isAsking && <RemoveQuestion model={model} onKeep={() => setAsking(false)} />}
      <Facts model={model} />
    </li>
  )
}

/** What goes and what stays when it is removed. */
function RemoveQuestion({ model, onKeep }: { model: ModelInfo; onKeep: () => void }) {
  const { t, language } = useWords()
  const name = modelName(model)
  const size = formatBytes(language, model.bytes)
  const remove = async (): Promise<void> => {
    try {
      await api().models.remove(model.id)
    } catch (error) {
      onKeep()
      notifyFailure(error)
    }
  }
  return (
    <div className={styles.ask} role="group" aria-label={t('models.removeNamed', { name })}>
      <p>
        {t(model.origin.kind === 'folder' ? 'models.removeAsk' : 'models.removeAskOther', { name, size })}
      </p>
      <div className={styles.buttons}>
        <Button autoFocus onClick={onKeep}>
          {t('models.keep')}
        </Button>
        <Button kind="danger" onClick={() => void remove()}>
          {t('models.removeYes')}
        </Button>
      </div>
    </div>
  )
}

function Facts({ model }: { model: ModelInfo }) {
  const { t, language } = useWords()
  const { origin } = model
  return (
    <Fold title={t('enhance.details')}>
      <dl className={`${styles.facts} selectable`}>
        {[
          [t('models.facts.version'), model.version],
          [t('enhance.parameters'), formatNumber(language, model.parameters)],
          [t('models.facts.scales'), model.scales.map((scale) => `×${scale}`).join(' ')],
          ...(origin.addedMs === undefined
            ? []
            : [[t('models.facts.added'), formatDate(language, new Date(origin.addedMs))]]),
          [t('models.facts.folder'), model.folder],
          [t('enhance.hash'), model.weightsHash],
        ].map(([fact, value]) => (
          <div key={fact}>
            <dt>{fact}</dt>
            <dd>{value}</dd>
          </div>
        ))}
      </dl>
      {origin.files && <FileList title={t('models.facts.files')} files={origin.files} />}
    </Fold>
  )
}
