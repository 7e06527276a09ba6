// What takes minutes around models: looking at a folder of weights, importing them, downloading them first. One at a time,
// told by events, stopped at any moment; the files a person chose are only read.
import { createWriteStream } from 'node:fs'
import { mkdir, readdir, rename, rm, stat } from 'node:fs/promises'
import { basename, join } from 'node:path'
import { pipeline } from 'node:stream/promises'
import { Transform, type TransformCallback } from 'node:stream'
import { z } from 'zod'
import { streamOf } from '../../ffmpeg/openFile.js'
import type { Engine, Inspection } from '../../engine/client.js'
import { AppError, failing, isCancelled, toFailure } from '../../shared/contract/errors.js'
import type {
  DownloadOffer,
  DownloadRequest,
  FlashVsrVersion,
  FoundWeights,
  ImportRequest,
  ModelOrigin,
  ModelWork,
} from '../../shared/contract/models.js'
import { engineSaid } from '../../shared/words/engineMessage.js'
import { checkAddress, fetchFile } from './fetch.js'
import { readJson, writeAtomic } from '../access/files.js'
import { inOwn } from '../access/keeping.js'
import type { Models } from './models.js'
import { freeBytes } from '../access/outputs.js'
import { tryLock } from '../access/owners.js'
import { type Published, type PublishedFile, knownFiles } from './published.js'

