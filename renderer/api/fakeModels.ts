// Models in the fake host: one that ships, weights that are found, imported and downloaded, and the work on that.
import { ApiEvent } from '../../electron/shared/contract/api.js'
import { AppError } from '../../electron/shared/contract/errors.js'
import {
  DownloadOffer,
  FoundWeights,
  ModelInfo,
  ModelWork,
  UnusableModel,
} from '../../electron/shared/contract/models.js'
import { Answers } from './fakeAnswers.js'
import { idOf } from './fakeFilm.js'

export const shippedModel: ModelInfo = {
  id: 'heirloom-s',
  name: 'Heirloom S',
  graph: 'heirloom-small',
  version: '0.1.0',
  hash: '9f2c4f6a1b7d'.padEnd(64, '0'),
  weightsHash: '9f2c4f6a1b7d'.padEnd(64, '1'),
  scales: [1, 2, 4],
  parameters: 1_750_000,
  contract: {
    does: 'enhance',
    time: { warmup: 16, lookahead: 8, chunk: 4, alignment: 1, out: [1, 1] },
    settings: {},
    arithmetic: ['fp32'],
  },
  hasStrength: false,
  licence: 'MIT',
  folder: '/heirloom/models/heirloom-s',
  bytes: 3_500_000,
  origin: { kind: 'shipped' },
}

const weights = (isKnown: boolean): FoundWeights['files'] =>
  [
    { name: 'diffusion_pytorch_model_streaming_dmd.safetensors', bytes: 5_676_070_392 },
    { name: 'LQ_proj_in.ckpt', bytes: 575_694_948 },
    { name: 'TCDecoder.ckpt', bytes: 189_018_333 },
    { name: 'posi_prompt.pth', bytes: 4_195_504 },
  ].map((file) => ({ ...file, hash: idOf(file.name).padEnd(64, '7').slice(0, 64), isKnown }))

const importedModel = (version: 'v1' | 'v1.1', from: string): ModelInfo => ({
  ...shippedModel,
  id: `flashvsr-${version}`,
  name: `FlashVSR ${version}`,
  graph: 'flashvsr',
  version,
  hash: '51c0ffee'.padEnd(64, '2'),
  scales: [2, 4],
  parameters: 1_752_180_000,
  licence: 'Apache-2.0',
  folder: `/heirloom/data/models/flashvsr-${version}`,
  bytes: 3_410_000_000,
  origin: { kind: 'folder', from, addedMs: Date.UTC(2026, 9, 4), files: weights(true) },
})

const offer = (version: 'v1' | 'v1.1', address: string): DownloadOffer => ({
  id: `flashvsr-${version}`,
  name: `FlashVSR ${version}`,
  version,
  licence: 'Apache-2.0',
  address,
  files: weights(version === 'v1.1').map(({ name, bytes, hash, isKnown }) => ({
    ...{ name, bytes, address: address + name },
    hash: isKnown ? hash : undefined,
  })),
  bytes: 6_444_979_177,
  fetchedBytes: 0,
  folder: `/heirloom/data/models/flashvsr-${version}`,
  needBytes: 9_944_979_177,
  keptBytes: 3_500_000_000,
  freeBytes: 81e9,
})

/** The models as they are now, and the work on them as it is. */
interface Held {
  models: ModelInfo[]
  work: ModelWork | null
  putModels: (models: ModelInfo[]) => null
  putWork: (work: ModelWork | null) => null
}

function held(
  models: readonly ModelInfo[],
  unusable: UnusableModel[],
  emit: (event: ApiEvent) => void,
): Held {
  const state: Held = {
    models: [...models],
    work: null,
    putModels(next) {
      state.models = next
      emit({ type: 'models', models: next, photoModels: [], unusable })
      return null
    },
    putWork(next) {
      state.work = next
      emit({ type: 'modelWork', work: next })
      return null
    },
  }
  return state
}

const begun = (kind: ModelWork['kind'], name: string, more: Partial<ModelWork> = {}): ModelWork => ({
  ...{ kind, name, state: 'running', step: kind === 'download' ? 'fetch' : 'convert' },
  ...{ bytesDone: 0, bytesTotal: 6_444_979_177, bytesPerSecond: 0 },
  ...more,
})

function advance({ models, work, putModels, putWork }: Held): void {
  if (work?.state !== 'running') return
  const bytesDone = Math.min(work.bytesTotal, work.bytesDone + 120e6)
  const isDone = bytesDone === work.bytesTotal
  if (isDone) putModels([...models, importedModel('v1.1', work.name)])
  putWork({
    ...{ ...work, bytesDone, bytesPerSecond: 120e6, leftMs: (work.bytesTotal - bytesDone) / 120e3 },
    ...(isDone ? { state: 'done', modelId: 'flashvsr-v1.1' } : {}),
  })
}

function inspect(path: string): FoundWeights {
  if (!/flash/i.test(path))
    throw new AppError('weights-missing', `There are no FlashVSR files in ${path}. Choose another folder.`)
  return {
    ...{ folder: path, isReady: false, isPublishedSize: true, parameters: 1_752_180_000 },
    version: /known/.test(path) ? ('v1.1' as const) : undefined,
    hint: /1\.1/.test(path) ? ('v1.1' as const) : undefined,
    ...{ files: weights(/known/.test(path)), bytes: 6_444_979_177, importedBytes: 3_410_000_000 },
  }
}

export interface FakeModels {
  answers: Answers['models']
  list(): ModelInfo[]
  /** Moves the running work on, as time would. */
  advance(): void
}

export function fakeModels(
  models: readonly ModelInfo[],
  unusable: UnusableModel[],
  emit: (event: ApiEvent) => void,
): FakeModels {
  const state = held(models, unusable, emit)
  const { putModels, putWork } = state
  const answers: Answers['models'] = {
    list: () => state.models,
    remove: (id) => putModels(state.models.filter((model) => model.id !== id)),
    inspect,
    import: ({ folder: from }) => putWork(begun('import', from)),
    offers: (address) => [
      offer('v1.1', address ?? 'https://models.example/FlashVSR-v1.1/'),
      offer('v1', address ?? 'https://models.example/FlashVSR/'),
    ],
    download: ({ id, address }) =>
      putWork(
        begun('download', 'FlashVSR v1.1', { ...state.work, state: 'running', download: { id, address } }),
      ),
    pause: () => putWork(state.work && { ...state.work, state: 'paused' }),
    discard: () => putWork(null),
    work: () => state.work,
    cancel: () => putWork(state.work && { ...state.work, state: 'cancelled' }),
  }
  return { answers, list: () => state.models, advance: () => advance(state) }
}
