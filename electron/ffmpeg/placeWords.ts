// Places of a film in words: "0:01.0-0:01.7, 0:12.0-0:12.1".
import { formatTenths } from '../shared/media/timecode.js'

/** So many places are named. */
const mostPlaces = 10

/** Seconds. */
export function placeWords(places: readonly { from: number; to: number }[]): string {
  const words = places
    .slice(0, mostPlaces)
    .map(({ from, to }) => `${formatTenths(from)}-${formatTenths(to)}`)
    .join(', ')
  return words + (places.length > mostPlaces ? ' ...' : '')
}
