// Until every frame of a clip's film has been looked at: that it is being done, how far it is, or why it could not be.
import { ReactNode } from 'react'
import { sentenceOf } from '../../../electron/shared/contract/errors.js'
import { Clip } from '../../../electron/shared/document/project.js'
import { Source } from '../../../electron/shared/media/source.js'
import { Findings } from '../../stores/findings.js'
import { useFindings } from '../../stores/findingsInHand.js'
import { useSources } from '../../stores/sources.js'
import { askAgain, jobOf, stopLooking, useTimings } from '../../stores/timings.js'
import { useWords } from '../../stores/words.js'
import { Button } from '../../ui/Button.js'
import { Note } from '../../ui/Note.js'
import { Progress } from '../../ui/Progress.js'
import styles from './Motion.module.css'

interface Props {
  clip: Clip
  source: Source
  children: (found: Findings) => ReactNode
}

export function Looked({ clip, source, children }: Props) {
  const { t, language } = useWords()
  const isRead = useSources((s) => s.tables[clip.sourceId] !== undefined)
  const found = useFindings(clip)
  const failure = useTimings((s) => s.failed[source.id])
  if (failure)
    return (
      <Note kind="offer">
        <p role="status">{sentenceOf(failure, language)}</p>
        <Button size="small" onClick={() => askAgain(source.id)}>
          {t('motion.again')}
        </Button>
      </Note>
    )
  if (!isRead) return <p className={styles.soft}>{t('motion.afterReading')}</p>
  return found ? children(found) : <Looking source={source} />
}

function Looking({ source }: { source: Source }) {
  const { t } = useWords()
  const job = useTimings((s) => jobOf(s, source))
  return (
    <div className={`${styles.group} ${styles.told}`} data-found>
      <p className={styles.soft} role="status">
        {t('motion.looking')}
      </p>
      <Progress
        label={t('motion.looking')}
        value={job && job.framesTotal > 0 ? job.framesDone / job.framesTotal : undefined}
      />
      {job && (
        <Button size="small" onClick={() => stopLooking(job)}>
          {t('motion.stop')}
        </Button>
      )}
    </div>
  )
}
