// Frames of a source from any frame number on: upright, square, planar YUV at source depth, numbered and timed.
import { AppError } from '../shared/errors.js'
import { FrameTable, Source } from '../shared/source.js'
import { FrameFormat } from './format.js'
import { Tools } from './resolve.js'

export interface DecodedFrame {
  /** Number in the frame table. */
  frame: number
  /** table.ticks[frame] */
  ticks: number
  /** One frame in `format`, valid for as long as the caller keeps it. */
  data: Uint8Array
}
export interface Decoding {
  format: FrameFormat
  /** Frames [from, to) of the table, every one exactly once. Leaving the loop stops ffmpeg. */
  frames: AsyncIterable<DecodedFrame>
}
export interface DecodeOptions {
  table: FrameTable
  from: number
  to: number
  signal?: AbortSignal | undefined
}
/** What decode() yields for this source. */
export function decodedFormat(_source: Source): FrameFormat {
  throw new AppError('internal', 'not written yet')
}
export function decode(_tools: Tools, _source: Source, _options: DecodeOptions): Decoding {
  throw new AppError('internal', 'not written yet')
}
