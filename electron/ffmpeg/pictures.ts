// Single frames, filmstrips and preview pictures as JPEG.
import { AppError } from '../shared/errors.js'
import { FrameTable, Source } from '../shared/source.js'
import { FrameFormat } from './format.js'
import { Tools } from './resolve.js'

export interface PictureSize {
  width?: number | undefined
  height?: number | undefined
  signal?: AbortSignal | undefined
}
/** One frame, upright and square, JPEG; scaled (bicubic) when a width or height is given. */
export async function framePicture(
  _tools: Tools,
  _source: Source,
  _table: FrameTable,
  _frame: number,
  _size?: PictureSize,
): Promise<Buffer> {
  throw new AppError('internal', 'not written yet')
}
/** Several frames in one go, in the order asked for. */
export async function filmstrip(
  _tools: Tools,
  _source: Source,
  _table: FrameTable,
  _frames: readonly number[],
  _size: PictureSize,
): Promise<Buffer[]> {
  throw new AppError('internal', 'not written yet')
}
export interface PreviewWriter {
  /** Becomes `<folder>/<number>.jpg` at once and whole; resolves when more can be taken. */
  write(data: Uint8Array, number: number): Promise<void>
  /** Resolves when every picture is there. */
  finish(): Promise<void>
  abort(): Promise<void>
}
export async function openPreviewWriter(
  _tools: Tools,
  _options: {
    folder: string
    format: FrameFormat
    signal?: AbortSignal | undefined
    onPicture?: (number: number) => void
  },
): Promise<PreviewWriter> {
  throw new AppError('internal', 'not written yet')
}
