// Heirloom without a window: everything behind the contract. Electron's main process, the browser host and the CLI
// each make one Host and put a door in front of it. Paths that come through a door are checked against the grants.
import { readdir, stat } from 'node:fs/promises'
import { basename, dirname, join, resolve } from 'node:path'
import { type Engine, type LaunchEngine, createEngine } from '../../engine/client.js'
import { isNotUnicode } from '../../ffmpeg/names.js'
import { findTools } from '../../ffmpeg/resolve.js'
import type { Api, ApiEvent, AppInfo, ExportRequest } from '../../shared/contract/api.js'
import { type AppError, failing, toFailure } from '../../shared/contract/errors.js'
import { secondsOf } from '../../shared/media/frameTable.js'
import { type JobId, isEnded } from '../../shared/contract/job.js'
import type { ModelInfo, UnusableModel } from '../../shared/contract/models.js'
import { isStill, type SourceId } from '../../shared/media/source.js'
import { photoEndings } from '../../shared/contract/photo.js'
import type { Route } from '../../shared/contract/routes.js'
import { systemReason } from '../../shared/words/systemReason.js'
import { createDamages } from '../sources/damage.js'
import { createMeasurements, estimate, exportNotes } from '../render/estimate.js'
import { createFilmSizes } from '../render/filmSize.js'
import { type ExportParts, prepareExport, sweep } from '../render/exporter.js'
import { makePrivate } from '../access/files.js'
import { filmsIn } from '../sources/folderFilms.js'
import { createGrants, isInside, realPath } from '../access/grants.js'
import { type JobWork, createJobs } from '../jobs/jobs.js'
import { createLeftovers } from '../access/leftovers.js'
import { createMedia } from '../sources/media.js'
import { tidyCache } from './tidyCache.js'
import { createMemoryPlans } from '../render/memory.js'
import { type Models, checkEstimator, createModels } from '../models/models.js'
import { createModelWorks } from '../models/modelWork.js'
import { checkOutput, isIn, suggestOutput, suggestPhoto } from '../access/outputs.js'
import { preparePhoto } from '../render/photo.js'
import { loadPreferences, savePreferences } from './preferences.js'
import { type PreviewPlace, preparePreview, previewPicture } from '../render/preview.js'
import { createProjects } from '../project/projects.js'
import { type Published, published } from '../models/published.js'
import { createRecent } from '../sources/recent.js'
import {
  engineEntry,
  estimatorFolder,
  filmsFolder,
  samplePath,
  shippedModels,
  version,
} from '../access/resources.js'
import { openSegmentStore } from '../render/segments.js'
import { type ServeAnswer, type ServeRequest, serve } from './serve.js'
import { createUnfinished, sourcesOfUnfinished } from '../render/unfinished.js'

export interface HostOptions {
  kind: 'electron' | 'browser' | 'cli'
  /** Preferences, recent files, the autosaved project. */
  dataFolder: string
  /** Finished segments, previews, proxies, measurements: may be emptied at any time while nothing runs. */
  cacheFolder: string
  /** Files and folders allowed from the start: command line, shared folders. Folders are what `listFolder` shows. */
  grants: { files: readonly string[]; folders: readonly string[] }
  /** Where files that were dropped on a browser's window are kept: no place where anyone would look for a result. */
  inboxFolder?: string
  /** How the engine host is started: `fork` when left out; Electron passes utilityProcess. */
  launchEngine?: LaunchEngine
  /** Native dialogs; without them `chooseSources` and `chooseOutput` fail with `not-allowed`. What they give is granted. */
  dialogs?: {
    chooseSources(): Promise<string[]>
    chooseOutput(suggestedName: string): Promise<string | null>
    chooseFolder(): Promise<string | null>
  }
  /** The system's file manager and default player, where there are any. */
  shell?: { reveal(path: string): Promise<void>; open(path: string): Promise<void> }
  /** What can be downloaded: the published weights when left out. */
  published?: () => Promise<Published[]>
}

export type { ServeAnswer, ServeRequest } from './serve.js'

