// The models that are there: folders that ship with Heirloom and folders a person added, each with a model.json. What an
// added model was made from is only named here, in its origin.json, and never touched.
import { createHash } from 'node:crypto'
import { readdir, rename, rm, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { z } from 'zod'
import { openFile, readText, streamOf } from '../../ffmpeg/openFile.js'
import { AppError, failing, toFailure } from '../../shared/contract/errors.js'
import { Looks } from '../../shared/document/looks.js'
import { type Does, ModelContract, isGraded, takesSetting } from '../../shared/document/modelContract.js'
import { motionModel } from '../../shared/document/motion.js'
import { ModelInfo, ModelOrigin, UnusableModel } from '../../shared/contract/models.js'
import { defaultEnhance, keepsakeModel } from '../../shared/document/project.js'
import { codeOf, isSystemError, systemReason } from '../../shared/words/systemReason.js'
import { contractOf } from '../../engine/client.js'
import { inTurn, readJson, writeAtomic } from '../access/files.js'

const WeightName = z.string().regex(/^[^/\\]+\.safetensors$/)
/** The cost of a pixel above which no time can be told; FlashVSR takes 8 million operations. The engine refuses what stands here too (native/src/contract.cpp). */
const mostFlopPerPixel = 1e9

const ModelFile = z.object({
  format: z.literal(1),
  name: z.string().min(1).max(120),
  version: z.union([z.string(), z.number()]),
  graph: z.string(),
  scales: z
    .array(z.literal([1, 2, 4]))
    .min(1)
    .refine((scales) => new Set(scales).size === scales.length, 'must hold each once'),
  licence: z.string().max(120).optional(),
  /** Plain names: weights lie in the model's own folder. Several, by their part, where a graph keeps them apart. */
  weights: z.union([WeightName, z.record(z.string(), WeightName)]),
  /** Scales that have weights of their own. */
  weights_at: z.record(z.string(), WeightName).default({}),
  /** SHA-256 of each weight file when it was exported. Asked for only of what ships with Heirloom: people may change their own. */
  hashes: z.record(WeightName, z.string()).default({}),
  flop_per_pixel: z.number().positive().max(mostFlopPerPixel).optional(),
  config: z
    .looseObject({ strength: z.unknown().optional(), layers: z.number().int().min(1).max(48).optional() })
    .optional(),
  looks: Looks.optional(),
  /** Read by a schema of its own: what is wrong with it is told by its place. */
  contract: z.unknown().optional(),
})

type ModelFile = z.infer<typeof ModelFile>

const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex')

export interface FoundModel {
  folder: string
  info: ModelInfo
}

export interface Models {
  list(): Promise<FoundModel[]>
  /** Those too that cannot be used, with the reason. */
  all(): Promise<{ found: FoundModel[]; unusable: UnusableModel[] }>
  /** Fails with `weights-missing`, `weights-corrupt` or `weights-unsupported`. */
  find(id: string): Promise<FoundModel>
  /** The one that makes frames between frames. It ships with Heirloom and enhances nothing, so it is in no list. Fails as `find` does. */
  interpolator(): Promise<FoundModel>
  /** Those of Keepsake photos, what ships with Heirloom first. They enhance nothing, so they are in no other list. */
  stills(): Promise<FoundModel[]>
  /** A free place for a model that is being added, by the name it would like. */
  freeFolder(name: string): Promise<{ id: string; folder: string }>
  /** Writes down where an added model came from. */
  setOrigin(id: string, origin: ModelOrigin): Promise<void>
  /** Fails with `not-allowed` for what ships with Heirloom. */
  remove(id: string): Promise<void>
}

const largestHeader = 16 * 1024 * 1024
const Tensor = z.object({
  shape: z.array(z.number().int().nonnegative()),
  data_offsets: z.tuple([z.number(), z.number()]),
})

/** Counts the parameters by the file's header, and sees whether the file is as long as its header says. */
async function countParameters(path: string): Promise<number> {
  const damaged = (key: 'modelDamagedFile' | 'modelDamagedList'): AppError =>
    failing('weights-corrupt', key, { path })
  const file = await openFile(path)
  try {
    const { size } = await file.stat()
    const length = Buffer.alloc(8)
    const got = await file.read(length, 0, 8, 0)
    const headerBytes = got.bytesRead === 8 ? Number(length.readBigUInt64LE()) : Infinity
    if (headerBytes > Math.min(largestHeader, size - 8)) throw damaged('modelDamagedFile')
    const header = Buffer.alloc(headerBytes)
    await file.read(header, 0, headerBytes, 8)
    let parsed: unknown
    try {
      parsed = JSON.parse(header.toString('utf8'))
    } catch {
      throw damaged('modelDamagedList')
    }
    const entries = Object.entries((parsed ?? {}) as Record<string, unknown>)
    const tensors = entries.flatMap(([name, tensor]) => (name === '__metadata__' ? [] : [tensor]))
    const list = z.array(Tensor).safeParse(tensors)
    if (!list.success) throw damaged('modelDamagedList')
    const end = Math.max(0, ...list.data.map((tensor) => tensor.data_offsets[1]))
    if (size !== 8 + headerBytes + end) throw damaged('modelDamagedFile')
    return list.data.reduce((sum, tensor) => sum + tensor.shape.reduce((a, b) => a * b, 1), 0)
  } finally {
    await file.close()
  }
}

/** The graph of models that make few bytes of pictures: they enhance none, and lie among those that do. */
const stillGraph = 'residual-codec'
const isOfStills = ({ info }: FoundModel): boolean => info.contract.does === 'encode'

/** Over all weight files, in the order of model.json; and of each. */
async function hashesOf(paths: readonly string[]): Promise<{ whole: string; each: string[] }> {
  const whole = paths.length > 1 ? createHash('sha256') : undefined // of one file both are the same
  const each: string[] = []
  for (const path of paths) {
    const own = createHash('sha256')
    for await (const chunk of await streamOf(path)) {
      whole?.update(chunk as Buffer)
      own.update(chunk as Buffer)
    }
    each.push(own.digest('hex'))
  }
  return { whole: whole?.digest('hex') ?? each.join(), each }
}

/** Where a licence is not stated: the project's own weights, and the published ones that FlashVSR is made from. */
const licenceOf = (graph: string, isShipped: boolean): string | undefined =>
  isShipped ? 'MIT' : graph === 'flashvsr' ? 'Apache-2.0' : undefined

const unreadable = (id: string, path: string, cause: unknown): AppError =>
  failing('weights-missing', 'modelFileUnreadable', { id, path, reason: systemReason(cause) }, { cause })

/**
 * What a model states of itself, or what the engine knows of its graph. Fails with `weights-unsupported` where nothing can be done with it here, and
 * where it does something else than is wanted.
 */
function contractFor(id: string, { contract, graph, config, looks }: ModelFile, wanted: Does): ModelContract {
  const isWanted = (does: Does): boolean =>
    does === wanted || (wanted === 'enhance' && does === 'encode' && graph === stillGraph)
  const unknown = (detail: string): AppError =>
    failing('weights-unsupported', 'modelUnknownKind', { id }, { detail })
  const other = (does: Does): AppError => failing('weights-unsupported', 'modelDoesOther', { id, does })
  if (contract === undefined) {
    const isStrengthTrained = config?.strength !== undefined && config.strength !== null
    const known = contractOf(graph, isStrengthTrained)
    if (!known) throw unknown(`it states no contract, and the graph ${graph} is not known`)
    if (!isWanted(known.does)) throw other(known.does)
    return known
  }
  const stated = ModelContract.safeParse(contract)
  const wrong = (place: string, detail: string): AppError =>
    failing('weights-unsupported', 'modelContract', { id, place }, { detail })
  if (!stated.success) {
    const place = ['contract', ...(stated.error.issues[0]?.path ?? [])].join('.')
    throw wrong(place, z.prettifyError(stated.error))
  }
  const { does } = stated.data
  if (!isWanted(does)) throw other(does)
  for (const [look, numbers] of Object.entries(looks ?? {}))
    for (const name of ['strength', 'detail'] as const)
      if (!takesSetting(stated.data, name, numbers[name]))
        throw wrong(`looks.${look}.${name}`, 'the contract does not take this value')
  return stated.data
}

/** What no Heirloom could go by is told by its place; other formats and graphs may be a newer one's. */
function unknownOr(id: string, error: z.ZodError): AppError {
  const path = error.issues[0]?.path ?? []
  const detail = z.prettifyError(error)
  return ['scales', 'flop_per_pixel', 'config'].includes(String(path[0]))
    ? failing('weights-unsupported', 'modelContract', { id, place: path.join('.') }, { detail })
    : failing('weights-unsupported', 'modelUnknownKind', { id }, { detail })
}

interface ModelFolder {
  folder: string
  isShipped: boolean
  does: Does
}

async function read({ folder, isShipped, does }: ModelFolder, id: string): Promise<FoundModel> {
  const about = join(folder, 'model.json')
  const text = await readText(about).catch((cause: unknown) => {
    if (codeOf(cause) !== 'ENOENT') throw unreadable(id, about, cause)
    throw failing('weights-missing', 'modelWithoutDescription', { id, folder }, { cause })
  })
  let json: unknown
  try {
    json = JSON.parse(text)
  } catch (cause) {
    throw failing('weights-corrupt', 'modelUnreadable', { id }, { cause })
  }
  const parsed = ModelFile.safeParse(json)
  if (!parsed.success) throw unknownOr(id, parsed.error)
  const { name, graph, config, scales, weights, weights_at, hashes, version, licence, looks } = parsed.data
  const files = typeof weights === 'string' ? [weights] : Object.values(weights)
  const names = [...files, ...Object.values(weights_at)]
  const paths = names.map((file) => join(folder, file))
  let [parameters, bytes] = [0, 0]
  for (const path of paths) {
    const { size } = await stat(path).catch((cause: unknown) => {
      throw failing('weights-missing', 'modelWithoutWeights', { id, path }, { cause })
    })
    bytes += size
    parameters += await countParameters(path).catch((cause: unknown) => {
      throw isSystemError(cause) ? unreadable(id, path, cause) : cause
    })
  }
  const { whole: weightsHash, each } = await hashesOf(paths)
  const hash = sha256(JSON.stringify([weightsHash, graph, config]))
  const altered = names.findIndex((file, i) => hashes[file] !== undefined && hashes[file] !== each[i])
  if (isShipped && altered >= 0)
    throw failing('weights-corrupt', 'modelAltered', { id, path: paths[altered] ?? folder })
  const origin = isShipped
    ? { kind: 'shipped' as const }
    : ((await readJson(join(folder, originFile), ModelOrigin)) ?? { kind: 'placed' as const })
  const contract = contractFor(id, parsed.data, does)
  const hasStrength = isGraded(contract)
  return {
    folder,
    info: {
      ...{ id, name, graph, version: String(version), hash, weightsHash, scales, parameters },
      ...{
        flopPerPixel: parsed.data.flop_per_pixel,
        contract,
        hasStrength,
        looks: hasStrength ? looks : undefined,
      },
      licence: licence ?? licenceOf(graph, isShipped),
      ...{ folder, bytes, origin },
    },
  }
}

const EstimatorFile = z.object({ weights: WeightName, hashes: z.record(WeightName, z.string()) })

/** Fails with `weights-corrupt` when the estimator's weights are not those that came with Heirloom. */
export async function checkEstimator(folder: string): Promise<string> {
  const about = await readJson(join(folder, 'model.json'), EstimatorFile)
  const path = join(folder, about?.weights ?? 'model.json')
  const hash = about && (await hashesOf([path]).catch(() => undefined))?.whole
  if (hash === undefined || hash !== about?.hashes[about.weights])
    throw failing('weights-corrupt', 'estimatorAltered', { path })
  return hash
}

const originFile = 'origin.json'
/** Half-made and half-removed folders are nobody's model. */
const isHidden = (name: string): boolean => name.startsWith('.') || name.endsWith('.importing')
/** Of what is read of a model: what an earlier version has kept is read anew. */
const keptForm = 7
const Kept = z.record(z.string(), z.object({ key: z.string(), info: ModelInfo }))

const stampOf = async (path: string): Promise<string> =>
  stat(path).then(
    ({ size, mtimeMs }) => `${size}/${mtimeMs}`,
    () => 'none', // its absence is told by whoever reads it
  )

/** Reads a model, again only when its files have changed: the hash runs over all weights, which may take many seconds. */
function createReader(keptFile: string): (place: ModelFolder, id: string) => Promise<FoundModel> {
  const turn = inTurn()
  /** Of this run only: a disk that rots leaves a file's size and time as they were. */
  const seen: z.infer<typeof Kept> = {}
  let kept: Promise<z.infer<typeof Kept>> | undefined
  return (place, id) =>
    turn(async () => {
      const { folder } = place
      const names = await readdir(folder).catch(() => [] as string[])
      const stamps = await Promise.all(names.sort().map((name) => stampOf(join(folder, name))))
      const key = JSON.stringify([keptForm, names, stamps])
      const all = place.isShipped
        ? seen
        : await (kept ??= readJson(keptFile, Kept).then((found) => found ?? {}))
      const before = all[folder]
      if (before?.key === key && before.info.id === id) return { folder, info: before.info }
      const model = await read(place, id)
      all[folder] = { key, info: model.info }
      // Only a shortcut for the next start: a folder that cannot be written to costs time, not models.
      if (!place.isShipped) await writeAtomic(keptFile, JSON.stringify(all)).catch(() => undefined)
      return model
    })
}

/** The folders of enhancers by id, the default one first. Models in `own` do not replace shipped ones of the same name. */
async function placesIn(shipped: string, own: string): Promise<Map<string, ModelFolder>> {
  const found = new Map<string, ModelFolder>()
  for (const parent of [shipped, own]) {
    const entries = await readdir(parent, { withFileTypes: true }).catch(() => [])
    const isDefault = ({ name }: { name: string }): number => Number(name === defaultEnhance.model)
    for (const entry of entries.sort((a, b) => isDefault(b) - isDefault(a) || a.name.localeCompare(b.name)))
      if ((entry.isDirectory() || entry.isSymbolicLink()) && !found.has(entry.name) && !isHidden(entry.name))
        found.set(entry.name, {
          folder: join(parent, entry.name),
          isShipped: parent === shipped,
          does: 'enhance',
        })
  }
  if (found.get(motionModel)?.isShipped) found.delete(motionModel)
  found.delete(keepsakeModel) // the name of a step that stands for others
  return found
}

/** Gone at once, even when the disk takes its time. */
async function removeFolder(id: string, folder: string, away: string): Promise<void> {
  try {
    await rm(away, { recursive: true, force: true })
    await rename(folder, away)
    await rm(away, { recursive: true, force: true })
  } catch (cause) {
    const reason = systemReason(cause)
    throw failing('internal', 'modelCannotRemove', { name: id, folder, reason }, { cause })
  }
}

/** All that lie there: enhancers and those of Keepsake photos, and what cannot be used. */
async function readAll(
  places: ReadonlyMap<string, ModelFolder>,
  known: (place: ModelFolder, id: string) => Promise<FoundModel>,
): ReturnType<Models['all']> {
  const found: FoundModel[] = []
  const unusable: UnusableModel[] = []
  const tried = [...places].map(async ([id, place]) => ({
    ...{ id, folder: place.folder },
    outcome: await known(place, id).catch((error: unknown) => toFailure(error)),
  }))
  for (const { id, folder, outcome } of await Promise.all(tried))
    if ('info' in outcome) found.push(outcome)
    else unusable.push({ id, folder, failure: outcome })
  return { found, unusable }
}

export function createModels(shipped: string, own: string): Models {
  const known = createReader(`${own}.json`)
  const places = (): Promise<Map<string, ModelFolder>> => placesIn(shipped, own)

  async function place(id: string): Promise<ModelFolder> {
    const all = await places()
    const found = all.get(id)
    if (found) return found
    throw failing('weights-missing', 'modelGone', { id, names: [...all.keys()].join(', ') || '-' })
  }

  const both = async (): ReturnType<Models['all']> => readAll(await places(), known)

  async function all(): ReturnType<Models['all']> {
    const { found, unusable } = await both()
    return { found: found.filter((model) => !isOfStills(model)), unusable }
  }

  return {
    list: async () => (await all()).found,
    all,
    stills: async () => (await both()).found.filter(isOfStills),
    async find(id) {
      const found = await known(await place(id), id)
      if (!isOfStills(found)) return found
      throw failing('weights-unsupported', 'modelDoesOther', { id, does: found.info.contract.does })
    },
    async interpolator() {
      const folder = join(shipped, motionModel)
      try {
        return await known({ folder, isShipped: true, does: 'interpolate' }, motionModel)
      } catch (cause) {
        if (!(cause instanceof AppError)) throw cause
        throw failing(cause.code, 'motionModelUnusable', { folder }, { cause }) // there is no other to choose
      }
    },
    async freeFolder(name) {
      const taken = await places()
      for (let n = 1; ; n++) {
        const id = n === 1 ? name : `${name}-${n}`
        if (!taken.has(id)) return { id, folder: join(own, id) }
      }
    },
    setOrigin: (id, origin) => writeAtomic(join(own, id, originFile), JSON.stringify(origin, null, 2)),
    async remove(id) {
      const { folder, isShipped } = await place(id)
      if (isShipped) throw failing('not-allowed', 'modelShipped', { name: id })
      await removeFolder(id, folder, join(own, `.removed-${id}`))
    },
  }
}
