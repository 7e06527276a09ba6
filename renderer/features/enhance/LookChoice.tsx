// How much may be changed: a look by name, and a strength of one's own. Only for models that were trained for it.
import { Look, numbersOf } from '../../../electron/shared/document/looks.js'
import { ModelInfo } from '../../../electron/shared/contract/models.js'
import { Clip, EnhanceSettings } from '../../../electron/shared/document/project.js'
import { chosenByHand, useSuggestion } from '../../stores/damage.js'
import { ShownLook, shownLook, withLook } from '../../stores/looks.js'
import { useWords } from '../../stores/words.js'
import { Button } from '../../ui/Button.js'
import { Choice } from '../../ui/Choice.js'
import { formatPercent } from '../../ui/format.js'
import { Slider } from '../../ui/Slider.js'
import { SuggestionNote } from './SuggestionNote.js'
import { Note } from '../../ui/Note.js'
import styles from './Enhance.module.css'

interface Props {
  clip: Clip
  model: ModelInfo
  onChange: (change: Partial<EnhanceSettings>) => void
}

export function LookChoice({ clip, model, onChange }: Props) {
  const { t, language } = useWords()
  const suggestion = useSuggestion(clip)
  const { enhance } = clip
  const { strength } = numbersOf(enhance, model.looks)
  if (!model.hasStrength)
    return strength === 1 ? null : (
      <div className={styles.group}>
        <Note>{t('look.fullOnly', { percent: formatPercent(language, strength) })}</Note>
        <Button size="small" onClick={() => onChange({ strength: undefined })}>
          {t('look.useFull')}
        </Button>
      </div>
    )
  const shown = shownLook(enhance, suggestion)
  const isOwn = shown === 'custom' || shown === 'suggested'
  const choose = (change: Partial<EnhanceSettings>): void => {
    chosenByHand(clip.id)
    onChange(change)
  }
  return (
    <div className={styles.group}>
      <div className={styles.heading}>
        <h3>{t('look.title')}</h3>
        {model.looks && isOwn && <span>{t(`look.${shown}`)}</span>}
      </div>
      {model.looks && (
        <Choice<ShownLook>
          label={t('look.title')}
          value={shown}
          onChange={(chosen) => choose(withLook(chosen))}
          options={Look.options.map((value) => ({ value, label: t(`look.${value}`) }))}
        />
      )}
      <Slider
        label={t('look.strength')}
        value={strength}
        words={(value) => formatPercent(language, value)}
        onHold={() => chosenByHand(clip.id)}
        onCommit={(value) => choose({ strength: value })}
      />
      {/* Below what is moved, so that longer words do not move it away from under the hand. */}
      {model.looks && shown !== 'suggested' && (
        <p className={styles.soft} role="status">
          {t(`look.note.${shown}`)}
        </p>
      )}
      <SuggestionNote clip={clip} suggestion={suggestion} onChange={onChange} />
    </div>
  )
}
