// What a glance at the clip says of it, and the strength that follows: used already, or a button away.
import { conditionOf, mainDamage } from '../../../electron/shared/media/damage.js'
import { Clip, EnhanceSettings } from '../../../electron/shared/document/project.js'
import { useDamage } from '../../stores/damage.js'
import { Suggestion } from '../../stores/looks.js'
import { useWords } from '../../stores/words.js'
import { Button } from '../../ui/Button.js'
import { formatPercent } from '../../ui/format.js'
import styles from './Enhance.module.css'

interface Props {
  clip: Clip
  suggestion: Suggestion | undefined
  onChange: (change: Partial<EnhanceSettings>) => void
}

export function SuggestionNote({ clip, suggestion, onChange }: Props) {
  const { t, language } = useWords()
  const damage = useDamage((s) => s.damages[clip.sourceId])
  const isLooking = useDamage((s) => s.asked.includes(clip.sourceId))
  if (!damage || !suggestion)
    return (
      <p className={styles.soft} role="status">
        {isLooking && t('suggestion.looking')}
      </p>
    )
  const { strength, change, present } = suggestion
  const percent = formatPercent(language, strength)
  // As it is written: what reads alike is no offer.
  const isThere = formatPercent(language, present) === percent
  const condition = conditionOf(strength)
  const main = condition === 'good' ? undefined : mainDamage(damage)
  return (
    <>
      <p className={styles.soft} role="status">
        {[
          t(`suggestion.${condition}`),
          ...(main ? [t(`suggestion.${main}`)] : []),
          ...(isThere ? [t('suggestion.used', { percent })] : []),
        ].join(language === 'ja' ? '' : ' ')}
      </p>
      {!isThere && (
        <>
          <Button size="small" onClick={() => onChange(change)}>
            {t('suggestion.use', { percent })}
          </Button>
          <p className={styles.soft}>{t('suggestion.own')}</p>
        </>
      )}
    </>
  )
}
