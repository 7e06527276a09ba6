// What a stream is opened with: the numbers of a clip's settings, and how its frames go in and come out.
import type { FrameFormat } from '../ffmpeg/format.js'
import type { EnhanceNumbers } from '../shared/document/project.js'
import type { StreamOptions } from './addon.js'

export function streamOptions(
  { scale, strength, detail, seed }: EnhanceNumbers,
  input: FrameFormat,
  output: FrameFormat,
  limits: { threads: number; memoryLimit: number },
): StreamOptions {
  return { input, output, scale, strength, detail, seed, colour: 'default', ...limits }
}
