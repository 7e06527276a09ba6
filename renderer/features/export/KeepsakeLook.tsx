// One frame of a Keepsake before it is made, beside the frame that the encoder is given: both at 100 %, moved together.
import { UIEvent, useRef } from 'react'
import { sentenceOf } from '../../../electron/shared/contract/errors.js'
import { KeepsakeLook } from '../../../electron/shared/contract/render.js'
import { LookSide } from '../../../electron/shared/contract/routes.js'
import { useLookDone } from '../../stores/fits.js'
import { mediaUrl } from '../../stores/host.js'
import { useWords } from '../../stores/words.js'
import { Button } from '../../ui/Button.js'
import { Progress } from '../../ui/Progress.js'
import { useDensity } from '../../ui/size.js'
import { Asking } from './asking.js'
import styles from './Export.module.css'

interface Props {
  look: Asking<KeepsakeLook>
  /** Frames go to the encoder as they were filmed. */
  isFilmed: boolean
}

export function LookPart({ look, isFilmed }: Props) {
  const { t, language } = useWords()
  const done = useLookDone()
  const { isLooking, found, failure, find, stop } = look
  return (
    <div className={styles.keepsake}>
      <p className={styles.soft}>{t('export.keepsake.look.what')}</p>
      {isLooking ? (
        <div className={styles.size}>
          <span role="status">{t('export.keepsake.look.busy')}</span>
          <Button size="small" onClick={stop}>
            {t('export.keepsake.stop')}
          </Button>
        </div>
      ) : (
        !found && (
          <div>
            <Button size="small" disabled={!find} onClick={find}>
              {t('export.keepsake.look.begin')}
            </Button>
          </div>
        )
      )}
      {isLooking && <Progress label={t('export.keepsake.look.busy')} value={done} />}
      {failure && (
        <p className={styles.failure} role="alert">
          {sentenceOf(failure, language)}
        </p>
      )}
      {found && <Pictures found={found} isFilmed={isFilmed} />}
    </div>
  )
}

const sides = ['given', 'made'] as const satisfies readonly LookSide[]

/** Where one is moved, the other goes along. */
function Pictures({ found: { id, width }, isFilmed }: { found: KeepsakeLook; isFilmed: boolean }) {
  const { t } = useWords()
  const density = useDensity()
  const frame = useRef<HTMLDivElement>(null)
  const follow = ({ currentTarget: { scrollLeft, scrollTop } }: UIEvent<HTMLDivElement>): void => {
    for (const pane of frame.current?.querySelectorAll('[role=region]') ?? []) {
      pane.scrollLeft = scrollLeft
      pane.scrollTop = scrollTop
    }
  }
  return (
    <div className={styles.looks} ref={frame}>
      {sides.map((side) => {
        const name = t(`export.keepsake.look.${side === 'made' ? 'made' : isFilmed ? 'filmed' : 'enhanced'}`)
        return (
          <figure key={side}>
            <figcaption>{name}</figcaption>
            <div className={styles.look} role="region" aria-label={name} tabIndex={0} onScroll={follow}>
              <img
                src={mediaUrl({ kind: 'look', id, side })}
                alt={name}
                style={{ width: width / density }}
                onLoad={({ currentTarget: { parentElement: pane } }) => {
                  if (!pane) return
                  pane.scrollLeft = (pane.scrollWidth - pane.clientWidth) / 2
                  pane.scrollTop = (pane.scrollHeight - pane.clientHeight) / 2
                  frame.current?.scrollIntoView({ block: 'nearest' })
                }}
              />
            </div>
          </figure>
        )
      })}
    </div>
  )
}
