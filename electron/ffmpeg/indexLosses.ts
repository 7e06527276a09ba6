// What the index of an MP4 or QuickTime file does not lead to, for people: pictures and sound that are not where it says, and what
// cannot be reached behind such a place.
import { type Message, message } from '../shared/words/sentences.js'
import type { Source } from '../shared/media/source.js'
import { formatTenths } from '../shared/media/timecode.js'
import type { Listing } from './packets.js'
import { placeWords } from './placeWords.js'
import { type Missing, type TrackFaults, trackFaults } from './sampleTables.js'

const countOf = (places: readonly Missing[]): number => places.reduce((sum, { count }) => sum + count, 0)

/** Of the pictures; `shown`: what became of them. */
function pictureNotes(
  name: string,
  { count, isTimeless, missing }: TrackFaults,
  isSomewhere: boolean,
  packets: Pick<Listing, 'pts' | 'discarded'>,
  shown: { pictures: number; seconds: number },
): Message[] {
  if (isTimeless) return [message('noteIndexTimeless', { name, count: shown.pictures, total: count })]
  const unread = count - packets.pts.length - packets.discarded
  if (isSomewhere && unread > countOf(missing))
    return [message('noteIndexStops', { name, at: formatTenths(shown.seconds), count: unread, total: count })]
  return (['noteIndexEmpty', 'noteIndexLeads'] as const).flatMap((key) => {
    const places = missing.filter(({ isEmpty }) => isEmpty === (key === 'noteIndexEmpty'))
    return places.length === 0
      ? []
      : [message(key, { name, places: placeWords(places), count: countOf(places) })]
  })
}

/** Where bytes are missing at the end, or lie in another file, that is told by itself. */
const isKnown = ({ warnings }: Source): boolean =>
  warnings.some(({ key }) => key === 'noteTruncated' || key === 'noteElsewhere')

export async function indexLosses(
  source: Source,
  packets: Pick<Listing, 'pts' | 'discarded'>,
  shown: { pictures: number; seconds: number },
): Promise<Message[]> {
  if (isKnown(source)) return []
  const { name, video, audio } = source
  const tracks = await trackFaults(source.path, source.container)
  const isSomewhere = tracks.some((track) => track && track.missing.length > 0)
  const ofPictures = tracks[video.index]
  const ofSound = audio.flatMap(({ index }, i) => {
    const missing = (tracks[index]?.missing ?? []).filter(({ isEmpty }) => !isEmpty)
    return missing.length === 0
      ? []
      : [message('noteIndexSound', { name, track: i + 1, places: placeWords(missing) })]
  })
  return [...(ofPictures ? pictureNotes(name, ofPictures, isSomewhere, packets, shown) : []), ...ofSound]
}
