// A preview: the same pipeline as an export, but its pictures end as files that the viewer fetches one by one.
// Previews are named by what they show; one that was finished before is shown again at once.
import { AppError, failing } from '../../shared/contract/errors.js'
import { isSystemError } from '../../shared/words/systemReason.js'
import type { PreviewRequest } from '../../shared/contract/render.js'
import type { JobState } from '../../shared/contract/job.js'
import {
  type EnhanceUnit,
  type Plan,
  type PlanModel,
  type PlanSource,
  begun,
  makePlan,
  timeOf,
} from '../../shared/planning/plan.js'
import type { RecipeKey } from '../../shared/document/recipeKey.js'
import type { UnitSpec } from '../../shared/planning/unitSpec.js'
import { shownCount, usedFrames } from '../../shared/planning/motionUnits.js'
import type { SourceId } from '../../shared/media/source.js'
import { VideoCodec } from '../../shared/contract/output.js'
import { deliveryOf, previewFormat } from '../../ffmpeg/encode.js'
import type { Engine, SegmentResult } from '../../engine/client.js'
import type { JobContext, JobResult, JobWork } from '../jobs/jobs.js'
import { ownFailure, secondPlace } from '../access/keeping.js'
import type { FoundModel } from '../models/models.js'
import { keptAround } from './kept.js'
import { hashOf, shownSpecOf } from './keys.js'
import type { Measurements } from './measurements.js'
import { type UnitModels, modelFor, motionModelOf, renderUnit, showKept } from './render.js'
import { type PlanParts, timingOf } from './exporter.js'
import { restoredFor } from './restoring.js'
import type { Resolver } from './resolver.js'
import type { SegmentStore } from './segments.js'

/** Of an export's warm-up: the first picture comes sooner, the stream settles on screen. */
const previewShare = 1 / 4

export interface PreviewParts extends PlanParts {
  engine: Engine
  resolver: Resolver
  cacheFolder: string
  memoryLimit: number
  store: SegmentStore
  /** What estimates cost, for later exports. */
  measurements: Pick<Measurements, 'learnEstimates'>
  /** Other frames of this source are there than before, or more is known of them. */
  tellCoverage: (source: SourceId, recipe: RecipeKey) => void
}

/** The plan of an export of this range. */
function planOf(request: PreviewRequest, known: PlanSource, model: PlanModel | undefined): Plan {
  const { from, to, enhance, motion } = request
  const { id: sourceId, name } = known.source
  const clip = { id: 'preview', sourceId, name, from, to, enhance, ...(motion ? { motion } : {}) }
  const plan = makePlan([clip], [known], { [enhance.model]: model })
  if (plan.segments.length === 0) throw failing('empty-range', 'previewEmpty')
  return plan
}

/** Warmed up for less long. */
function sooner(unit: EnhanceUnit, model: PlanModel | undefined): EnhanceUnit {
  const { warmup, alignment } = timeOf(unit.enhance, model)
  return {
    ...unit,
    warmFrom: begun(usedFrames(unit).from, { warmup: Math.ceil(warmup * previewShare), alignment }),
  }
}

/** The folder did not take the pictures; the film and the engine are well. */
const isUnkept = (error: unknown): boolean =>
  isSystemError(error) ||
  (error instanceof AppError && ['previewDiskFull', 'previewNotKept'].includes(error.sentence?.key ?? ''))

interface PreviewUnit {
  unit: EnhanceUnit
  spec: UnitSpec
  key: string
}

interface PreviewWork {
  units: PreviewUnit[]
  models: UnitModels
  isElsewhere: boolean
}

