// Sound of more ranges than one run of ffmpeg reads: run by run into one file a track, as samples and nothing else, which the film is written from.
// The samples are those that one run would have handed to the encoder.
import { createWriteStream } from 'node:fs'
import { dirname } from 'node:path'
import { pipeline } from 'node:stream/promises'
import { failing, fault } from '../shared/contract/errors.js'
import { type Phrase, phrase } from '../shared/words/sentences.js'
import { isDiskFull, isSystemError } from '../shared/words/systemReason.js'
import type { Tools } from './resolve.js'
import { type RunOptions, ownInputArguments, run, withoutTags } from './run.js'

export interface GatheredTrack {
  rate: number
  channels: number
  /** Of its samples: what the film's codec is given, so that they are rounded once and as in one run. */
  form: 's16le' | 's32le' | 'f32le'
  /** One run each, in order; their filter ends in [gathered], after so many samples. `name`: of the first source that it reads. */
  parts: { name: string; inputs: string[][]; filter: string; samples: number }[]
}

function readPart({ inputs, filter }: GatheredTrack['parts'][number], form: GatheredTrack['form']): string[] {
  return [
    ...['-hide_banner', '-nostdin', '-loglevel', 'error', '-max_error_rate', '1', '-copyts'],
    ...inputs.flat(),
    ...['-filter_complex', filter, '-map', '[gathered]', ...withoutTags],
    ...['-c:a', `pcm_${form}`, '-f', form, 'pipe:1'],
  ]
}

const bytesPerSample = { s16le: 2, s32le: 4, f32le: 4 } as const

/** A filter that gives up in the middle ends like one that is done. */
function checkLength(
  bytes: number,
  { name, samples }: GatheredTrack['parts'][number],
  track: GatheredTrack,
): void {
  const found = bytes / (bytesPerSample[track.form] * track.channels)
  if (found !== samples)
    throw fault(
      'ffmpeg-failed',
      `Of the sound from "${name}" on, ${found} samples came instead of ${samples}.`,
    )
}

/** Writes the track to `file`; answers how ffmpeg reads it. */
async function gatherTrack(
  tools: Tools,
  track: GatheredTrack,
  file: string,
  options: Omit<RunOptions, 'what'>,
): Promise<string[]> {
  const { form, rate, channels } = track
  for (const [i, part] of track.parts.entries()) {
    const what: Phrase = phrase('doHear', { name: part.name })
    const child = run(tools.ffmpeg, readPart(part, form), { what, ...options })
    child.stdin.end()
    try {
      const written = createWriteStream(file, { flags: i === 0 ? 'w' : 'a' })
      await pipeline(child.stdout, written)
      await child.done
      checkLength(written.bytesWritten, part, track)
    } catch (cause) {
      if (isDiskFull(cause)) throw failing('disk-full', 'cacheDiskFull', { folder: dirname(file) }, { cause })
      if (!isSystemError(cause)) await child.done // a tool that was stopped tells why better than its pipe
      throw cause
    } finally {
      await child.stop()
    }
  }
  return ['-f', form, '-ar', String(rate), '-ac', String(channels), ...ownInputArguments(file)]
}

/** Writes every track under `nameOf`; answers the film's inputs, in order. */
export async function gatherTracks(
  tools: Tools,
  tracks: readonly GatheredTrack[],
  nameOf: (number: number) => string,
  options: Omit<RunOptions, 'what'>,
): Promise<string[][]> {
  const inputs: string[][] = []
  for (const [k, track] of tracks.entries()) inputs.push(await gatherTrack(tools, track, nameOf(k), options))
  return inputs
}
