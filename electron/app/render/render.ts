// One unit through the engine, for exports and previews alike: which model, which sink, what it cost.
import { type Message, message } from '../../shared/words/sentences.js'
import { Engine, FileSink, ModelOnDevice, OnProgress, SegmentResult, SinkSpec } from '../../engine/client.js'
import type { VideoCodec } from '../../shared/contract/output.js'
import { AppError, failing } from '../../shared/contract/errors.js'
import { numbersOf } from '../../shared/document/looks.js'
import { type ClipMotion, isEstimating } from '../../shared/document/motion.js'
import { takesSetting } from '../../shared/document/modelContract.js'
import {
  type EnhanceNumbers,
  type EnhanceSettings,
  type Frame,
  isModelled,
} from '../../shared/document/project.js'
import { secondsOf } from '../../shared/media/frameTable.js'
import { type EnhanceUnit, unitOf } from '../../shared/planning/plan.js'
import type { FrameTable } from '../../shared/media/source.js'
import { formatTenths } from '../../shared/media/timecode.js'
import { deviceChoice } from '../../shared/planning/device.js'
import type { Media } from '../sources/media.js'
import type { FoundModel, Models } from '../models/models.js'
import { steadily } from '../sources/steady.js'
import type { Resolver } from './resolver.js'

/** The model of these settings, checked; undefined when pictures pass through. */
export async function modelFor(models: Models, enhance: EnhanceSettings): Promise<FoundModel | undefined> {
  if (!isModelled(enhance)) return undefined
  const model = await models.find(enhance.model)
  const { info } = model
  if (!info.scales.includes(enhance.scale))
    throw failing('bad-argument', 'modelScale', {
      name: info.name,
      scale: enhance.scale,
      scales: info.scales.join(', '),
    })
  const { strength } = numbersOf(enhance, info.looks)
  if (!takesSetting(info.contract, 'strength', strength))
    throw failing('bad-argument', 'modelStrength', { name: info.name, strength })
  return model
}

/** The settings with the numbers that their look has with this model. */
export const withNumbers = (enhance: EnhanceSettings, model: FoundModel | undefined): EnhanceNumbers => ({
  ...enhance,
  ...numbersOf(enhance, model?.info.looks),
})

/** The model of a motion's estimates; undefined where it has none. */
export const motionModelFor = async (
  models: Models,
  motion: ClipMotion | undefined,
): Promise<FoundModel | undefined> => (motion && isEstimating(motion) ? models.interpolator() : undefined)

/** By which finished frames of a motion are found. Without its model they are those that need no estimates; why it cannot be used is told with what the host is. */
export const motionHashFor = async (models: Models, motion: ClipMotion): Promise<string> =>
  (await motionModelFor(models, motion).catch(() => undefined))?.info.hash ?? ''

/** Of a plan; where nothing of it is estimated, a model that cannot be used is none. */
export async function motionModelOf(
  models: Models,
  { segments }: { segments: readonly EnhanceUnit[] },
): Promise<FoundModel | undefined> {
  const moved = segments.find(({ motion }) => motion && isEstimating(motion.by))
  try {
    return await motionModelFor(models, moved?.motion?.by)
  } catch (error) {
    if (segments.some(({ motion }) => motion && motion.keys.length > 0)) throw error
    return undefined
  }
}

/** What a unit's frames go through; undefined: they pass. */
export interface UnitModels {
  enhance: FoundModel | undefined
  motion: FoundModel | undefined
}

/** Of the models, with the device that was chosen for them, as the engine takes them. */
export async function placesOf(
  resolver: Resolver,
  { enhance, motion }: UnitModels,
  device: string,
): Promise<Record<'model' | 'motionModel', ModelOnDevice | undefined>> {
  const placeOf = async (model: FoundModel | undefined): Promise<ModelOnDevice | undefined> =>
    model && { folder: await resolver.weights(model.info.hash), device: deviceChoice(device) }
  const [model, between] = [await placeOf(enhance), await placeOf(motion)]
  // Its precision was chosen for the other model.
  const motionModel = between && { ...between, device: { ...between.device, precision: 'auto' } }
  return { model, motionModel }
}

