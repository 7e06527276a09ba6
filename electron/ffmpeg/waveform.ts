// Loudness over time for drawing.
import { AppError } from '../shared/errors.js'
import { Waveform } from '../shared/api.js'
import { Source } from '../shared/source.js'
import { Tools } from './resolve.js'

/** Peaks of the first audio stream from 0 = the first video frame; no peaks when there is no sound. */
export async function waveform(
  _tools: Tools,
  _source: Source,
  _peaksPerSecond: number,
  _signal?: AbortSignal,
): Promise<Waveform> {
  throw new AppError('internal', 'not written yet')
}