export interface ModelWorkParts {
  models: Models
  /** One of its own: what goes wrong with strange files must not disturb an export. */
  engine: Engine
  /** Where models and unfinished downloads are kept. */
  dataFolder: string
  published: () => Promise<Published[]>
  tell: (work: ModelWork | null) => void
  /** The list of models has changed. */
  onModels: () => Promise<void>
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

/** Left free, so that the rest of the computer has room to run. */
const reserveBytes = 512 * 2 ** 20
const tellEveryMs = 200

const megabytes = (bytes: number): string =>
  bytes < 1e9 ? `${Math.ceil(bytes / 1e6)} MB` : `${(bytes / 1e9).toFixed(1)} GB`

/** What is wrong with a folder, as an error; the sentence is the engine's. */
function checkInspection({ problem, missing, files }: Inspection): void {
  if (!problem) return
  const isDamaged = files.some((file) => file.problem)
  throw new AppError(
    missing.length > 0 ? 'weights-missing' : isDamaged ? 'weights-corrupt' : 'weights-unsupported',
    problem.text,
    { said: engineSaid(problem) },
  )
}

function foundFrom(folder: string, inspection: Inspection): FoundWeights {
  const { version, hint, kind, isPublishedSize, files, parameters, importBytes } = inspection
  const bytes = files.reduce((sum, file) => sum + file.bytes, 0)
  return {
    folder,
    version: version === 'unknown' ? undefined : version,
    hint: hint === '' ? undefined : hint,
    isReady: kind === 'imported',
    ...{ isPublishedSize, parameters, bytes, importedBytes: kind === 'imported' ? bytes : importBytes },
    files: files.map((file) => ({
      ...{ name: file.name, bytes: file.bytes, hash: file.hash, isKnown: file.version !== '' },
    })),
  }
}

/** Passes bytes on and counts them. */
class Counter extends Transform {
  constructor(private readonly onBytes: (bytes: number) => void) {
    super()
  }
  override _transform(chunk: Buffer, _: BufferEncoding, done: TransformCallback): void {
    this.onBytes(chunk.length)
    done(null, chunk)
  }
}

const Unfinished = z.object({ id: z.string(), address: z.string() })

interface Context {
  signal: AbortSignal
  progress: (step: ModelWork['step'], bytesDone: number, bytesTotal: number, file?: string) => void
}

export function createModelWorks(parts: ModelWorkParts): ModelWorks {
  const { models, engine, dataFolder, tell } = parts
  const modelsFolder = join(dataFolder, 'models')
  const downloads = join(dataFolder, 'downloads')
  let state: ModelWork | null = null
  let running: { controller: AbortController; isPausing: boolean; ended: Promise<unknown> } | undefined
  let lastFound: FoundWeights | undefined

  const put = (next: ModelWork | null): void => {
    state = next
    tell(next)
  }

  function progressOf(): Context['progress'] {
    let [toldMs, startMs, first] = [-Infinity, performance.now(), 0]
    return (step, bytesDone, bytesTotal, file) => {
      if (state?.state !== 'running') return
      const now = performance.now()
      const isNewStep = step !== state.step || bytesDone < state.bytesDone
      if (isNewStep) [startMs, first] = [now, bytesDone]
      const seconds = (now - startMs) / 1000
      const bytesPerSecond = seconds > 0.5 ? Math.max(0, (bytesDone - first) / seconds) : 0
      const leftMs =
        seconds > 2 && bytesPerSecond > 0
          ? Math.max(0, Math.round((1000 * (bytesTotal - bytesDone)) / bytesPerSecond))
          : undefined
      state = { ...state, step, file, bytesDone, bytesTotal, bytesPerSecond, leftMs }
      if (!isNewStep && now - toldMs < tellEveryMs && bytesDone < bytesTotal) return
      toldMs = now
      tell(state)
    }
  }

  /** Runs `work` as the one that goes on now; its end is told, and thrown to whoever waits. */
  function begin<T>(
    about: Pick<ModelWork, 'kind' | 'name' | 'step' | 'download'>,
    work: (context: Context) => Promise<T>,
    modelOf: (result: T) => string | undefined = () => undefined,
  ): Promise<T> {
    if (running) throw failing('bad-argument', 'modelWorkBusy')
    const controller = new AbortController()
    const current = { controller, isPausing: false, ended: Promise.resolve() as Promise<unknown> }
    running = current
    put({ ...about, state: 'running', bytesDone: 0, bytesTotal: 0, bytesPerSecond: 0 })
    const end = (change: Partial<ModelWork>): void => {
      running = undefined
      engine.rest()
      if (state) put({ ...state, leftMs: undefined, bytesPerSecond: 0, ...change })
    }
    const ended = work({ signal: controller.signal, progress: progressOf() }).then(
      (result) => {
        end({ state: 'done', file: undefined, modelId: modelOf(result) })
        return result
      },
      (error: unknown) => {
        if (current.isPausing) end({ state: 'paused' })
        else if (controller.signal.aborted || isCancelled(error)) end({ state: 'cancelled' })
        else end({ state: 'failed', failure: toFailure(error) })
        throw error
      },
    )
    current.ended = ended.catch(() => undefined)
    return ended
  }

  /** Several Heirlooms share the models: one at a time brings some in. What lies half made then is of one that is gone. */
  async function alone<T>(work: () => Promise<T>): Promise<T> {
    const release = await inOwn('data', dataFolder, () => tryLock(join(dataFolder, 'models.lock')))
    if (!release) throw failing('bad-argument', 'modelWorkElsewhere')
    try {
      for (const name of await halfMade())
        await rm(join(modelsFolder, name), { recursive: true, force: true })
      return await work()
    } finally {
      await release()
    }
  }
  const halfMade = async (): Promise<string[]> =>
    (await readdir(modelsFolder).catch(() => [])).filter((name) => name.endsWith('.importing'))

  async function look(folder: string, { signal, progress }: Context): Promise<FoundWeights> {
    const inspection = await engine.run(
      { kind: 'inspect', folder, knownFiles },
      { signal, onWork: ({ done, total }) => progress('check', done, total) },
    )
    checkInspection(inspection)
    return (lastFound = foundFrom(folder, inspection))
  }

  /** What was seen a moment ago need not be read again. */
  const lookOnce = async (folder: string, context: Context): Promise<FoundWeights> =>
    lastFound?.folder === folder ? lastFound : look(folder, context)

  function versionOf(found: FoundWeights, wanted: FlashVsrVersion | undefined): FlashVsrVersion {
    const { folder, version } = found
    if (version && wanted && version !== wanted)
      throw failing('weights-unsupported', 'modelVersionWrong', { folder, found: version, wanted })
    const chosen = version ?? wanted
    if (!chosen) throw failing('weights-unsupported', 'modelVersionUnknown', { folder })
    return chosen
  }

  async function checkIsNew(found: FoundWeights, version: FlashVsrVersion): Promise<void> {
    const keyOf = (files: readonly { hash: string }[] = []): string =>
      files
        .map((f) => f.hash)
        .sort()
        .join()
    const same = (await models.list()).find(
      ({ info }) =>
        (info.version === version && keyOf(info.origin.files) === keyOf(found.files)) ||
        found.files.some((file) => file.hash === info.hash),
    )
    if (same) throw failing('output-exists', 'modelThere', { name: same.info.name })
  }

  async function checkRoom(need: number): Promise<void> {
    await mkdir(modelsFolder, { recursive: true })
    const free = await freeBytes(join(modelsFolder, 'x'))
    if (free !== undefined && need + reserveBytes > free)
      throw failing('disk-full', 'modelNoRoom', {
        ...{ folder: modelsFolder, need: megabytes(need + reserveBytes), free: megabytes(free) },
      })
  }

  /** A folder that another Heirloom made ready. */
  async function copy(
    found: FoundWeights,
    destination: string,
    { signal, progress }: Context,
  ): Promise<void> {
    const beside = `${destination}.importing`
    let done = 0
    await rm(beside, { recursive: true, force: true })
    await mkdir(beside, { recursive: true })
    for (const name of ['model.json', ...found.files.map((file) => file.name)]) {
      const counter = new Counter((bytes) => progress('convert', (done += bytes), found.bytes, name))
      const from = await streamOf(join(found.folder, name))
      await pipeline(from, counter, createWriteStream(join(beside, name)), { signal })
    }
    await rename(beside, destination)
  }

  async function bringIn(
    folder: string,
    wanted: FlashVsrVersion | undefined,
    origin: Pick<ModelOrigin, 'kind' | 'from'>,
    context: Context,
  ): Promise<string> {
    const { signal, progress } = context
    const found = await lookOnce(folder, context)
    const version = versionOf(found, wanted)
    await checkIsNew(found, version)
    await checkRoom(found.importedBytes)
    const { id, folder: destination } = await models.placeFor(`flashvsr-${version}`)
    try {
      if (found.isReady) await copy(found, destination, context)
      else
        await engine.run(
          { kind: 'import', folder, destination, version, knownFiles },
          {
            signal,
            onWork: ({ step, done, total }) => progress(step === 'hash' ? 'check' : 'convert', done, total),
          },
        )
    } catch (error) {
      await rm(`${destination}.importing`, { recursive: true, force: true })
      throw signal.aborted ? failing('cancelled', 'cancelled') : error
    }
    await models.setOrigin(id, { ...origin, addedMs: Date.now(), files: found.files })
    await parts.onModels()
    return id
  }

  // ---- downloads ----------------------------------------------------------------------------------------------------

  const folderOf = (id: string): string => join(downloads, id)
  const recordOf = (id: string): string => join(folderOf(id), 'download.json')

  const sizeAt = (path: string): Promise<number> =>
    stat(path).then(
      ({ size }) => size,
      () => 0, // not there
    )
  /** Of this file, whole or in part. */
  const fetchedOf = async (id: string, { name }: PublishedFile): Promise<number> =>
    (await sizeAt(join(folderOf(id), name))) || (await sizeAt(join(folderOf(id), `${name}.part`)))

  async function publishedOf(id: string): Promise<Published> {
    const found = (await parts.published()).find((candidate) => candidate.id === id)
    if (!found) throw failing('not-found', 'downloadUnknown', { id: id.slice(0, 60) })
    return found
  }

  const baseOf = (address: string): URL => checkAddress(address.endsWith('/') ? address : `${address}/`)
  const bytesOf = (file: PublishedFile): number => file.bytes ?? file.aboutBytes

  async function offerOf(publishedModel: Published, address: string | null): Promise<DownloadOffer> {
    const { id, name, version, licence, importedBytes } = publishedModel
    const base = baseOf(address ?? publishedModel.address)
    const bytes = publishedModel.files.reduce((sum, file) => sum + bytesOf(file), 0)
    const fetched = await Promise.all(publishedModel.files.map((file) => fetchedOf(id, file)))
    await mkdir(modelsFolder, { recursive: true })
    return {
      ...{ id, name, version, licence, address: base.href, bytes },
      files: publishedModel.files.map((file) => ({
        name: file.name,
        address: file.elsewhere ?? new URL(file.name, base).href,
        bytes: bytesOf(file),
        hash: file.hash,
      })),
      fetchedBytes: fetched.reduce((a, b) => a + b, 0),
      folder: join(modelsFolder, id),
      ...{ needBytes: bytes + importedBytes, keptBytes: importedBytes },
      freeBytes: await freeBytes(join(modelsFolder, 'x')),
    }
  }

  async function fetchAll(model: Published, base: URL, { signal, progress }: Context): Promise<void> {
    const folder = folderOf(model.id)
    const sizes = await Promise.all(model.files.map((file) => fetchedOf(model.id, file)))
    const total = model.files.reduce((sum, file) => sum + bytesOf(file), 0)
    for (const [i, file] of model.files.entries()) {
      const { name, bytes, hash, aboutBytes, elsewhere } = file
      const addresses = [new URL(name, base).href, ...(elsewhere === undefined ? [] : [elsewhere])]
      const range = { least: Math.floor(aboutBytes / 2.2), most: Math.ceil(aboutBytes * 2.2) }
      await fetchFile({ name, bytes, hash, addresses, ...range }, join(folder, name), {
        signal,
        onBytes: (fetched) => {
          sizes[i] = fetched
          progress(
            'fetch',
            sizes.reduce((a, b) => a + b, 0),
            total,
            name,
          )
        },
        onChecked: (checked) => progress('check', checked, sizes[i] ?? 0, name),
      })
    }
  }

  async function runDownload(model: Published, base: URL, context: Context): Promise<string> {
    const { id, version, files, importedBytes } = model
    const folder = folderOf(id)
    const fetched = await Promise.all(files.map((file) => fetchedOf(id, file)))
    const rest = files.reduce((sum, file, i) => sum + Math.max(0, bytesOf(file) - (fetched[i] ?? 0)), 0)
    await checkRoom(rest + importedBytes)
    await writeAtomic(recordOf(id), JSON.stringify({ id, address: base.href }))
    await fetchAll(model, base, context)
    lastFound = undefined
    const modelId = await bringIn(folder, version, { kind: 'download', from: base.href }, context)
    await rm(folder, { recursive: true, force: true }) // ours, and it can be fetched again
    return modelId
  }

  /** A download that the last run of Heirloom left unfinished stands there paused. Nothing is asked of the network. */
  async function restore(): Promise<void> {
    if ((await halfMade()).length > 0) await alone(() => Promise.resolve()).catch(() => undefined) // another is at it
    for (const name of await readdir(downloads).catch(() => [])) {
      const record = await readJson(recordOf(name), Unfinished)
      const model = record && (await parts.published()).find(({ id }) => id === record.id)
      if (!model || running) continue
      const fetched = await Promise.all(model.files.map((file) => fetchedOf(model.id, file)))
      if (running) continue // begun meanwhile
      put({
        ...{ kind: 'download', name: model.name, state: 'paused', step: 'fetch', bytesPerSecond: 0 },
        bytesDone: fetched.reduce((a, b) => a + b, 0),
        bytesTotal: model.files.reduce((sum, file) => sum + bytesOf(file), 0),
        download: record,
      })
    }
  }
  const restored = restore().catch(() => undefined) // an unreadable folder has nothing to go on with

  return {
    state: async () => {
      await restored
      return state
    },
    inspect: async (folder) => {
      await restored
      lastFound = undefined
      return begin({ kind: 'inspect', name: basename(folder), step: 'check' }, (context) =>
        look(folder, context),
      )
    },
    import({ folder, version }) {
      const origin = { kind: 'folder' as const, from: folder }
      const name = basename(folder)
      const work = (context: Context): Promise<string> =>
        alone(() => bringIn(folder, version, origin, context))
      begin({ kind: 'import', name, step: 'check' }, work, (id) => id).catch(() => undefined) // told by events
    },
    offers: async (address) => Promise.all((await parts.published()).map((model) => offerOf(model, address))),
    async download({ id, address }) {
      await restored
      const model = await publishedOf(id)
      const base = baseOf(address)
      const download = { id, address: base.href }
      const work = (context: Context): Promise<string> => alone(() => runDownload(model, base, context))
      begin({ kind: 'download', name: model.name, step: 'fetch', download }, work, (m) => m).catch(
        () => undefined,
      ) // told by events
    },
    pause() {
      if (!running || state?.kind !== 'download') throw failing('not-found', 'downloadNone')
      running.isPausing = true
      running.controller.abort()
    },
    cancel: () => running?.controller.abort(),
    async discard(id) {
      const model = await publishedOf(id)
      if (running && state?.download?.id === model.id) throw failing('bad-argument', 'modelWorkBusy')
      await alone(() => rm(folderOf(model.id), { recursive: true, force: true }))
      if (state?.download?.id === model.id) put(null)
    },
    async close() {
      if (running && state?.kind === 'download') running.isPausing = true
      running?.controller.abort()
      await running?.ended
      engine.close()
    },
  }
}
