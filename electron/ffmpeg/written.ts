// A film that is written and has no name yet: its frames must be the plan's. One reading of all packets tells that, and where its sound lies.
import { basename } from 'node:path'
import { AppError, failing } from '../shared/contract/errors.js'
import { type OutputSpec, writtenSize } from '../shared/contract/output.js'
import type { Plan } from '../shared/planning/plan.js'
import { phrase } from '../shared/words/sentences.js'
import { sizeWords } from '../shared/media/source.js'
import type { Tools } from './resolve.js'
import { eachLine, ownInputArguments, run, twice } from './run.js'
import { type Listener, listener, soundEntries } from './soundLook.js'

const wrong = (...what: Parameters<typeof phrase>): AppError =>
  failing('ffmpeg-failed', 'outputCheckFailed', { what: phrase(...what) })

export interface Written {
  /** Timestamps of the frames in the order of showing, in the track's ticks. */
  pts: number[]
  /** Of the picture track and of those of sound, as ffprobe writes it. */
  video: string
  sounds: number
  heard: Listener
}

export async function readWritten(tools: Tools, path: string, signal?: AbortSignal): Promise<Written> {
  const written: Written = { pts: [], video: '', sounds: 0, heard: listener() }
  const packet = `codec_type,pts,${soundEntries.packet}`
  const stream = `codec_type,width,height,time_base,${soundEntries.stream}`
  const child = run(
    tools.ffprobe,
    [
      ...['-v', 'error', '-show_packets', '-show_entries', `packet=${packet}:stream=${stream}`],
      ...['-of', 'compact', ...ownInputArguments(path)],
    ],
    { what: phrase('doCheck', { name: basename(path) }), signal },
  )
  await eachLine(child, (line) => {
    if (line.includes('|codec_type=audio|')) written.heard.take(line)
    if (line.startsWith('packet|codec_type=video|'))
      written.pts.push(Number(/\|pts=(-?\d+)/.exec(line)?.[1] ?? NaN))
    else if (line.startsWith('stream|'))
      if (line.includes('|codec_type=video|')) written.video ||= line
      else if (line.includes('|codec_type=audio|')) written.sounds++
  })
  written.pts.sort((a, b) => a - b)
  return written
}

/** The frames of a written film must be the plan's: number, times, size; throws when they are not. Gives what its sound is. */
export async function checkWritten(
  tools: Tools,
  path: string,
  plan: Plan,
  spec: OutputSpec,
  audioStreams: number,
  signal?: AbortSignal,
): Promise<Listener> {
  const { timeBase } = plan
  const { width, height } = writtenSize(spec.codec, plan)
  const { pts, video, sounds, heard } = await twice(() => readWritten(tools, path, signal))
  if (!video.includes(`|width=${width}|height=${height}|`))
    throw wrong('checkSize', { size: sizeWords({ width, height }) })
  if (sounds !== audioStreams) throw wrong('checkTracks', { found: sounds, wanted: audioStreams })
  const [, num = 1, den = 1] = (/time_base=(\d+)\/(\d+)/.exec(video) ?? []).map(Number)
  const ticks = plan.segments.flatMap((segment) => segment.ticks)
  if (pts.length !== ticks.length) throw wrong('checkFrames', { found: pts.length, wanted: ticks.length })
  // MKV rounds to milliseconds, and has no way to start before 0: sound and picture alike begin later by what the encoders
  // put before the first frame (up to some frames), which keeps them together.
  const allowed = spec.container === 'mkv' ? 0.001 : 1e-6 // seconds
  const shift = spec.container === 'mkv' ? ((pts[0] ?? 0) * num) / den : 0
  if (shift < 0 || shift > 1) throw wrong('checkStart')
  const off = ticks.findIndex(
    (tick, i) =>
      Math.abs((tick * timeBase.num) / timeBase.den + shift - ((pts[i] ?? NaN) * num) / den) > allowed ||
      Number.isNaN(pts[i]),
  )
  if (off >= 0) throw wrong('checkTime', { frame: off })
  return heard
}
