// Cutting items in two. What is linked is cut at the same time, and the second parts are linked with each other.
import { Item, ItemId, Sequence, Track, TrackId, endOf, indexAt, mediaEnd, mediaLength } from '../sequence.js'
import { Time } from '../time.js'
import { Edit, editAround, groupOf, lacking, mapTracks, withoutLoneLinks } from './change.js'

/** The part from a time on, with the end it had. */
export function tailOf(item: Item, time: Time): Item {
  const duration = endOf(item) - time
  const end = mediaEnd(item)
  if (item.of.kind !== 'media' || end === undefined) return { ...item, at: time, duration }
  return { ...item, at: time, duration, of: { ...item.of, from: end - mediaLength(item, duration) } }
}

/** The part before a time. */
export const headOf = (item: Item, time: Time): Item => ({ ...item, duration: time - item.at })

export const isInside = (item: Item, time: Time): boolean => item.at < time && time < endOf(item)

function splitMembers(sequence: Sequence, members: readonly Item[], time: Time, newId: string): Sequence {
  const cut = members.filter((item) => isInside(item, time))
  const later = new Set(members.filter(({ at }) => at >= time).map(({ id }) => id))
  const ids = new Map(cut.map(({ id }, i) => [id, i === 0 ? newId : `${newId}-${i}`]))
  const isLinked = cut.length + later.size > 1
  const parts = (item: Item): Item[] => {
    if (later.has(item.id)) return [{ ...item, link: newId }]
    const id = ids.get(item.id)
    if (id === undefined) return [item]
    const tail = { ...lacking(tailOf(item, time), 'link'), id }
    return [headOf(item, time), isLinked ? { ...tail, link: newId } : tail]
  }
  if (cut.length === 0) return sequence
  const isTouched = ({ id }: Item): boolean => ids.has(id) || later.has(id)
  const after = mapTracks(sequence, (track) =>
    track.items.some(isTouched) ? { ...track, items: track.items.flatMap(parts) } : track,
  )
  return withoutLoneLinks(after)
}

/**
 * Cut an item in two at a time of its sequence; nothing happens at its ends or outside. The second part has the id `newId`, those of
 * linked items `newId-1`, ... What is linked and lies wholly before (behind) the cut stays with the first (second) part.
 */
export const split = (id: ItemId, time: Time, newId: string): Edit =>
  editAround(id, ({ sequence, item }) =>
    isInside(item, time) ? splitMembers(sequence, groupOf(sequence, item), time, newId) : undefined,
  )

/** Cuts what lies across a time on some tracks, with what is linked. New ids are `newId` with a number. */
export function splitAcross(
  sequence: Sequence,
  tracks: ReadonlySet<TrackId>,
  time: Time,
  newId: string,
): Sequence {
  const across = (track: Track): Item | undefined => track.items[indexAt(track, time)]
  return sequence.tracks.reduce((before, { id }, i) => {
    const track = before.tracks.find((t) => t.id === id)
    const item = tracks.has(id) && track ? across(track) : undefined
    return item && isInside(item, time)
      ? splitMembers(before, groupOf(before, item), time, `${newId}-cut${i}`)
      : before
  }, sequence)
}

/** Takes a stretch of time off some tracks: items are shortened, cut in two or taken out. Nothing else moves. */
export function cleared(
  sequence: Sequence,
  tracks: ReadonlySet<TrackId>,
  from: Time,
  to: Time,
  newId: string,
): Sequence {
  const rest = (item: Item, index: number): Item[] => {
    if (endOf(item) <= from || item.at >= to) return [item]
    const head = item.at < from ? [headOf(item, from)] : []
    const tail = endOf(item) > to ? tailOf(item, to) : undefined
    if (!tail) return head
    if (head.length === 0) return [tail]
    return [...head, { ...lacking(tail, 'link'), id: `${newId}-rest${index}` }]
  }
  return withoutLoneLinks(
    mapTracks(sequence, (track) => {
      const index = sequence.tracks.indexOf(track)
      const isTouched = track.items.some((item) => endOf(item) > from && item.at < to)
      return tracks.has(track.id) && isTouched
        ? { ...track, items: track.items.flatMap((item) => rest(item, index)) }
        : track
    }),
  )
}