export interface RenderOptions {
  sink: SinkSpec
  memoryLimit: number
  /** Modes below the best that fits in memory: what an earlier segment of the job needed. */
  stepDown?: number
  /** A person waits for its frames. */
  isUrgent?: boolean
  signal: AbortSignal
  onProgress: OnProgress
}

const isOutOfMemory = (error: unknown): boolean => error instanceof AppError && error.code === 'out-of-memory'

/**
 * Memory that was refused in the middle, though the plan had fitted, sets the unit back to its start, once, one mode
 * further down. `stepDown` says how far down it went, for the segments that follow.
 */
export async function renderUnit(
  { engine, media, resolver }: { engine: Engine; media: Media; resolver: Resolver },
  wanted: EnhanceUnit,
  models: UnitModels,
  { sink, memoryLimit, stepDown = 0, isUrgent, signal, onProgress }: RenderOptions,
): Promise<SegmentResult & { stepDown: number }> {
  const { id, name } = wanted.source
  const attempt = async (down: number, isLastTry: boolean): Promise<SegmentResult & { stepDown: number }> => {
    const { source, tablePath } = await resolver.source(id)
    const unit = { ...unitOf(wanted), source }
    const limits = { threads: 0, memoryLimit }
    const places = await placesOf(resolver, models, unit.enhance.device)
    const task = { kind: 'segment', unit, tablePath, ...places, sink, ...limits } as const
    return {
      ...(await engine.run({ ...task, stepDown: down, isLastTry, isUrgent }, { signal, onProgress })),
      stepDown: down,
    }
  }
  const rendered = async (): Promise<SegmentResult & { stepDown: number }> => {
    try {
      return await steadily(media, [id], signal, (isLastTry) => attempt(stepDown, isLastTry))
    } catch (error) {
      if (signal.aborted || !isOutOfMemory(error) || stepDown > 0) throw error
      return attempt(1, true)
    }
  }
  const result = await rendered()
  // Too few pictures or too many: the file's doing, or that of a table which was made of it otherwise.
  if ((result.repeated.length > 0 || result.surplus > 0) && (await media.isTableStale(id)))
    throw failing('source-unreadable', 'tableStale', { name })
  return result
}

/** A segment of frames that were kept: nothing is read of the source, no model is needed. */
export const encodeKept = (
  engine: Engine,
  unit: EnhanceUnit,
  kept: { path: string; from: Frame; to: Frame },
  sink: FileSink,
  { signal, onProgress }: Pick<RenderOptions, 'signal' | 'onProgress'>,
): Promise<unknown> => engine.run({ kind: 'encode', unit: unitOf(unit), kept, sink }, { signal, onProgress })

/** Pictures of frames that were kept, in the layout of `codec`. */
export const showKept = (
  engine: Engine,
  unit: EnhanceUnit,
  { codec, ...kept }: { path: string; from: Frame; to: Frame; codec: VideoCodec },
  folder: string,
  { signal, onProgress }: Pick<RenderOptions, 'signal' | 'onProgress'>,
): Promise<unknown> =>
  engine.run({ kind: 'pictures', unit: unitOf(unit), kept, codec, folder }, { signal, onProgress })

/** What of a segment could not be read, for people: in the source's time. */
export function notesOfLost(
  { source, from, to }: Pick<EnhanceUnit, 'source' | 'from' | 'to'>,
  table: FrameTable,
  { repeated, isDamaged, damaged }: Pick<SegmentResult, 'repeated' | 'isDamaged' | 'damaged'>,
): Message[] {
  const at = (frame: number): string => formatTenths(secondsOf(table, frame))
  const { name } = source
  const notes = repeated.map((gap) =>
    gap.to - gap.from === 1
      ? message('noteRepeatedOne', { name, from: at(gap.from) })
      : message('noteRepeated', { name, count: gap.to - gap.from, from: at(gap.from), to: at(gap.to) }),
  )
  if (!isDamaged) return notes
  const places = damaged.length > 0 ? damaged : [{ from, to }]
  return [
    ...notes,
    ...places.map((one) => message('noteDamagedPart', { name, from: at(one.from), to: at(one.to) })),
  ]
}
