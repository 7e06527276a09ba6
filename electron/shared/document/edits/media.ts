// The media of the document: adding, finding again, reading otherwise, and what turns out about them when they are read.
import { Project } from '../document.js'
import { FrameTimes, timesByRate } from '../frames.js'
import type { Interpretation } from '../../media/source.js'
import { Media, MediaId, frameOf } from '../media.js'
import { Item, ItemId, Track, longestOf, mediaEnd } from '../sequence.js'
import { Time, scaled } from '../time.js'
import { Edit, mapSequences, mapTracks, mapped } from './change.js'

/** A media that is known already stays as it is. */
export const addMedia =
  (media: Media): Edit =>
  (project) =>
    project.media.some(({ id }) => id === media.id)
      ? project
      : { ...project, media: [...project.media, media] }

/** Without the media that no item shows. */
export function dropUnusedMedia(project: Project): Project {
  const used = new Set(
    project.sequences.flatMap(({ tracks }) =>
      tracks.flatMap(({ items }) =>
        items.flatMap(({ of }) => (of.kind === 'media' || of.kind === 'still' ? of.media : [])),
      ),
    ),
  )
  if (project.media.every(({ id }) => used.has(id))) return project
  return { ...project, media: project.media.filter(({ id }) => used.has(id)) }
}

const replaceMedia = (project: Project, id: MediaId, media: Media): Project => ({
  ...project,
  media: mapped(project.media, (before) => (before.id === id ? media : before)),
})

const isSame = (a: unknown, b: unknown): boolean => JSON.stringify(a) === JSON.stringify(b)

/** Items of a track with other durations; gaps keep their length, so what follows moves along. */
function relaid(track: Track, change: (item: Item) => Item): Track {
  let [moved, hasChanged] = [0, false]
  const items = track.items.map((item) => {
    const after = change(item)
    const at = item.at + moved
    moved += after.duration - item.duration
    if (after === item && at === item.at) return item
    hasChanged = true
    return { ...after, at }
  })
  return hasChanged ? { ...track, items } : track
}

const relayItems = (project: Project, id: MediaId, change: (item: Item) => Item): Project =>
  mapSequences(project, (sequence) =>
    mapTracks(sequence, (track) =>
      relaid(track, (item) => (item.of.kind === 'media' && item.of.media === id ? change(item) : item)),
    ),
  )

/** An item's range in a media of another length: what reached its end still does, and none reaches further. */
function fitted(item: Item, before: Media, after: Media): Item {
  const end = mediaEnd(item)
  const { duration } = after.facts
  if (item.of.kind !== 'media' || end === undefined) return item
  if (end <= duration && end < before.facts.duration) return item
  const from = Math.min(item.of.from, duration - frameOf(after))
  const longest = Math.max(1, longestOf(item, duration - from))
  return from === item.of.from && longest === item.duration
    ? item
    : { ...item, duration: longest, of: { ...item.of, from } }
}

/** What a media turned out to be, for example how long it is: see `fitted`. */
export const correctFacts =
  (id: MediaId, facts: Media['facts']): Edit =>
  (project) => {
    const before = project.media.find((media) => media.id === id)
    if (!before || isSame(before.facts, facts)) return project
    const after = { ...before, facts }
    return relayItems(replaceMedia(project, id, after), id, (item) => fitted(item, before, after))
  }

/** The file lies elsewhere, or another file takes its place: then its facts and fingerprint are new too. */
export const relink =
  (
    id: MediaId,
    to: Pick<Media, 'locations'> & Partial<Pick<Media, 'fingerprint' | 'name' | 'facts'>>,
  ): Edit =>
  (project) => {
    const before = project.media.find((media) => media.id === id)
    if (!before) return project
    const { facts = before.facts, ...rest } = to
    const after = { ...before, ...rest }
    const linked = isSame(before, after) ? project : replaceMedia(project, id, after)
    return correctFacts(id, facts)(linked)
  }

/**
 * Read a media otherwise; `facts`: what it is then. Items keep their times: taking frames apart into fields and putting them together
 * again leaves every cut where it was. With another frame rate they keep their frames, so their times grow or shrink with the media.
 */
