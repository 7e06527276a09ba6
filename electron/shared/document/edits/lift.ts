// Taking items out: leaving a gap, or closing up.
import { ItemId, Sequence } from '../sequence.js'
import { Edit, Located, editAround, groupOf, without } from './change.js'
import { behind, moversOf, shifted } from './ripple.js'

/** Take an item out with what is linked with it; a gap stays. */
export const lift = (id: ItemId): Edit =>
  editAround(id, ({ sequence, item }) => without(sequence, idsOf(groupOf(sequence, item))))

/** Without the item and what is linked, closed up by the item's duration or as far as other tracks have room. */
export function closedUp({ sequence, item }: Pick<Located, 'sequence' | 'item'>): Sequence | undefined {
  const ids = idsOf(groupOf(sequence, item))
  const kept = new Map(
    [...behind(sequence, ids)].map(([track, index]) => {
      const items = sequence.tracks.find((t) => t.id === track)?.items ?? []
      return [track, index - items.slice(0, index).filter(({ id }) => ids.has(id)).length]
    }),
  )
  const rest = without(sequence, ids)
  return shifted(rest, moversOf(rest, kept), -item.duration)
}

/** Take an item out with what is linked with it; what follows closes up, with what is linked to that. */
export const rippleDelete = (id: ItemId): Edit => editAround(id, closedUp)

const idsOf = (items: readonly { id: ItemId }[]): ReadonlySet<ItemId> => new Set(items.map(({ id }) => id))
