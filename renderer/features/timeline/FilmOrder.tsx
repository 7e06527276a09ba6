// The whole film as a thin bar: every clip in playing order, as long as it lasts. Shown once there is more than one.
import { useRef } from 'react'
import { isStill } from '../../../electron/shared/media/source.js'
import { selectClipById } from '../../stores/actions.js'
import { clipOf, useProject } from '../../stores/project.js'
import { useSession } from '../../stores/session.js'
import { lastingOf } from '../../stores/speeds.js'
import { useSources } from '../../stores/sources.js'
import { useWords } from '../../stores/words.js'
import { formatDuration } from '../../ui/format.js'
import { usePieces } from '../../ui/pieces.js'
import styles from './Timeline.module.css'

export function FilmOrder() {
  const count = useProject((s) => s.project.clips.length)
  return count < 2 ? null : <Order />
}

function Order() {
  const { t, language } = useWords()
  const document = useProject((s) => s.document)
  const clips = useProject((s) => s.project.clips)
  const selected = useSession((s) => s.selectedClipId)
  const chosen = useProject((s) => clipOf(s.project, selected)?.id)
  const tables = useSources((s) => s.tables)
  const sources = useSources((s) => s.sources)
  const list = useRef<HTMLDivElement>(null)
  const hands = usePieces(list, {
    ids: clips.map(({ id }) => id),
    chosen,
    choose: selectClipById,
    along: 'row',
  })
  return (
    <div
      ref={list}
      role="listbox"
      aria-orientation="horizontal"
      aria-label={t('timeline.order')}
      className={styles.order}
      {...hands}
    >
      {clips.map((clip, index) => {
        const table = tables[clip.sourceId]
        const seconds = table && lastingOf(document, clip, table)
        const name = `${index + 1}. ${clip.name}`
        const source = sources[clip.sourceId]
        const isPhoto = source !== undefined && isStill(source)
        const length =
          seconds === undefined || isPhoto ? '' : t('clips.comma') + formatDuration(language, seconds)
        return (
          <button
            key={clip.id}
            type="button"
            role="option"
            data-piece={clip.id}
            data-face
            aria-selected={clip.id === chosen}
            aria-label={name + length}
            title={name + length}
            tabIndex={clip.id === chosen ? 0 : -1}
            className={styles.orderClip}
            style={{ flexGrow: seconds ?? 1 }}
            onClick={() => selectClipById(clip.id)}
          >
            {name}
          </button>
        )
      })}
    </div>
  )
}