export const reinterpret =
  (id: MediaId, interpretation: Interpretation, facts: Media['facts']): Edit =>
  (project) => {
    const before = project.media.find((media) => media.id === id)
    if (!before || (isSame(before.interpretation, interpretation) && isSame(before.facts, facts)))
      return project
    const after = { ...before, interpretation, facts }
    const isStretched = !isSame(before.interpretation.frameRate, interpretation.frameRate)
    const change = (item: Item): Item =>
      isStretched ? stretched(item, before, after) : fitted(item, before, after)
    return relayItems(replaceMedia(project, id, after), id, change)
  }

/**
 * All that shows a media shows another one instead, read of the same file otherwise. Times stay where both are known; where one is only
 * counted, the same part of the whole is shown.
 */
export const exchange =
  (id: MediaId, by: Media): Edit =>
  (project) => {
    const before = project.media.find((media) => media.id === id)
    if (!before || id === by.id) return project
    const after = project.media.find((media) => media.id === by.id) ?? by
    const isCounted = before.countedAt !== undefined || after.countedAt !== undefined
    const shown = relayItems(project, id, (item) => {
      const ranged = isCounted ? stretched(item, before, after) : fitted(item, before, after)
      return ranged.of.kind === 'media' ? { ...ranged, of: { ...ranged.of, media: after.id } } : ranged
    })
    const others = project.media.filter((media) => media.id !== after.id)
    return { ...shown, media: others.map((media) => (media.id === id ? after : media)) }
  }

/** A media by the id that its file has now. Times stay, counted ones too; where the document has that media already, the two become one. */
export const rename =
  (id: MediaId, to: MediaId): Edit =>
  (project) => {
    const before = project.media.find((media) => media.id === id)
    if (!before || id === to) return project
    if (project.media.some((media) => media.id === to)) return exchange(id, { ...before, id: to })(project)
    const shown = relayItems(project, id, (item) =>
      item.of.kind === 'media' ? { ...item, of: { ...item.of, media: to } } : item,
    )
    return replaceMedia(shown, id, { ...before, id: to })
  }

/** One item shows a range of another media, or another range of its own; what follows on its track moves along. */
export const show =
  (id: ItemId, media: Media, range: { from: Time; to: Time }): Edit =>
  (project) => {
    const listed = addMedia(media)(project)
    const change = (item: Item): Item =>
      item.of.kind === 'media' && item.id === id
        ? ranged({ ...item, of: { ...item.of, media: media.id } }, range.from, range.to)
        : item
    return mapSequences(listed, (sequence) => mapTracks(sequence, (track) => relaid(track, change)))
  }

function stretched(item: Item, before: Media, after: Media): Item {
  const end = mediaEnd(item)
  if (item.of.kind !== 'media' || end === undefined) return item
  const place = (time: number): number => scaled(time, after.facts.duration, before.facts.duration)
  return ranged(item, place(item.of.from), place(end))
}

/** The item with another range of its media. */
function ranged(item: Item, from: number, to: number): Item {
  if (item.of.kind !== 'media') return item
  const duration = Math.max(1, longestOf(item, to - from))
  return { ...item, duration, of: { ...item.of, from } }
}

/** The frame table of a media is there: its items, counted until now, get the times of their frames. Nothing happens the second time. */
export const settle =
  (id: MediaId, times: FrameTimes): Edit =>
  (project) => {
    const media = project.media.find((one) => one.id === id)
    if (!media?.countedAt) return project
    const { countedAt, ...rest } = media
    const counted = timesByRate(countedAt, media.facts.frames ?? times.count)
    const reachesEnd = media.facts.duration
    const facts = { duration: times.timeOf(times.count), frames: times.count }
    const change = (item: Item): Item => {
      const end = mediaEnd(item)
      if (item.of.kind !== 'media' || end === undefined) return item
      const to = end >= reachesEnd ? times.count : Math.max(1, Math.min(counted.frameAt(end), times.count))
      const from = Math.min(counted.frameAt(item.of.from), to - 1)
      return ranged(item, times.timeOf(from), times.timeOf(to))
    }
    return relayItems(replaceMedia(project, id, { ...rest, facts }), id, change)
  }
