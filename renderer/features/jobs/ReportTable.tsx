// What became of everything in the original: a table behind a button, thing by thing.
import { useId, useState } from 'react'
import { ListChecks } from 'lucide-react'
import { Report, differences, verdictOf } from '../../../electron/shared/contract/report.js'
import { say, sayWords } from '../../../electron/shared/words/sentences.js'
import { useWords } from '../../stores/words.js'
import { Button } from '../../ui/Button.js'
import styles from './Jobs.module.css'

const weight = { lost: 0, planned: 1, same: 2 }
/** What a person should look at first stands first. */
const byWeight = (a: Report[number], b: Report[number]): number => weight[a.state] - weight[b.state]

export function ReportTable({ report }: { report: Report }) {
  const { t, language } = useWords()
  const [isOpen, setOpen] = useState(false)
  const id = useId()
  return (
    <div className={styles.report}>
      <Button
        size="small"
        icon={<ListChecks />}
        aria-expanded={isOpen}
        aria-controls={id}
        onClick={() => setOpen(!isOpen)}
      >
        {t('jobs.report.title', { count: differences(report).length })}
      </Button>
      <div id={id} hidden={!isOpen}>
        {isOpen && (
          <table className={`${styles.table} selectable`}>
            <caption className={styles.soft}>{t('jobs.report.explain')}</caption>
            <thead>
              <tr>
                {(['what', 'source', 'output', 'verdict'] as const).map((head) => (
                  <th key={head} scope="col">
                    {t(`jobs.report.${head}`)}
                  </th>
                ))}
              </tr>
            </thead>
            <tbody>
              {report.toSorted(byWeight).map((row, i) => (
                <tr key={i} data-state={row.state}>
                  <th scope="row">{say(row.what, language)}</th>
                  <td>{sayWords(row.source, language) || t('jobs.report.nothing')}</td>
                  <td>{sayWords(row.output, language) || t('jobs.report.nothing')}</td>
                  <td>
                    {t(`jobs.report.state.${verdictOf(row)}`)}
                    {row.why.map((reason) => (
                      <p key={reason.key} className={styles.soft}>
                        {say(reason, language)}
                      </p>
                    ))}
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
        )}
      </div>
    </div>
  )
}
