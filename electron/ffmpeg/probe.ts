// What a file is: ffprobe's answer parsed into a Source, and the timestamps of its frames.
import { AppError } from '../shared/errors.js'
import { FrameTable, Source } from '../shared/source.js'
import { Tools } from './resolve.js'

export async function probe(_tools: Tools, _path: string, _signal?: AbortSignal): Promise<Source> {
  throw new AppError('internal', 'not written yet')
}
export async function frameTable(_tools: Tools, _source: Source, _signal?: AbortSignal): Promise<FrameTable> {
  throw new AppError('internal', 'not written yet')
}
