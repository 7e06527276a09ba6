// Where frames of the film are estimates, or will be: over the pictures of the strip, in words and not by colour alone.
import { isEstimating } from '../../../electron/shared/document/motion.js'
import { Clip } from '../../../electron/shared/document/project.js'
import { Source } from '../../../electron/shared/media/source.js'
import { findingsOf } from '../../stores/findings.js'
import { useSources } from '../../stores/sources.js'
import { useTimings } from '../../stores/timings.js'
import { useWords } from '../../stores/words.js'
import { estimatedRanges } from './estimated.js'
import styles from './Timeline.module.css'

interface Props {
  /** All of one source. */
  clips: readonly Clip[]
  source: Source
  x: (frame: number) => number
}

export function EstimatedBar({ clips, source, x }: Props) {
  const { t } = useWords()
  const table = useSources((s) => s.tables[source.id])
  const found = useTimings((s) => s.found[source.id])
  const ranges = clips.flatMap((clip) => {
    if (!clip.motion || !isEstimating(clip.motion)) return []
    return estimatedRanges(clip, table && found && findingsOf(clip, source, table, found))
  })
  if (ranges.length === 0) return null
  return (
    <div className={styles.estimates}>
      {ranges.map(({ from, to }) => (
        <div
          key={from}
          role="img"
          aria-label={t('timeline.estimated')}
          title={t('timeline.estimated')}
          className={styles.estimated}
          style={{ left: x(from), width: x(to) - x(from) }}
        >
          <span aria-hidden>{t('timeline.estimatedShort')}</span>
        </div>
      ))}
    </div>
  )
}
