// One segment through the engine, for exports and previews alike: which model, which sink, what it cost.
import { Engine, SegmentResult, SinkSpec } from '../engine/client.js'
import { AppError } from '../shared/errors.js'
import type { EnhanceSettings } from '../shared/project.js'
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
    throw new AppError(
      'bad-argument',
      `The model "${info.name}" does not enlarge ${enhance.scale} times. It does: ${info.scales.join(', ')}.`,
    )
  if (!info.hasStrength && enhance.strength !== 0 && enhance.strength !== 1)
    throw new AppError(
      'bad-argument',
      `The model "${info.name}" knows only full strength (1) and none (0), not ${enhance.strength}.`,
    )
  return model
}

export interface RenderOptions {
  sink: SinkSpec
  memoryLimit: number
  signal: AbortSignal
  onProgress: (frames: number) => void
}

export async function renderSegment(
  parts: { engine: Engine; media: Media },
  segment: Segment,
  model: FoundModel | undefined,
  { sink, memoryLimit, signal, onProgress }: RenderOptions,
): Promise<SegmentResult> {
  await parts.media.source(segment.source.id) // still there, still the same
  const tablePath = await parts.media.tablePath(segment.source.id)
  const place = model && { folder: model.folder, device: segment.enhance.device }
  return parts.engine.run(
    { kind: 'segment', segment, tablePath, model: place, sink, threads: 0, memoryLimit },
    { signal, onProgress },
  )
}
