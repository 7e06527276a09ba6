// The choices that a kind of motion has: at how many frames per second, how slow, with which sound.
import { ClipMotion, MotionSound, speedOf } from '../../../electron/shared/document/motion.js'
import { Clip } from '../../../electron/shared/document/project.js'
import { Ratio, rational, toNumber } from '../../../electron/shared/media/rational.js'
import { Source } from '../../../electron/shared/media/source.js'
import { useFindings } from '../../stores/findingsInHand.js'
import { otherRates, isSameRate, offersFor, tempoRates } from '../../stores/motion.js'
import { useProject } from '../../stores/project.js'
import { useSources } from '../../stores/sources.js'
import { useWords } from '../../stores/words.js'
import { Choice } from '../../ui/Choice.js'
import { formatNumber } from '../../ui/format.js'
import styles from './Motion.module.css'

type Of<Kind extends ClipMotion['kind']> = Extract<ClipMotion, { kind: Kind }>
interface Props<Kind extends ClipMotion['kind']> {
  source: Source
  motion: Of<Kind>
  onChange: (motion: Of<Kind>) => void
}

const keyOf = ({ num, den }: Ratio): string => `${num}/${den}`

export function SmoothChoice({ source, motion, onChange }: Props<'smooth'>) {
  const { t, language } = useWords()
  const project = useProject((s) => s.project)
  const sources = useSources((s) => s.sources)
  const offers = offersFor(source, otherRates(project, sources, source))
  const rates = offers.some((rate) => isSameRate(rate, motion.rate)) ? offers : [...offers, motion.rate]
  return (
    <div className={styles.group}>
      <h4>{t('motion.rate')}</h4>
      <Choice
        label={t('motion.rate')}
        value={keyOf(motion.rate)}
        onChange={(key) => {
          const rate = rates.find((one) => keyOf(one) === key)
          if (rate) onChange({ ...motion, rate })
        }}
        options={rates.map((rate) => ({
          value: keyOf(rate),
          label: formatNumber(language, toNumber(rate), 2),
        }))}
      />
    </div>
  )
}

/** At another rate than it was filmed at a clip has another length: until that is known only the found one can be chosen. */
export function TempoChoice({ clip, source, motion, onChange }: Props<'tempo'> & { clip: Clip }) {
  const { t } = useWords()
  const filmed = useFindings(clip)?.tempo
  const { rate } = motion
  const speed = speedOf(motion, filmed)
  return (
    <>
      <div className={styles.group}>
        <h4>{t('motion.rate')}</h4>
        <Choice
          label={t('motion.rate')}
          value={rate === 'found' ? 'found' : keyOf(rate)}
          onChange={(key) => {
            const chosen = tempoRates.find((one) => keyOf(rational(one)) === key)
            onChange({ ...motion, rate: chosen === undefined ? 'found' : rational(chosen) })
          }}
          options={[
            { value: 'found', label: t('motion.asFound'), isWide: true },
            ...tempoRates.map((one) => ({
              value: keyOf(rational(one)),
              label: String(one),
              isDisabled: filmed === undefined,
            })),
          ]}
        />
      </div>
      {speed && source.audio.length > 0 && (
        <SoundChoice
          value={motion.sound}
          values={['kept', 'stretched', 'silent']}
          onChange={(sound) => onChange({ ...motion, sound })}
        />
      )}
    </>
  )
}

export function SlowChoice({ source, motion, onChange }: Props<'slow'>) {
  const { t } = useWords()
  return (
    <>
      <div className={styles.group}>
        <h4>{t('motion.factor')}</h4>
        <Choice
          label={t('motion.factor')}
          value={motion.factor}
          onChange={(factor) => onChange({ ...motion, factor })}
          options={([2, 4, 8] as const).map((value) => ({
            value,
            label: t('motion.times', { factor: value }),
          }))}
        />
      </div>
      {source.audio.length > 0 && (
        <SoundChoice
          value={motion.sound}
          values={['stretched', 'silent']}
          onChange={(sound) => onChange({ ...motion, sound })}
        />
      )}
    </>
  )
}

interface SoundProps<Sound> {
  value: Sound
  values: readonly Sound[]
  onChange: (sound: Sound) => void
}

function SoundChoice<Sound extends MotionSound>({ value, values, onChange }: SoundProps<Sound>) {
  const { t } = useWords()
  const word = (sound: MotionSound): string => t(`motion.sounds.${sound}`)
  return (
    <div className={styles.group}>
      <h4>{t('motion.sound')}</h4>
      <Choice
        label={t('motion.sound')}
        value={value}
        onChange={onChange}
        options={values.map((sound) => ({ value: sound, label: word(sound) }))}
      />
    </div>
  )
}
