// One clip of the lane: as long as it lasts, with its name and pictures of what is in sight of it.
import { memo } from 'react'
import { displaySize, isStill } from '../../../electron/shared/media/source.js'
import { Piece, frameWithin } from '../../stores/filmTime.js'
import { mediaUrl } from '../../stores/host.js'
import { useProject } from '../../stores/project.js'
import { selectClipById } from '../../stores/scene.js'
import { useSources } from '../../stores/sources.js'
import { useWords } from '../../stores/words.js'
import { QueuedImage } from '../../ui/QueuedImage.js'
import { formatDuration } from '../../ui/format.js'
import { useDensity } from '../../ui/size.js'
import { Scale, thumbnailSlots, toSeconds, toX } from './scale.js'
import styles from './Timeline.module.css'

/** CSS pixels: beyond the edges, so that no edge of what goes on is seen; the least that can be seen and hit, and where there is room for a picture. */
const beyond = 8
const least = 3
const pictured = 12
/** About the height of the lane in the style sheet (2.5 rem); pictures cover their slots. */
const height = 40

interface Props {
  piece: Piece
  scale: Scale
  place: number
  count: number
  isChosen: boolean
  isMoving: boolean
}

export const LaneClip = memo(function LaneClip({ piece, scale, place, count, isChosen, isMoving }: Props) {
  const { t, language } = useWords()
  const { clip, at, seconds } = piece
  const source = useSources((s) => s.sources[clip.sourceId])
  const isRead = useSources((s) => s.tables[clip.sourceId] !== undefined)
  const isPhoto = source !== undefined && isStill(source)
  const name = `${place}. ${clip.name}`
  const length = isPhoto || !isRead ? '' : t('clips.comma') + formatDuration(language, seconds)
  const begin = toX(scale, at)
  const left = Math.max(begin, -beyond)
  const right = Math.min(toX(scale, at + seconds), scale.width + beyond)
  const width = right - left
  return (
    <button
      type="button"
      role="option"
      data-piece={clip.id}
      data-face
      aria-selected={isChosen}
      aria-setsize={count}
      aria-posinset={place}
      aria-label={name + length}
      title={name + length}
      tabIndex={isChosen ? 0 : -1}
      className={`${styles.laneClip} ${isPhoto ? styles.lanePhoto : ''} ${isMoving ? styles.laneMoving : ''}`}
      style={{ left, width: isPhoto ? undefined : Math.max(least, width - 1) }}
      onClick={() => selectClipById(clip.id)}
    >
      {isRead && width >= pictured && <LanePictures piece={piece} scale={scale} left={left} right={right} />}
      <span className={styles.laneName} style={{ left: begin < left ? beyond : 0 }}>
        {name}
      </span>
    </button>
  )
})

interface PicturesProps {
  piece: Piece
  scale: Scale
  left: number
  right: number
}

/** Each at its own second of the clip. */
function LanePictures({ piece, scale, left, right }: PicturesProps) {
  const { clip, at, seconds } = piece
  const density = useDensity()
  const document = useProject((s) => s.document)
  const tables = useSources((s) => s.tables)
  const source = useSources((s) => s.sources[clip.sourceId])
  if (!source) return null
  const start = toSeconds(scale, left) - at
  const own: Scale = {
    start,
    span: toSeconds(scale, right) - at - start,
    width: right - left,
    whole: seconds,
  }
  const { width, height: rows } = displaySize(source.video)
  return (
    <span className={styles.lanePictures} aria-hidden>
      {thumbnailSlots(own, (height * width) / rows).map((slot) => {
        const x = toX(own, slot.seconds)
        const frame = frameWithin({ document, tables }, piece, slot.seconds)
        return (
          <QueuedImage
            key={`${slot.length}-${slot.seconds}`}
            className={styles.thumbnail}
            style={{ left: x, width: toX(own, slot.seconds + slot.length) - x + 1 }}
            src={mediaUrl({
              kind: 'thumbnail',
              sourceId: clip.sourceId,
              frame,
              height: density > 1 ? 144 : 80,
            })}
          />
        )
      })}
    </span>
  )
}
