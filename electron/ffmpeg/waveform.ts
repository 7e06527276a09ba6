// Loudness over time for drawing.
import { Waveform } from '../shared/contract/sources.js'
import { fault } from '../shared/contract/errors.js'
import { FrameTable, Source, mainTrack } from '../shared/media/source.js'
import { phrase } from '../shared/words/sentences.js'
import { trackStream } from './trackStream.js'
import { Tools } from './resolve.js'
import { run, withoutTags } from './run.js'

/** Enough for a drawing, and whole hours decode in seconds. */
const sampleRate = 8000

/** Peaks of the first audio stream from 0 = the first video frame; no peaks when there is no sound. `table`: see trackStream(). */
export async function waveform(
  tools: Tools,
  source: Source,
  peaksPerSecond: number,
  table?: FrameTable,
  signal?: AbortSignal,
): Promise<Waveform> {
  if (!(peaksPerSecond >= 1 && peaksPerSecond <= 1000))
    throw fault('bad-argument', `${peaksPerSecond} peaks per second are not between 1 and 1000.`)
  const track = mainTrack(source.audio)
  if (!track) return { peaksPerSecond, peaks: [] }
  const { inputs, filter } = await trackStream(source, table, {
    track: track.index,
    at: 0,
    rate: sampleRate,
    layout: 'mono',
  })
  const child = run(
    tools.ffmpeg,
    [
      ...['-hide_banner', '-nostdin', '-loglevel', 'error', '-copyts', ...inputs],
      ...['-filter_complex', filter, '-map', '[heard]'],
      ...[...withoutTags, '-ac', '1', '-f', 'f32le', '-c:a', 'pcm_f32le', 'pipe:1'],
    ],
    { what: phrase('doHear', { name: source.name }), signal },
  )
  child.stdin.end()
  const peaks: number[] = []
  let peak = 0
  let count = 0
  let rest = Buffer.alloc(0)
  try {
    for await (const chunk of child.stdout) {
      const data = Buffer.concat([rest, chunk as Buffer])
      const whole = data.length - (data.length % 4)
      for (let at = 0; at < whole; at += 4) {
        const level = Math.abs(data.readFloatLE(at))
        if (level > peak) peak = level
        // The k-th peak ends at sample (k + 1) / peaksPerSecond, rounded: no drift.
        if (++count >= Math.round(((peaks.length + 1) * sampleRate) / peaksPerSecond)) {
          peaks.push(Math.min(1, Number.isFinite(peak) ? peak : 1))
          peak = 0
        }
      }
      rest = data.subarray(whole)
    }
    if (count > Math.round((peaks.length * sampleRate) / peaksPerSecond)) peaks.push(Math.min(1, peak))
    await child.done
  } finally {
    await child.stop()
  }
  return { peaksPerSecond, peaks }
}
