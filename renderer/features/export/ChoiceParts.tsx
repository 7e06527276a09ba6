// The parts of the export page: what of the film, how good, with or without sound, in which kind of file.
import { containersOf } from '../../../electron/shared/contract/output.js'
import { KeepsakeLook } from '../../../electron/shared/contract/render.js'
import { Clip, CutList } from '../../../electron/shared/document/project.js'
import { isWorkedOn } from '../../stores/compare.js'
import { useSources } from '../../stores/sources.js'
import { useWords } from '../../stores/words.js'
import { Choice } from '../../ui/Choice.js'
import { Fold } from '../../ui/Fold.js'
import { Part } from '../../ui/Part.js'
import { Select } from '../../ui/Select.js'
import { Switch } from '../../ui/Switch.js'
import { Asking } from './asking.js'
import { Fit } from './fit.js'
import { KeepsakeChoice } from './KeepsakeChoice.js'
import { SizeChoice } from './SizeChoice.js'
import { ExportChoice, whatChoices, withCodec } from './output.js'
import styles from './Export.module.css'

const codecs = ['h264', 'h265', 'av1', 'prores', 'ffv1'] as const
const ways = ['best', 'good', 'small', 'keepsake'] as const

interface PartProps {
  choice: ExportChoice
  /** Leave to replace is taken back with it, unless it is given again. */
  onChange: (part: Partial<ExportChoice>) => void
}

/** Nothing where all choices would make the same film. */
export function WhatPart({ choice, onChange, project, clip }: PartProps & { project: CutList; clip: Clip }) {
  const { t } = useWords()
  const whats = whatChoices(project, clip)
  if (whats.length < 2) return null
  return (
    <Part title={t('export.what')}>
      <Choice
        label={t('export.what')}
        value={choice.what}
        onChange={(what) => onChange({ what })}
        options={whats.map((value) => ({
          value,
          label: t(`export.${value === 'film' && project.clips.length === 1 ? 'marked' : value}`),
        }))}
      />
    </Part>
  )
}

interface HowProps extends PartProps {
  project: CutList
  clip: Clip
  fit: Fit
  look: Asking<KeepsakeLook>
}

export function HowPart({ choice, onChange, project, clip, fit, look }: HowProps) {
  const { t } = useWords()
  const hasSound = useSources((s) =>
    project.clips.some((c) => (s.sources[c.sourceId]?.audio.length ?? 0) > 0),
  )
  const { mayOverwrite, keepsake } = choice
  const choose = (way: (typeof ways)[number]): void => {
    if (way === 'keepsake') onChange({ keepsake: { ...keepsake, isWanted: true } })
    else if (keepsake.isWanted) onChange({ quality: way, keepsake: { ...keepsake, isWanted: false } })
    else onChange({ quality: way, mayOverwrite })
  }
  return (
    <Part title={t('export.how')}>
      <Choice
        look="cards"
        label={t('export.how')}
        value={keepsake.isWanted ? 'keepsake' : choice.quality}
        onChange={choose}
        options={ways.map((value) => ({
          value,
          label: t(`export.quality.${value}`),
          note: t(`export.qualityNote.${value}`),
        }))}
      />
      {keepsake.isWanted && (
        <KeepsakeChoice
          keepsake={keepsake}
          fit={fit}
          look={look}
          isFilmed={!isWorkedOn(clip)}
          onChange={(changed) => onChange({ keepsake: changed })}
        />
      )}
      {hasSound && (
        <Switch isOn={choice.hasAudio} onChange={(hasAudio) => onChange({ hasAudio, mayOverwrite })}>
          {t('export.sound')}
        </Switch>
      )}
      {choice.what === 'film' && <SizeChoice />}
      {!keepsake.isWanted && <Details choice={choice} onChange={onChange} />}
    </Part>
  )
}

function Details({ choice, onChange }: PartProps) {
  const { t } = useWords()
  return (
    <Fold title={t('export.details')}>
      <div className={styles.two}>
        <Select
          label={t('export.codec')}
          value={choice.codec}
          onChange={(codec) => onChange(withCodec(choice, codec))}
          options={codecs.map((value) => ({ value, label: t(`export.codecs.${value}`) }))}
        />
        <Select
          label={t('export.container')}
          value={choice.container}
          onChange={(container) => onChange({ container })}
          options={containersOf[choice.codec].map((value) => ({ value, label: value.toUpperCase() }))}
        />
      </div>
    </Fold>
  )
}
