// What must hold in a document beyond the shape of its records. One list, for files that are read and for tests of edits.
import { Project } from './document.js'
import { Media } from './media.js'
import { Item, Sequence, Track, endOf, mediaEnd } from './sequence.js'
import { longestTicks } from './time.js'

export interface Problem {
  kind:
    | 'same-id'
    | 'overlap'
    | 'too-late'
    | 'no-media'
    | 'no-recipe'
    | 'outside-media'
    | 'wrong-track'
    | 'lone-link'
    | 'link-twice-on-track'
  /** Of the record that is wrong. */
  id: string
}

interface Known {
  media: ReadonlyMap<string, Media>
  recipes: ReadonlySet<string>
}

function sameIds(ids: Iterable<string>): Problem[] {
  const seen = new Set<string>()
  const twice: Problem[] = []
  for (const id of ids) {
    if (seen.has(id)) twice.push({ kind: 'same-id', id })
    seen.add(id)
  }
  return twice
}

function ofItem(item: Item, track: Track, known: Known): Problem['kind'] | undefined {
  if (endOf(item) > longestTicks) return 'too-late'
  if (item.recipe !== undefined && !known.recipes.has(item.recipe)) return 'no-recipe'
  const { of } = item
  if (of.kind === 'title' || of.kind === 'still') if (track.kind === 'audio') return 'wrong-track'
  if (of.kind === 'title' || of.kind === 'generated') return undefined
  const media = known.media.get(of.media)
  if (!media) return 'no-media'
  if (of.kind === 'still') return undefined
  if (track.kind === 'audio' && !of.isHeard) return 'wrong-track'
  return (mediaEnd(item) ?? 0) > media.facts.duration ? 'outside-media' : undefined
}

function ofTrack(track: Track, known: Known): Problem[] {
  const problems: Problem[] = []
  let end = 0
  for (const item of track.items) {
    if (item.at < end) problems.push({ kind: 'overlap', id: item.id })
    end = endOf(item)
    const kind = ofItem(item, track, known)
    if (kind) problems.push({ kind, id: item.id })
  }
  return problems
}

function ofLinks({ tracks }: Sequence): Problem[] {
  const members = new Map<string, Set<string>>()
  const problems: Problem[] = []
  for (const track of tracks)
    for (const { link, id } of track.items) {
      if (link === undefined) continue
      const on = members.get(link) ?? new Set()
      if (on.has(track.id)) problems.push({ kind: 'link-twice-on-track', id })
      members.set(link, on.add(track.id))
    }
  for (const [id, on] of members) if (on.size < 2) problems.push({ kind: 'lone-link', id })
  return problems
}

/** Everything that is wrong with a document whose records have the right shape; empty: it is whole. */
export function problemsOf({ media, recipes, sequences }: Project): Problem[] {
  const tracks = sequences.flatMap((sequence) => sequence.tracks)
  const known = {
    media: new Map(media.map((m) => [m.id, m])),
    recipes: new Set(recipes.map(({ id }) => id)),
  }
  return [
    ...[media, recipes, sequences, tracks].flatMap((records) => sameIds(records.map(({ id }) => id))),
    ...sameIds(tracks.flatMap(({ items }) => items.map(({ id }) => id))),
    ...tracks.flatMap((track) => ofTrack(track, known)),
    ...sequences.flatMap(ofLinks),
  ]
}
