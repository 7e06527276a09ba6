// How a clip of another shape than the film comes into it; nothing where there is nothing to choose.
import { Clip } from '../../../electron/shared/document/project.js'
import { Fit } from '../../../electron/shared/document/sequence.js'
import { setFit } from '../../commands/setFit.js'
import { isOfOtherShape, sizeOfFilm } from '../../stores/filmSize.js'
import { run, useProject } from '../../stores/project.js'
import { useSources } from '../../stores/sources.js'
import { useWords } from '../../stores/words.js'
import { Choice } from '../../ui/Choice.js'
import styles from './Enhance.module.css'

export function FitChoice({ clip }: { clip: Clip }) {
  const { t } = useWords()
  const film = useProject((s) => s.project)
  const sources = useSources((s) => s.sources)
  const size = sizeOfFilm(film, sources)
  const fit = clip.fit ?? 'fit'
  if (!size || !isOfOtherShape(clip, film, sources)) return null
  return (
    <div className={styles.group}>
      <h3>{t('fit.title')}</h3>
      <Choice
        label={t('fit.title')}
        value={fit}
        onChange={(chosen) => run(setFit(clip.id, chosen))}
        options={Fit.options.map((value) => ({ value, label: t(`fit.${value}`) }))}
      />
      <p className={styles.soft}>{t(`fit.note.${fit}`, { film: `${size.width} × ${size.height}` })}</p>
    </div>
  )
}
