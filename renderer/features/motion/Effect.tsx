// What the chosen motion makes of the clip: its frames, its length, its sound.
import { ClipMotion, speedOf } from '../../../electron/shared/document/motion.js'
import { Clip } from '../../../electron/shared/document/project.js'
import { secondsOf } from '../../../electron/shared/media/frameTable.js'
import { Ratio, toNumber } from '../../../electron/shared/media/rational.js'
import { Source } from '../../../electron/shared/media/source.js'
import { Lookup } from '../../../electron/shared/words/lookup.js'
import { Findings, replacedOf } from '../../stores/findings.js'
import { useFindings } from '../../stores/findingsInHand.js'
import { LaidOut, useLaidOut } from '../../stores/laidOut.js'
import { isTwice, ownRate } from '../../stores/motion.js'
import { useSources } from '../../stores/sources.js'
import { useWords } from '../../stores/words.js'
import { formatDuration, formatNumber } from '../../ui/format.js'
import styles from './Motion.module.css'

interface Facts {
  source: Source
  motion: ClipMotion | undefined
  findings: Findings | undefined
  laidOut: LaidOut | undefined
  /** Of the clip as filmed. */
  seconds: number | undefined
  hasSound: boolean
  t: Lookup
  language: string
}

export function Effect({ clip, source }: { clip: Clip; source: Source }) {
  const { t, language } = useWords()
  const findings = useFindings(clip)
  const laidOut = useLaidOut(clip)
  const table = useSources((s) => s.tables[clip.sourceId])
  const seconds = table && secondsOf(table, clip.to) - secondsOf(table, clip.from)
  const hasSound = source.audio.length > 0
  const sentences = sentencesOf({
    source,
    motion: clip.motion,
    findings,
    laidOut,
    seconds,
    hasSound,
    t,
    language,
  })
  return (
    <p className={styles.soft} role="status">
      {sentences.join(language === 'ja' ? '' : ' ')}
    </p>
  )
}

function sentencesOf(facts: Facts): string[] {
  const { motion, t, language } = facts
  switch (motion?.kind) {
    case undefined:
      return [t('motion.note.filmed')]
    case 'smooth':
      return [
        t('motion.note.smooth', { rate: formatNumber(language, toNumber(motion.rate), 2) }),
        stays(facts),
        ...twice(motion.rate, facts),
        ...estimated(facts),
      ]
    case 'slow':
      return [t('motion.note.slow', { factor: motion.factor }), ...lengthAndSound(facts), ...estimated(facts)]
    case 'tempo':
      return [tempoNote(motion.rate, facts), ...lengthAndSound(facts)]
    case 'unique':
      return [t('motion.note.unique'), stays(facts), ...leftOut(facts)]
    case 'repair':
      return [t('motion.note.repair'), stays(facts), ...replaced(facts)]
  }
}

/** Of a film that has no sound nothing is said of it. */
const stays = ({ hasSound, t }: Facts): string => t(hasSound ? 'motion.stays' : 'motion.sameLength')

/** Where film frames are even and stand where they were stored. */
function twice(rate: Ratio, { source, laidOut, t }: Facts): string[] {
  const isHalf = laidOut !== undefined && 2 * laidOut.estimates <= laidOut.frames.length
  return isHalf && isTwice(rate, ownRate(source)) ? [t('motion.twice')] : []
}

function tempoNote(rate: Ratio | 'found', { t, language }: Facts): string {
  if (rate === 'found') return t('motion.note.tempo')
  return t('motion.note.tempoAt', { rate: formatNumber(language, toNumber(rate), 2) })
}

function estimated({ laidOut, t, language }: Facts): string[] {
  if (!laidOut) return []
  const words = (count: number): string => formatNumber(language, count)
  const { estimates, frames } = laidOut
  return [t('motion.estimated', { count: words(estimates), total: words(frames.length) })]
}

/** Shorter than this nobody tells two lengths apart. */
const sameSeconds = 0.1

function lengthAndSound({ motion, findings, laidOut, seconds, hasSound, t, language }: Facts): string[] {
  const filmed = findings?.tempo
  if (motion?.kind === 'tempo' && !filmed) return []
  if (seconds === undefined) return []
  const speed = speedOf(motion, filmed)
  const lasting = laidOut?.seconds ?? (speed ? seconds / toNumber(speed) : seconds)
  if (Math.abs(lasting - seconds) < sameSeconds) return [t('motion.sameLength')]
  const length = { before: formatDuration(language, seconds), after: formatDuration(language, lasting) }
  const sound = motion && 'sound' in motion && hasSound ? [t(`motion.soundNote.${motion.sound}`)] : []
  const isKept = sound.length > 0 && motion?.kind === 'tempo' && motion.sound === 'kept'
  const time = formatDuration(language, Math.abs(lasting - seconds))
  const end = isKept ? [t(lasting < seconds ? 'motion.soundCut' : 'motion.soundEnds', { time })] : []
  return [t('motion.newLength', length), ...sound, ...end]
}

function leftOut({ findings, t }: Facts): string[] {
  if (!findings) return []
  const { repeats, frames } = findings
  return [
    repeats.length === 0
      ? t('motion.nothingToLeaveOut')
      : t('motion.leftOut', { count: repeats.length, frames }),
  ]
}

function replaced({ findings, t }: Facts): string[] {
  if (!findings) return []
  const count = replacedOf(findings)
  return [count === 0 ? t('motion.nothingToRepair') : t('motion.replaced', { count })]
}
