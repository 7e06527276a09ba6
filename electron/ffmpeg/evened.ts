// Sound whose form changes on the way (two channels, then six), or a damaged packet that says so: decoded once into a file of ours in
// which every track keeps one form, with its times. Only where that was met.
import { type Range, clockStart, cutInput, rangeKey, tracksIn } from './cutSound.js'
import { phrase } from '../shared/words/sentences.js'
import type { Tools } from './resolve.js'
import { runBytes } from './run.js'

/** Seconds behind the range's end that are decoded, too. */
const tail = 1

/** Writes the sound of a range to `file`; the tracks lie in it in the order of `tracksIn`. */
export async function writeEvened(
  tools: Tools,
  range: Range,
  file: string,
  signal?: AbortSignal,
): Promise<void> {
  const end = clockStart(range) + range.toSeconds + tail
  const forms = tracksIn(range).flatMap(({ track, index }, k) => [
    ...['-map', `0:${index}`, `-ac:a:${k}`, String(track.channels), `-ar:a:${k}`, String(track.sampleRate)],
  ])
  await runBytes(
    tools.ffmpeg,
    [
      ...['-hide_banner', '-nostdin', '-loglevel', 'error', '-max_error_rate', '1', '-copyts'],
      ...[...cutInput(range), ...forms, '-to', end.toFixed(6), '-c:a', 'pcm_s16le', '-f', 'nut'],
      ...['-y', `file:${file}`],
    ],
    { what: phrase('doHear', { name: range.source.name }), signal },
  )
}

/** The sound of all ranges, under `nameOf`; by rangeKey. */
export async function evenedFiles(
  tools: Tools,
  ranges: readonly Range[],
  nameOf: (number: number) => string,
  signal?: AbortSignal,
): Promise<Map<string, string>> {
  const files = new Map<string, string>()
  for (const range of ranges) {
    const key = rangeKey(range)
    if (files.has(key) || tracksIn(range).length === 0) continue
    const file = nameOf(files.size)
    files.set(key, file)
    await writeEvened(tools, range, file, signal)
  }
  return files
}
