// Heirloom without a window: everything behind the contract, put together. Electron's main process, the browser host and
// the CLI each make one Host and put a door in front of it. Each room brings its own handlers and checks paths against the grants.
import { stat } from 'node:fs/promises'
import { join } from 'node:path'
import { type LaunchEngine, createEngine } from '../../engine/client.js'
import type { Api, ApiEvent } from '../../shared/contract/api.js'
import type { Route } from '../../shared/contract/routes.js'
import { openDatabase } from '../access/database.js'
import { makePrivate } from '../access/files.js'
import { type Grants, createGrants, realPath } from '../access/grants.js'
import { type Dialogs, type Shell, filesHandlers } from '../access/handlers.js'
import { createLeftovers } from '../access/leftovers.js'
import { engineEntry, samplePath, shippedModels } from '../access/resources.js'
import { jobsHandlers } from '../jobs/handlers.js'
import { createJobs } from '../jobs/jobs.js'
import { openJobRecords } from '../jobs/records.js'
import { createScheduler } from '../jobs/scheduler.js'
import { createLog, logFolder } from '../log/log.js'
import { logCalls, logCrash, logEvents, logStart } from '../log/watch.js'
import { allModels, modelsHandlers } from '../models/handlers.js'
import { createModels } from '../models/models.js'
import { createModelWorks } from '../models/modelWork.js'
import { type Published, published } from '../models/published.js'
import { projectHandlers } from '../project/handlers.js'
import { type Projects, createProjects } from '../project/projects.js'
import { createMeasurements } from '../render/measurements.js'
import { sweep } from '../render/exporter.js'
import { createFilmSizes } from '../render/filmSize.js'
import { createRender } from '../render/handlers.js'
import { createResolver } from '../render/resolver.js'
import { openSegmentStore } from '../render/segments.js'
import { createUnfinished, sourcesOfUnfinished } from '../render/unfinished.js'
import { createDamages } from '../sources/damage.js'
import { createTimings } from '../sources/timing.js'
import { openFindings } from '../sources/findings.js'
import { filmsIn } from '../sources/folderFilms.js'
import { sourcesHandlers } from '../sources/handlers.js'
import { type Media, createMedia } from '../sources/media.js'
import { createStills } from '../sources/stills.js'
import { createRecent } from '../sources/recent.js'
import { appHandlers } from './handlers.js'
import { type ServeAnswer, type ServeRequest, serve } from './serve.js'
import { tidyCache } from './tidyCache.js'

export interface HostOptions {
  kind: 'electron' | 'browser' | 'cli'
  /** Preferences, recent files, the autosaved project. */
  dataFolder: string
  /** Finished segments, previews, proxies, measurements: may be emptied at any time while nothing runs. */
  cacheFolder: string
  /** Files and folders allowed from the start: command line, shared folders. Folders are what `files.list` shows. */
  grants: { files: readonly string[]; folders: readonly string[] }
  /** Where files that were dropped on a browser's window are kept: no place where anyone would look for a result. */
  inboxFolder?: string
  /** How the engine host is started: `fork` when left out; Electron passes utilityProcess. */
  launchEngine?: LaunchEngine
  /** A project that a person named at the start: it is the one that opens. */
  project?: string
  /** Without them choosing fails with `not-allowed`. What they give is granted. */
  dialogs?: Dialogs
  shell?: Shell
  /** What can be downloaded: the published weights when left out. */
  published?: () => Promise<Published[]>
}

export type { ServeAnswer, ServeRequest } from './serve.js'

