// Writes frames with exact timestamps into a segment file (NUT in, NUT or Matroska-free intermediate out).
import { AppError } from '../shared/errors.js'
import { Container, Quality, VideoCodec } from '../shared/output.js'
import { Rational } from '../shared/rational.js'
import { VideoStream } from '../shared/source.js'
import { FrameFormat } from './format.js'
import { Tools } from './resolve.js'

export interface EncodeOptions {
  /** Segment file; its folder exists. Give it the extension `segmentExtension`. */
  path: string
  codec: VideoCodec
  quality: Quality
  container: Container
  /** Layout of the frames that write() takes. */
  format: FrameFormat
  timeBase: Rational
  /** Written as tags, as ffmpeg names them; undefined stays untagged. */
  colour: Pick<VideoStream, 'primaries' | 'transfer'>
  signal?: AbortSignal | undefined
}
export interface Encoder {
  /** One frame, `ticks` of timeBase from the start of the output. Resolves when more can be taken. */
  write(data: Uint8Array, ticks: number): Promise<void>
  /** endTicks: when the last frame ends. Resolves when the file is whole. */
  finish(endTicks: number): Promise<void>
  /** Stops ffmpeg and removes the file. */
  abort(): Promise<void>
}
export const segmentExtension = '.nut'
/** Layout that an encoder wants for a codec, given the source's: pass it to the engine as its output format. */
export function encoderFormat(
  _codec: VideoCodec,
  _decoded: FrameFormat,
  _size: { width: number; height: number },
): FrameFormat {
  throw new AppError('internal', 'not written yet')
}
export async function openEncoder(_tools: Tools, _options: EncodeOptions): Promise<Encoder> {
  throw new AppError('internal', 'not written yet')
}
