// Enhanced frames kept without loss beside the segment that is delivered: written by the same ffmpeg, read back to be encoded otherwise. Whether they
// are kept at all is not decided here.
import { basename } from 'node:path'
import type { Rational } from '../shared/media/rational.js'
import { phrase } from '../shared/words/sentences.js'
import { passthrough } from './decode.js'
import { type FrameFormat, bytesPerFrame, pixelFormat } from './format.js'
import { readNut } from './nut.js'
import type { Tools } from './resolve.js'
import { cancelled, ownInputArguments, run, withoutTags } from './run.js'

export const intermediateExtension = '.mkv'

/** FFmpeg's HuffYUV knows the layouts that films are delivered in, but no half colours. */
export function canKeep(tools: Tools, { width, height, bits, chroma }: FrameFormat): boolean {
  const isWhole = width % 2 === 0 && (height % 2 === 0 || chroma !== '420')
  return tools.encoders.has('ffvhuff') && isWhole && chroma !== 'gray' && (bits === 8 || bits === 10)
}

/** About what a unit's frames will need: between a tenth and all of their raw bytes (docs/decisions/0009-enhance-units.md). */
export const expectedBytes = (format: FrameFormat, frames: number): number =>
  Math.round((bytesPerFrame(format) * frames) / 2)

/**
 * An output of an ffmpeg that is given frames: exactly these, no filter before them. FFmpeg's HuffYUV with a
 * table a frame costs an eightieth of what the model does; lossless H.264 needs three times that for a tenth fewer bytes
 * (docs/decisions/0009-enhance-units.md). No colours are told: nothing may be converted on the way back.
 */
export const intermediateArguments = (
  tools: Tools,
  path: string,
  format: FrameFormat,
  rate: Rational,
): string[] => [
  ...['-map', '0:v:0', ...passthrough(tools), '-enc_time_base', `${rate.den}:${rate.num}`],
  ...['-c:v', 'ffvhuff', '-pred', 'median', '-context', '1', '-pix_fmt', pixelFormat(format)],
  ...['-f', 'matroska', `file:${path}`],
]

/** The frames as they were given to the encoder, to the bit.. */
export async function* readIntermediate(
  tools: Tools,
  path: string,
  format: FrameFormat,
  signal: AbortSignal,
): AsyncGenerator<{ data: Uint8Array }> {
  const child = run(
    tools.ffmpeg,
    [
      ...['-hide_banner', '-nostdin', '-loglevel', 'error', '-xerror', '-copyts', ...ownInputArguments(path)],
      ...['-map', '0:v:0', ...passthrough(tools), '-c:v', 'rawvideo', '-pix_fmt', pixelFormat(format)],
      ...[...withoutTags, '-f', 'nut', 'pipe:1'],
    ],
    { what: phrase('doRead', { name: basename(path) }), signal },
  )
  child.stdin.end()
  try {
    const chunks = child.stdout as AsyncIterable<Uint8Array>
    for await (const { data } of readNut(chunks, bytesPerFrame(format), () => undefined)) {
      if (signal.aborted) throw cancelled()
      yield { data }
    }
    await child.done
  } catch (error) {
    if (signal.aborted) throw cancelled()
    throw error
  } finally {
    await child.stop()
  }
}