export interface Host {
  /** The contract. Arguments must have been parsed with `requests[name].args` by the door. */
  readonly api: Api
  /** Every event goes to every listener; the return value stops listening. */
  on(listener: (event: ApiEvent) => void): () => void
  /** A person chose or dropped this file (or folder) at a door that can be sure of it. */
  grant(path: string): Promise<void>
  /** Files came in from outside: grants them and tells the windows. */
  openFromOutside(paths: readonly string[]): Promise<void>
  /** The bytes of a route. Failures are answers with status 4xx/5xx and a JSON Failure as body; it never throws. */
  serve(route: Route, request: ServeRequest): Promise<ServeAnswer>
  /** Cancels what runs, ends child processes, writes what is unsaved. */
  close(): Promise<void>
}

/** Finished segments, previews and proxies that nobody used are kept this long. */
const cacheDays = 14

/** For the windows: what can be used, and what cannot and why, the estimator among it. */
async function allModels(models: Models): Promise<{ models: ModelInfo[]; unusable: UnusableModel[] }> {
  const { found, unusable } = await models.all()
  const estimator = await checkEstimator(estimatorFolder).then(
    () => [],
    (error: unknown) => [{ id: 'estimator', folder: estimatorFolder, failure: toFailure(error) }],
  )
  return { models: found.map(({ info }) => info), unusable: [...unusable, ...estimator] }
}

/** What the engine and ffmpeg say about themselves; failures are part of the answer, the windows show them. */
async function about(
  options: HostOptions,
  engine: Engine,
  models: ReturnType<typeof createModels>,
): Promise<AppInfo> {
  const [tools, devices, found] = await Promise.allSettled([
    findTools(),
    engine.run({ kind: 'devices' }),
    allModels(models),
  ])
  return {
    version: version(),
    host: options.kind,
    hasDialogs: options.dialogs !== undefined,
    canReveal: options.shell !== undefined,
    ffmpeg:
      tools.status === 'fulfilled'
        ? { path: tools.value.ffmpeg, version: tools.value.version, from: tools.value.from }
        : undefined,
    engineFailure: devices.status === 'rejected' ? toFailure(devices.reason) : undefined,
    devices: devices.status === 'fulfilled' ? devices.value : [],
    models: found.status === 'fulfilled' ? found.value.models : [],
    unusable: found.status === 'fulfilled' ? found.value.unusable : [],
    samplePath: samplePath(),
  }
}

const notHere = (): AppError => failing('not-allowed', 'needsDesktop')