export interface Host {
  /** The contract. Arguments must have been parsed with the request's schema by the door. */
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

async function grant(grants: Grants, path: string): Promise<void> {
  const isFolder = await stat(path).then(
    (found) => found.isDirectory(),
    () => false, // an output that is not there yet
  )
  await (isFolder ? grants.addFolder(path) : grants.addFile(path))
}

/** From the start: what the door says, the sample, projects that were open before, and on the desktop what else its person opened. */
async function grantKnown({ grants, projects, recent, records }: Parts, options: HostOptions): Promise<void> {
  for (const path of options.grants.files) await grants.addFile(path)
  for (const path of options.grants.folders) await grants.addFolder(path)
  const sample = samplePath()
  if (sample) await grants.addFile(sample)
  if (options.kind !== 'cli')
    for (const { path, name } of await projects.recent()) if (name !== null) await grants.addFile(path)
  if (options.kind !== 'electron') return // other doors have their shared folders
  const known = (await recent.list()).map(({ path }) => path)
  for (const path of [...known, ...sourcesOfUnfinished(records)]) await grants.addFile(path)
}

/** The desktop's person may open what a project of theirs is made of; elsewhere it must be shared. */
const projectsOf = (
  { kind, dataFolder }: HostOptions,
  { grants, media }: { grants: Grants; media: Media },
  tell: (event: ApiEvent) => void,
): Projects =>
  createProjects(dataFolder, {
    onRecent: () => tell({ type: 'recentProjects' }),
    reach: {
      isAllowed: (path) => (kind === 'electron' ? Promise.resolve(true) : grants.isAllowed(path)),
      fingerprint: media.fingerprint,
    },
  })

/** Everything that lives as long as the host, by room. */
function createParts(options: HostOptions, tell: (event: ApiEvent) => void) {
  const { dataFolder, cacheFolder } = options
  const grants = createGrants()
  const log = createLog(logFolder(dataFolder))
  const onDeath = (reason: string): void => log.write('engineDied', { reason })
  const engine = createEngine(engineEntry, options.launchEngine, onDeath)
  const scheduler = createScheduler()
  const database = openDatabase(cacheFolder, (sentence) => {
    process.stderr.write(`heirloom: ${sentence}\n`)
    log.write('failed', { where: 'database', message: sentence })
  })
  const records = openJobRecords(cacheFolder, database)
  const jobs = createJobs((job) => tell({ type: 'job', job }), records, scheduler)
  const models = createModels(shippedModels, join(dataFolder, 'models'))
  const memoryLimit = Number(process.env.HEIRLOOM_MEMORY_LIMIT ?? 0) || 0
  const stills = createStills({ engine, models, cacheFolder, memoryLimit })
  const media = createMedia(cacheFolder, jobs, stills)
  const onModels = async (): Promise<void> => tell({ type: 'models', ...(await allModels(models)) })
  const works = createModelWorks({
    ...{ models, jobs, dataFolder, onModels, published: options.published ?? published },
    engine: createEngine(engineEntry, options.launchEngine, onDeath),
    tell: (work) => tell({ type: 'modelWork', work }),
  })
  const projects = projectsOf(options, { grants, media }, tell)
  const store = openSegmentStore(cacheFolder, database, records)
  const findings = openFindings(cacheFolder)
  const resolver = createResolver({ media, models, store })
  const measurements = createMeasurements({ dataFolder, engine, jobs, resolver })
  return {
    ...{ dataFolder, cacheFolder, log, engine, scheduler, jobs, media, models, onModels },
    ...{ works, database, records, store, resolver, measurements },
    ...{ grants, projects },
    outputs: createGrants(), // finished exports: may be revealed and opened
    findings,
    damages: createDamages({ engine, media, jobs, findings }),
    timings: createTimings({ engine, media, jobs, findings }),
    sizes: createFilmSizes(media),
    recent: createRecent(dataFolder),
    leftovers: createLeftovers(cacheFolder, dataFolder),
    unfinished: createUnfinished(records, store),
    ...{ stills, memoryLimit },
  }
}

type Parts = ReturnType<typeof createParts>

/** What each room answers, and the pictures that are made. */
function createApi(options: HostOptions, parts: Parts, tell: (event: ApiEvent) => void) {
  const { kind, dialogs, shell, inboxFolder } = options
  const { jobs, media, projects } = parts
  const sources = sourcesHandlers({ ...parts, isRemembering: kind !== 'cli' })
  const render = createRender({
    ...{ ...parts, openSource: (path) => sources.open(path), isNoted: kind !== 'cli' },
    tell: (exports) => tell({ type: 'unfinished', exports }),
    onCoverage: (coverage) => tell({ type: 'coverage', coverage }),
  })
  const api: Api = {
    app: appHandlers({ ...parts, kind, hasDialogs: dialogs !== undefined, shell }),
    files: filesHandlers({
      ...{ ...parts, sources: media, writing: () => jobs.writing(), inboxFolder, dialogs, shell },
      sourcePaths: async () => [...(await projects.sources()), ...media.paths()],
    }),
    project: projectHandlers({
      ...{ ...parts, isDesktop: kind === 'electron' },
      tell: (path, revision) => tell({ type: 'project', path, revision }),
    }),
    sources,
    render: render.handlers,
    jobs: jobsHandlers(jobs),
    models: modelsHandlers({
      ...parts,
      isInUse: () => parts.scheduler.isWanted('memory'),
    }),
  }
  return { api, rendered: render.rendered, looked: render.looked }
}

export async function createHost(options: HostOptions): Promise<Host> {
  const { dataFolder, cacheFolder } = options
  // Where they cannot be made (a full disk), films can still be looked at; what is to be kept says so then.
  await Promise.allSettled([dataFolder, cacheFolder].map(makePrivate))
  const listeners = new Set<(event: ApiEvent) => void>()
  const tell = (event: ApiEvent): void => listeners.forEach((listener) => listener(event))
  const parts = createParts(options, tell)
  const { grants, jobs, log, media } = parts
  logStart(log, options.kind)
  listeners.add(logEvents(log))
  const noMoreCrashes = logCrash(log)
  if (options.project !== undefined) await parts.projects.remember(await realPath(options.project))
  await parts.records.open()
  await grantKnown(parts, options)
  void sweep(parts)
  void tidyCache(cacheFolder, parts.store, cacheDays).catch(() => undefined) // the next start tries again

  const { api, rendered, looked } = createApi(options, parts, tell)
  const outputPath = (jobId: string): string | undefined => {
    const job = jobs.find(jobId)
    return job?.state === 'done' ? job.outputPath : undefined
  }

  return {
    api: logCalls(log, api),
    on: (listener) => {
      listeners.add(listener)
      return () => void listeners.delete(listener)
    },
    grant: (path) => grant(grants, path),
    openFromOutside: async (paths) => {
      for (const path of paths) await grant(grants, path)
      // One without films is opened as it is: then the window says what it is.
      const films = await Promise.all(paths.map((path) => filmsIn(path).catch(() => [path])))
      tell({ type: 'open', paths: films.flat() })
    },
    serve: (route, request) => serve({ media, rendered, looked, outputPath }, route, request),
    async close() {
      await Promise.all([parts.works.close(), jobs.close()]) // a download is paused before it is cancelled
      parts.engine.close()
      await parts.records.close()
      await parts.database.close()
      noMoreCrashes()
      log.write('end', {})
    },
  }
}
