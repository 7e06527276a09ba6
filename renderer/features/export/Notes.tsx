// What the finished film will have otherwise than its sources: between the choices and the button, always in sight, with how much there is.
import { isUntaggedInterlaced } from '../../../electron/shared/media/damage.js'
import { isStill } from '../../../electron/shared/media/source.js'
import { Clip, CutList } from '../../../electron/shared/document/project.js'
import { say } from '../../../electron/shared/words/sentences.js'
import { useDamage } from '../../stores/damage.js'
import { useProject } from '../../stores/project.js'
import { useSources } from '../../stores/sources.js'
import { useWords } from '../../stores/words.js'
import { Facts } from './facts.js'
import { ExportChoice, projectFor } from './output.js'
import styles from './Export.module.css'

interface Props {
  choice: ExportChoice
  project: CutList
  clip: Clip
  facts: Facts
}

export function Notes(props: Props) {
  const { t } = useWords()
  const notes = useNotes(props)
  if (notes.length === 0) return null
  return (
    <section className={styles.notes} tabIndex={0} role="region" aria-label={t('export.notes')}>
      <h3>{t('export.notesCount', { count: notes.length })}</h3>
      <ul>
        {notes.map((note) => (
          <li key={note}>{note}</li>
        ))}
      </ul>
    </section>
  )
}

/** What is left out of the film, those sources whose fields nobody has spoken of, then what the estimate has to say. */
function useNotes({ choice, project, clip, facts }: Props): string[] {
  const { t, language } = useWords()
  const sources = useSources((s) => s.sources)
  const damages = useDamage((s) => s.damages)
  const all = useProject((s) => s.project.sources)
  const photos = all.filter(({ id }) => {
    const source = sources[id]
    return choice.what === 'film' && source !== undefined && isStill(source)
  })
  const combed = projectFor(choice.what, project, clip).sources.filter(({ id }) => {
    const [source, damage] = [sources[id], damages[id]]
    return source !== undefined && damage !== undefined && isUntaggedInterlaced(source, damage)
  })
  return [
    ...photos.map(({ name }) => t('export.photo', { name })),
    ...combed.map(({ name }) => t('export.combed', { name })),
    ...new Set(facts.estimate?.notes.map((note) => say(note, language))),
  ]
}
