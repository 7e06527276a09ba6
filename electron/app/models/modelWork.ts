// What takes minutes around models, as windows ask for it: looking at a folder of weights, importing them, downloading them first. One at a time,
// told by events, stopped at any moment.
import { basename } from 'node:path'
import { failing } from '../../shared/contract/errors.js'
import type {
  DownloadOffer,
  DownloadRequest,
  FoundWeights,
  ImportRequest,
  ModelWork,
} from '../../shared/contract/models.js'
import type { Scheduler } from '../jobs/scheduler.js'
import { type Downloads, baseOf, createDownloads } from './downloads.js'
import { type ImportParts, alone, createImports, halfMade } from './imports.js'
import type { Published } from './published.js'
import { type Work, type WorkPlan, createWork } from './work.js'

export interface ModelWorkParts extends ImportParts {
  scheduler: Scheduler
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
async function restore(dataFolder: string, downloads: Downloads, work: Work): Promise<void> {
  if ((await halfMade(dataFolder)).length > 0)
    await alone(dataFolder, () => Promise.resolve()).catch(() => undefined) // another is at it
  for (const left of await downloads.left()) if (!work.isRunning()) work.put(left)
}

export function createModelWorks(parts: ModelWorkParts): ModelWorks {
  const { engine, dataFolder, scheduler } = parts
  const work = createWork(scheduler, parts.tell, () => engine.rest())
  const imports = createImports(parts)
  const downloads = createDownloads(dataFolder, parts.published, imports)
  // An unreadable folder has nothing to go on with.
  const restored = restore(dataFolder, downloads, work).catch(() => undefined)
  /** `run` resolves to the id of the model that is there then. How it ends is told by events. */
  function add(about: WorkPlan<string>['about'], run: WorkPlan<string>['run']): void {
    work
      .begin({ about, run: (context) => alone(dataFolder, () => run(context)), modelOf: (id) => id })
      .catch(() => undefined)
  }

  return {
    state: async () => {
      await restored
      return work.state()
    },
    inspect: async (folder) => {
      await restored
      const about = { kind: 'inspect', name: basename(folder), step: 'check' } as const
      return work.begin({ about, run: (context) => imports.look(folder, context) })
    },
    import({ folder, version }) {
      const from = { kind: 'folder', from: folder, folder, wanted: version } as const
      const about = { kind: 'import', name: basename(folder), step: 'check' } as const
      add(about, (context) => imports.bringIn(from, context))
    },
    offers: (address) => downloads.offers(address),
    async download({ id, address }) {
      await restored
      const model = await downloads.find(id)
      const base = baseOf(address)
      const download = { id, address: base.href }
      const about = { kind: 'download', name: model.name, step: 'fetch', download } as const
      add(about, (context) => downloads.run(model, base, context))
    },
    pause() {
      if (!work.isRunning() || work.state()?.kind !== 'download') throw failing('not-found', 'downloadNone')
      work.pause()
    },
    cancel: () => work.cancel(),
    async discard(id) {
      const model = await downloads.find(id)
      const isItsOwn = (): boolean => work.state()?.download?.id === model.id
      if (work.isRunning() && isItsOwn()) throw failing('bad-argument', 'modelWorkBusy')
      await alone(dataFolder, () => downloads.discard(model))
      if (isItsOwn()) work.put(null)
    },
    async close() {
      if (work.state()?.kind === 'download') work.pause()
      else work.cancel()
      await work.ended()
      engine.close()
    },
  }
}
