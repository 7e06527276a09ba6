// Original and enhanced at the playhead: one over the other behind a line, side by side, or one at a time.
import { ReactNode, useState } from 'react'
import { useSession } from '../../stores/session.js'
import { useWords } from '../../stores/words.js'
import { DividerHandle } from './DividerHandle.js'
import { Pane, PaneProps } from './Pane.js'
import { PictureLayer } from './PictureLayer.js'
import { SideLabels } from './SideLabels.js'
import { Comparison } from './comparison.js'
import { pictureStyle } from './framing.js'
import { enhanced, stills } from './pictures.js'
import styles from './Viewer.module.css'

/** How the two are compared, and which of them is seen. */
function useSides(isComparing: boolean) {
  const mode = useSession((s) => s.compareMode)
  const side = useSession((s) => s.side)
  const isHolding = useSession((s) => s.isHoldingOriginal)
  return {
    mode,
    isSide: mode === 'side' && isComparing,
    hasDivider: mode === 'divider' && isComparing && !isHolding,
    isDifference: mode === 'difference' && isComparing && !isHolding,
    isOriginalOnly: !isComparing || isHolding || (mode === 'ab' && side === 'original'),
  }
}

interface Props {
  comparison: Comparison
  playhead: number
  hasFilm: boolean
  /** The film, below the pictures. */
  children: ReactNode
}

export function ComparePanes({ comparison, playhead, hasFilm, children }: Props) {
  const { t } = useWords()
  const { isComparing, picture, framing, enhancedUrl } = comparison
  const { mode, isSide, hasDivider, isDifference, isOriginalOnly } = useSides(isComparing)
  const showsFilm = useSession((s) => s.isPlaying) && hasFilm
  const stillUrl = showsFilm ? undefined : comparison.stillUrl
  const [originalFrame, setOriginalFrame] = useState<number>()
  const [enhancedFrame, setEnhancedFrame] = useState<number>()
  // Enhanced pictures stand beside their own original only, not beside the one before.
  const url = hasFilm || originalFrame === playhead ? enhancedUrl : undefined
  const isWaiting = isComparing && !isOriginalOnly && (url === undefined || enhancedFrame !== playhead)
  const labels = <SideLabels {...{ mode, isOriginalOnly, comparison, isWaiting }} />
  const laid = pictureStyle(framing)
  const still = { pictures: stills, url: stillUrl, frame: playhead, name: 'original', laid } as const
  const better = {
    ...{ pictures: enhanced, url, frame: playhead, name: 'enhanced' as const },
    ...{ isHidden: isOriginalOnly, onShown: setEnhancedFrame },
  }
  return (
    <>
      <Pane
        picture={picture}
        framing={framing}
        hasDivider={hasDivider}
        label={t(isComparing ? `compare.${mode}` : 'compare.original')}
        overlay={isSide ? undefined : labels}
      >
        {(line, middle) => (
          <>
            <Layers isDifference={isDifference} isWhole={!isWaiting}>
              {children}
              <PictureLayer {...still} isKeeping={!hasFilm} isHidden={showsFilm} onShown={setOriginalFrame} />
              {!isSide && (
                <PictureLayer
                  {...better}
                  laid={pictureStyle(framing, mode === 'divider' ? line : undefined)}
                />
              )}
            </Layers>
            {hasDivider && <DividerHandle divider={line} middle={middle} />}
          </>
        )}
      </Pane>
      {isSide && (
        <EnhancedPane picture={picture} framing={framing} overlay={labels} label={t(comparison.made)}>
          {/* While the film plays there is no still of each frame: an empty pane is better than a picture of before. */}
          <PictureLayer {...still} />
          <PictureLayer {...better} laid={laid} />
        </EnhancedPane>
      )}
    </>
  )
}

/** The pictures over each other. Of a difference nothing is shown until both sides of it are there. */
function Layers(props: { isDifference: boolean; isWhole: boolean; children: ReactNode }) {
  const { isDifference, isWhole, children } = props
  const gain = useSession((s) => s.gain)
  return (
    <div
      className={`${styles.layers} ${isDifference ? styles.difference : ''}`}
      style={isDifference ? { filter: `brightness(${gain})`, opacity: isWhole ? 1 : 0 } : undefined}
      data-difference={isDifference && isWhole ? gain : undefined}
    >
      {children}
    </div>
  )
}

function EnhancedPane({
  children,
  ...pane
}: Pick<PaneProps, 'picture' | 'framing' | 'overlay' | 'label'> & { children: ReactNode }) {
  const { t } = useWords()
  return (
    <>
      <Pane {...pane} hasDivider={false}>
        {() => children}
      </Pane>
      <span className={`${styles.label} ${styles.labelLeft}`}>{t('compare.original')}</span>
    </>
  )
}
