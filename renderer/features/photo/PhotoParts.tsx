// The parts of the photo page: what is seen and what to expect of it, how large, how it looks, what kind of file.
import { KeepsakeLevel } from '../../../electron/shared/contract/output.js'
import { PhotoFormat } from '../../../electron/shared/contract/photo.js'
import { Clip, EnhanceSettings } from '../../../electron/shared/document/project.js'
import { isStill, FrameTable, Source, displaySize } from '../../../electron/shared/media/source.js'
import { formatTimecode } from '../../../electron/shared/media/timecode.js'
import { mediaUrl, useHost } from '../../stores/host.js'
import { keepsakeLevels, levelUses } from '../../stores/keepsakeLevels.js'
import { ShownLook, lookOptions } from '../../stores/looks.js'
import { useWords } from '../../stores/words.js'
import { Choice } from '../../ui/Choice.js'
import { formatPercent } from '../../ui/format.js'
import { Part } from '../../ui/Part.js'
import { Slider } from '../../ui/Slider.js'
import styles from './Photo.module.css'

export interface PhotoChoice {
  scale: EnhanceSettings['scale']
  look: ShownLook
  format: PhotoFormat
  /** Of a Keepsake photo that is made. */
  level: KeepsakeLevel
  /** That is drawn on a Keepsake photo which was opened, 0 to 1. */
  detail: number
}

const scaleWords = { 1: 'same', 2: 'double', 4: 'fourfold' } as const
/** Of the picture in the page, in pixels. */
const height = 240

interface HeadProps {
  clip: Clip
  source: Source
  table: FrameTable
  frame: number
}

export function Head({ clip, source, table, frame }: HeadProps) {
  const { t } = useWords()
  const still = isStill(source)
  return (
    <div className={styles.head}>
      <img
        className={styles.picture}
        src={mediaUrl({ kind: 'thumbnail', sourceId: source.id, frame, height })}
        alt={t('photo.thisPicture')}
      />
      <div className={styles.words}>
        <strong>
          {still ? source.name : t('photo.moment', { name: source.name, time: formatTimecode(table, frame) })}
        </strong>
        <p>{t(still ? 'photo.expectStill' : 'photo.expect')}</p>
        {!clip.enhance.isEnabled && !still && <p>{t('photo.expectOff')}</p>}
      </div>
    </div>
  )
}

interface ChoiceProps {
  clip: Clip
  source: Source
  /** The look that the clip has. */
  shown: ShownLook
  choice: PhotoChoice
  onChoose: (part: Partial<PhotoChoice>) => void
}

export function ChoiceParts({ clip, source, shown, choice, onChoose }: ChoiceProps) {
  const { t } = useWords()
  const model = useHost((s) => s.info?.models.find((m) => m.id === clip.enhance.model))
  // Without a model none can be made.
  const canKeep = useHost((s) => (s.info?.photoModels.length ?? 0) > 0)
  const formats = PhotoFormat.options.filter((format) => format !== 'hlm' || canKeep)
  const scales = clip.enhance.isEnabled ? (model?.scales ?? [1, 2, 4]) : [1]
  const isDrawn = choice.detail > 0
  return (
    <>
      {source.picture !== undefined && <Detail detail={choice.detail} onChoose={onChoose} />}
      {!isDrawn && <SizePart {...{ source, choice, scales, onChoose }} />}
      {!isDrawn && clip.enhance.isEnabled && model?.looks && (
        <Part title={t('look.title')}>
          <Choice
            label={t('look.title')}
            value={choice.look}
            onChange={(look) => onChoose({ look })}
            options={lookOptions(t, shown)}
          />
        </Part>
      )}
      <Part title={t('photo.format')}>
        <Choice
          look="cards"
          label={t('photo.format')}
          value={choice.format}
          onChange={(format) => onChoose({ format })}
          options={formats.map((value) => ({
            value,
            label: t(`photo.formats.${value}`),
            note: t(`photo.formatNote.${value}`),
          }))}
        />
        {choice.format === 'hlm' && (
          <Choice
            label={t('export.keepsake.level')}
            value={choice.level}
            onChange={(level) => onChoose({ level })}
            options={keepsakeLevels.map((value) => ({
              value,
              label: t(`export.keepsake.levels.${levelUses[value]}`),
            }))}
          />
        )}
      </Part>
    </>
  )
}

interface SizeProps extends Pick<ChoiceProps, 'source' | 'choice' | 'onChoose'> {
  scales: readonly number[]
}

function SizePart({ source, choice, scales, onChoose }: SizeProps) {
  const { t } = useWords()
  const size = displaySize(source.video)
  return (
    <Part title={t('photo.size')}>
      <Choice
        look="cards"
        label={t('photo.size')}
        value={choice.scale}
        onChange={(scale) => onChoose({ scale })}
        options={([1, 2, 4] as const)
          .filter((value) => scales.includes(value))
          .map((value) => ({
            value,
            label: t(`photo.${scaleWords[value]}`),
            note: t('photo.times', { width: size.width * value, height: size.height * value }),
          }))}
      />
    </Part>
  )
}

/** Of a Keepsake photo: its model is here, or it could not have been opened. */
function Detail({ detail, onChoose }: Pick<PhotoChoice, 'detail'> & Pick<ChoiceProps, 'onChoose'>) {
  const { t, language } = useWords()
  return (
    <Part title={t('photo.detail')}>
      <Slider
        label={t('enhance.keepsake.detail')}
        value={detail}
        words={(value) => formatPercent(language, value)}
        onCommit={(chosen) => onChoose({ detail: chosen })}
      />
      <p>{t(detail > 0 ? 'photo.detailDrawn' : 'photo.detailNone')}</p>
    </Part>
  )
}
