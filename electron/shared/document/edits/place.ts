// Putting new items onto tracks: between what is there, or over it.
import { Project } from '../document.js'
import { Sequence, TrackId, endOf, indexAt } from '../sequence.js'
import { Time, longestTicks } from '../time.js'
import { Edit, Placement, mapSequences, placed, withoutLoneLinks } from './change.js'
import { problemsOf } from '../problems.js'
import { moversOf, shifted } from './ripple.js'
import { cleared, splitAcross } from './split.js'

interface Span {
  from: Time
  to: Time
  tracks: ReadonlySet<TrackId>
}

const spanOf = (placements: readonly Placement[]): Span => ({
  from: Math.min(...placements.map(({ item }) => item.at)),
  to: Math.max(...placements.map(({ item }) => endOf(item))),
  tracks: new Set(placements.map(({ track }) => track)),
})

/** Room is made from the first of the items to the end of the last; what lies across the place is cut, what follows moves on. */
export function inserted(
  sequence: Sequence,
  placements: readonly Placement[],
  newId: string,
): Sequence | undefined {
  const { from, to, tracks } = spanOf(placements)
  const cut = splitAcross(sequence, tracks, from, newId)
  const seeds = new Map(
    cut.tracks.filter(({ id }) => tracks.has(id)).map((track) => [track.id, indexAt(track, from)]),
  )
  const open = shifted(cut, moversOf(cut, seeds), to - from)
  return open && placed(open, placements)
}

/** Each item takes its place, whatever was there before. */
export function overwritten(
  sequence: Sequence,
  placements: readonly Placement[],
  newId: string,
): Sequence | undefined {
  const free = placements.reduce(
    (before, { track, item }, i) =>
      cleared(before, new Set([track]), item.at, endOf(item), i === 0 ? newId : `${newId}-${i}`),
    sequence,
  )
  return placed(free, placements)
}

type Place = (sequence: Sequence, placements: readonly Placement[], newId: string) => Sequence | undefined

/** New items can be anything that a caller made up: they are taken only where the document stays whole. */
const placing =
  (place: Place, placements: readonly Placement[], newId: string): Edit =>
  (project) => {
    const first = placements[0]
    const holds = ({ tracks }: Sequence): boolean => tracks.some(({ id }) => id === first?.track)
    if (!first || placements.some(({ item }) => endOf(item) > longestTicks)) return project
    const after = mapSequences(project, (sequence) => {
      const next = holds(sequence) ? place(sequence, placements, newId) : undefined
      return next ? withoutLoneLinks(next) : sequence
    })
    return after !== project && problemsOf(after).length > 0 ? project : after
  }

/**
 * Put items between what is there. They may be of several tracks of one sequence (a clip and its sound); ids that are new, media and
 * recipes that the document has. `newId`: for the second parts of what is cut.
 */
export const insert = (placements: readonly Placement[], newId: string): Edit =>
  placing(inserted, placements, newId)

/** Put items over what is there. Otherwise as `insert`. */
export const overwrite = (placements: readonly Placement[], newId: string): Edit =>
  placing(overwritten, placements, newId)

/** After everything on all tracks: where the next item of a film goes. */
export const append =
  (placements: readonly Placement[]): Edit =>
  (project) => {
    const at = endOfTracks(project, placements)
    const moved = placements.map(({ track, item }) => ({ track, item: { ...item, at: item.at + at } }))
    return overwrite(moved, '')(project)
  }

const endOfTracks = ({ sequences }: Project, placements: readonly Placement[]): Time =>
  Math.max(
    0,
    ...sequences.flatMap(({ tracks }) =>
      tracks
        .filter(({ id }) => placements.some(({ track }) => track === id))
        .flatMap(({ items }) => items.slice(-1).map(endOf)),
    ),
  )
