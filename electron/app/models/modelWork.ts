// What takes minutes around models, as windows ask for it: looking at a folder of weights, importing them, downloading them first. Each is a job of its
// kind; one at a time, told by events, stopped at any moment.
import { basename } from 'node:path'
import { failing } from '../../shared/contract/errors.js'
import type {
  DownloadOffer,
  DownloadRequest,
  FoundWeights,
  ImportRequest,
  ModelWork,
} from '../../shared/contract/models.js'
import type { Jobs } from '../jobs/jobs.js'
import { type Downloads, baseOf, createDownloads } from './downloads.js'
import { type ImportParts, type Imports, alone, createImports, halfMade } from './imports.js'
import type { Published } from './published.js'
import { type ShownWork, createShownWork } from './shownWork.js'

export interface ModelWorkParts extends ImportParts {
  jobs: Jobs
  published: () => Promise<Published[]>
  tell: (work: ModelWork | null) => void
}

export interface ModelWorks {
  state(): Promise<ModelWork | null>
  inspect(folder: string): Promise<FoundWeights>
  import(request: ImportRequest): void
  offers(address: string | null): Promise<DownloadOffer[]>
  download(request: DownloadRequest): Promise<void>
  pause(): void
  cancel(): void
  discard(id: string): Promise<void>
  close(): Promise<void>
}

/** A download that the last run of Heirloom left unfinished stands there paused. */
async function restore(dataFolder: string, downloads: Downloads, shown: ShownWork): Promise<void> {
  if ((await halfMade(dataFolder)).length > 0)
    await alone(dataFolder, () => Promise.resolve()).catch(() => undefined) // another is at it
  for (const left of await downloads.left()) if (!shown.isRunning()) shown.put(left)
}

/** How jobs on models are run. */
function registerRunners(jobs: Jobs, dataFolder: string, imports: Imports, downloads: Downloads): void {
  jobs.register('inspect', async ({ folder }, context) => ({ answer: await imports.look(folder, context) }))
  jobs.register('import', async ({ folder, version }, context) => {
    const from = { kind: 'folder', from: folder, folder, wanted: version } as const
    return { modelId: await alone(dataFolder, () => imports.bringIn(from, context)) }
  })
  jobs.register('download', async ({ id, address }, context) => {
    const model = await downloads.find(id)
    return { modelId: await alone(dataFolder, () => downloads.run(model, baseOf(address), context)) }
  })
}

export function createModelWorks(parts: ModelWorkParts): ModelWorks {
  const { engine, dataFolder, jobs } = parts
  const shown = createShownWork(jobs, parts.tell, () => engine.rest())
  const imports = createImports(parts)
  const downloads = createDownloads(dataFolder, parts.published, imports)
  registerRunners(jobs, dataFolder, imports, downloads)
  // An unreadable folder has nothing to go on with.
  const restored = restore(dataFolder, downloads, shown).catch(() => undefined)

  return {
    state: async () => {
      await restored
      return shown.state()
    },
    inspect: async (folder) => {
      await restored
      const facts = { name: basename(folder), framesTotal: 0, step: 'check' } as const
      return shown.begin(() => jobs.ask({ kind: 'inspect', request: { folder } }, facts)).answer
    },
    import(request) {
      const facts = { name: basename(request.folder), framesTotal: 0, step: 'check' } as const
      shown.begin(() => jobs.add({ kind: 'import', request }, facts))
    },
    offers: (address) => downloads.offers(address),
    async download({ id, address, isAgreed }) {
      await restored
      const { name } = await downloads.find(id)
      const download = { id, address: baseOf(address).href }
      const request = { ...download, isAgreed }
      const facts = { name, framesTotal: 0, step: 'fetch' } as const
      shown.begin(() => jobs.add({ kind: 'download', request }, facts), download)
    },
    pause() {
      if (!shown.isRunning() || shown.state()?.kind !== 'download') throw failing('not-found', 'downloadNone')
      shown.pause()
    },
    cancel: () => shown.cancel(),
    async discard(id) {
      const model = await downloads.find(id)
      const isItsOwn = (): boolean => shown.state()?.download?.id === model.id
      if (shown.isRunning() && isItsOwn()) throw failing('bad-argument', 'modelWorkBusy')
      await alone(dataFolder, () => downloads.discard(model))
      if (isItsOwn()) shown.put(null)
    },
    async close() {
      if (shown.state()?.kind === 'download') shown.pause()
      else shown.cancel()
      await shown.ended()
      engine.close()
    },
  }
}
