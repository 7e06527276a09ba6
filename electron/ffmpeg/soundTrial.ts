// What ffmpeg can do with a track of sound, found out with its first packets.
import { AppError } from '../shared/contract/errors.js'
import type { Container } from '../shared/contract/output.js'
import { phrase } from '../shared/words/sentences.js'
import type { AudioStream, Source } from '../shared/media/source.js'
import { readArguments } from './reading.js'
import type { Tools } from './resolve.js'
import { runBytes } from './run.js'
import { watchFiles } from './unchanged.js'

const tried = new Map<string, Promise<boolean>>()

async function attempt(tools: Tools, source: Source, args: string[], signal?: AbortSignal): Promise<boolean> {
  const checkUntouched = await watchFiles([source])
  try {
    await runBytes(tools.ffmpeg, ['-hide_banner', '-nostdin', '-loglevel', 'error', ...args], {
      ...{ what: phrase('doTrySound'), signal },
    })
    return true
  } catch (cause) {
    if (!(cause instanceof AppError && cause.code === 'ffmpeg-failed')) throw cause
    await checkUntouched()
    return false
  }
}

/** Whether ffmpeg does it, found out with the first packets of one track; remembered. */
function canDo(
  tools: Tools,
  source: Source,
  key: string,
  args: string[],
  signal?: AbortSignal,
): Promise<boolean> {
  const known = tried.get(key)
  if (known) return known
  const answer = attempt(tools, source, args, signal)
  if (tried.size > 200) tried.clear()
  tried.set(key, answer)
  answer.catch(() => tried.delete(key))
  return answer
}

const muxers: Record<Container, string[]> = {
  mp4: ['-f', 'mp4', '-movflags', 'frag_keyframe+delay_moov'], // a pipe cannot be gone back in
  mov: ['-f', 'mov', '-movflags', 'frag_keyframe+delay_moov'],
  mkv: ['-f', 'matroska'],
}

/** Whether a container takes a track as it is. */
export const canHold = (
  tools: Tools,
  source: Source,
  track: AudioStream,
  container: Container,
  signal?: AbortSignal,
) =>
  canDo(
    tools,
    source,
    [source.id, track.index, container].join('/'),
    [
      ...[...readArguments(source), '-map', `0:${track.index}`, '-c', 'copy', '-frames:a', '8'],
      ...[...muxers[container], 'pipe:1'],
    ],
    signal,
  )

export const canDecode = (tools: Tools, source: Source, track: AudioStream, signal?: AbortSignal) =>
  canDo(
    tools,
    source,
    [source.id, track.index].join('/'),
    [...readArguments(source), '-map', `0:${track.index}`, '-frames:a', '1', '-f', 'null', '-'],
    signal,
  )
