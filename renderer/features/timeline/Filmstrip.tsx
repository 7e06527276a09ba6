// Small pictures along the timeline, each at its own second.
import { memo } from 'react'
import { frameAt } from '../../../electron/shared/media/frameTable.js'
import { FrameTable, Source } from '../../../electron/shared/media/source.js'
import { mediaUrl } from '../../stores/host.js'
import { QueuedImage } from '../../ui/QueuedImage.js'
import { useDensity } from '../../ui/size.js'
import { Scale, thumbnailSlots, toX } from './scale.js'
import styles from './Timeline.module.css'

/** CSS pixels, about the strip's height in the style sheet (3.5 rem); pictures cover their slots. */
const height = 60

interface Props {
  source: Source
  table: FrameTable
  scale: Scale
  aspect: number
}

export const Filmstrip = memo(function Filmstrip({ source, table, scale, aspect }: Props) {
  const density = useDensity()
  const asked = density > 1 ? 144 : 80
  return (
    <div className={styles.film} aria-hidden>
      {thumbnailSlots(scale, height * aspect).map(({ seconds, length }) => {
        const left = toX(scale, seconds)
        const right = toX(scale, Math.min(seconds + length, scale.whole))
        return (
          <QueuedImage
            key={`${length}-${seconds}`}
            className={styles.thumbnail}
            style={{ left, width: right - left + 1 }}
            src={mediaUrl({
              kind: 'thumbnail',
              sourceId: source.id,
              frame: frameAt(table, seconds),
              height: asked,
            })}
          />
        )
      })}
    </div>
  )
})
