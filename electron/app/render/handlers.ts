// What windows ask of rendering: previews, exports, photos, and what they will be and cost.
import type { Api } from '../../shared/contract/api.js'
import type { JobId } from '../../shared/contract/job.js'
import type { PhotoRequest } from '../../shared/contract/photo.js'
import type { PreviewRequest } from '../../shared/contract/render.js'
import { prepared } from '../jobs/jobs.js'
import type { Scheduler } from '../jobs/scheduler.js'
import { type EstimateParts, estimate, exportNotes } from './estimate.js'
import { type ExportsParts, exportHandlers } from './exports.js'
import { createMemoryPlans } from './memory.js'
import { preparePhoto } from './photo.js'
import { type PreviewPlace, preparePreview, previewPicture } from './preview.js'
import { addWriting } from './writing.js'

export interface RenderParts extends ExportsParts {
  cacheFolder: string
  scheduler: Scheduler
  measurements: EstimateParts['measurements']
  sizes: EstimateParts['sizes']
}

export interface Render {
  handlers: Api['render']
  /** Path of a preview's picture; undefined when there is no such preview. */
  previewPath: (jobId: string, frame: number) => string | undefined
}

export function createRender(parts: RenderParts): Render {
  const { jobs, grants, scheduler } = parts
  const previews = new Map<JobId, PreviewPlace>()
  const previewRunner = prepared((request: PreviewRequest) => preparePreview(parts, request))
  const photoRunner = prepared((request: PhotoRequest) => preparePhoto(parts, request))
  jobs.register('preview', previewRunner.run)
  jobs.register('photo', photoRunner.run)

  const handlers: Api['render'] = {
    ...exportHandlers(parts),
    preview: async (request) => {
      const work = await previewRunner.prepare(request)
      const id = jobs.add({ kind: 'preview', request }, work)
      previews.set(id, work.place)
      return id
    },
    photo: (request) =>
      addWriting(parts, request, photoRunner.prepare, (real) => ({ kind: 'photo', request: real })),
    estimate: async (request) => {
      await grants.check(request.output.path)
      return estimate({ ...parts, isBusy: () => scheduler.isUsed('processor') }, request)
    },
    notes: async (request) => {
      await grants.check(request.output.path)
      return exportNotes(parts, request)
    },
    memoryPlan: createMemoryPlans({ ...parts, isBusy: () => scheduler.isUsed('memory') }),
  }
  return {
    handlers,
    previewPath: (jobId, frame) => {
      const place = previews.get(jobId)
      return place && previewPicture(place.folder, frame)
    },
  }
}
