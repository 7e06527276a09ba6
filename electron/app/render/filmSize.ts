// Bytes of a film before it is made: its pictures by encoding pieces of them, its sound by its rates. Answers are kept: a dialog asks
// again with every letter of a name. One look at a time: while one encodes, the next waits.
import { setTimeout as wait } from 'node:timers/promises'
import type { ExportRequest } from '../../shared/contract/render.js'
import { type Quality, type VideoCodec, encoderQuality } from '../../shared/contract/output.js'
import { shownRate } from '../../shared/planning/motionUnits.js'
import type { Plan, Segment } from '../../shared/planning/plan.js'
import { isModelled } from '../../shared/document/project.js'
import { secondsOf } from '../../shared/media/frameTable.js'
import { type FrameTable, type Source } from '../../shared/media/source.js'
import { type Rational, rational } from '../../shared/media/rational.js'
import type { Composition } from '../../shared/planning/composition.js'
import { compositionsOf } from '../../ffmpeg/compositions.js'
import { keepNewest } from '../../ffmpeg/newest.js'
import type { Tools } from '../../ffmpeg/resolve.js'
import { type SampleStart, type Sample, keysIn, samplePictures } from '../../ffmpeg/sampleSize.js'
import { sectionArguments } from '../../ffmpeg/sections.js'
import { inTurn } from '../access/files.js'
import type { Media } from '../sources/media.js'

export interface Size {
  low: number
  middle: number
  high: number
}

/**
 * Bits per output pixel, where nothing could be looked at: the middle of seven films of cameras, phones, a scan and a tape. H.264,
 * H.265 and AV1 at CRF depend on the picture by a factor of three either way, FFV1 by two.
 */
const bitsPerPixel: Record<VideoCodec, Record<Quality, number>> = {
  h264: { small: 0.09, good: 0.2, best: 0.3 },
  h265: { small: 0.045, good: 0.12, best: 0.22 },
  av1: { small: 0.03, good: 0.065, best: 0.12 },
  prores: { small: 2.1, good: 4.2, best: 6.3 },
  ffv1: { small: 3.2, good: 3.2, best: 3.2 },
}

/** Of one film: enough for its quiet and its busy parts. */
const most = 3
/** An encoder looks at the pictures that follow to know what one is worth: few of them tell it too little. As many as so many pixels allow. */
const [fewest, enough, pixelsEach] = [12, 48, 6e6]
/** People wait this long for an answer; the rule of thumb has to do then, and whoever asks again later hears what the look has found. */
const answerMs = 10_000
/** A look at the pictures may take this long: a busy machine is slow, one that needs longer has other work to do. */
const lookMs = 60_000

/** Where the pieces of a film of so many pictures begin, clear of its ends, and how many pictures each has. */
export function piecesOf(frames: number, pixels: number): { at: number[]; pictures: number } {
  const wanted = Math.max(fewest, Math.min(enough, Math.round(pixelsEach / pixels)))
  const pictures = Math.min(frames, wanted)
  const count = Math.max(1, Math.min(most, Math.floor(frames / pictures)))
  const share = frames / count
  const at = Array.from({ length: count }, (_, i) => Math.floor(i * share + (share - pictures) / 2))
  return { at, pictures }
}

/** Of little strength little is taken away. */
const takesNoise = ({ enhance }: Segment): boolean => isModelled(enhance) && enhance.strength >= 0.5

/** In the recording to which the frame belongs. */
function placeOf(source: Source, table: FrameTable, frame: number): SampleStart {
  const section = table.sections?.findLast((one) => one.frame <= frame)
  const seconds = secondsOf(table, frame) - (section ? secondsOf(table, section.frame) : 0)
  return { seconds, args: sectionArguments(source, section) }
}

const sum = (numbers: readonly number[]): number => numbers.reduce((all, one) => all + one, 0)

/** So many pictures, and among them key pictures, at what each piece needed for them. */
export function bytesBy(samples: readonly Sample[], pictures: number, keys: number): Size {
  const each = samples.map(({ key, other }) => other * (pictures - keys) + key * keys)
  return { low: Math.min(...each), middle: sum(each) / each.length, high: Math.max(...each) }
}

