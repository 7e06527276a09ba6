// Weights from a folder on this computer: looked at, and brought in as a model of one's own. The files a person chose are only read.
import { createWriteStream } from 'node:fs'
import { mkdir, readdir, rename, rm, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { pipeline } from 'node:stream/promises'
import { Transform, type TransformCallback } from 'node:stream'
import { streamOf } from '../../ffmpeg/openFile.js'
import type { Engine, Inspection, WorkProgress } from '../../engine/client.js'
import { AppError, failing } from '../../shared/contract/errors.js'
import type { FlashVsrVersion, FoundWeights, ModelOrigin } from '../../shared/contract/models.js'
import { engineSaid } from '../../shared/words/engineMessage.js'
import { inOwn } from '../access/keeping.js'
import { freeBytes } from '../access/outputs.js'
import { tryLock } from '../access/owners.js'
import type { JobContext } from '../jobs/jobs.js'
import type { StepProgress } from '../jobs/pace.js'
import type { Models } from './models.js'
import { knownFiles } from './published.js'

export type WorkContext = Pick<JobContext, 'signal' | 'progress'>

export interface ImportParts {
  models: Models
  /** One of its own: what goes wrong with strange files must not disturb an export. */
  engine: Engine
  /** Where models and unfinished downloads are kept. */
  dataFolder: string
  /** The list of models has changed. */
  onModels: () => Promise<void>
}

export interface Imports {
  look(folder: string, context: WorkContext): Promise<FoundWeights>
  /** Resolves to the model's id. `wanted`: the version that a person says it is. */
  bringIn(
    from: Pick<ModelOrigin, 'kind' | 'from'> & { folder: string; wanted: FlashVsrVersion | undefined },
    context: WorkContext,
  ): Promise<string>
}

/** Left free, so that the rest of the computer has room to run. */
const reserveBytes = 512 * 2 ** 20

const megabytes = (bytes: number): string =>
  bytes < 1e9 ? `${Math.ceil(bytes / 1e6)} MB` : `${(bytes / 1e9).toFixed(1)} GB`

export const modelsIn = (dataFolder: string): string => join(dataFolder, 'models')

/** Of imports that were killed. */
export const halfMade = async (dataFolder: string): Promise<string[]> =>
  (await readdir(modelsIn(dataFolder)).catch(() => [])).filter((name) => name.endsWith('.importing'))

/** Several Heirlooms share the models: one at a time brings some in. What lies half made then is of one that is gone. */
export async function alone<T>(dataFolder: string, work: () => Promise<T>): Promise<T> {
  const release = await inOwn('data', dataFolder, () => tryLock(join(dataFolder, 'models.lock')))
  if (!release) throw failing('bad-argument', 'modelWorkElsewhere')
  try {
    for (const name of await halfMade(dataFolder))
      await rm(join(modelsIn(dataFolder), name), { recursive: true, force: true })
    return await work()
  } finally {
    await release()
  }
}

export async function checkRoom(dataFolder: string, need: number): Promise<void> {
  const folder = modelsIn(dataFolder)
  await mkdir(folder, { recursive: true })
  const free = await freeBytes(join(folder, 'x'))
  if (free !== undefined && need + reserveBytes > free)
    throw failing('disk-full', 'modelNoRoom', {
      ...{ folder, need: megabytes(need + reserveBytes), free: megabytes(free) },
    })
}

/** What is wrong with a folder, as an error; the sentence is the engine's. */
function checkInspection({ problem, missing, files }: Inspection): void {
  if (!problem) return
  const isDamaged = files.some((file) => file.problem)
  throw new AppError(
    missing.length > 0 ? 'weights-missing' : isDamaged ? 'weights-corrupt' : 'weights-unsupported',
    problem.text,
    { sentence: engineSaid(problem) },
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

function versionOf({ folder, version }: FoundWeights, wanted: FlashVsrVersion | undefined): FlashVsrVersion {
  if (version && wanted && version !== wanted)
    throw failing('weights-unsupported', 'modelVersionWrong', { folder, found: version, wanted })
  const chosen = version ?? wanted
  if (!chosen) throw failing('weights-unsupported', 'modelVersionUnknown', { folder })
  return chosen
}

async function checkIsNew(models: Models, found: FoundWeights, version: FlashVsrVersion): Promise<void> {
  const keyOf = (files: readonly { hash: string }[] = []): string =>
    files
      .map((f) => f.hash)
      .sort()
      .join()
  const same = (await models.list()).find(
    ({ info }) =>
      (info.version === version && keyOf(info.origin.files) === keyOf(found.files)) ||
      found.files.some((file) => file.hash === info.weightsHash),
  )
  if (same) throw failing('output-exists', 'modelThere', { name: same.info.name })
}

/** A folder that another Heirloom made ready. */
async function copy(
  found: FoundWeights,
  destination: string,
  { signal, progress }: WorkContext,
): Promise<void> {
  const beside = `${destination}.importing`
  let done = 0
  await rm(beside, { recursive: true, force: true })
  await mkdir(beside, { recursive: true })
  for (const name of ['model.json', ...found.files.map((file) => file.name)]) {
    const counter = new Counter((bytes) =>
      progress({ step: 'convert', bytesDone: (done += bytes), bytesTotal: found.bytes, file: name }),
    )
    const from = await streamOf(join(found.folder, name))
    await pipeline(from, counter, createWriteStream(join(beside, name)), { signal })
  }
  await rename(beside, destination)
}

/** Names, sizes and times of what lies in a folder: as long as they are the same, so is what was read of it. */
async function tracesOf(folder: string): Promise<string> {
  const names = (await readdir(folder).catch(() => [])).sort()
  const facts = names.map(async (name) => {
    const { size, mtimeMs } = await stat(join(folder, name)).catch(() => ({ size: -1, mtimeMs: 0 })) // gone
    return [name, size, mtimeMs]
  })
  return JSON.stringify([folder, await Promise.all(facts)])
}

const stepOf = ({ step, done, total }: WorkProgress): StepProgress => ({
  ...{ step: step === 'hash' ? 'check' : 'convert', bytesDone: done, bytesTotal: total },
})

export function createImports({ models, engine, dataFolder, onModels }: ImportParts): Imports {
  let last: { traces: string; found: FoundWeights } | undefined

  async function look(folder: string, { signal, progress }: WorkContext): Promise<FoundWeights> {
    const traces = await tracesOf(folder)
    const inspection = await engine.run(
      { kind: 'inspect', folder, knownFiles },
      {
        signal,
        onWork: ({ done, total }) => progress({ step: 'check', bytesDone: done, bytesTotal: total }),
      },
    )
    checkInspection(inspection)
    const found = foundFrom(folder, inspection)
    last = { traces, found }
    return found
  }

  /** What was seen a moment ago, and has not changed since, need not be read again. */
  const lookOnce = async (folder: string, context: WorkContext): Promise<FoundWeights> =>
    last && last.traces === (await tracesOf(folder)) ? last.found : look(folder, context)

  /** Its files, made ready under `destination`, or nothing. */
  async function make(
    found: FoundWeights,
    { destination, version }: { destination: string; version: FlashVsrVersion },
    context: WorkContext,
  ): Promise<void> {
    const { signal, progress } = context
    try {
      if (found.isReady) await copy(found, destination, context)
      else
        await engine.run(
          { kind: 'import', folder: found.folder, destination, version, knownFiles },
          {
            signal,
            onWork: (work) => progress(stepOf(work)),
          },
        )
    } catch (error) {
      await rm(`${destination}.importing`, { recursive: true, force: true })
      throw signal.aborted ? failing('cancelled', 'cancelled') : error
    }
  }

  return {
    look,
    async bringIn({ kind, from, folder, wanted }, context) {
      const found = await lookOnce(folder, context)
      const version = versionOf(found, wanted)
      await checkIsNew(models, found, version)
      await checkRoom(dataFolder, found.importedBytes)
      const { id, folder: destination } = await models.freeFolder(`flashvsr-${version}`)
      await make(found, { destination, version }, context)
      await models.setOrigin(id, { kind, from, addedMs: Date.now(), files: found.files })
      await onModels()
      return id
    },
  }
}
