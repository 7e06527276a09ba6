// The item behind a clip of the window, with its media and the times of its frames.
import { Project } from '../../electron/shared/document/document.js'
import { locate } from '../../electron/shared/document/edits/change.js'
import { KnownTimes, timesIn } from '../../electron/shared/document/cutList.js'
import { FrameTimes, framesOf } from '../../electron/shared/document/frames.js'
import { Media } from '../../electron/shared/document/media.js'
import { ClipId, Frame } from '../../electron/shared/document/project.js'
import { Item, mediaEnd } from '../../electron/shared/document/sequence.js'
import { Time, scaled } from '../../electron/shared/document/time.js'

export interface ShownClip {
  item: Item
  media: Media
  times: FrameTimes
  /** Frames [from, to) of the media. */
  from: Frame
  to: Frame
  /** The same range in the media's own time. */
  begin: Time
  end: Time
}

/** Time of the sequence that so much media time takes at the item's speed. */
export const lasting = ({ speed }: Item, mediaTime: Time): Time =>
  speed ? Math.max(1, scaled(mediaTime, speed.den, speed.num)) : mediaTime

export function shownClip(document: Project, id: ClipId, known: KnownTimes): ShownClip | undefined {
  const item = locate(document, id)?.item
  const of = item?.of
  const media = of?.kind === 'media' ? document.media.find((one) => one.id === of.media) : undefined
  const end = item && mediaEnd(item)
  if (!item || of?.kind !== 'media' || !media || end === undefined) return undefined
  const times = timesIn(media, known)
  const range = framesOf(item, times)
  return range && { item, media, times, ...range, begin: of.from, end }
}
