// Above the picture: how to compare, and how large to look.
import { Columns2, SquareSplitHorizontal, ToggleLeft } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import { Clip } from '../../../electron/shared/document/project.js'
import { CompareMode, setSession, useSession } from '../../stores/session.js'
import { Size, wholePicture } from '../../stores/view.js'
import { Button } from '../../ui/Button.js'
import { Choice } from '../../ui/Choice.js'
import { formatPercent } from '../../ui/format.js'
import styles from './Viewer.module.css'

const icons = { divider: SquareSplitHorizontal, side: Columns2, ab: ToggleLeft }
const modes: readonly CompareMode[] = ['divider', 'side', 'ab']

export function ViewerBar({
  isComparing,
  clip,
  picture,
}: {
  isComparing: boolean
  clip: Clip
  picture: Size
}) {
  const { t, i18n } = useTranslation()
  const mode = useSession((s) => s.compareMode)
  const side = useSession((s) => s.side)
  const isHolding = useSession((s) => s.isHoldingOriginal)
  const zoom = useSession((s) => s.view.zoom)
  const hold = (isHoldingOriginal: boolean): void => setSession({ isHoldingOriginal })
  const zoomValue = zoom === 'fit' ? 'fit' : zoom === 1 ? '1' : zoom === 2 ? '2' : 'other'
  return (
    <div className={styles.bar}>
      {isComparing ? (
        <>
          <Choice
            look="dark"
            label={t('compare.label')}
            value={mode}
            onChange={(compareMode) => setSession({ compareMode, side: 'enhanced' })}
            options={modes.map((value) => {
              const Icon = icons[value]
              return { value, label: <Icon aria-hidden />, title: t(`compare.${value}`) }
            })}
          />
          {mode === 'ab' && (
            <Choice
              look="dark"
              label={t('compare.sides')}
              value={side}
              onChange={(value) => setSession({ side: value })}
              options={[
                { value: 'original', label: t('compare.original') },
                { value: 'enhanced', label: t('compare.enhanced') },
              ]}
            />
          )}
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
        </>
      ) : (
        <span className={styles.barName}>{clip.name}</span>
      )}
      <span className={styles.spring} />
      {!(isComparing && mode === 'ab') && (
        <span className={styles.barNote} title={t('viewer.sizeTitle')}>
          {picture.width} × {picture.height}
        </span>
      )}
      <Choice
        look="dark"
        label={t('viewer.zoom')}
        value={zoomValue}
        onChange={(value) =>
          setSession(({ view }) => ({
            view: value === 'fit' ? wholePicture : { ...view, zoom: Number(value) },
          }))
        }
        options={[
          { value: 'fit', label: t('viewer.fit') },
          { value: '1', label: formatPercent(i18n.language, 1) },
          { value: '2', label: formatPercent(i18n.language, 2) },
          ...(zoomValue === 'other'
            ? [{ value: 'other', label: formatPercent(i18n.language, Number(zoom)), isDisabled: true }]
            : []),
        ]}
      />
    </div>
  )
}
