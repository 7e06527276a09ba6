// Above the picture: how to compare, and how large to look.
import { ReactNode } from 'react'
import {
  Columns2,
  Diff,
  PanelLeftClose,
  PanelLeftOpen,
  PanelRightClose,
  PanelRightOpen,
  SquareSplitHorizontal,
  ToggleLeft,
} from 'lucide-react'
import { Clip } from '../../../electron/shared/document/project.js'
import { actions } from '../../stores/actions.js'
import { useCommandStates } from '../../stores/commandState.js'
import { useKeys } from '../../stores/keys.js'
import { CompareMode, compareModes, gains, setSession, useSession } from '../../stores/session.js'
import { Size, wholePicture } from '../../stores/view.js'
import { useWords } from '../../stores/words.js'
import { Button, IconButton } from '../../ui/Button.js'
import { Choice } from '../../ui/Choice.js'
import { keyWords } from '../../ui/keyWords.js'
import { formatPercent } from '../../ui/format.js'
import { madeOf } from './comparison.js'
import styles from './Viewer.module.css'

const icons = { divider: SquareSplitHorizontal, side: Columns2, ab: ToggleLeft, difference: Diff }

const written = ({ width, height }: Size): string => `${width} × ${height}`

interface Props {
  isComparing: boolean
  clip: Clip
  /** In pixels of the output. */
  picture: Size
  /** Where it has another size. */
  film: Size | undefined
}

export function ViewerBar({ isComparing, clip, picture, film }: Props) {
  const { t } = useWords()
  const mode = useSession((s) => s.compareMode)
  return (
    <div className={`${styles.bar} ${isComparing ? styles.full : ''}`}>
      <PanelButton name="toggleClips" open={<PanelLeftClose />} folded={<PanelLeftOpen />} />
      {isComparing ? (
        <CompareChoice mode={mode} clip={clip} />
      ) : (
        <span className={styles.barName}>{clip.name}</span>
      )}
      <span className={styles.spring} />
      {!(isComparing && (mode === 'ab' || mode === 'difference')) && (
        <span className={styles.barNote} title={t(film ? 'viewer.sizeInFilmTitle' : 'viewer.sizeTitle')}>
          {film ? t('viewer.sizeInFilm', { own: written(picture), film: written(film) }) : written(picture)}
        </span>
      )}
      <ZoomChoice />
      <PanelButton name="toggleSettings" open={<PanelRightClose />} folded={<PanelRightOpen />} />
    </div>
  )
}

interface PanelButtonProps {
  name: 'toggleClips' | 'toggleSettings'
  open: ReactNode
  folded: ReactNode
}

/** Folds what stands beside the picture away, and brings it back. */
function PanelButton({ name, open, folded }: PanelButtonProps) {
  const { t } = useWords()
  const { isOn } = useCommandStates()[name]
  const keys = keyWords(useKeys()[name][0])
  return (
    <IconButton label={t(`command.${name}`)} keys={keys} aria-pressed={isOn} onClick={actions[name]}>
      {isOn ? open : folded}
    </IconButton>
  )
}

function CompareChoice({ mode, clip }: { mode: CompareMode; clip: Clip }) {
  const { t } = useWords()
  const side = useSession((s) => s.side)
  return (
    <>
      <Choice
        look="dark"
        label={t('compare.label')}
        value={mode}
        onChange={(compareMode) => setSession({ compareMode, side: 'enhanced' })}
        options={compareModes.map((value) => {
          const Icon = icons[value]
          return { value, label: <Icon aria-hidden />, title: t(`compare.${value}`) }
        })}
      />
      {mode === 'difference' ? (
        <GainChoice />
      ) : mode === 'ab' ? (
        <Choice
          look="dark"
          label={t('compare.sides')}
          value={side}
          onChange={(value) => setSession({ side: value })}
          options={[
            { value: 'original', label: t('compare.original') },
            { value: 'enhanced', label: t(madeOf(clip)) },
          ]}
        />
      ) : (
        <HoldButton />
      )}
    </>
  )
}

function GainChoice() {
  const { t } = useWords()
  const gain = useSession((s) => s.gain)
  return (
    <Choice
      look="dark"
      label={t('compare.gain')}
      value={gain}
      onChange={(value) => setSession({ gain: value })}
      options={gains.map((value) => ({ value, label: t('compare.times', { gain: String(value) }) }))}
    />
  )
}

/** The original for as long as it is held down. */
function HoldButton() {
  const { t } = useWords()
  const isHolding = useSession((s) => s.isHoldingOriginal)
  const hold = (isHoldingOriginal: boolean): void => setSession({ isHoldingOriginal })
  return (
    <Button
      kind="quiet"
      size="small"
      aria-pressed={isHolding}
      onPointerDown={() => hold(true)}
      onPointerUp={() => hold(false)}
      onPointerLeave={() => hold(false)}
      onKeyDown={(event) => {
        if (event.key === ' ' || event.key === 'Enter') hold(true)
      }}
      onKeyUp={() => hold(false)}
      onBlur={() => hold(false)}
      title="\"
    >
      {t('compare.hold')}
    </Button>
  )
}

function ZoomChoice() {
  const { t, language } = useWords()
  const zoom = useSession((s) => s.view.zoom)
  const value = zoom === 'fit' ? 'fit' : zoom === 1 ? '1' : zoom === 2 ? '2' : 'other'
  const percent = (share: number): string => formatPercent(language, share)
  return (
    <Choice
      look="dark"
      label={t('viewer.zoom')}
      value={value}
      onChange={(chosen) =>
        setSession(({ view }) => ({
          view: chosen === 'fit' ? wholePicture : { ...view, zoom: Number(chosen) },
        }))
      }
      options={[
        { value: 'fit', label: t('viewer.fit') },
        { value: '1', label: percent(1) },
        { value: '2', label: percent(2) },
        ...(value === 'other' ? [{ value, label: percent(Number(zoom)), isDisabled: true }] : []),
      ]}
    />
  )
}
