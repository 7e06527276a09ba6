// Making room and closing up: everything behind a place moves along, and what is linked with it moves too, on whatever track it is.
import { Item, Sequence, TrackId, endOf } from '../sequence.js'
import { longestTicks } from '../time.js'
import { mapTracks } from './change.js'

/** On each track that moves, the index of its first item that does. */
export type Movers = ReadonlyMap<TrackId, number>

interface Slot {
  track: TrackId
  index: number
}

function slotsByLink({ tracks }: Sequence): Map<string, Slot[]> {
  const slots = new Map<string, Slot[]>()
  for (const track of tracks)
    track.items.forEach(({ link }, index) => {
      if (link === undefined) return
      const known = slots.get(link)
      if (known) known.push({ track: track.id, index })
      else slots.set(link, [{ track: track.id, index }])
    })
  return slots
}

/**
 * All that moves when the items from `seeds` on do: whatever follows on the same track and whatever is linked with it. Items before
 * the seeds of their own track stay. Tracks without such links (music under the whole film) stay where they are.
 */
export function moversOf(sequence: Sequence, seeds: Movers): Movers {
  const slots = slotsByLink(sequence)
  const movers = new Map(seeds)
  const open = [...seeds].map(([track, index]) => ({ track, from: index, to: Infinity }))
  for (let next = open.pop(); next; next = open.pop()) {
    const items = sequence.tracks.find(({ id }) => id === next.track)?.items ?? []
    for (const { link } of items.slice(next.from, next.to))
      for (const { track, index } of (link !== undefined && slots.get(link)) || []) {
        const first = movers.get(track) ?? Infinity
        if (seeds.has(track) || index >= first) continue
        movers.set(track, index)
        open.push({ track, from: index, to: first })
      }
  }
  return movers
}

/** How far the movers can go to the front before the first of them meets what stays. */
function roomBefore({ tracks }: Sequence, movers: Movers): number {
  return tracks.reduce((room, { id, items }) => {
    const index = movers.get(id) ?? Infinity
    const first = items[index]
    const before = items[index - 1]
    return first ? Math.min(room, first.at - (before ? endOf(before) : 0)) : room
  }, Infinity)
}

/** Moves them later, or earlier as far as there is room on every track; undefined where the sequence would grow too long. */
export function shifted(sequence: Sequence, movers: Movers, by: number): Sequence | undefined {
  const delta = by < 0 ? -Math.min(-by, roomBefore(sequence, movers)) : by
  if (delta === 0 || !Number.isFinite(delta)) return sequence
  let isTooLong = false
  const move = (item: Item): Item => {
    isTooLong ||= endOf(item) + delta > longestTicks
    return { ...item, at: item.at + delta }
  }
  const after = mapTracks(sequence, (track) => {
    const first = movers.get(track.id) ?? Infinity
    if (first >= track.items.length) return track
    return { ...track, items: track.items.map((item, i) => (i >= first ? move(item) : item)) }
  })
  return isTooLong ? undefined : after
}

/** Everything that follows these items on their tracks moves. */
export function behind({ tracks }: Sequence, ids: ReadonlySet<string>): Movers {
  const seeds = new Map<TrackId, number>()
  for (const { id, items } of tracks) {
    const last = items.findLastIndex((item) => ids.has(item.id))
    if (last >= 0) seeds.set(id, last + 1)
  }
  return seeds
}
