// A range of a source's sound, cut to the sample: how it is read, and the chain of filters that ends in exactly its samples.
import type { Plan } from '../shared/planning/plan.js'
import type { AudioStream, Source } from '../shared/media/source.js'
import { piecesIn } from './editList.js'
import { readArguments } from './reading.js'
import { ownInputArguments } from './run.js'
import { sectionArguments } from './sections.js'
import type { SoundTrack } from './soundLook.js'

export type Range = Plan['audio'][number]

export const rangeKey = ({ source, fromSeconds, clock }: Range): string =>
  [source.id, fromSeconds, clock?.section.frame].join('/')

/** Decodes a little more than the range; seeking to sound is exact only to some packets. */
const lead = 5

/** Timestamp of the film's first frame on the clock of the range's recording. */
export const clockStart = ({ source, clock }: Range): number => clock?.startSeconds ?? source.startSeconds

/** Index of a track in the range's recording; undefined when it has none such. */
export function trackIn({ clock }: Range, index: number): number | undefined {
  const found = clock ? (clock.section.streams[index] ?? -1) : index
  return found < 0 ? undefined : found
}

/** Tracks of a range that its recording has, with their indices there. */
export const tracksIn = (range: Range): { track: AudioStream; index: number }[] =>
  range.source.audio.flatMap((track) => {
    const index = trackIn(range, track.index)
    return index === undefined ? [] : [{ track, index }]
  })

/** How a range's sound is read, from a little before it on. */
export function cutInput(range: Range): string[] {
  const from = clockStart(range) + range.fromSeconds - lead
  const canSeek = range.fromSeconds - (range.clock?.atSeconds ?? 0) > 2 * lead
  return [
    ...(canSeek ? ['-noaccurate_seek', '-seek_timestamp', '1', '-ss', from.toFixed(6)] : []),
    ...sectionArguments(range.source, range.clock?.section),
  ]
}

export interface CutFrom {
  args: string[]
  /** By index in the range's recording. */
  indexOf: (index: number) => number
}

/**
 * Where a range's sound is cut from; `evened`: files in which it lies decoded, by rangeKey. A filter that is set up anew in the middle of a
 * track, because its form changes there, would count from 0 again: ffmpeg fails instead (`changedForm`), and the sound is brought to one form
 * first (evened.ts).
 */
export function cutFrom(range: Range, evened?: ReadonlyMap<string, string>): CutFrom {
  const file = evened?.get(rangeKey(range))
  if (file === undefined)
    return { args: ['-reinit_filter', '0', ...cutInput(range)], indexOf: (index) => index }
  const tracks = tracksIn(range)
  return {
    args: ['-f', 'nut', ...ownInputArguments(file)],
    indexOf: (index) => tracks.findIndex((one) => one.index === index),
  }
}

/** Of ffmpeg, when the form of a track changes on the way: channels, or the rate. */
export const changedForm = /Changing audio frame properties/

/** Cut to the sample, silence where the track has gaps (small ones too, where it is known to have some), times from 0. */
const cutFilter = (from: number, to: number, isWhole = true): string =>
  `atrim=start=${from.toFixed(6)}:end=${to.toFixed(6)},` +
  `asetpts=PTS-round(${from.toFixed(9)}/TB),aresample=async=1:min_hard_comp=${isWhole ? 0.05 : 0.001}:first_pts=0`

/**
 * Silence where the sound is over before the picture; never a sample more than the range. Padding of a range that lies wholly behind its sound has
 * no times of its own, and `concat` would leave out all that follows it: samples are counted.
 */
const filled = (samples: number): string => `apad=whole_len=${samples},asetpts=N,atrim=end_sample=${samples}`

/** What one track gives to a range: `form` brings it to `rate`; it ends as [label], `samples` long. */
export interface Cut {
  index: number
  place: Pick<SoundTrack, 'isWhole' | 'edits'> | undefined
  rate: number
  samples: number
  form: string
  label: string
}

/** The filter chains of a cut. `input` says how ffmpeg counts the range's input, `add` takes one more and says the same of it. */
export function cutChains(
  range: Range,
  { index, place, rate, samples, form, label }: Cut,
  input: () => number,
  add: (args: string[]) => number,
): string[] {
  const from = clockStart(range) + range.fromSeconds
  const to = clockStart(range) + range.toSeconds
  if (!place?.edits)
    return [`[${input()}:${index}]${cutFilter(from, to, place?.isWhole)}${form},${filled(samples)}[${label}]`]
  const { silence, pieces } = piecesIn(place.edits, from, to)
  let [last, number, seconds, done] = [Infinity, 0, silence, 0]
  const chains = pieces.map(({ mediaFrom, mediaTo, seconds: length }, i) => {
    // One reading gives all pieces that follow each other; what goes back is read anew, so that nothing waits in memory.
    if (mediaFrom < last) number = add(mediaInput(range.source, mediaFrom))
    last = mediaTo
    seconds += length
    // Boundaries are rounded, not lengths: errors do not add up.
    const count = (i === pieces.length - 1 ? samples : Math.round(seconds * rate)) - done
    done += count
    const delay = i === 0 && silence > 0 ? `,adelay=${Math.round(silence * rate)}S:all=1` : ''
    return `[${number}:${index}]${cutFilter(mediaFrom, mediaTo)}${form}${delay},${filled(count)}[${label}_${i}]`
  })
  if (pieces.length === 0) return [`[${input()}:${index}]volume=0${form},${filled(samples)}[${label}]`]
  const all = pieces.map((_, i) => `[${label}_${i}]`).join('')
  return [...chains, `${all}concat=n=${pieces.length}:v=0:a=1[${label}]`]
}

/** A file read by its media's own clock, from a little before a moment on. */
const mediaInput = (source: Source, from: number): string[] => [
  ...['-ignore_editlist', '1'],
  ...(from > 2 * lead ? ['-noaccurate_seek', '-seek_timestamp', '1', '-ss', (from - lead).toFixed(6)] : []),
  ...readArguments(source),
]
