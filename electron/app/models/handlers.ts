// What windows ask about models: which there are, and the work on one that is brought or fetched.
import type { Engine } from '../../engine/client.js'
import type { Api } from '../../shared/contract/api.js'
import { failing, toFailure } from '../../shared/contract/errors.js'
import type { ModelInfo, UnusableModel } from '../../shared/contract/models.js'
import type { Grants } from '../access/grants.js'
import { estimatorFolder } from '../access/resources.js'
import type { ModelWorks } from './modelWork.js'
import { type FoundModel, type Models, checkEstimator } from './models.js'

interface AllModels {
  models: ModelInfo[]
  photoModels: ModelInfo[]
  unusable: UnusableModel[]
}

/** What can be used, and what cannot and why, the estimator among it. */
export async function allModels(models: Models): Promise<AllModels> {
  const [{ found, unusable }, stills] = [await models.all(), await models.stills()]
  const estimator = await checkEstimator(estimatorFolder).then(
    () => [],
    (error: unknown) => [{ id: 'estimator', folder: estimatorFolder, failure: toFailure(error) }],
  )
  const infos = (some: readonly FoundModel[]): ModelInfo[] => some.map(({ info }) => info)
  return { models: infos(found), photoModels: infos(stills), unusable: [...unusable, ...estimator] }
}

export interface ModelsParts {
  grants: Grants
  models: Models
  works: ModelWorks
  /** It may hold a model's files. */
  engine: Engine
  /** A job waits or runs that could need any of them. */
  isInUse: () => boolean
  /** The list has changed. */
  onModels: () => Promise<void>
}

export function modelsHandlers({ grants, models, works, ...parts }: ModelsParts): Api['models'] {
  return {
    list: async () => (await models.list()).map(({ info }) => info),
    remove: async (id) => {
      if (parts.isInUse()) throw failing('not-allowed', 'modelInUse', { name: id })
      parts.engine.rest()
      await models.remove(id).finally(parts.onModels)
      return null
    },
    inspect: async (folder) => works.inspect(await grants.check(folder)),
    import: async ({ folder, version }) => {
      works.import({ folder: await grants.check(folder), version })
      return null
    },
    offers: (address) => works.offers(address),
    download: async (request) => {
      await works.download(request)
      return null
    },
    pause: () => Promise.resolve().then(() => (works.pause(), null)),
    discard: async (id) => {
      await works.discard(id)
      return null
    },
    work: () => works.state(),
    cancel: () => Promise.resolve().then(() => (works.cancel(), null)),
  }
}
