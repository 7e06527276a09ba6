// Where frames of the film are estimates, or will be, and where those that were made are unsure: over the pictures of the strip, in words and not by
// colour alone.
import { isEstimating } from '../../../electron/shared/document/motion.js'
import { Clip } from '../../../electron/shared/document/project.js'
import { Source } from '../../../electron/shared/media/source.js'
import { useUnsure } from '../../stores/coverage.js'
import { findingsOf } from '../../stores/findings.js'
import { useSources } from '../../stores/sources.js'
import { useTimings } from '../../stores/timings.js'
import { useWords } from '../../stores/words.js'
import { estimatedRanges, unsureRanges } from './estimated.js'
import styles from './Timeline.module.css'

interface Props {
  /** All of one source. */
  clips: readonly Clip[]
  source: Source
  x: (frame: number) => number
}

export function EstimatedBar({ clips, source, x }: Props) {
  const estimated = clips.filter(({ motion }) => motion && isEstimating(motion))
  if (estimated.length === 0) return null
  return (
    <div className={styles.estimates}>
      {estimated.map((clip) => (
        <EstimatesOfClip key={clip.id} clip={clip} source={source} x={x} />
      ))}
    </div>
  )
}

function EstimatesOfClip({ clip, source, x }: { clip: Clip; source: Source; x: Props['x'] }) {
  const table = useSources((s) => s.tables[source.id])
  const found = useTimings((s) => s.found[source.id])
  const unsure = useUnsure(clip)
  const estimated = estimatedRanges(clip, table && found && findingsOf(clip, source, table, found))
  return (
    <>
      {estimated.map(({ from, to }) => (
        <Mark key={from} kind="estimated" left={x(from)} right={x(to)} />
      ))}
      {unsureRanges(clip, unsure).map(({ from, to }) => (
        <Mark key={from} kind="unsure" left={x(from)} right={x(to)} />
      ))}
    </>
  )
}

interface MarkProps {
  kind: 'estimated' | 'unsure'
  left: number
  right: number
}

function Mark({ kind, left, right }: MarkProps) {
  const { t } = useWords()
  const words = t(`timeline.${kind}`)
  return (
    <div
      role="img"
      aria-label={words}
      title={words}
      className={styles[kind]}
      style={{ left, width: right - left }}
    >
      <span aria-hidden>{t(`timeline.${kind}Short`)}</span>
    </div>
  )
}
