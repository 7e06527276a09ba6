// A preview: the same pipeline as an export, but its pictures end as files that the viewer fetches one by one.
// Previews are named by what they show; one that was finished before is shown again at once.
import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
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
import { settingsKeyOf } from '../../shared/document/project.js'
import type { Source } from '../../shared/media/source.js'
import { previewFormat } from '../../ffmpeg/encode.js'
import { isFile } from '../../ffmpeg/openFile.js'
import type { Engine } from '../../engine/client.js'
import type { JobContext, JobResult, JobWork } from '../jobs/jobs.js'
import { ownFailure, secondPlace, touch } from '../access/keeping.js'
import type { Media } from '../sources/media.js'
import type { FoundModel, Models } from '../models/models.js'
import { framesKey, hashOf } from './keys.js'
import { modelFor, renderUnit } from './render.js'

/** Of an export's warm-up: the first picture comes sooner, the stream settles on screen. */
const previewShare = 1 / 4

export interface PreviewParts {
  engine: Engine
  media: Media
  models: Models
  cacheFolder: string
  memoryLimit: number
}

export const previewPicture = (folder: string, frame: number): string => join(folder, `${frame}.jpg`)
const marker = (folder: string): string => join(folder, 'complete')

/** The plan of an export of this range, its first unit warmed up for less long. */
function planOf(
  request: PreviewRequest,
  source: Source,
  table: Parameters<typeof makePlan>[1][number]['table'],
  model: PlanModel | undefined,
): Plan {
  const { from, to, enhance } = request
  const clip = { id: 'preview', sourceId: source.id, name: source.name, from, to, enhance }
  const plan = makePlan([clip], [{ source, table }], { [enhance.model]: model })
  const [first, ...rest] = plan.segments
  if (!first) throw failing('empty-range', 'previewEmpty')
  const { warmup, alignment } = timeOf(enhance, model)
  const sooner = {
    ...first,
    warmFrom: begun(first.from, { warmup: Math.ceil(warmup * previewShare), alignment }),
  }
  return { ...plan, segments: [sooner, ...rest] }
}

/** Where its pictures lie: elsewhere, once the cache could not take them. */
export interface PreviewPlace {
  folder: string
}

/** The folder did not take the pictures; the film and the engine are well. */
const isUnkept = (error: unknown): boolean =>
  isSystemError(error) ||
  (error instanceof AppError && ['previewDiskFull', 'previewNotKept'].includes(error.sentence?.key ?? ''))

export interface PreparedPreview extends JobWork {
  place: PreviewPlace
}

export async function preparePreview(parts: PreviewParts, request: PreviewRequest): Promise<PreparedPreview> {
  const { media, models, cacheFolder } = parts
  const source = await media.source(request.sourceId)
  const model = await modelFor(models, request.enhance)
  const plan = planOf(request, source, await media.table(source.id), model?.info)
  const { segments: units, width, height } = plan
  const from = units[0]?.from ?? 0
  const to = units.at(-1)?.to ?? 0
  const preview: JobState['preview'] = {
    ...{ sourceId: source.id, from, to, width, height, settingsKey: settingsKeyOf(request.enhance) },
  }
  const keyOf = (unit: EnhanceUnit): string => framesKey(unit, model?.info.hash ?? '', previewFormat(unit))
  const name = hashOf(units.map(keyOf))
  const place = { folder: join(cacheFolder, 'previews', name) }
  return {
    place,
    name: source.name,
    framesTotal: plan.frames,
    filmRate: plan.frames / plan.seconds,
    preview,
    run: async (context) => {
      try {
        return await runPreview(parts, { units, model, folder: place.folder }, context)
      } catch (error) {
        const second = isUnkept(error) && (await secondPlace().catch(() => undefined)) // full as well
        if (!second) throw ownFailure('cache', cacheFolder, error)
        place.folder = join(second, name)
        return runPreview(parts, { units, model, folder: place.folder }, context)
      }
    },
  }
}

async function runPreview(
  parts: PreviewParts,
  work: { units: EnhanceUnit[]; model: FoundModel | undefined; folder: string },
  { signal, progress }: JobContext,
): Promise<JobResult> {
  const { units, model, folder } = work
  const total = units.reduce((sum, unit) => sum + unit.to - unit.from, 0)
  const isComplete = await isFile(marker(folder)) // else never finished, or tidied away
  if (isComplete) {
    await touch(folder)
    progress({ framesDone: total, framesFound: total })
    return {}
  }
  await mkdir(folder, { recursive: true })
  let [done, stepDown] = [0, 0]
  for (const unit of units) {
    const sink = { kind: 'pictures' as const, folder }
    const onProgress = (frames: number): void => progress({ framesDone: done + frames })
    const { memoryLimit } = parts
    const rendered = await renderUnit(parts, unit, model, {
      sink,
      memoryLimit,
      stepDown,
      isUrgent: true,
      signal,
      onProgress,
    })
    stepDown = rendered.stepDown
    done += unit.to - unit.from
  }
  await writeFile(marker(folder), '') // without it (cancelled, failed) the same preview is made again, over these pictures
  return {}
}
