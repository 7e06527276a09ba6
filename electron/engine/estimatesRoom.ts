// The memory that the estimates between a unit's frames take, and what an explicit limit leaves for the stream beside them.
import { interpolatorIn } from './models.js'
import type { SegmentTask } from './protocol.js'
import { outputFormat } from './outputFormat.js'

/** 0 where nothing is estimated. */
export async function estimatesBytes(task: SegmentTask): Promise<number> {
  const { unit, motionModel, threads, memoryLimit } = task
  if (!motionModel || (unit.motion?.keys ?? []).length === 0) return 0
  const format = outputFormat(task)
  return (await interpolatorIn(motionModel)).plan({ format, threads, memoryLimit }).total
}

/** Bytes; 0 is no limit of ours. Never less than a byte: then the stream says by how much it does not fit. */
export const leftBeside = (memoryLimit: number, bytes: number): number =>
  memoryLimit > 0 ? Math.max(1, memoryLimit - bytes) : 0

/** Of the whole unit, where its stream may take so much. */
export const withEstimates = (streamLimit: number, bytes: number): number =>
  streamLimit > 0 ? streamLimit + bytes : 0
