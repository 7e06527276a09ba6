// Of a film that is a Keepsake: what its part says, and what is wrong with it, in the words of the command line. Nothing for other films.
import { useEffect } from 'react'
import { TriangleAlert } from 'lucide-react'
import { keepsakeRows, problemOf } from '../../../electron/shared/media/keepsake/facts.js'
import { Source } from '../../../electron/shared/media/source.js'
import { say } from '../../../electron/shared/words/sentences.js'
import { askForKeepsake, useKeepsakes } from '../../stores/keepsakes.js'
import { useWords } from '../../stores/words.js'
import { Fold } from '../../ui/Fold.js'
import styles from './Clips.module.css'

export function KeepsakeFacts({ source }: { source: Source }) {
  const locale = useWords()
  const { t, language } = locale
  const found = useKeepsakes((s) => s.found[source.id])
  useEffect(() => void askForKeepsake(source.id), [source.id])
  if (!found || found.state === 'none') return null
  const problem = problemOf(found, source.name)
  const rows = found.state === 'there' ? keepsakeRows(found, source.bytes, locale) : []
  return (
    <>
      {problem && (
        <p className={styles.warning}>
          <TriangleAlert aria-hidden />
          <span>{say(problem, language)}</span>
        </p>
      )}
      {rows.length > 0 && (
        <div className={styles.keepsake}>
          <Fold title={t('clips.keepsake')}>
            {!problem && <p>{t('clips.keepsakeNote')}</p>}
            <dl className="selectable">
              {rows.map(([name, value], i) => (
                <div key={i}>
                  <dt>{name}</dt>
                  <dd>{value}</dd>
                </div>
              ))}
            </dl>
          </Fold>
        </div>
      )}
    </>
  )
}
