// Segment files into the finished film: copied video, sound of the ranges, tags; checked, then renamed into place.
import { AppError } from '../shared/errors.js'
import { OutputSpec } from '../shared/output.js'
import { Plan } from '../shared/plan.js'
import { Tools } from './resolve.js'

export interface JoinOptions {
  /** One per plan segment, in order. */
  segmentFiles: readonly string[]
  plan: Plan
  spec: OutputSpec
  signal?: AbortSignal | undefined
  /** 0..1 */
  onProgress?: (done: number) => void
}
/** Throws output-exists, output-is-source, output-not-writable; does not create the file. */
export async function checkTarget(
  _path: string,
  _sources: readonly string[],
  _mayOverwrite: boolean,
): Promise<void> {
  throw new AppError('internal', 'not written yet')
}
export async function join(_tools: Tools, _options: JoinOptions): Promise<{ path: string; notes: string[] }> {
  throw new AppError('internal', 'not written yet')
}