/** Segments of one source that are written alike. */
interface Alike {
  source: Source
  /** Of their finished frames. */
  size: { width: number; height: number }
  composition: Composition | undefined
  segments: Segment[]
}

function alikeIn(plan: Plan, codec: VideoCodec): Alike[] {
  const compositions = compositionsOf(plan, codec)
  const found = new Map<string, Alike>()
  plan.segments.forEach((segment, i) => {
    const { source, output: size } = segment
    const key = JSON.stringify([source.id, size, compositions[i]])
    const alike = found.get(key) ?? { source, size, composition: compositions[i], segments: [] }
    alike.segments.push(segment)
    found.set(key, alike)
  })
  return [...found.values()]
}

/** The encoder is told one rate for the whole film. */
const rateOf = ({ segments: [first] }: Plan): Rational => (first ? shownRate(first) : rational(30))

export interface FilmSizes {
  /** Bytes of the pictures; undefined where no piece could be encoded. `isPatient`: whoever asks waits for the look, however long that takes. */
  pictures(
    tools: Tools,
    plan: Plan,
    output: ExportRequest['output'],
    isPatient?: boolean,
  ): Promise<Size | undefined>
}

const keptAnswers = 100

type Looking = Promise<Sample[] | undefined>

const soon = (looking: Looking): Looking => Promise.race([looking, wait(answerMs, undefined, { ref: false })])

export function createFilmSizes(media: Pick<Media, 'table'>): FilmSizes {
  const kept = new Map<string, Looking>()
  const turn = inTurn()

  /** What is being looked at, or was. */
  async function lookAt(
    tools: Tools,
    { source, size, composition, segments }: Alike,
    rate: Rational,
    output: ExportRequest['output'],
  ): Promise<{ looking: Looking }> {
    const frames = segments.flatMap(({ from, to }) => Array.from({ length: to - from }, (_, i) => from + i))
    const { width, height } = composition?.form ?? size
    const { at, pictures } = piecesOf(frames.length, width * height)
    const places = at.map((i) => frames[i] ?? 0)
    const isEnhanced = 2 * segments.filter(takesNoise).length > segments.length
    const { codec } = output
    const quality = encoderQuality(output)
    const how = { pictures, size, composition, codec, quality, isEnhanced, rate }
    const key = JSON.stringify([source.id, places, how])
    const known = kept.get(key)
    if (known) return { looking: known }
    const table = await media.table(source.id)
    const options = { at: places.map((frame) => placeOf(source, table, frame)), ...how }
    const looking = turn(() =>
      samplePictures(tools, source, { ...options, signal: AbortSignal.timeout(lookMs) }),
    ).catch(() => undefined) // the rule of thumb has to do
    void looking.then((found) => found ?? kept.delete(key))
    return { looking: keepNewest(kept, keptAnswers, key, looking) }
  }

  return {
    async pictures(tools, plan, output, isPatient = false) {
      const size: Size = { low: 0, middle: 0, high: 0 }
      const rate = rateOf(plan)
      for (const alike of alikeIn(plan, output.codec)) {
        const { looking } = await lookAt(tools, alike, rate, output)
        const samples = await (isPatient ? looking : soon(looking))
        if (!samples) return undefined
        const counts = alike.segments.map(({ ticks }) => ticks.length)
        const keys = counts.map((count) => keysIn(count, output.codec, rate))
        const found = bytesBy(samples, sum(counts), sum(keys))
        size.low += found.low
        size.middle += found.middle
        size.high += found.high
      }
      return size
    },
  }
}

/** The rule of thumb. */
export const pictureBytes = (
  { width, height, frames }: Plan,
  { codec, quality }: ExportRequest['output'],
): number => (width * height * frames * bitsPerPixel[codec][quality]) / 8

/** What a file holds besides pictures and sound: a head, and an entry for each picture and packet. */
export const frameworkBytes = ({ frames, seconds }: Plan, soundTracks: number): number =>
  1500 + 14 * frames + 47 * 8 * soundTracks * seconds
