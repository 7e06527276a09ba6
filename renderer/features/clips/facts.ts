// What a file is, as one line of plain words.
import { Lookup } from '../../../electron/shared/words/lookup.js'
import { durationOf, secondsOf } from '../../../electron/shared/media/frameTable.js'
import { Clip } from '../../../electron/shared/document/project.js'
import { toNumber } from '../../../electron/shared/media/rational.js'
import {
  FrameTable,
  Source,
  displaySize,
  isInterlaced,
  isStill,
} from '../../../electron/shared/media/source.js'
import { formatDuration, formatNumber } from '../../ui/format.js'

export const clipSeconds = (clip: Clip, table: FrameTable): number =>
  secondsOf(table, clip.to) - secondsOf(table, clip.from)

/** "Photo, 3200 × 2400", "640 × 480, 30 frames per second, 12 seconds, with sound, interlaced, 5 chapters" */
export function factsOf(source: Source, table: FrameTable, locale: string, t: Lookup): string {
  const { video, audio, chapters } = source
  const shown = displaySize(video)
  const rate = formatNumber(locale, toNumber(video.frameRate), 2)
  const size = `${shown.width} × ${shown.height}`
  if (isStill(source)) return t('clips.photo', { size })
  const facts = [
    size,
    video.isVariable ? t('clips.changingRate', { rate }) : t('clips.rate', { rate }),
    formatDuration(locale, durationOf(table)),
    audio.length > 0 ? t('clips.withSound') : t('clips.silent'),
    ...(isInterlaced(video) ? [t('clips.interlaced')] : []),
    ...(video.rotation !== 0 ? [t('clips.turned')] : []),
    ...(chapters.length > 0 ? [t('clips.chapters', { count: chapters.length })] : []),
  ]
  return facts.join(t('clips.comma'))
}
