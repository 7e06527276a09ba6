// Whether the pixels change their shape on the way (4:3, then 16:9, in one capture): seen at moments all over the film.
import { isCancelled } from '../shared/errors.js'
import { Rational, parseRational, toNumber } from '../shared/rational.js'
import { phrase } from '../shared/sentences.js'
import { VideoStream } from '../shared/source.js'
import { formatSeconds } from '../shared/timecode.js'
import { Tools } from './resolve.js'
import { inputArguments, runText } from './run.js'

/** Containers that go on through a change of the picture's shape; others have one shape in their header. */
const mayChange = /^(mpegts|mpeg|mpegvideo|dv)$/
const moments = 12
/** Long enough for a key picture to come; only such a one tells a new shape, the others are not decoded. */
const lookSeconds = 0.7

interface Seen {
  at: number
  aspect: Rational
}

async function seenAt(
  tools: Tools,
  path: string,
  index: number,
  times: readonly number[],
  signal?: AbortSignal,
): Promise<Seen[]> {
  const text = await runText(
    tools.ffprobe,
    [
      ...['-v', 'quiet', '-threads', '2', '-skip_frame', 'nokey', '-select_streams', String(index)],
      ...['-read_intervals', times.map((time) => `${time.toFixed(3)}%+${lookSeconds}`).join(',')],
      ...['-show_frames', '-show_entries', 'frame=best_effort_timestamp_time,sample_aspect_ratio'],
      ...['-of', 'csv=p=0', ...inputArguments(path)],
    ],
    { what: phrase('doReadShape'), signal },
  )
  return text.split('\n').flatMap((line) => {
    const [time, shape] = line.split(',')
    const aspect = parseRational(shape?.replace(':', '/'))
    return time !== undefined && aspect && aspect.num > 0 && aspect.den > 0
      ? [{ at: Number(time), aspect }]
      : []
  })
}

/** The moments from which on the shape is another, as clock times from the first picture; none where it stays. */
export async function shapeChanges(
  tools: Tools,
  path: string,
  container: string,
  video: VideoStream,
  startSeconds: number,
  durationSeconds: number,
  signal?: AbortSignal,
): Promise<string[]> {
  if (!mayChange.test(container) || !/^(mpeg[12]video|dvvideo|h264|hevc)$/.test(video.codec)) return []
  const count = Math.max(1, Math.min(moments, Math.ceil(durationSeconds / lookSeconds)))
  const times = Array.from({ length: count }, (_, i) => startSeconds + (i * durationSeconds) / count)
  const seen = await seenAt(tools, path, video.index, times, signal).catch(async (error: unknown) => {
    if (isCancelled(error)) throw error
    // ffprobe ends at the first moment that it cannot seek to, as in joined recordings: each for itself then, without that one.
    const each = await Promise.allSettled(
      times.map((time) => seenAt(tools, path, video.index, [time], signal)),
    )
    return each.flatMap((look) => (look.status === 'fulfilled' ? look.value : []))
  })
  const places: string[] = []
  let last = toNumber(video.sampleAspect)
  for (const { at, aspect } of seen.toSorted((a, b) => a.at - b.at)) {
    if (Math.abs(toNumber(aspect) / last - 1) > 0.01)
      places.push(formatSeconds(Math.round(at - startSeconds)))
    last = toNumber(aspect)
  }
  return places.slice(0, 8)
}
