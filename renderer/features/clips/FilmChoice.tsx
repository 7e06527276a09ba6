// Which of several films of a file the clip shows; nothing where there is one.
import { Clip } from '../../../electron/shared/document/project.js'
import { Film, Source } from '../../../electron/shared/media/source.js'
import { chooseFilm, useFilms } from '../../stores/films.js'
import { useWords } from '../../stores/words.js'
import { formatDuration } from '../../ui/format.js'
import { Select } from '../../ui/Select.js'
import styles from './Clips.module.css'

interface Props {
  clip: Clip
  source: Source
  films: readonly Film[]
}

export function FilmChoice({ clip, source, films }: Props) {
  const { t, language } = useWords()
  const wanted = useFilms((s) => s.wanted[clip.id])
  const words = ({ index, width, height, seconds, title }: Film): string =>
    [
      t('clips.filmOf', { track: index, size: `${width} × ${height}` }),
      ...(seconds === undefined ? [] : [formatDuration(language, seconds)]),
      ...(title ? [title] : []),
    ].join(t('clips.comma'))
  return (
    <div className={styles.films}>
      <Select
        label={t('clips.film')}
        value={String(wanted ?? source.video.index)}
        onChange={(track) => void chooseFilm(clip, Number(track))}
        options={films
          .toSorted((a, b) => a.index - b.index)
          .map((film) => ({ value: String(film.index), label: words(film) }))}
      />
      <p className={styles.facts} role="status">
        {wanted !== undefined && t('viewer.loading')}
      </p>
    </div>
  )
}