export async function createHost(options: HostOptions): Promise<Host> {
  const { dataFolder, cacheFolder } = options
  // Where they cannot be made (a full disk), films can still be looked at; what is to be kept says so then.
  await Promise.allSettled([dataFolder, cacheFolder].map(makePrivate))
  const listeners = new Set<(event: ApiEvent) => void>()
  const tell = (event: ApiEvent): void => listeners.forEach((listener) => listener(event))

  const grants = createGrants()
  const outputs = createGrants() // finished exports: may be revealed and opened
  const engine = createEngine(engineEntry, options.launchEngine)
  const jobs = createJobs((job) => tell({ type: 'job', job }))
  const media = createMedia(cacheFolder, jobs)
  const models = createModels(shippedModels, join(dataFolder, 'models'))
  const listModels = async (): Promise<ModelInfo[]> => (await models.list()).map(({ info }) => info)
  const onModels = async (): Promise<void> => tell({ type: 'models', ...(await allModels(models)) })
  const modelWorks = createModelWorks({
    ...{ models, dataFolder, onModels, published: options.published ?? published },
    engine: createEngine(engineEntry, options.launchEngine),
    tell: (work) => tell({ type: 'modelWork', work }),
  })
  const damages = createDamages(engine, media)
  const measurements = createMeasurements(dataFolder, engine)
  const sizes = createFilmSizes(media)
  const recent = createRecent(dataFolder)
  const projects = createProjects(dataFolder)
  const store = openSegmentStore(cacheFolder)
  const leftovers = createLeftovers(cacheFolder, dataFolder)
  void sweep({ store, leftovers })
  const unfinished = createUnfinished(cacheFolder, store)
  const tellUnfinished = async (): Promise<void> =>
    tell({ type: 'unfinished', exports: await unfinished.list() })
  let isClosing = false
  const memoryLimit = Number(process.env.HEIRLOOM_MEMORY_LIMIT ?? 0) || 0
  const exportParts: ExportParts = {
    ...{ engine, media, models, store, leftovers, memoryLimit, learn: measurements.learn },
  }
  const isEngineBusy = (): boolean =>
    jobs.list().some((job) => job.state === 'running' && job.kind !== 'proxy')
  const memoryPlan = createMemoryPlans({ engine, media, models, memoryLimit, isBusy: isEngineBusy })
  const previews = new Map<JobId, PreviewPlace>()

  const grant = async (path: string): Promise<void> => {
    const isFolder = await stat(path).then(
      (found) => found.isDirectory(),
      () => false, // an output that is not there yet
    )
    await (isFolder ? grants.addFolder(path) : grants.addFile(path))
  }
  await Promise.all([
    ...options.grants.files.map((path) => grants.addFile(path)),
    ...options.grants.folders.map((path) => grants.addFolder(path)),
  ])
  const sample = samplePath()
  if (sample) await grants.addFile(sample)
  // A desktop window may open again what its person opened before; other doors have their shared folders.
  if (options.kind === 'electron') {
    const known = (await recent.list()).map(({ path }) => path)
    for (const path of [...known, ...(await sourcesOfUnfinished(cacheFolder))]) await grants.addFile(path)
  }
  void tidyCache(cacheFolder, cacheDays).catch(() => undefined) // tidying is a courtesy; the next start tries again

  async function listFolder(path: string | null): ReturnType<Api['listFolder']> {
    const shared = grants.folders()
    if (path === null)
      return {
        entries: shared.map((folder) => ({
          name: basename(folder) || folder,
          path: folder,
          isFolder: true,
          bytes: 0,
        })),
      }
    const folder = await grants.check(path)
    const names = await readdir(folder, { withFileTypes: true }).catch(async (cause: unknown) => {
      if (await isNotUnicode(folder))
        throw failing('source-unreadable', 'sourceNameNotUnicode', { name: basename(folder) }, { cause })
      throw failing(
        'source-unreadable',
        'folderUnreadable',
        { name: basename(folder), reason: systemReason(cause) },
        { cause },
      )
    })
    const entries = await Promise.all(
      names
        .filter((entry) => !entry.name.startsWith('.'))
        .map(async (entry) => {
          const { name } = entry
          const whole = join(folder, name)
          const found = await stat(whole).catch(() => undefined) // a dangling link is not shown
          // It is there, and opening it says what is the matter with its name.
          if (!found && (await isNotUnicode(whole)))
            return [{ name, path: whole, isFolder: entry.isDirectory() }]
          const isShown = found !== undefined && (await grants.isAllowed(whole))
          return isShown ? [{ name, path: whole, isFolder: found.isDirectory(), bytes: found.size }] : []
        }),
    )
    const isTop = shared.includes(await realPath(folder))
    return {
      path: folder,
      parent: isTop ? undefined : dirname(folder),
      entries: entries
        .flat()
        .sort((a, b) => Number(b.isFolder) - Number(a.isFolder) || a.name.localeCompare(b.name)),
    }
  }

  /** One name, one job: the second of two would find it taken when its work is done. */
  function checkFree(real: string): void {
    if (isIn(jobs.writing(), real)) throw failing('output-exists', 'outputInWork', { name: basename(real) })
  }

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

  /** Queued; what it writes may be shown and opened once it is there. */
  async function addWriting<Request extends { output: { path: string } }>(
    request: Request,
    prepare: (request: Request) => Promise<JobWork>,
  ): Promise<JobId> {
    const writes = await realPath(await grants.check(request.output.path))
    checkFree(writes) // before any work
    // Without links from here on: whoever puts one into the way later changes nothing (see ffmpeg/folder.ts). A link under the
    // very name is replaced, not followed.
    const folder = await realPath(dirname(resolve(request.output.path)))
    const path = join(folder, basename(request.output.path))
    await grants.check(path)
    const work = await prepare({ ...request, output: { ...request.output, path } })
    checkFree(writes) // and here, where nobody can come between
    const id = jobs.add({ ...work, writes })
    void jobs.ended(id).then(async ({ outputPath }) => {
      if (outputPath !== undefined) await outputs.addFile(outputPath)
    })
    return id
  }

  /** A name of ours beside a source that was chosen; the sample and copies of dropped files lie in nobody's place for films. */
  async function suggestBeside(id: SourceId, name: (path: string) => Promise<string>): Promise<string> {
    const { path } = await media.source(id)
    const { inboxFolder } = options
    const isKept = inboxFolder !== undefined && isInside(await realPath(inboxFolder), await realPath(path))
    const found = await name(path === sample || isKept ? join(filmsFolder(), basename(path)) : path)
    await grants.addFile(found)
    return found
  }

  /** Written down until it is done or cancelled; only what a window asked for is told by the next window. */
  async function startExport(request: ExportRequest): Promise<JobId> {
    let note = (): Promise<() => Promise<void>> => Promise.resolve(() => Promise.resolve())
    const id = await addWriting(request, async (real) => {
      const work = await prepareExport(exportParts, real)
      if (options.kind !== 'cli') note = () => unfinished.begin(real, work.keys, work.framesTotal)
      return work
    })
    // Without room for it the film is made all the same; only a later start would not know of it.
    const forget = await note().catch(() => () => Promise.resolve())
    void jobs.ended(id).then(async ({ state }) => {
      if (state === 'done' || (state === 'cancelled' && !isClosing)) await forget().catch(() => undefined) // told once more
    })
    if (options.kind !== 'cli') void tellUnfinished()
    return id
  }

  /** The sources of an export of another time, as they were read then. */
  async function reopen({ project }: ExportRequest): Promise<void> {
    for (const { id, path, name, track, fields } of project.sources) {
      const opened = await api.openSource(path)
      const chosen = track === undefined ? opened : await media.chooseFilm(opened.id, track)
      const source = fields ? await media.readFields(chosen.id, fields) : chosen
      if (source.id !== id) throw failing('source-vanished', 'unfinishedOther', { name })
    }
  }

  const api: Api = {
    appInfo: () => about(options, engine, models),
    preferences: () => loadPreferences(dataFolder),
    setPreferences: async (preferences) => {
      await savePreferences(dataFolder, preferences)
      return null
    },
    chooseSources: async () => {
      if (!options.dialogs) throw notHere()
      const paths = await options.dialogs.chooseSources()
      for (const path of paths) await grants.addFile(path)
      return paths
    },
    chooseOutput: async (suggestedName) => {
      if (!options.dialogs) throw notHere()
      const path = await options.dialogs.chooseOutput(suggestedName)
      if (path !== null) await grants.addFile(path)
      return path
    },
    chooseFolder: async () => {
      if (!options.dialogs) throw notHere()
      const path = await options.dialogs.chooseFolder()
      if (path !== null) await grants.addFolder(path)
      return path
    },
    listFolder,
    models: listModels,
    removeModel: async (id) => {
      if (jobs.list().some((job) => job.kind !== 'proxy' && !isEnded(job)))
        throw failing('not-allowed', 'modelInUse', { name: id })
      engine.rest() // it may hold the files
      await models.remove(id).finally(onModels)
      return null
    },
    inspectModel: async (folder) => modelWorks.inspect(await grants.check(folder)),
    importModel: async ({ folder, version }) => {
      modelWorks.import({ folder: await grants.check(folder), version })
      return null
    },
    downloadOffers: (address) => modelWorks.offers(address),
    startDownload: async (request) => {
      await modelWorks.download(request)
      return null
    },
    pauseDownload: () => Promise.resolve().then(() => (modelWorks.pause(), null)),
    discardDownload: async (id) => {
      await modelWorks.discard(id)
      return null
    },
    modelWork: () => modelWorks.state(),
    cancelModelWork: () => Promise.resolve().then(() => (modelWorks.cancel(), null)),
    filmsIn: async (folder) => filmsIn(await grants.check(folder)),
    recentFiles: async () => {
      const list = await recent.list()
      const allowed = await Promise.all(list.map(({ path }) => grants.isAllowed(path)))
      return list.filter((_, i) => allowed[i])
    },
    openSource: async (path) => {
      const checked = await grants.check(path)
      const real = await realPath(checked)
      await grants.check(real) // the very path whose file is read, should links turn between
      const source = await media.open(checked, real)
      if (options.kind !== 'cli' && source.path !== sample)
        await recent.add(source.path).catch(() => undefined) // a list to choose from, no more
      return source
    },
    fieldCounts: (id) => media.fieldCounts(id),
    readFields: (id, chosen) => media.readFields(id, chosen),
    chooseFilm: (id, track) => media.chooseFilm(id, track),
    frameTable: (id) => media.table(id),
    waveform: (id) => media.waveform(id),
    playable: (id, hasFailed) => media.playable(id, hasFailed),
    loadProject: async () => {
      const project = await projects.load()
      // Written by us, and only with sources that were allowed then.
      if (options.kind === 'electron')
        for (const { path } of project?.sources ?? []) await grants.addFile(path)
      return project
    },
    saveProject: async (project) => {
      // Loading grants them on the desktop.
      if (options.kind === 'electron') for (const { path } of project.sources) await grants.check(path)
      await projects.save(project)
      return null
    },
    preview: (request) =>
      beforeLooks(async () => {
        const { work, place } = await preparePreview(
          { engine, media, models, cacheFolder, memoryLimit },
          request,
        )
        const id = jobs.add(work)
        previews.set(id, place)
        return id
      }),
    export: startExport,
    unfinishedExports: () => unfinished.list(),
    resumeExport: async (id) => {
      const request = await unfinished.find(id).catch((error: unknown) => {
        void tellUnfinished() // another window or program was quicker
        throw error
      })
      await grants.addFile(request.output.path) // chosen by a person when it began, and kept where only we write
      await reopen(request)
      return startExport(request)
    },
    forgetExport: async (id) => {
      await unfinished.forget(id).finally(tellUnfinished)
      return null
    },
    photo: async (request) => {
      const parts = { engine, media, models, leftovers, memoryLimit }
      return beforeLooks(() => addWriting(request, (real) => preparePhoto(parts, real)))
    },
    damage: (id) => damages.of(id),
    cancelDamage: (id) => Promise.resolve().then(() => (damages.cancel(id), null)),
    estimate: async (request) => {
      await grants.check(request.output.path)
      const isBusy = (): boolean => jobs.list().some((job) => job.state === 'running')
      return estimate({ media, models, measurements, sizes, isBusy }, request)
    },
    exportNotes: async (request) => {
      await grants.check(request.output.path)
      return exportNotes({ media, models }, request)
    },
    memoryPlan,
    checkOutput: async (path) => {
      const known = (await projects.load().catch(() => null))?.sources.map((source) => source.path) ?? []
      const check = await checkOutput(await grants.check(path), [...known, ...media.paths()], jobs.writing())
      if (check.freePath !== undefined) await grants.addFile(check.freePath) // a name of ours beside one that was chosen
      return check
    },
    suggestOutput: (id, extension, language) =>
      suggestBeside(id, (path) => suggestOutput(path, extension, jobs.writing(), language)),
    suggestPhoto: async (id, frame, format, kind, language) => {
      const [ending = format] = photoEndings[format]
      const source = await media.source(id)
      if (isStill(source) && kind === 'photo')
        return suggestBeside(id, (path) => suggestOutput(path, ending, jobs.writing(), language))
      const seconds = secondsOf(await media.table(id), frame)
      return suggestBeside(id, (path) => suggestPhoto(path, seconds, ending, kind, jobs.writing(), language))
    },
    editWords: () => Promise.resolve(null), // a door with a menu of its own listens
    jobs: () => Promise.resolve(jobs.list()),
    cancelJob: (id) => {
      jobs.cancel(id)
      return Promise.resolve(null)
    },
    reveal: async (path) => {
      if (!options.shell) throw notHere()
      await options.shell.reveal(await outputs.check(path))
      return null
    },
    openOutput: async (path) => {
      if (!options.shell) throw notHere()
      await options.shell.open(await outputs.check(path))
      return null
    },
  }

  return {
    api,
    on: (listener) => {
      listeners.add(listener)
      return () => void listeners.delete(listener)
    },
    grant,
    openFromOutside: async (paths) => {
      for (const path of paths) await grant(path)
      // One without films is opened as it is: then the window says what it is.
      const films = await Promise.all(paths.map((path) => filmsIn(path).catch(() => [path])))
      tell({ type: 'open', paths: films.flat() })
    },
    serve: (route, request) => {
      const previewPath = (jobId: string, frame: number): string | undefined => {
        const place = previews.get(jobId)
        return place && previewPicture(place.folder, frame)
      }
      const outputPath = (jobId: string): string | undefined => {
        const job = jobs.find(jobId)
        return job?.state === 'done' ? job.outputPath : undefined
      }
      return serve({ media, previewPath, outputPath }, route, request)
    },
    async close() {
      isClosing = true
      await jobs.close()
      await modelWorks.close()
      engine.close()
    },
  }
}
