// How the clip in hand is timed: what can be done to its motion, what that does to its length and sound, and what was found of its frames.
import { RefObject, useEffect, useRef } from 'react'
import { sentenceOf } from '../../../electron/shared/contract/errors.js'
import { ClipMotion, isEstimating } from '../../../electron/shared/document/motion.js'
import { Clip } from '../../../electron/shared/document/project.js'
import { Source, isStill } from '../../../electron/shared/media/source.js'
import { replacedOf } from '../../stores/findings.js'
import { useFindings } from '../../stores/findingsInHand.js'
import { useHost } from '../../stores/host.js'
import { changeMotion, chooseMotion, kindOf, motionKinds } from '../../stores/motion.js'
import { clipOf, useProject } from '../../stores/project.js'
import { setSession, useSession } from '../../stores/session.js'
import { useSources } from '../../stores/sources.js'
import { askForTiming } from '../../stores/timings.js'
import { useWords } from '../../stores/words.js'
import { Fold } from '../../ui/Fold.js'
import { Select } from '../../ui/Select.js'
import { Effect } from './Effect.js'
import { Findings } from './Findings.js'
import { SlowChoice, SmoothChoice, TempoChoice } from './RateChoice.js'
import { Note } from '../../ui/Note.js'
import styles from './Motion.module.css'

/** Of the clip in hand; nothing for a photo. */
export function MotionPart() {
  const selected = useSession((s) => s.selectedClipId)
  const clip = useProject((s) => clipOf(s.project, selected))
  const source = useSources((s) => clip && s.sources[clip.sourceId])
  return clip && source && !isStill(source) ? <Motion clip={clip} source={source} /> : null
}

function Motion({ clip, source }: { clip: Clip; source: Source }) {
  const { t } = useWords()
  const isOpen = useSession((s) => s.isMotionOpen)
  const kind = kindOf(clip)
  const isRead = useSources((s) => s.tables[source.id] !== undefined)
  useEffect(() => {
    if ((isOpen || kind !== 'filmed') && isRead) void askForTiming(source.id)
  }, [isOpen, kind, isRead, source.id])
  const outcome = useOutcomeInSight(clip, isOpen)
  return (
    <div className={styles.motion} data-motion>
      <Fold
        title={<h3>{isOpen ? t('motion.title') : t('motion.shut', { what: t(`motion.kind.${kind}`) })}</h3>}
        isOpen={isOpen}
        onToggle={(isMotionOpen) => setSession({ isMotionOpen })}
      >
        <Select
          label={t('motion.kinds')}
          isLabelHidden
          value={kind}
          onChange={(chosen) => chooseMotion(clip, chosen)}
          options={motionKinds.map((value) => ({ value, label: t(`motion.kind.${value}`) }))}
        />
        {clip.motion && <Choices clip={clip} source={source} motion={clip.motion} />}
        <div className={styles.outcome} ref={outcome} data-outcome>
          <Effect clip={clip} source={source} />
          {clip.motion && isEstimating(clip.motion) && <Estimates clip={clip} motion={clip.motion} />}
        </div>
        <Findings clip={clip} source={source} />
      </Fold>
    </div>
  )
}

/**
 * What a choice makes of the clip is read right after it, and what was found behind that: they come into sight when the section is opened, when
 * another is chosen, and when their numbers are known while the section has the focus. Another clip's panel stays at its top.
 */
function useOutcomeInSight(clip: Clip, isOpen: boolean): RefObject<HTMLDivElement | null> {
  const outcome = useRef<HTMLDivElement>(null)
  const { motion } = clip
  const isFound = useFindings(clip) !== undefined
  const before = useRef({ isOpen, motion, isFound })
  useEffect(() => {
    const { current: was } = before
    before.current = { isOpen, motion, isFound }
    const isChosen = isOpen && (!was.isOpen || was.motion !== motion)
    const section = outcome.current?.closest('[data-motion]')
    const isHere = section?.contains(document.activeElement)
    if (!isChosen && !(isOpen && isFound && !was.isFound && isHere)) return
    // The choice's own words last: where there is no room for both, they are the ones in sight.
    section?.querySelector('[data-found]')?.scrollIntoView({ block: 'nearest' })
    outcome.current?.scrollIntoView({ block: 'nearest' })
  }, [isOpen, motion, isFound])
  return outcome
}

/** What estimates are worth; or why none can be made on this computer. Nothing where a repair has found nothing to do. */
function Estimates({ clip, motion }: { clip: Clip; motion: ClipMotion }) {
  const { t, language } = useWords()
  const findings = useFindings(clip)
  const failure = useHost((s) => s.info?.motionFailure)
  if (motion.kind === 'repair' && findings && replacedOf(findings) === 0) return null
  if (failure)
    return (
      <Note kind="failure" role="alert">
        {[t('motion.cannotEstimate'), sentenceOf(failure, language)].join(language === 'ja' ? '' : ' ')}
      </Note>
    )
  return <Note>{t(motion.kind === 'repair' ? 'motion.repairEstimates' : 'motion.estimates')}</Note>
}

function Choices({ clip, source, motion }: { clip: Clip; source: Source; motion: ClipMotion }) {
  const onChange = (changed: ClipMotion): void => void changeMotion(clip, changed)
  switch (motion.kind) {
    case 'tempo':
      return <TempoChoice {...{ clip, source, motion, onChange }} />
    case 'smooth':
      return <SmoothChoice {...{ source, motion, onChange }} />
    case 'slow':
      return <SlowChoice {...{ source, motion, onChange }} />
    default:
      return null
  }
}
