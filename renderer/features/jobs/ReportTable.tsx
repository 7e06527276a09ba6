// What became of everything in the original: a table behind a button, thing by thing.
import { useId, useState } from 'react'
import { ListChecks } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import { Report, differences } from '../../../electron/shared/report.js'
import { say } from '../../../electron/shared/sentences.js'
import { Button } from '../../ui/Button.js'
import styles from './Jobs.module.css'

export function ReportTable({ report }: { report: Report }) {
  const { t, i18n } = useTranslation()
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
              {report.map(({ what, source, output, state }, i) => (
                <tr key={i} data-state={state}>
                  <th scope="row">{say(what, i18n.language)}</th>
                  <td>{source}</td>
                  <td>{output}</td>
                  <td>{t(`jobs.report.state.${state}`)}</td>
                </tr>
              ))}
            </tbody>
          </table>
        )}
      </div>
    </div>
  )
}
