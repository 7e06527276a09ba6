// Models that a person brings: what a folder holds, the work on it that takes minutes, what a download would be and cost.
import { z } from 'zod'
import { Failure } from './errors.js'
import { Looks } from '../document/looks.js'
import { ModelContract } from '../document/modelContract.js'
import { Path } from './path.js'

/** The two published generations of FlashVSR: the same names and shapes, another rule for the condition's cache. */
export const FlashVsrVersion = z.enum(['v1', 'v1.1'])
export type FlashVsrVersion = z.infer<typeof FlashVsrVersion>

export const WeightFile = z.object({
  name: z.string(),
  bytes: z.number().nonnegative(),
  /** SHA-256 of the whole file. */
  hash: z.string(),
  /** It is the file that the authors published. */
  isKnown: z.boolean(),
})
export type WeightFile = z.infer<typeof WeightFile>

/** What lies in a folder that a person chose. Mixtures and damaged files never get this far: they are refused in a sentence. */
export const FoundWeights = z.object({
  folder: z.string(),
  /** Undefined: nothing in the files tells, the person must say. */
  version: FlashVsrVersion.optional(),
  /** What the folder's name says: a hint for the person, never trusted. */
  hint: FlashVsrVersion.optional(),
  /** Made ready by another Heirloom: it is copied, not converted. */
  isReady: z.boolean(),
  /** As large as the published model; other sizes work but are not the authors'. */
  isPublishedSize: z.boolean(),
  files: z.array(WeightFile),
  parameters: z.number().nonnegative(),
  bytes: z.number().nonnegative(),
  /** Size of the imported model. */
  importedBytes: z.number().nonnegative(),
})
export type FoundWeights = z.infer<typeof FoundWeights>

export const ModelOrigin = z.object({
  /** `placed`: somebody put the folder there without telling Heirloom. */
  kind: z.enum(['shipped', 'folder', 'download', 'placed']),
  /** The folder or address that it came from; what was there is untouched. */
  from: z.string().optional(),
  addedMs: z.number().optional(),
  /** The files that it was made from. */
  files: z.array(WeightFile).optional(),
})
export type ModelOrigin = z.infer<typeof ModelOrigin>

export const ModelInfo = z.object({
  /** Folder name; what EnhanceSettings.model holds. */
  id: z.string(),
  name: z.string(),
  graph: z.string(),
  version: z.string(),
  /** Of all that decides its frames: its weights, its graph and how that is configured. */
  hash: z.string(),
  weightsHash: z.string(),
  scales: z.array(z.number().int()),
  parameters: z.number(),
  /** Arithmetic of one output pixel of one frame, a multiply-add counted twice; undefined where the model does not state it. */
  flopPerPixel: z.number().positive().optional(),
  /** What it states of itself; where it states nothing, what the engine knows of its graph. */
  contract: ModelContract,
  /** It was trained for strengths between none and full. */
  hasStrength: z.boolean(),
  looks: Looks.optional(),
  /** As the model's folder states it. */
  licence: z.string().optional(),
  folder: z.string(),
  /** On disk. */
  bytes: z.number().nonnegative(),
  origin: ModelOrigin,
})
export type ModelInfo = z.infer<typeof ModelInfo>

/** A folder that should be a model and is not used, and why. */
export const UnusableModel = z.object({ id: z.string(), folder: z.string(), failure: Failure })
export type UnusableModel = z.infer<typeof UnusableModel>

const names = {
  'heirloom-s': 'Heirloom S',
  'heirloom-m': 'Heirloom M',
  'heirloom-m-texture': 'Heirloom M Texture',
}
const isOurs = (id: string): id is keyof typeof names => Object.hasOwn(names, id)
/** As people read it. */
export const modelName = (model: Pick<ModelInfo, 'id' | 'name'>): string =>
  isOurs(model.id) ? names[model.id] : model.name

