// A small file that any browser plays, with the same picture and the same times as the source.
import { rename, rm } from 'node:fs/promises'
import { phrase } from '../shared/words/sentences.js'
import { frameCount } from '../shared/media/frameTable.js'
import { FrameTable, Source, displaySize, isInterlaced, mainTrack } from '../shared/media/source.js'
import { passthrough } from './decode.js'
import { readerOf } from './readers.js'
import { FrameFeed, lastFrame } from './encode.js'
import { FrameFormat } from './format.js'
import { cropped, matrixName } from './geometry.js'
import { trackStream } from './trackStream.js'
import { Tools } from './resolve.js'
import { run, withoutTags } from './run.js'
import { partPath } from './target.js'

const playableVideo = /^(h264|vp8|vp9|av1)$/
const playableAudio = /^(aac|mp3|opus|vorbis|flac)$/
const playableContainer = /\b(mov|mp4|webm|matroska)\b/

/** Whether Chromium plays the file itself with right times and shape: progressive 8-bit 4:2:0 that starts at its first frame. */
export function isBrowserPlayable(source: Source): boolean {
  const { video } = source
  return (
    playableContainer.test(source.container) &&
    playableVideo.test(video.codec) &&
    video.bits === 8 &&
    video.chroma === '420' &&
    source.films === undefined && // browsers take the first track
    !isInterlaced(video) &&
    !video.isMirrored && // Chromium turns pictures but does not mirror them
    Math.abs(source.startSeconds) < 0.001 &&
    source.warnings.every(({ key }) => key !== 'noteTruncated') &&
    source.audio.every((track) => playableAudio.test(track.codec))
  )
}

export interface ProxyOptions {
  signal?: AbortSignal | undefined
  /** 0..1 */
  onProgress?: ((done: number) => void) | undefined
}

/** Larger pictures are halved until they fit: a proxy is for looking while editing. */
function proxySize(source: Source): { width: number; height: number } {
  let { width, height } = displaySize(source.video)
  while (Math.min(width, height) > 720) [width, height] = [width / 2, height / 2]
  const even = (n: number): number => 2 * Math.round(n / 2)
  return { width: even(width), height: even(height) }
}

/** Takes frames in `format` by pipe and writes them, with the sound of the source, to `part`. */
async function proxyArguments(
  tools: Tools,
  source: Source,
  table: FrameTable,
  format: FrameFormat,
  part: string,
): Promise<string[]> {
  const { timeBase } = table
  const { width, height } = proxySize(source)
  // Browsers guess colours by size; a small proxy must not be read with another matrix than its source.
  const colours = `in_color_matrix=${matrixName[format.matrix]}:in_range=${format.range}:out_color_matrix=bt709:out_range=limited`
  const filters = [
    ...cropped(format, displaySize(source.video)),
    `scale=${width}:${height}:flags=bicubic:${colours}`,
    'format=yuv420p',
    'setparams=colorspace=bt709:range=limited',
  ]
  const track = mainTrack(source.audio)
  const layout = track && track.channels > 1 ? 'stereo' : 'mono'
  const hear = track && (await trackStream(source, table, { track: track.index, at: 1, rate: 48000, layout }))
  const sound = hear ? ['-filter_complex', hear.filter, ...'-map [heard] -c:a aac -b:a 128k'.split(' ')] : []
  return [
    ...'-hide_banner -nostdin -loglevel error -copyts -probesize 32 -analyzeduration 0 -f nut -i pipe:0'.split(
      ' ',
    ),
    ...(hear?.inputs ?? []),
    ...['-map', '0:v:0', '-vf', filters.join(','), ...passthrough(tools)],
    ...['-enc_time_base', `${timeBase.num}:${timeBase.den}`, '-video_track_timescale', `${timeBase.den}`],
    // Short groups without B-frames: every step lands at once, times stay as they are.
    ...'-c:v libx264 -preset veryfast -crf 23 -bf 0 -g 12 -pix_fmt yuv420p -color_range tv -colorspace bt709'.split(
      ' ',
    ),
    ...lastFrame(tools, table.lastTicks),
    ...sound,
    ...[...withoutTags, '-movflags', '+faststart', '-f', 'mp4', '-y', `file:${part}`],
  ]
}

/** Writes an MP4 at `path` (beside it first, then renamed). Frame k is shown where the table has it, from 0 on. */
export async function makeProxy(
  tools: Tools,
  source: Source,
  table: FrameTable,
  path: string,
  options: ProxyOptions = {},
): Promise<void> {
  const { signal, onProgress } = options
  const total = frameCount(table)
  // The frames of decode() themselves: turned, squared and timed once, in one place.
  const { format, frames } = readerOf(source).decode(tools, source, { table, from: 0, to: total, signal })
  const part = partPath(path)
  const args = await proxyArguments(tools, source, table, format, part)
  const child = run(tools.ffmpeg, args, { what: phrase('doProxy', { name: source.name }), signal })
  try {
    const feed = new FrameFeed(child, format, table.timeBase)
    for await (const { frame, ticks, data } of frames) {
      await feed.write(data, ticks)
      onProgress?.((frame + 1) / total)
    }
    child.stdin.end()
    await child.done
    await rename(part, path)
  } finally {
    await child.stop()
    await rm(part, { force: true })
  }
}
