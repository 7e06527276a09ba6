// Sequences: tracks of items in exact time. A gap is where no item is.
import { z } from 'zod'
import { MediaId } from './media.js'
import { RecipeId, Settings } from './recipe.js'
import { Ratio } from '../media/rational.js'
import { Duration, Time, scaled } from './time.js'

export const ItemId = z.string().min(1).max(64)
export type ItemId = z.infer<typeof ItemId>
export const TrackId = z.string().min(1).max(64)
export type TrackId = z.infer<typeof TrackId>
export const LinkId = z.string().min(1).max(64)
export type LinkId = z.infer<typeof LinkId>

/** A range of a media; it ends where the item's duration at its speed ends. */
const MediaRange = z.strictObject({
  kind: z.literal('media'),
  media: MediaId,
  /** In the media's own time, 0 = its first frame. */
  from: Time,
  /** On a video track: its own sound is heard with it. On an audio track always true. */
  isHeard: z.boolean(),
})
const Still = z.strictObject({ kind: z.literal('still'), media: MediaId })
const Title = z.strictObject({ kind: z.literal('title'), text: z.string().max(10_000) })
/** Made by a generator (a colour, bars, a tone, a model that needs no frames). */
const Generated = z.strictObject({
  kind: z.literal('generated'),
  generator: z.string().min(1).max(120),
  settings: Settings,
})

/** How a frame of another size comes into the sequence: whole with bars, filling it with edges cut off, or unscaled in its middle. */
export const Fit = z.enum(['fit', 'fill', 'centre'])
export type Fit = z.infer<typeof Fit>

export const Item = z.strictObject({
  id: ItemId,
  /** Where it begins in the sequence. */
  at: Time,
  /** In the sequence. */
  duration: Duration,
  of: z.discriminatedUnion('kind', [MediaRange, Still, Title, Generated]),
  /** Its name where it is not that of its media. */
  name: z.string().max(1000).optional(),
  recipe: RecipeId.optional(),
  fit: Fit,
  /** Media time per time of the sequence: 2 is twice as fast. Absent: 1. */
  speed: Ratio.optional(),
  /** Gain of its sound, 0..16. Absent: 1. */
  volume: z.number().min(0).max(16).optional(),
  /** Items with the same link are edited together: at most one on each track, at least two. */
  link: LinkId.optional(),
})
export type Item = z.infer<typeof Item>

export const Track = z.strictObject({
  id: TrackId,
  kind: z.enum(['video', 'audio']),
  /** In order of time, never overlapping. */
  items: z.array(Item).max(100_000),
})
export type Track = z.infer<typeof Track>

export const SequenceSettings = z.strictObject({
  rate: Ratio,
  width: z.number().int().min(2).max(65_536),
  height: z.number().int().min(2).max(65_536),
  /** Hz. */
  sampleRate: z.number().int().min(8000).max(768_000),
})
export type SequenceSettings = z.infer<typeof SequenceSettings>

export const Sequence = z.strictObject({
  id: z.string().min(1).max(64),
  name: z.string().max(1000),
  /** `as-first-item`: size, rate and sample rate are those of its first item, after its recipe. */
  settings: z.union([z.literal('as-first-item'), SequenceSettings]),
  /** Later video tracks lie over earlier ones. */
  tracks: z.array(Track).max(100),
})
export type Sequence = z.infer<typeof Sequence>

export const endOf = ({ at, duration }: Pick<Item, 'at' | 'duration'>): Time => at + duration

/** Media time that passes in a length of the item. */
export const mediaLength = ({ speed }: Pick<Item, 'speed'>, duration: number): number =>
  speed ? scaled(duration, speed.num, speed.den) : duration

/** The longest duration at the item's speed that needs no more than so much media time. */
export const longestOf = ({ speed }: Pick<Item, 'speed'>, mediaTime: number): number => {
  if (!speed) return mediaTime
  // mediaLength(d) <= m  <=>  2 d num < (2 m + 1) den
  const [bound, twice] = [(2n * BigInt(mediaTime) + 1n) * BigInt(speed.den), 2n * BigInt(speed.num)]
  return Number((bound + twice - 1n) / twice) - 1
}

/** The end of its range in the media's own time; undefined where it is of no range. */
export const mediaEnd = (item: Item): Time | undefined =>
  item.of.kind === 'media' ? item.of.from + mediaLength(item, item.duration) : undefined

/** End of the last item on any track. */
export const durationOf = ({ tracks }: Pick<Sequence, 'tracks'>): Time =>
  tracks.reduce((end, { items }) => {
    const last = items.at(-1)
    return last ? Math.max(end, endOf(last)) : end
  }, 0)

/** Index of the first item that ends after a time: the one there, else the next one. */
export function indexAt({ items }: Pick<Track, 'items'>, time: Time): number {
  let [low, high] = [0, items.length]
  while (low < high) {
    const middle = (low + high) >> 1
    const item = items[middle]
    if (item && endOf(item) <= time) low = middle + 1
    else high = middle
  }
  return low
}

export interface Shown {
  track: Track
  item: Item
}

/** What is on each track at a time, in the order of the tracks. */
export const itemsAt = ({ tracks }: Pick<Sequence, 'tracks'>, time: Time): Shown[] =>
  tracks.flatMap((track) => {
    const item = track.items[indexAt(track, time)]
    return item && item.at <= time ? { track, item } : []
  })