/** Under what its words stand that say what it is good for. */
export const purposeOf = ({ id, graph }: Pick<ModelInfo, 'id' | 'graph'>) =>
  isOurs(id) ? id : graph === 'flashvsr' || graph === 'residual-codec' ? graph : 'other'

export const ImportRequest = z.object({
  folder: z.string().min(1).max(4096),
  /** Undefined: what the files tell. */
  version: FlashVsrVersion.optional(),
})
export type ImportRequest = z.infer<typeof ImportRequest>

export const DownloadFile = z.object({
  name: z.string(),
  address: z.string(),
  bytes: z.number().nonnegative(),
  /** The published SHA-256, where it is known. */
  hash: z.string().optional(),
})
/** Everything a person should know before agreeing. Made without any request. */
export const DownloadOffer = z.object({
  id: z.string(),
  name: z.string(),
  version: FlashVsrVersion,
  licence: z.string(),
  address: z.string(),
  files: z.array(DownloadFile),
  bytes: z.number().nonnegative(),
  /** Of an earlier try. */
  fetchedBytes: z.number().nonnegative(),
  /** Where the finished model will lie. */
  folder: z.string(),
  /** Most that will be on disk at one time, and what stays. */
  needBytes: z.number().nonnegative(),
  keptBytes: z.number().nonnegative(),
  freeBytes: z.number().nonnegative().optional(),
})
export type DownloadOffer = z.infer<typeof DownloadOffer>

export const DownloadRequest = z.object({
  id: z.string().max(120),
  address: z.string().min(1).max(2000),
  /** The person has read the offer and agreed; nothing is requested otherwise. */
  isAgreed: z.literal(true),
})
export type DownloadRequest = z.infer<typeof DownloadRequest>

/** The one piece of work on models that is going on, paused, or ended last. */
export const ModelWork = z.object({
  kind: z.enum(['inspect', 'import', 'download']),
  /** Of the folder or of the download. */
  name: z.string(),
  state: z.enum(['running', 'paused', 'done', 'failed', 'cancelled']),
  step: z.enum(['fetch', 'check', 'convert']),
  /** The file in work. */
  file: z.string().optional(),
  /** Of this step. */
  bytesDone: z.number().nonnegative(),
  /** 0: not known yet. */
  bytesTotal: z.number().nonnegative(),
  bytesPerSecond: z.number().nonnegative(),
  leftMs: z.number().nonnegative().optional(),
  /** Done: the model that is there now. */
  modelId: z.string().optional(),
  /** Downloads: what it takes to go on. */
  download: z.object({ id: z.string(), address: z.string() }).optional(),
  failure: Failure.optional(),
})
export type ModelWork = z.infer<typeof ModelWork>

export const modelsRequests = {
  list: { args: z.tuple([]), result: z.array(ModelInfo) },
  /** Removes a model that was added. What it was made from is never touched. */
  remove: { args: z.tuple([z.string().max(120)]), result: z.null() },
  /** Reads every byte of the weights in a folder: minutes, told by events. Refuses what cannot be used, with the reason. */
  inspect: { args: z.tuple([Path]), result: FoundWeights },
  /** Resolve when begun; what follows is told by events. */
  import: { args: z.tuple([ImportRequest]), result: z.null() },
  /** What can be downloaded, from this address or from where it is published. Nothing is requested. */
  offers: { args: z.tuple([z.string().max(2000).nullable()]), result: z.array(DownloadOffer) },
  /** Begins, or goes on where an earlier try ended. Resolves when begun. */
  download: { args: z.tuple([DownloadRequest]), result: z.null() },
  /** Stops a download so that it can go on, after a restart too. */
  pause: { args: z.tuple([]), result: z.null() },
  /** Throws away what a download that does not run has fetched so far. */
  discard: { args: z.tuple([z.string().max(120)]), result: z.null() },
  work: { args: z.tuple([]), result: ModelWork.nullable() },
  /** Stops the work on models. What a download has fetched stays for a later try. */
  cancel: { args: z.tuple([]), result: z.null() },
} as const
