// The memory that the estimates between a unit's frames take, what is left for the stream beside them, and how both fit.
import type { MemoryPlan } from '../shared/contract/memory.js'
import { fault } from '../shared/contract/errors.js'
import { decodedFormat } from '../ffmpeg/decode.js'
import type { StreamOptions } from './addon.js'
import { interpolatorIn, modelIn } from './models.js'
import { outputFormat } from './outputFormat.js'
import type { MemoryTask, SegmentTask } from './protocol.js'
import { streamOptions } from './streamOptions.js'

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

/** What a stream may take beside its estimates: of a limit that is given, or of what the engine would give the stream alone. */
export async function limitBesideEstimates(task: SegmentTask, options: StreamOptions): Promise<number> {
  const bytes = await estimatesBytes(task)
  if (bytes === 0 || !task.model || task.memoryLimit > 0) return leftBeside(task.memoryLimit, bytes)
  const { limit } = (await modelIn(task.model)).plan({ ...options, memoryLimit: 0 })
  return leftBeside(limit, bytes)
}

/** A stream that was planned beside estimates, and these: as one. `limit`: of both. */
export function planOfBoth(stream: MemoryPlan, estimates: MemoryPlan, limit: number): MemoryPlan {
  const isRefused = !stream.fits || !estimates.fits
  return {
    ...stream,
    ...{ estimates: estimates.total, total: stream.total + estimates.total, limit },
    ...{ whole: stream.whole + estimates.total, fits: !isRefused },
    mode: isRefused ? 'refused' : stream.mode,
    sentence: estimates.fits ? stream.sentence : estimates.sentence,
  }
}

/** How a stream of these settings, and the estimates behind it, would be held. */
export async function planMemory(task: MemoryTask): Promise<MemoryPlan> {
  const { enhance, memoryLimit, model, motionModel } = task
  const input = decodedFormat(task.source)
  const { scale } = enhance
  const format = { ...input, width: input.width * scale, height: input.height * scale }
  const limits = { threads: 0, memoryLimit }
  const estimates = motionModel && (await interpolatorIn(motionModel)).plan({ format, ...limits })
  if (!model) {
    if (!estimates) throw fault('internal', 'The engine was asked about the memory of nothing.')
    return { ...estimates, estimates: estimates.total }
  }
  const options = streamOptions(enhance, input, format, limits)
  const loaded = await modelIn(model)
  const alone = loaded.plan(options)
  if (!estimates) return alone
  const beside = loaded.plan({ ...options, memoryLimit: leftBeside(alone.limit, estimates.total) })
  return planOfBoth(beside, estimates, alone.limit)
}
