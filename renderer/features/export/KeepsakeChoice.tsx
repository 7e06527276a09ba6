// A Keepsake: how good or how large, in which coding, and whether that size can be met.
import { KeepsakeFit, KeepsakeLook } from '../../../electron/shared/contract/render.js'
import { KeepsakeCodec } from '../../../electron/shared/media/keepsake/info.js'
import { keepsakeLevels, levelUses } from '../../stores/keepsakeLevels.js'
import { KeepsakeWish } from '../../stores/exportWish.js'
import { useWords } from '../../stores/words.js'
import { Button } from '../../ui/Button.js'
import { Choice } from '../../ui/Choice.js'
import { formatBytes } from '../../ui/format.js'
import { Progress } from '../../ui/Progress.js'
import { Select } from '../../ui/Select.js'
import { Asking } from './asking.js'
import { Fit } from './fit.js'
import { LookPart } from './KeepsakeLook.js'
import { bytesTyped, keepsakeContainers, levelNear, withKeepsakeCodec } from './output.js'
import styles from './Export.module.css'

interface Props {
  keepsake: KeepsakeWish
  fit: Fit
  look: Asking<KeepsakeLook>
  /** Frames go to the encoder as they were filmed. */
  isFilmed: boolean
  onChange: (keepsake: KeepsakeWish) => void
}

export function KeepsakeChoice({ keepsake, fit, look, isFilmed, onChange }: Props) {
  const { t } = useWords()
  const change = (part: Partial<KeepsakeWish>): void => onChange({ ...keepsake, ...part })
  return (
    <div className={styles.keepsake}>
      <p className={styles.soft}>{t('export.keepsake.what')}</p>
      <Choice
        label={t('export.keepsake.by')}
        value={keepsake.by}
        onChange={(by) => change({ by })}
        options={(['quality', 'size'] as const).map((value) => ({
          value,
          label: t(`export.keepsake.ways.${value}`),
        }))}
      />
      {keepsake.by === 'quality' ? (
        <Level keepsake={keepsake} onChange={change} />
      ) : (
        <Size keepsake={keepsake} fit={fit} onChange={change} />
      )}
      <Coding keepsake={keepsake} onChange={onChange} />
      <LookPart look={look} isFilmed={isFilmed} />
    </div>
  )
}

interface PartProps {
  keepsake: KeepsakeWish
  onChange: (part: Partial<KeepsakeWish>) => void
}

function Level({ keepsake: { level }, onChange }: PartProps) {
  const { t } = useWords()
  return (
    <>
      <Choice
        label={t('export.keepsake.level')}
        value={level}
        onChange={(chosen) => onChange({ level: chosen })}
        options={keepsakeLevels.map((value) => ({
          value,
          label: t(`export.keepsake.levels.${levelUses[value]}`),
        }))}
      />
      <p className={styles.soft} role="status">
        {t(`export.keepsake.levelNote.${levelUses[level]}`)}
      </p>
    </>
  )
}

function Size({ keepsake, fit, onChange }: PartProps & { fit: Fit }) {
  const { t } = useWords()
  const isSize = bytesTyped(keepsake.megabytes) !== undefined
  return (
    <>
      <div className={styles.size}>
        <label htmlFor="keepsake-size">{t('export.keepsake.size')}</label>
        <input
          id="keepsake-size"
          inputMode="decimal"
          value={keepsake.megabytes}
          maxLength={16}
          aria-describedby="keepsake-size-note"
          aria-invalid={!isSize}
          onChange={(event) => onChange({ megabytes: event.target.value })}
        />
        <span className={styles.soft}>MB</span>
        {fit.isLooking ? (
          <Button size="small" onClick={fit.stop}>
            {t('export.keepsake.stop')}
          </Button>
        ) : (
          <Button size="small" disabled={!fit.find} onClick={fit.find}>
            {t('export.keepsake.find')}
          </Button>
        )}
      </div>
      <p id="keepsake-size-note" className={styles.soft}>
        {t('export.keepsake.sizeNote')}
      </p>
      {fit.isLooking && <Progress label={t('export.keepsake.finding')} value={undefined} />}
    </>
  )
}

/** What is known of a wanted size, and what to do about it: said beside the button that begins. Nothing where none is wanted. */
export function SizeWords({ keepsake, fit }: Pick<Props, 'keepsake' | 'fit'>) {
  const { t } = useWords()
  const { isWanted, by, codec, megabytes } = keepsake
  if (!isWanted || by !== 'size' || fit.failure) return null
  if (fit.found) return <Found found={fit.found} codec={codec} />
  if (fit.isLooking) return t('export.keepsake.finding')
  return t(bytesTyped(megabytes) === undefined ? 'export.keepsake.noSize' : 'export.keepsake.first')
}

/** How large it will be, and as how good as which level. */
function Found({ found: { crf, bytes }, codec }: { found: KeepsakeFit; codec: KeepsakeCodec }) {
  const { t, language } = useWords()
  if (bytes === undefined) return t('export.keepsake.unknown', { crf })
  const near = levelNear(codec, crf)
  const size = formatBytes(language, bytes)
  if (near === 'coarser') return t('export.keepsake.coarse', { size, crf })
  return t('export.keepsake.found', { size, crf, level: t(`export.keepsake.levels.${levelUses[near]}`) })
}

function Coding({ keepsake, onChange }: Pick<Props, 'keepsake' | 'onChange'>) {
  const { t } = useWords()
  return (
    <>
      <div className={styles.two}>
        <Select
          label={t('export.codec')}
          value={keepsake.codec}
          onChange={(codec) => onChange(withKeepsakeCodec(keepsake, codec))}
          options={KeepsakeCodec.options.map((value) => ({
            value,
            label: t(`export.keepsake.codecs.${value}`),
          }))}
        />
        <Select
          label={t('export.container')}
          value={keepsake.container}
          onChange={(container) => onChange({ ...keepsake, container })}
          options={keepsakeContainers(keepsake.codec).map((value) => ({ value, label: value.toUpperCase() }))}
        />
      </div>
      <p className={styles.soft}>{t('export.keepsake.notOthers')}</p>
    </>
  )
}
