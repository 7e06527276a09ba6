// How edits make a new document out of an old one: what does not change is the same object, all the way up.
import { Project } from '../document.js'
import { Item, ItemId, Sequence, Track, TrackId, endOf } from '../sequence.js'

/**
 * An edit that cannot be made, or changes nothing, gives the same document back. Ids of new records (`newId`) are the caller's: at most
 * 48 characters, and nobody has them nor begins with them.
 */
export type Edit = (project: Project) => Project

/** `map` that gives the list itself back where nothing changed. */
export function mapped<T>(list: readonly T[], change: (value: T, index: number) => T): T[] {
  let changed: T[] | undefined
  list.forEach((value, i) => {
    const after = change(value, i)
    if (after !== value) (changed ??= [...list])[i] = after
  })
  return changed ?? (list as T[])
}

export const withItems = (track: Track, items: Item[]): Track =>
  items === track.items ? track : { ...track, items }

export const withTracks = (sequence: Sequence, tracks: Track[]): Sequence =>
  tracks === sequence.tracks ? sequence : { ...sequence, tracks }

export const mapTracks = (sequence: Sequence, change: (track: Track) => Track): Sequence =>
  withTracks(sequence, mapped(sequence.tracks, change))

export function mapSequences(project: Project, change: (sequence: Sequence) => Sequence): Project {
  const sequences = mapped(project.sequences, change)
  return sequences === project.sequences ? project : { ...project, sequences }
}

export interface Located {
  sequence: Sequence
  track: Track
  item: Item
  index: number
}

export function locate(project: Project, id: ItemId): Located | undefined {
  for (const sequence of project.sequences)
    for (const track of sequence.tracks) {
      const index = track.items.findIndex((item) => item.id === id)
      const item = track.items[index]
      if (item) return { sequence, track, item, index }
    }
  return undefined
}

/** The item and all that are linked with it, the item first. */
export function groupOf(sequence: Sequence, item: Item): Item[] {
  if (item.link === undefined) return [item]
  const others = sequence.tracks.flatMap(({ items }) =>
    items.filter(({ link, id }) => link === item.link && id !== item.id),
  )
  return [item, ...others]
}

/** A change of the sequence that holds an item. */
export const editAround =
  (id: ItemId, change: (found: Located) => Sequence | undefined): Edit =>
  (project) => {
    const found = locate(project, id)
    const after = found && change(found)
    if (!found || !after || after === found.sequence) return project
    return mapSequences(project, (sequence) => (sequence === found.sequence ? after : sequence))
  }

/** Items in their places by id. */
export function replaceItems(sequence: Sequence, changed: ReadonlyMap<ItemId, Item>): Sequence {
  return mapTracks(sequence, (track) =>
    withItems(
      track,
      mapped(track.items, (item) => changed.get(item.id) ?? item),
    ),
  )
}

/** Without some items; what stays keeps its time. A link that has lost its other end goes too. */
export function without(sequence: Sequence, ids: ReadonlySet<ItemId>): Sequence {
  return withoutLoneLinks(
    mapTracks(sequence, (track) =>
      track.items.some(({ id }) => ids.has(id))
        ? { ...track, items: track.items.filter(({ id }) => !ids.has(id)) }
        : track,
    ),
  )
}

/** The item without one of the things that it need not have. */
export function lacking(item: Item, key: 'link' | 'recipe' | 'volume' | 'speed'): Item {
  if (item[key] === undefined) return item
  const rest = { ...item }
  delete rest[key]
  return rest
}

export function withoutLoneLinks(sequence: Sequence): Sequence {
  const counts = new Map<string, number>()
  for (const { items } of sequence.tracks)
    for (const { link } of items) if (link !== undefined) counts.set(link, (counts.get(link) ?? 0) + 1)
  const isLone = ({ link }: Item): boolean => link !== undefined && (counts.get(link) ?? 0) < 2
  return mapTracks(sequence, (track) =>
    withItems(
      track,
      mapped(track.items, (item) => (isLone(item) ? lacking(item, 'link') : item)),
    ),
  )
}

export interface Placement {
  track: TrackId
  item: Item
}

/** With items in free places; undefined where a track is not there or a place is taken. */
export function placed(sequence: Sequence, placements: readonly Placement[]): Sequence | undefined {
  if (placements.some(({ track }) => !sequence.tracks.some(({ id }) => id === track))) return undefined
  const after = mapTracks(sequence, (track) => {
    const own = placements.filter((placement) => placement.track === track.id).map(({ item }) => item)
    return own.length === 0
      ? track
      : { ...track, items: [...track.items, ...own].sort((a, b) => a.at - b.at) }
  })
  const isFree = ({ items }: Track): boolean =>
    items.every((item, i) => i === 0 || endOf(items[i - 1] ?? item) <= item.at)
  return after.tracks.every((track, i) => track === sequence.tracks[i] || isFree(track)) ? after : undefined
}
