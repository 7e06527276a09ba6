// Exports that were interrupted, by a crash or by closing Heirloom: how far each came, going on with it, forgetting it. What was made
// is thrown away only after a second press.
import { useState } from 'react'
import { History, Play } from 'lucide-react'
import { UnfinishedExport } from '../../../electron/shared/contract/render.js'
import { forget, goOnWith, useUnfinished } from '../../stores/unfinished.js'
import { useWords } from '../../stores/words.js'
import { Button } from '../../ui/Button.js'
import { formatNumber } from '../../ui/format.js'
import styles from './Jobs.module.css'

export function Unfinished() {
  const { t } = useWords()
  const exports = useUnfinished((s) => s.exports)
  if (exports.length === 0) return null
  return (
    <ul className={styles.unfinished} aria-label={t('unfinished.label')}>
      {exports.map((one) => (
        <Row key={one.id} one={one} />
      ))}
    </ul>
  )
}

function Row({ one: { id, name, path, framesDone, framesTotal } }: { one: UnfinishedExport }) {
  const { t, language } = useWords()
  const isAsked = useUnfinished((s) => s.asked.includes(id))
  const [isLeaving, setLeaving] = useState(false)
  const number = (count: number): string => formatNumber(language, count)
  const values = { name, done: number(framesDone), total: number(framesTotal) }
  return (
    <li title={path}>
      <History aria-hidden />
      <p role="status">
        <strong>{t('unfinished.title', { name })}</strong>{' '}
        {isLeaving
          ? t('unfinished.really', values)
          : t(framesDone > 0 ? 'unfinished.kept' : 'unfinished.nothing', values)}
      </p>
      {isLeaving ? (
        <>
          <Button size="small" kind="primary" disabled={isAsked} onClick={() => void forget(id)}>
            {t('unfinished.delete')}
          </Button>
          <Button size="small" onClick={() => setLeaving(false)}>
            {t('unfinished.keep')}
          </Button>
        </>
      ) : (
        <>
          <Button
            size="small"
            kind="primary"
            icon={<Play />}
            disabled={isAsked}
            onClick={() => void goOnWith(id)}
          >
            {t('unfinished.goOn')}
          </Button>
          <Button
            size="small"
            disabled={isAsked}
            onClick={() => (framesDone > 0 ? setLeaving(true) : void forget(id))}
          >
            {t('unfinished.forget')}
          </Button>
        </>
      )}
    </li>
  )
}
