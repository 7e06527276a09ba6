// The whole film as a thin bar: every clip in playing order, as long as it lasts. Shown once there is more than one.
import { useTranslation } from 'react-i18next'
import { secondsOf } from '../../../electron/shared/frameTable.js'
import { selectClip } from '../../stores/actions.js'
import { clipOf, useProject } from '../../stores/project.js'
import { useSession } from '../../stores/session.js'
import { useSources } from '../../stores/sources.js'
import styles from './Timeline.module.css'

export function FilmOrder() {
  const { t } = useTranslation()
  const clips = useProject((s) => s.project.clips)
  const selected = useSession((s) => s.selectedClipId)
  const chosen = useProject((s) => clipOf(s.project, selected)?.id)
  const tables = useSources((s) => s.tables)
  if (clips.length < 2) return null
  return (
    <div className={styles.order} role="group" aria-label={t('timeline.order')}>
      {clips.map((clip, index) => {
        const table = tables[clip.sourceId]
        const seconds = table ? secondsOf(table, clip.to) - secondsOf(table, clip.from) : 1
        return (
          <button
            key={clip.id}
            type="button"
            aria-pressed={clip.id === chosen}
            className={styles.orderClip}
            style={{ flexGrow: seconds }}
            onClick={() => selectClip(clip)}
          >
            {index + 1}. {clip.name}
          </button>
        )
      })}
    </div>
  )
}
