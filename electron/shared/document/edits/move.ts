// Moving items: to another time or track over what is there, or to another place in the order.
import { Item, ItemId, Sequence, TrackId, endOf } from '../sequence.js'
import { Time, longestTicks } from '../time.js'
import { Edit, Located, Placement, editAround, groupOf, without, withoutLoneLinks } from './change.js'
import { closedUp } from './lift.js'
import { inserted, overwritten } from './place.js'

/** The item on its new track, what is linked with it on theirs, all moved by the same time and none before 0. */
function placementsOf({ sequence, item }: Located, by: number, onTrack?: TrackId): Placement[] {
  const members = groupOf(sequence, item)
  const delta = Math.max(by, -Math.min(...members.map(({ at }) => at)))
  const trackOf = (member: Item): TrackId =>
    sequence.tracks.find(({ items }) => items.includes(member))?.id ?? ''
  return members.map((member) => ({
    track: member.id === item.id && onTrack !== undefined ? onTrack : trackOf(member),
    item: { ...member, at: member.at + delta },
  }))
}

const fits = (placements: readonly Placement[]): boolean =>
  placements.every(({ item }) => endOf(item) <= longestTicks) &&
  new Set(placements.map(({ track }) => track)).size === placements.length

/** Put an item elsewhere, over what is there; a gap stays. `onTrack`: of the same kind. `newId`: for the second part of what is cut. */
export const move = (id: ItemId, to: { at: Time; onTrack?: TrackId }, newId: string): Edit =>
  editAround(id, (found): Sequence | undefined => {
    const { sequence, track, item } = found
    const target = sequence.tracks.find((t) => t.id === (to.onTrack ?? track.id))
    if (target?.kind !== track.kind) return undefined
    const placements = placementsOf(found, to.at - item.at, target.id)
    if (!fits(placements) || (target === track && placements[0]?.item.at === item.at)) return undefined
    const rest = without(sequence, new Set(placements.map((placement) => placement.item.id)))
    const after = overwritten(rest, placements, newId)
    return after && withoutLoneLinks(after)
  })

/** Put an item to a place in the order of its track (0 = first): what followed it closes up, what follows there makes room. */
export const reorder = (id: ItemId, index: number, newId: string): Edit =>
  editAround(id, (found): Sequence | undefined => {
    const { track, item } = found
    const others = track.items.filter((other) => other.id !== id)
    const place = Math.min(Math.max(0, index), others.length)
    if (place === found.index) return undefined
    const rest = closedUp(found)
    const items = rest?.tracks.find((t) => t.id === track.id)?.items ?? []
    const before = items[place - 1]
    const at = items[place]?.at ?? (before ? endOf(before) : 0)
    const placements = placementsOf(found, at - item.at)
    if (!rest || !fits(placements)) return undefined
    const after = inserted(rest, placements, newId)
    return after && withoutLoneLinks(after)
  })
