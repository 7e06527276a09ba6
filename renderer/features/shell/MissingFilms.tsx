// Films of the project that could not be opened: how many and which, with the way to open them where they are now.
import { FileQuestionMark } from 'lucide-react'
import { actions } from '../../stores/actions.js'
import { useProject } from '../../stores/project.js'
import { useSources } from '../../stores/sources.js'
import { useWords } from '../../stores/words.js'
import { Button } from '../../ui/Button.js'
import styles from './Shell.module.css'

export function MissingFilms() {
  const { t } = useWords()
  const sources = useProject((s) => s.project.sources)
  const failures = useSources((s) => s.missing)
  const missing = sources.filter(({ id }) => failures[id])
  if (missing.length === 0) return null
  const names = missing.map(({ name }) => t('missing.name', { name })).join(t('clips.comma'))
  return (
    <div className={styles.lost} role="status">
      <FileQuestionMark aria-hidden />
      <p className={styles.missing} title={names}>
        {t('missing.title', { count: missing.length, names })}
      </p>
      <Button size="small" onClick={actions.open}>
        {t('command.open')}
      </Button>
    </div>
  )
}
