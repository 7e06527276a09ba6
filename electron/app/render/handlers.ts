// What windows ask of rendering: previews, exports, photos, and what they will be and cost.
import type { Api } from '../../shared/contract/api.js'
import type { JobId } from '../../shared/contract/job.js'
import type { Damages } from '../sources/damage.js'
import { type EstimateParts, estimate, exportNotes } from './estimate.js'
import { type ExportsParts, exportHandlers } from './exports.js'
import { createMemoryPlans } from './memory.js'
import { preparePhoto } from './photo.js'
import { type PreviewPlace, preparePreview, previewPicture } from './preview.js'
import { addWriting } from './writing.js'

export interface RenderParts extends ExportsParts {
  cacheFolder: string
  damages: Damages
  measurements: EstimateParts['measurements']
  sizes: EstimateParts['sizes']
}

export interface Render {
  handlers: Api['render']
  /** Path of a preview's picture; undefined when there is no such preview. */
  previewPath: (jobId: string, frame: number) => string | undefined
}

export function createRender(parts: RenderParts): Render {
  const { jobs, grants, damages } = parts
  const previews = new Map<JobId, PreviewPlace>()
  const isBusy = (): boolean => jobs.list().some((job) => job.state === 'running')
  const isEngineBusy = (): boolean =>
    jobs.list().some((job) => job.state === 'running' && job.kind !== 'proxy')

  /** What a person waits for goes before a glance at what films suffer from. */
  async function beforeLooks(add: () => Promise<JobId>): Promise<JobId> {
    const goOn = damages.stepAside()
    try {
      const id = await add()
      void jobs.ended(id).then(goOn)
      return id
    } catch (error) {
      goOn()
      throw error
    }
  }

  const handlers: Api['render'] = {
    ...exportHandlers(parts),
    preview: (request) =>
      beforeLooks(async () => {
        const { work, place } = await preparePreview(parts, request)
        const id = jobs.add(work)
        previews.set(id, place)
        return id
      }),
    photo: (request) => beforeLooks(() => addWriting(parts, request, (real) => preparePhoto(parts, real))),
    estimate: async (request) => {
      await grants.check(request.output.path)
      return estimate({ ...parts, isBusy }, request)
    },
    notes: async (request) => {
      await grants.check(request.output.path)
      return exportNotes(parts, request)
    },
    memoryPlan: createMemoryPlans({ ...parts, isBusy: isEngineBusy }),
  }
  return {
    handlers,
    previewPath: (jobId, frame) => {
      const place = previews.get(jobId)
      return place && previewPicture(place.folder, frame)
    },
  }
}
