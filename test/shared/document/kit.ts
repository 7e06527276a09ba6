// Small documents for tests: media by name and length, tracks by their items.
import { Project, emptyProject } from '../../../electron/shared/document/document.js'
import { Media } from '../../../electron/shared/document/media.js'
import { Item, Track } from '../../../electron/shared/document/sequence.js'

export const media = (id: string, duration: number, change: Partial<Media> = {}): Media => ({
  id,
  name: `${id}.mp4`,
  locations: { absolute: `/films/${id}.mp4` },
  facts: { duration, frames: Math.max(1, Math.floor(duration / 10)) },
  interpretation: {},
  ...change,
})

/** `duration` ticks of a media from `from` on. */
export const item = (
  id: string,
  of: string,
  [at, duration, from = 0]: readonly [number, number, number?],
  change: Partial<Item> = {},
): Item => ({
  id,
  at,
  duration,
  of: { kind: 'media', media: of, from, isHeard: true },
  fit: 'fit',
  ...change,
})

export const track = (id: string, items: Item[], kind: Track['kind'] = 'video'): Track => ({
  id,
  kind,
  items,
})

export const project = (allMedia: Media[], ...tracks: Track[]): Project => ({
  ...emptyProject,
  media: allMedia,
  sequences: emptyProject.sequences.map((sequence) => ({ ...sequence, tracks })),
})

/** Per track: id, begin, end and where in the media, of every item. */
export const ranges = ({ sequences }: Project): [string, number, number, number?][][] =>
  (sequences[0]?.tracks ?? []).map(({ items }) =>
    items.map(({ id, at, duration, of }) =>
      of.kind === 'media' ? [id, at, at + duration, of.from] : [id, at, at + duration],
    ),
  )

export const itemsOf = ({ sequences }: Project): Item[] =>
  sequences.flatMap(({ tracks }) => tracks.flatMap(({ items }) => items))

/** Everything in it, so that an edit that changes its input fails at once. */
export function frozen<T>(value: T, seen = new WeakSet<object>()): T {
  if (typeof value !== 'object' || value === null || seen.has(value)) return value
  seen.add(value)
  for (const child of Object.values(value) as unknown[]) frozen(child, seen)
  return Object.freeze(value)
}
