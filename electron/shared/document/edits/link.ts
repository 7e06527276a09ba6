// What is edited together: links between items, and the sound that a clip brings along.
import { Item, ItemId, Sequence, TrackId } from '../sequence.js'
import {
  Edit,
  editAround,
  groupOf,
  locate,
  mapSequences,
  placed,
  replaceItems,
  lacking,
  withoutLoneLinks,
} from './change.js'

/** Link items of different tracks of one sequence. They leave the links they had. */
export const link =
  (ids: readonly ItemId[], newLink: string): Edit =>
  (project) => {
    const found = ids.map((id) => locate(project, id))
    const [first] = found
    if (!first || found.length < 2) return project
    const tracks = new Set<TrackId>()
    for (const one of found) {
      if (!one || one.sequence !== first.sequence || tracks.has(one.track.id)) return project
      tracks.add(one.track.id)
    }
    const isAlready =
      first.item.link !== undefined &&
      groupOf(first.sequence, first.item).length === found.length &&
      found.every((one) => one?.item.link === first.item.link)
    if (isAlready) return project
    const changed = new Map(
      found.flatMap((one): [ItemId, Item][] => (one ? [[one.item.id, { ...one.item, link: newLink }]] : [])),
    )
    return mapSequences(project, (sequence) =>
      sequence === first.sequence ? withoutLoneLinks(replaceItems(sequence, changed)) : sequence,
    )
  }

/** Dissolve the link of an item. */
export const unlink = (id: ItemId): Edit =>
  editAround(id, ({ sequence, item }) =>
    item.link === undefined
      ? undefined
      : replaceItems(sequence, new Map(groupOf(sequence, item).map((one) => [one.id, lacking(one, 'link')]))),
  )

/**
 * A clip's own sound becomes an item of an audio track, linked with it; nothing happens where that track is not free there. `newId`: of
 * the sound's item, and of the link where the clip has none.
 */
export const detachSound = (id: ItemId, onTrack: TrackId, newId: ItemId): Edit =>
  editAround(id, ({ sequence, track, item }): Sequence | undefined => {
    const target = sequence.tracks.find((t) => t.id === onTrack)
    if (track.kind !== 'video' || target?.kind !== 'audio') return undefined
    if (item.of.kind !== 'media' || !item.of.isHeard) return undefined
    if (groupOf(sequence, item).some((one) => target.items.includes(one))) return undefined
    const linked = { ...item, link: item.link ?? newId }
    const sound = { ...lacking(linked, 'recipe'), id: newId }
    const silent = { ...lacking(linked, 'volume'), of: { ...item.of, isHeard: false } }
    return placed(replaceItems(sequence, new Map([[id, silent]])), [{ track: onTrack, item: sound }])
  })
