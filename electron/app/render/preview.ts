// A preview: the same pipeline as an export, but its pictures end as files that the viewer fetches one by one.
// Previews are named by what they show; one that was finished before is shown again at once.
import { createHash } from 'node:crypto'
import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { AppError, failing } from '../../shared/contract/errors.js'
import { isSystemError } from '../../shared/words/systemReason.js'
import type { PreviewRequest } from '../../shared/contract/api.js'
import type { JobState } from '../../shared/contract/job.js'
import { type Looks, numbersOf } from '../../shared/document/looks.js'
import { type Segment, makePlan } from '../../shared/planning/plan.js'
import { settingsKeyOf } from '../../shared/document/project.js'
import type { Source } from '../../shared/media/source.js'
import { isFile } from '../../ffmpeg/openFile.js'
import type { Engine } from '../../engine/client.js'
import type { JobContext, JobResult, JobWork } from '../jobs/jobs.js'
import { ownFailure, secondPlace, touch } from '../access/keeping.js'
import type { Media } from '../sources/media.js'
import type { FoundModel, Models } from '../models/models.js'
import { modelFor, renderSegment } from './render.js'
import { engineVersion } from '../access/resources.js'

/** One latent of the shipped models instead of an export's four: the first picture comes sooner, the stream settles on screen. */
const previewWarmUp = 4

export interface PreviewParts {
  engine: Engine
  media: Media
  models: Models
  cacheFolder: string
  memoryLimit: number
}

export const previewPicture = (folder: string, frame: number): string => join(folder, `${frame}.jpg`)
const marker = (folder: string): string => join(folder, 'complete')

/** The plan of an export of this range, its first segment warmed up for less long. */
function segmentsOf(
  request: PreviewRequest,
  source: Source,
  table: Parameters<typeof makePlan>[1][number]['table'],
  looks: Looks | undefined,
): Segment[] {
  const { from, to, enhance } = request
  const clip = { id: 'preview', sourceId: source.id, name: source.name, from, to, enhance }
  const [first, ...rest] = makePlan([clip], [{ source, table }], { [enhance.model]: looks }).segments
  if (!first) throw failing('empty-range', 'previewEmpty')
  return [{ ...first, warmFrom: Math.max(0, first.from - previewWarmUp) }, ...rest]
}

/** Where its pictures lie: elsewhere, once the cache could not take them. */
export interface PreviewPlace {
  folder: string
}

/** The folder did not take the pictures; the film and the engine are well. */
const isUnkept = (error: unknown): boolean =>
  isSystemError(error) ||
  (error instanceof AppError && ['previewDiskFull', 'previewNotKept'].includes(error.said?.key ?? ''))

export async function preparePreview(
  parts: PreviewParts,
  request: PreviewRequest,
): Promise<{ work: JobWork; place: PreviewPlace }> {
  const { media, models, cacheFolder } = parts
  const source = await media.source(request.sourceId)
  const model = await modelFor(models, request.enhance)
  const segments = segmentsOf(request, source, await media.table(source.id), model?.info.looks)
  const from = segments[0]?.from ?? 0
  const to = segments.at(-1)?.to ?? 0
  const { width, height } = segments[0]?.output ?? { width: 0, height: 0 }
  const preview: JobState['preview'] = {
    ...{ sourceId: source.id, from, to, width, height, settingsKey: settingsKeyOf(request.enhance) },
  }
  const facts = [
    preview,
    previewWarmUp,
    request.enhance.device,
    numbersOf(request.enhance, model?.info.looks),
    model?.info.hash ?? '',
    await engineVersion(),
  ]
  const name = createHash('sha256').update(JSON.stringify(facts)).digest('hex').slice(0, 40)
  const place = { folder: join(cacheFolder, 'previews', name) }
  const work: JobWork = {
    kind: 'preview',
    name: source.name,
    framesTotal: to - from,
    filmRate: ratePerSecond(segments),
    preview,
    run: async (context) => {
      try {
        return await runPreview(parts, { segments, model, folder: place.folder }, context)
      } catch (error) {
        const second = isUnkept(error) && (await secondPlace().catch(() => undefined)) // full as well
        if (!second) throw ownFailure('cache', cacheFolder, error)
        place.folder = join(second, name)
        return runPreview(parts, { segments, model, folder: place.folder }, context)
      }
    },
  }
  return { work, place }
}

function ratePerSecond(segments: readonly Segment[]): number {
  const frames = segments.reduce((sum, segment) => sum + segment.ticks.length, 0)
  const { timeBase, endTicks } = segments.at(-1) ?? { timeBase: { num: 1, den: 1 }, endTicks: 1 }
  return (frames * timeBase.den) / (endTicks * timeBase.num)
}

async function runPreview(
  parts: PreviewParts,
  work: { segments: Segment[]; model: FoundModel | undefined; folder: string },
  { signal, progress }: JobContext,
): Promise<JobResult> {
  const { segments, model, folder } = work
  const total = segments.reduce((sum, segment) => sum + segment.ticks.length, 0)
  const isComplete = await isFile(marker(folder)) // else never finished, or tidied away
  if (isComplete) {
    await touch(folder)
    progress({ framesDone: total, framesFound: total })
    return {}
  }
  await mkdir(folder, { recursive: true })
  let [done, stepDown] = [0, 0]
  for (const segment of segments) {
    const sink = { kind: 'pictures' as const, folder }
    const onProgress = (frames: number): void => progress({ framesDone: done + frames })
    const { memoryLimit } = parts
    const rendered = await renderSegment(parts, segment, model, {
      sink,
      memoryLimit,
      stepDown,
      isUrgent: true,
      signal,
      onProgress,
    })
    stepDown = rendered.stepDown
    done += segment.ticks.length
  }
  await writeFile(marker(folder), '') // without it (cancelled, failed) the same preview is made again, over these pictures
  return {}
}
