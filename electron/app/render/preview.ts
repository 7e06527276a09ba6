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
  begun,
  makePlan,
  timeOf,
} from '../../shared/planning/plan.js'
import type { RecipeKey } from '../../shared/document/recipeKey.js'
import type { UnitSpec } from '../../shared/planning/unitSpec.js'
import type { Source, SourceId } from '../../shared/media/source.js'
import { VideoCodec } from '../../shared/contract/output.js'
import { deliveryOf, previewFormat } from '../../ffmpeg/encode.js'
import type { Engine } from '../../engine/client.js'
import type { JobContext, JobResult, JobWork } from '../jobs/jobs.js'
import { ownFailure, secondPlace } from '../access/keeping.js'
import type { Media } from '../sources/media.js'
import type { FoundModel, Models } from '../models/models.js'
import { keptAround } from './kept.js'
import { framesKey, specOf } from './keys.js'
import { modelFor, renderUnit, showKept } from './render.js'
import type { Resolver } from './resolver.js'
import type { SegmentStore } from './segments.js'

/** Of an export's warm-up: the first picture comes sooner, the stream settles on screen. */
const previewShare = 1 / 4

export interface PreviewParts {
  engine: Engine
  media: Media
  models: Models
  resolver: Resolver
  cacheFolder: string
  memoryLimit: number
  store: SegmentStore
  /** Other frames of this source are there than before. */
  tellCoverage(source: SourceId, recipe: RecipeKey): void
}

/** The plan of an export of this range. */
function planOf(
  request: PreviewRequest,
  source: Source,
  table: Parameters<typeof makePlan>[1][number]['table'],
  model: PlanModel | undefined,
): Plan {
  const { from, to, enhance } = request
  const clip = { id: 'preview', sourceId: source.id, name: source.name, from, to, enhance }
  const plan = makePlan([clip], [{ source, table }], { [enhance.model]: model })
  if (plan.segments.length === 0) throw failing('empty-range', 'previewEmpty')
  return plan
}

/** Warmed up for less long. */
function sooner(unit: EnhanceUnit, model: PlanModel | undefined): EnhanceUnit {
  const { warmup, alignment } = timeOf(unit.enhance, model)
  return { ...unit, warmFrom: begun(unit.from, { warmup: Math.ceil(warmup * previewShare), alignment }) }
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
  model: FoundModel | undefined
  isElsewhere: boolean
}

export async function preparePreview(parts: PreviewParts, request: PreviewRequest): Promise<JobWork> {
  const { media, models, cacheFolder } = parts
  const source = await media.source(request.sourceId)
  const model = await modelFor(models, request.enhance)
  const plan = planOf(request, source, await media.table(source.id), model?.info)
  const hash = model?.info.hash ?? ''
  const units = plan.segments.map((segment, i) => {
    const unit = i === 0 ? sooner(segment, model?.info) : segment
    return { unit, spec: specOf(unit, hash), key: framesKey(unit, hash, previewFormat(unit)) }
  })
  const from = units[0]?.unit.from ?? 0
  const { recipe } = units[0]?.spec ?? { recipe: '' }
  const { width, height } = plan
  const preview: JobState['preview'] = {
    ...{ sourceId: source.id, from, to: from + plan.frames, width, height, recipe },
  }
  return {
    name: source.name,
    framesTotal: plan.frames,
    filmRate: plan.frames / plan.seconds,
    preview,
    run: async (context) => {
      try {
        return await runPreview(parts, { units, model, isElsewhere: false }, context)
      } catch (error) {
        const second = isUnkept(error) && (await secondPlace().catch(() => undefined)) // full as well
        if (!second) throw ownFailure('cache', cacheFolder, error)
        return await runPreview(parts, { units, model, isElsewhere: true }, context)
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
  if (!model) return false // nothing is kept of frames that pass through
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

/** Resolves to how far down it had to go to fit into memory. */
async function makePictures(
  parts: PreviewParts,
  unit: EnhanceUnit,
  model: FoundModel | undefined,
  how: How,
): Promise<number> {
  if (await showExported(parts, unit, model, how)) return how.stepDown
  const { folder, ...rest } = how
  const sink = { kind: 'pictures' as const, folder }
  const made = { ...rest, sink, memoryLimit: parts.memoryLimit, isUrgent: true }
  return (await renderUnit(parts, unit, { enhance: model, motion: undefined }, made)).stepDown
}

async function runPreview(
  parts: PreviewParts,
  { units, model, isElsewhere }: PreviewWork,
  { signal, progress }: JobContext,
): Promise<JobResult> {
  const { previews } = parts.store
  let [done, found, stepDown] = [0, 0, 0]
  for (const { unit, spec, key } of units) {
    const count = unit.to - unit.from
    if (await previews.isWhole(key, spec)) {
      ;[done, found] = [done + count, found + count]
      progress({ framesDone: done, framesFound: found })
      continue
    }
    const making = await previews.begin(key, spec, isElsewhere)
    const before = done
    const onProgress = (frames: number): void => {
      making.ready(frames)
      progress({ framesDone: before + frames, framesFound: found })
    }
    try {
      const how = { folder: making.folder, stepDown, signal, onProgress }
      stepDown = await makePictures(parts, unit, model, how)
      making.ready(count)
    } finally {
      await making.keep() // of a preview that was cancelled the frames that are there
    }
    done += count
  }
  return {}
}
