// A small file that any browser plays, with the same picture and the same times as the source.
import { AppError } from '../shared/errors.js'
import { FrameTable, Source } from '../shared/source.js'
import { Tools } from './resolve.js'

/** Whether Chromium plays the file itself with right times and shape. */
export function isBrowserPlayable(_source: Source): boolean {
  throw new AppError('internal', 'not written yet')
}
/** Writes an MP4 at `path` (beside it first, then renamed). */
export async function makeProxy(
  _tools: Tools,
  _source: Source,
  _table: FrameTable,
  _path: string,
  _options?: { signal?: AbortSignal | undefined; onProgress?: (done: number) => void },
): Promise<void> {
  throw new AppError('internal', 'not written yet')
}
