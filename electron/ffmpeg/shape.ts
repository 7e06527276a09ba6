// Whether the picture changes its size or the shape of its pixels on the way (4:3, then 16:9, in one capture): seen at moments all
// over the film.
import { isCancelled } from '../shared/contract/errors.js'
import { Rational, parseRational, rational, toNumber } from '../shared/media/rational.js'
import { phrase } from '../shared/words/sentences.js'
import { VideoStream } from '../shared/media/source.js'
import { formatSeconds } from '../shared/media/timecode.js'
import { Tools, parseVersion } from './resolve.js'
import { inputArguments, runText } from './run.js'

export type Shape = Pick<VideoStream, 'width' | 'height' | 'sampleAspect'>

/** The shape of pixels as ffprobe tells it; square where it tells none or one that cannot be. */
export function pixelAspect(text: string | undefined): Rational {
  const aspect = parseRational(text) ?? rational(1)
  return toNumber(aspect) > 0.1 && toNumber(aspect) < 10 ? aspect : rational(1)
}

/** One size, and shapes that nobody can tell apart. */
export const isAlike = (a: Shape, b: Shape): boolean =>
  a.width === b.width &&
  a.height === b.height &&
  Math.abs(toNumber(a.sampleAspect) / toNumber(b.sampleAspect) - 1) <= 0.01

/** Containers that go on through a change of the picture's size or shape; others have one in their header. */
const mayChange = /^(mpegts|mpeg|mpegvideo|dv|matroska,webm|avi|flv)$/
/** A seek leads to a key picture there, where alone the size can change; in the others one must come along. */
const leadsToKey = /^(matroska,webm|avi|flv)$/
const moments = 12
/** Long enough for a key picture to come; only such a one tells a new shape, the others are not decoded. */
const lookSeconds = 0.7

interface Seen extends Shape {
  /** Seconds of the file's clock, and bytes. */
  at: number
  position: number
}

type ShapesAt = (times: readonly number[]) => Promise<Seen[]>

async function seenAt(
  tools: Tools,
  { path, container, video }: Looked,
  times: readonly number[],
  signal?: AbortSignal,
): Promise<Seen[]> {
  const length = leadsToKey.test(container) ? '#1' : lookSeconds
  const text = await runText(
    tools.ffprobe,
    [
      ...['-v', 'quiet', '-threads', '2', '-skip_frame', 'nokey', '-select_streams', String(video.index)],
      ...['-read_intervals', times.map((time) => `${time.toFixed(3)}%+${length}`).join(',')],
      ...['-show_frames', '-show_entries'],
      ...['frame=best_effort_timestamp_time,pkt_pos,width,height,sample_aspect_ratio'],
      ...['-of', 'csv=p=0', ...inputArguments(path)],
    ],
    { what: phrase('doReadShape'), signal },
  )
  return text.split('\n').flatMap((line) => {
    const [time, position, width, height, aspect] = line.split(',')
    return Number(height) > 0
      ? [
          {
            ...{ at: Number(time), position: Number(position) },
            width: Number(width),
            height: Number(height),
            sampleAspect: pixelAspect(aspect),
          },
        ]
      : []
  })
}

/** What is looked at. */
export interface Looked {
  path: string
  container: string
  video: VideoStream
  startSeconds: number
  durationSeconds: number
}

/** So often the time between two looks that differ is halved, until it is short. */
const halvings = 10
const shortSeconds = 0.5

/** When the picture becomes another one, between a look and the next. */
async function changeBetween(look: ShapesAt, before: Seen, after: Seen): Promise<number> {
  let [from, to, change] = [before.at, after.at, after.at]
  for (let i = 0; i < halvings && to - from > shortSeconds; i++) {
    const middle = (from + to) / 2
    const seen = await look([middle])
    for (const next of seen) if (!isAlike(next, before)) change = Math.min(change, next.at)
    // The key pictures that a look finds lie behind its moment, or before it.
    if (seen[0] && isAlike(seen[0], before)) from = middle
    else to = middle
  }
  return change
}

const mostPlaces = 8

/** The clock starts over on the way: what a time means there is known when the whole is read (frameTable). */
const isJoined = (seen: readonly Seen[]): boolean => {
  const inFile = seen.toSorted((a, b) => a.position - b.position)
  return inFile.some(({ at }, i) => at < (inFile[i - 1]?.at ?? at) - shortSeconds)
}

export interface ShapeChanges {
  /** Clock times from the first picture. */
  places: string[]
  isSomewhere: boolean
  /** Pixels become wider or narrower there, and this ffmpeg goes on with the shape of the first ones. */
  isMissed: boolean
}

/** From 7.0 on ffmpeg gives all decoded frames the shape of pixels that it found at the beginning. */
const missesShapes = ({ version }: Tools): boolean =>
  (parseVersion(`ffmpeg version ${version}`)?.major ?? 0) >= 7

const hasOtherPixels = (a: Shape, b: Shape): boolean => !isAlike({ ...a, sampleAspect: b.sampleAspect }, a)

/**
 * The moments from which on the picture has another size or shape, as clock times from the first picture; none where it stays, and
 * where `isSomewhere` alone can be said.
 */
export async function shapeChanges(
  tools: Tools,
  looked: Looked,
  signal?: AbortSignal,
): Promise<ShapeChanges> {
  const { container, video, startSeconds, durationSeconds } = looked
  if (!mayChange.test(container)) return { places: [], isSomewhere: false, isMissed: false }
  const look: ShapesAt = (times) =>
    seenAt(tools, looked, times, signal).catch(async (error: unknown) => {
      if (isCancelled(error)) throw error
      if (times.length === 1) return []
      // ffprobe ends at the first moment that it cannot seek to, as in joined recordings: each for itself then, without that one.
      return (await Promise.all(times.map((time) => look([time])))).flat()
    })
  const count = Math.max(1, Math.min(moments, Math.ceil(durationSeconds / lookSeconds)))
  const times = Array.from({ length: count }, (_, i) => startSeconds + (i * durationSeconds) / count)
  const seen = (await look(times)).toSorted((a, b) => a.at - b.at)
  const places: string[] = []
  const isSomewhere = seen.some((next) => !isAlike(next, video))
  const [begin] = seen
  if (!begin || !isSomewhere || !isAlike(begin, video) || isJoined(seen))
    return { places, isSomewhere, isMissed: false }
  let last = begin
  for (const next of seen) {
    if (!isAlike(next, last) && places.length < mostPlaces)
      places.push(formatSeconds(Math.round((await changeBetween(look, last, next)) - startSeconds)))
    last = next
  }
  const isMissed = missesShapes(tools) && seen.some((next) => hasOtherPixels(next, video))
  return { places, isSomewhere, isMissed }
}
