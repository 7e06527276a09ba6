// What windows ask of rendering: previews, exports, photos, and what they will be and cost.
import { basename } from 'node:path'
import type { Api } from '../../shared/contract/api.js'
import { failing } from '../../shared/contract/errors.js'
import type { PhotoRequest } from '../../shared/contract/photo.js'
import type { LookSide } from '../../shared/contract/routes.js'
import type { Coverage, PreviewRequest } from '../../shared/contract/render.js'
import type { Frame } from '../../shared/document/project.js'
import { type RecipeKey, motionKey, recipeKey } from '../../shared/document/recipeKey.js'
import type { SourceId } from '../../shared/media/source.js'
import { isFile, readBytes } from '../../ffmpeg/openFile.js'
import type { Stills } from '../sources/stills.js'
import { prepared } from '../jobs/jobs.js'
import type { Scheduler } from '../jobs/scheduler.js'
import { type EstimateParts, estimate, exportNotes } from './estimate.js'
import { type ExportsParts, exportHandlers } from './exports.js'
import { framesOfLook, lookAtKeepsake, lookPath } from './keepsakeLook.js'
import { fitKeepsake } from './keepsakeSize.js'
import type { Measurements } from './measurements.js'
import { createMemoryPlans } from './memory.js'
import { preparePhoto } from './photo.js'
import { preparePreview } from './preview.js'
import { modelFor, motionHashFor, withNumbers } from './render.js'
import { restoredFor } from './restoring.js'
import { addWriting } from './writing.js'

export interface RenderParts extends Omit<ExportsParts, 'tellCoverage'> {
  cacheFolder: string
  scheduler: Scheduler
  stills: Stills
  measurements: Measurements
  sizes: EstimateParts['sizes']
  onCoverage: (coverage: Coverage) => void
}

export interface Render {
  handlers: Api['render']
  /** JPEG of a frame as a recipe makes it. Fails with `not-found` where it is not there. */
  rendered: (sourceId: SourceId, recipe: RecipeKey, frame: Frame, way: number) => Promise<Uint8Array>
  /** PNG of a frame of a Keepsake that was looked at; fails where it is not there any more. */
  looked: (id: string, side: LookSide) => Promise<Uint8Array>
}

/** What is found out of a Keepsake before it is made: jobs that answer whoever asked. */
function keepsakeHandlers(parts: RenderParts): Pick<Api['render'], 'fitKeepsake' | 'lookAtKeepsake'> {
  const { jobs, grants } = parts
  jobs.register('fit', async (request, { signal }) => ({ answer: await fitKeepsake(parts, request, signal) }))
  jobs.register('look', async (request, context) => ({
    answer: await lookAtKeepsake(parts, request, context),
  }))
  return {
    fitKeepsake: async (request) => {
      await grants.check(request.output.path)
      const name = basename(request.output.path)
      return jobs.ask({ kind: 'fit', request }, { name, framesTotal: 0 }).answer
    },
    lookAtKeepsake: async (request) => {
      await grants.check(request.output.path)
      const name = basename(request.output.path)
      return jobs.ask({ kind: 'look', request }, { name, framesTotal: framesOfLook(request) }).answer
    },
  }
}

export function createRender(parts: RenderParts): Render {
  const { jobs, grants, scheduler, store } = parts
  const tellCoverage = (source: SourceId, recipe: RecipeKey): void =>
    void store.coverage(source, recipe).then(parts.onCoverage, () => undefined) // who wants it asks again
  const previewRunner = prepared((request: PreviewRequest) =>
    preparePreview({ ...parts, tellCoverage }, request),
  )
  const photoRunner = prepared((request: PhotoRequest) => preparePhoto(parts, request))
  jobs.register('preview', previewRunner.run)
  jobs.register('photo', photoRunner.run)

  const handlers: Api['render'] = {
    ...exportHandlers({ ...parts, tellCoverage }),
    preview: async (request) => {
      const work = await previewRunner.prepare(request)
      const id = jobs.add({ kind: 'preview', request }, work)
      void jobs.ended(id).then(() => store.tidy(Infinity, Date.now()).catch(() => undefined)) // the next one tries again
      return id
    },
    coverage: async (sourceId, wanted, motion) => {
      const { enhance } = await restoredFor(parts, sourceId, wanted)
      const model = await modelFor(parts.models, enhance)
      const recipe = recipeKey(withNumbers(enhance, model), model?.info.hash ?? '')
      if (!motion) return store.coverage(sourceId, recipe)
      return store.coverage(sourceId, motionKey(recipe, motion, await motionHashFor(parts.models, motion)))
    },
    photo: (request) =>
      addWriting(parts, request, photoRunner.prepare, (real) => ({ kind: 'photo', request: real })),
    estimate: async (request) => {
      await grants.check(request.output.path)
      return estimate({ ...parts, isBusy: () => scheduler.isUsed('processor') }, request)
    },
    ...keepsakeHandlers(parts),
    notes: async (request) => {
      await grants.check(request.output.path)
      return exportNotes(parts, request)
    },
    memoryPlan: createMemoryPlans({ ...parts, isBusy: () => scheduler.isUsed('memory') }),
  }
  return {
    handlers,
    looked: (id, side) => readBytes(lookPath(parts.cacheFolder, id, side)),
    rendered: async (sourceId, recipe, frame, way) => {
      for (const path of store.previews.pathsOf(sourceId, recipe, frame, way))
        if (await isFile(path)) return readBytes(path)
      throw failing('not-found', 'previewGone')
    },
  }
}
