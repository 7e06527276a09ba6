// Moving the edges of items. Linked items whose edge lies at the same time go along; nobody leaves its media, runs over a
// neighbour or becomes shorter than asked.
import { Project } from '../document.js'
import { Media } from '../media.js'
import { Item, ItemId, Sequence, endOf, longestOf, mediaEnd } from '../sequence.js'
import { longestTicks } from '../time.js'
import { Edit, Located, editAround, groupOf, locate, replaceItems } from './change.js'
import { behind, moversOf, shifted } from './ripple.js'
import { tailOf } from './split.js'

export type Edge = 'start' | 'end'

export interface Trim {
  id: ItemId
  edge: Edge
  /** Ticks by which the edge moves, later if positive. */
  by: number
  /** What stays at least, ticks; one frame as a rule. */
  shortest?: number
}

const edgeOf = (item: Item, edge: Edge): number => (edge === 'start' ? item.at : endOf(item))

/** The item and what is linked with it and begins (ends) at the same time. */
const together = ({ sequence, item }: Located, edge: Edge): Item[] =>
  groupOf(sequence, item).filter((other) => edgeOf(other, edge) === edgeOf(item, edge))

/** The longest that an item can be with its other edge where it is, by its media. */
export function longestFor(item: Item, edge: Edge, media: ReadonlyMap<string, Media>): number {
  const end = mediaEnd(item)
  if (item.of.kind !== 'media' || end === undefined) return longestTicks
  const duration = media.get(item.of.media)?.facts.duration ?? end
  return longestOf(item, edge === 'start' ? end : duration - item.of.from)
}

interface Limits {
  least: number
  most: number
}

/** Between which values `by` may lie, for all of the items. */
function limitsOf(
  items: readonly Item[],
  edge: Edge,
  shortest: number,
  media: ReadonlyMap<string, Media>,
): Limits {
  const limits = items.map((item): Limits => {
    const shorter = item.duration - Math.min(shortest, item.duration)
    const longer = longestFor(item, edge, media) - item.duration
    return edge === 'start' ? { least: -longer, most: shorter } : { least: -shorter, most: longer }
  })
  return {
    least: Math.max(...limits.map(({ least }) => least)),
    most: Math.min(...limits.map(({ most }) => most)),
  }
}

const limited = (by: number, { least, most }: Limits): number => Math.min(Math.max(by, least), most)

const mediaOf = ({ media }: Project): ReadonlyMap<string, Media> => new Map(media.map((m) => [m.id, m]))

/** The item with an edge elsewhere, in its place. */
function trimmed(item: Item, edge: Edge, by: number): Item {
  if (edge === 'end') return { ...item, duration: item.duration + by }
  return tailOf(item, item.at + by)
}

const changes = (items: readonly Item[], change: (item: Item) => Item): ReadonlyMap<ItemId, Item> =>
  new Map(items.map((item) => [item.id, change(item)]))

/** Moves an edge; what follows moves along, so that no gap comes up. The start of the item stays where it is. */
export const trimRipple =
  ({ id, edge, by, shortest = 1 }: Trim): Edit =>
  (project) =>
    editAround(id, (found): Sequence | undefined => {
      const { sequence } = found
      const items = together(found, edge)
      const delta = limited(by, limitsOf(items, edge, shortest, mediaOf(project)))
      if (delta === 0) return sequence
      const longer = edge === 'start' ? -delta : delta
      const behindThem = moversOf(sequence, behind(sequence, new Set(items.map((item) => item.id))))
      const change = changes(items, (item) => ({ ...trimmed(item, edge, delta), at: item.at }))
      const room = longer > 0 ? shifted(sequence, behindThem, longer) : sequence
      const after = room && replaceItems(room, change)
      if (!after || longer > 0) return after && withinLength(after)
      return shifted(after, behindThem, longer)
    })(project)

const withinLength = (sequence: Sequence): Sequence | undefined =>
  sequence.tracks.every(({ items }) => items.every((item) => endOf(item) <= longestTicks))
    ? sequence
    : undefined

/** Free time before (after) an item on its track. */
export function gapAt({ track, item, index }: Located, edge: Edge): number {
  const other = track.items[edge === 'start' ? index - 1 : index + 1]
  if (edge === 'start') return item.at - (other ? endOf(other) : 0)
  return (other ? other.at : longestTicks) - endOf(item)
}

/** Moves an edge in its place: a gap opens or closes, nothing else moves. */
export const trimInPlace =
  ({ id, edge, by, shortest = 1 }: Trim): Edit =>
  (project) =>
    editAround(id, (found) => {
      const items = together(found, edge)
      const free = Math.min(
        ...items.map((item) => {
          const own = locate(project, item.id)
          return own ? gapAt(own, edge) : 0
        }),
      )
      const inside = limited(by, limitsOf(items, edge, shortest, mediaOf(project)))
      const delta = edge === 'start' ? Math.max(inside, -free) : Math.min(inside, free)
      if (delta === 0) return found.sequence
      return replaceItems(
        found.sequence,
        changes(items, (item) => trimmed(item, edge, delta)),
      )
    })(project)

/** Moves the cut between an item and the one that follows it at once; the film keeps its length. */
export const roll =
  (id: ItemId, by: number, shortest = 1): Edit =>
  (project) =>
    editAround(id, (found) => {
      const { track, index, item } = found
      const next = track.items[index + 1]
      if (!next || next.at !== endOf(item)) return undefined
      const pairs = pairsAt(found, next)
      const media = mediaOf(project)
      const [lefts, rights] = [pairs.map((pair) => pair.left), pairs.map((pair) => pair.right)]
      const left = limitsOf(lefts, 'end', shortest, media)
      const right = limitsOf(rights, 'start', shortest, media)
      const least = Math.max(left.least, right.least)
      const delta = limited(by, { least, most: Math.min(left.most, right.most) })
      if (delta === 0) return undefined
      const change = new Map([
        ...changes(lefts, (one) => trimmed(one, 'end', delta)),
        ...changes(rights, (one) => trimmed(one, 'start', delta)),
      ])
      return replaceItems(found.sequence, change)
    })(project)

/** The cut itself, and cuts at the same time between what is linked with its two sides. */
function pairsAt({ sequence, item }: Located, next: Item): { left: Item; right: Item }[] {
  const others = groupOf(sequence, item).slice(1)
  const followers = groupOf(sequence, next).slice(1)
  const linked = others.flatMap((left) => {
    const track = sequence.tracks.find(({ items }) => items.includes(left))
    const right = followers.find((other) => other.at === endOf(left) && track?.items.includes(other))
    return right && endOf(left) === endOf(item) ? [{ left, right }] : []
  })
  return [{ left: item, right: next }, ...linked]
}
