// One segment through the engine, for exports and previews alike: which model, which sink, what it cost.
import { Engine, SegmentResult, SinkSpec } from '../engine/client.js'
import { AppError, failing } from '../shared/errors.js'
import { numbersOf } from '../shared/looks.js'
import type { EnhanceNumbers, EnhanceSettings } from '../shared/project.js'
import type { Segment } from '../shared/plan.js'
import type { Media } from './media.js'
import type { FoundModel, Models } from './models.js'

/** Off, or nothing to do: pictures pass through untouched. */
export const isUntouched = (enhance: EnhanceSettings): boolean =>
  !enhance.isEnabled || (enhance.strength === 0 && enhance.scale === 1)

/** The model of these settings, checked; undefined when pictures pass through. */
export async function modelFor(models: Models, enhance: EnhanceSettings): Promise<FoundModel | undefined> {
  if (isUntouched(enhance)) return undefined
  const model = await models.find(enhance.model)
  const { info } = model
  if (!info.scales.includes(enhance.scale))
    throw failing('bad-argument', 'modelScale', {
      name: info.name,
      scale: enhance.scale,
      scales: info.scales.join(', '),
    })
  const { strength } = numbersOf(enhance, info.looks)
  if (!info.hasStrength && strength !== 0 && strength !== 1)
    throw failing('bad-argument', 'modelStrength', { name: info.name, strength })
  return model
}

/** The settings with the numbers that their look has with this model. */
export const withNumbers = (enhance: EnhanceSettings, model: FoundModel | undefined): EnhanceNumbers => ({
  ...enhance,
  ...numbersOf(enhance, model?.info.looks),
})

export interface RenderOptions {
  sink: SinkSpec
  memoryLimit: number
  /** Modes below the best that fits in memory: what an earlier segment of the job needed. */
  stepDown?: number
  signal: AbortSignal
  onProgress: (frames: number) => void
}

const isOutOfMemory = (error: unknown): boolean => error instanceof AppError && error.code === 'out-of-memory'

/**
 * Memory that was refused in the middle, though the plan had fitted, sets the segment back to its start, once, one mode
 * further down. `stepDown` says how far down it went, for the segments that follow.
 */
export async function renderSegment(
  parts: { engine: Engine; media: Media },
  segment: Segment,
  model: FoundModel | undefined,
  { sink, memoryLimit, stepDown = 0, signal, onProgress }: RenderOptions,
): Promise<SegmentResult & { stepDown: number }> {
  await parts.media.source(segment.source.id) // still there, still the same
  const tablePath = await parts.media.tablePath(segment.source.id)
  const place = model && { folder: model.folder, device: segment.enhance.device }
  const attempt = async (down: number): Promise<SegmentResult & { stepDown: number }> => {
    const task = { kind: 'segment', segment, tablePath, model: place, sink, threads: 0, memoryLimit } as const
    return {
      ...(await parts.engine.run({ ...task, stepDown: down }, { signal, onProgress })),
      stepDown: down,
    }
  }
  return attempt(stepDown).catch((error: unknown) => {
    if (!isOutOfMemory(error) || stepDown > 0) throw error
    return attempt(1)
  })
}
