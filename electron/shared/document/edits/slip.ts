// Slipping: an item stays where it is and as long as it is, and shows an earlier or later part of its media.
import { Item, ItemId, mediaEnd } from '../sequence.js'
import { Edit, editAround, groupOf, replaceItems } from './change.js'

/** By ticks of the media's own time, later if positive; linked items of the same media slip along, none beyond its media. */
export const slip =
  (id: ItemId, by: number): Edit =>
  (project) =>
    editAround(id, ({ sequence, item }) => {
      if (item.of.kind !== 'media') return undefined
      const { media } = item.of
      const duration = project.media.find((m) => m.id === media)?.facts.duration ?? 0
      const members = groupOf(sequence, item).filter(({ of }) => of.kind === 'media' && of.media === media)
      const least = Math.max(...members.map(({ of }) => (of.kind === 'media' ? -of.from : 0)))
      const most = Math.min(...members.map((member) => duration - (mediaEnd(member) ?? duration)))
      const delta = Math.min(Math.max(by, least), most)
      if (delta === 0) return undefined
      const slipped = (one: Item): Item =>
        one.of.kind === 'media' ? { ...one, of: { ...one.of, from: one.of.from + delta } } : one
      return replaceItems(sequence, new Map(members.map((member) => [member.id, slipped(member)])))
    })(project)