export async function preparePreview(parts: PreviewParts, asked: PreviewRequest): Promise<JobWork> {
  const { media, cacheFolder } = parts
  const { notes, ...settled } = await restoredFor(parts, asked.sourceId, asked.enhance)
  const request = { ...asked, ...settled }
  const source = await media.source(request.sourceId)
  const timing = request.motion && (await timingOf(parts, source.id))
  const table = await media.table(source.id)
  const enhance = await modelFor(parts.models, request.enhance)
  const plan = planOf(request, { source, table, timing }, enhance?.info)
  const motion = await motionModelOf(parts.models, plan)
  const units = plan.segments.map((segment, i): PreviewUnit => {
    const unit = i === 0 ? sooner(segment, enhance?.info) : segment
    const spec = shownSpecOf(unit, enhance?.info.hash ?? '', motion?.info.hash ?? '')
    return { unit, spec, key: hashOf([spec, previewFormat(unit)]) }
  })
  const [from, to] = [units[0]?.unit.from ?? 0, units.at(-1)?.unit.to ?? 0]
  const { recipe } = units[0]?.spec ?? { recipe: '' }
  const { width, height } = plan
  const work = { units, models: { enhance, motion } }
  const preview: JobState['preview'] = {
    ...{ sourceId: source.id, from, to, width, height, recipe },
  }
  return {
    name: source.name,
    framesTotal: plan.frames,
    filmRate: plan.frames / plan.seconds,
    preview,
    run: async (context) => {
      try {
        return { ...(await runPreview(parts, { ...work, isElsewhere: false }, context)), notes }
      } catch (error) {
        const second = isUnkept(error) && (await secondPlace().catch(() => undefined)) // full as well
        if (!second) throw ownFailure('cache', cacheFolder, error)
        return { ...(await runPreview(parts, { ...work, isElsewhere: true }, context)), notes }
      } finally {
        parts.tellCoverage(source.id, recipe)
      }
    },
  }
}

interface How {
  folder: string
  stepDown: number
  signal: AbortSignal
  onProgress: (frames: number) => void
}

/** Out of the frames that an export has kept: what its film shows. False where there are none that can be read. */
async function showExported(
  { engine, resolver, store }: PreviewParts,
  unit: EnhanceUnit,
  model: FoundModel | undefined,
  { folder, signal, onProgress }: How,
): Promise<boolean> {
  if (!model || unit.motion) return false // nothing is kept of frames that pass through, nor of what a motion shows
  const codecs = VideoCodec.options
  const layouts = codecs.map((codec) => deliveryOf(unit, { codec, quality: 'good' }).format)
  const found = await keptAround(store, unit, model.info.hash, layouts)
  const codec = found && codecs[found.layout]
  if (!codec) return false
  try {
    const [path = ''] = await resolver.results('frames', [found.key])
    const kept = { path, from: found.from, to: found.to, codec }
    await showKept(engine, unit, kept, folder, { signal, onProgress })
    store.frames.touch([found.key])
    return true
  } catch (error) {
    if (signal.aborted || isUnkept(error)) throw error
    return false // the model makes them; an export finds out what is wrong with what was kept
  }
}

/** Resolves to how far down it had to go to fit into memory, and what its estimates were. */
async function makePictures(
  parts: PreviewParts,
  unit: EnhanceUnit,
  models: UnitModels,
  how: How,
): Promise<Pick<SegmentResult, 'motion'> & { stepDown: number }> {
  if (await showExported(parts, unit, models.enhance, how)) return { stepDown: how.stepDown }
  const { folder, ...rest } = how
  const sink = { kind: 'pictures' as const, folder }
  const made = { ...rest, sink, memoryLimit: parts.memoryLimit, isUrgent: true }
  const result = await renderUnit(parts, unit, models, made)
  if (models.motion && result.motion)
    await parts.measurements.learnEstimates(models.motion, unit, result.motion.ms).catch(() => undefined) // it only serves later
  return result
}

async function runPreview(
  parts: PreviewParts,
  { units, models, isElsewhere }: PreviewWork,
  { signal, progress }: JobContext,
): Promise<JobResult> {
  const { previews } = parts.store
  let [done, found, stepDown] = [0, 0, 0]
  for (const { unit, spec, key } of units) {
    const [count, shown] = [shownCount(unit), unit.motion?.shown]
    if (await previews.isWhole(key, spec, shown)) {
      ;[done, found] = [done + count, found + count]
      progress({ framesDone: done, framesFound: found })
      continue
    }
    const making = await previews.begin(key, spec, { isElsewhere, shown })
    const before = done
    const onProgress = (frames: number): void => {
      making.ready(frames)
      progress({ framesDone: before + frames, framesFound: found })
    }
    let estimates: SegmentResult['motion']
    try {
      const how = { folder: making.folder, stepDown, signal, onProgress }
      ;({ stepDown, motion: estimates } = await makePictures(parts, unit, models, how))
      making.ready(count)
    } finally {
      await making.keep(estimates) // of a preview that was cancelled the frames that are there
    }
    done += count
  }
  return {}
}
