// The models that are there: folders that ship with Heirloom and folders a person added, each with a model.json.
import { createHash } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { open, readFile, readdir, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { z } from 'zod'
import { ModelInfo } from '../shared/api.js'
import { AppError } from '../shared/errors.js'

const ModelFile = z.object({
  format: z.literal(1),
  name: z.string().min(1).max(120),
  version: z.union([z.string(), z.number()]),
  graph: z.string(),
  scales: z.array(z.number().int().positive()).min(1),
  /** A plain name: weights lie in the model's own folder. */
  weights: z.string().regex(/^[^/\\]+\.safetensors$/),
  config: z.object({ strength: z.unknown().optional() }),
})

export interface FoundModel {
  folder: string
  info: ModelInfo
}

export interface Models {
  list(): Promise<FoundModel[]>
  /** Fails with `weights-missing`, `weights-corrupt` or `weights-unsupported`. */
  find(id: string): Promise<FoundModel>
}

const largestHeader = 16 * 1024 * 1024
const Tensor = z.object({
  shape: z.array(z.number().int().nonnegative()),
  data_offsets: z.tuple([z.number(), z.number()]),
})

/** Counts the parameters by the file's header, and sees whether the file is as long as its header says. */
async function countParameters(path: string): Promise<number> {
  const damaged = (what: string): AppError =>
    new AppError(
      'weights-corrupt',
      `The model's weights in ${path} are damaged: ${what}. Put the model there again.`,
    )
  const file = await open(path)
  try {
    const { size } = await file.stat()
    const length = Buffer.alloc(8)
    const got = await file.read(length, 0, 8, 0)
    const headerBytes = got.bytesRead === 8 ? Number(length.readBigUInt64LE()) : Infinity
    if (headerBytes > Math.min(largestHeader, size - 8)) throw damaged('the file is cut off')
    const header = Buffer.alloc(headerBytes)
    await file.read(header, 0, headerBytes, 8)
    let parsed: unknown
    try {
      parsed = JSON.parse(header.toString('utf8'))
    } catch {
      throw damaged('its list of contents cannot be read')
    }
    const entries = Object.entries((parsed ?? {}) as Record<string, unknown>)
    const tensors = entries.flatMap(([name, tensor]) => (name === '__metadata__' ? [] : [tensor]))
    const list = z.array(Tensor).safeParse(tensors)
    if (!list.success) throw damaged('its list of contents cannot be read')
    const end = Math.max(0, ...list.data.map((tensor) => tensor.data_offsets[1]))
    if (size !== 8 + headerBytes + end) throw damaged('the file is cut off')
    return list.data.reduce((sum, tensor) => sum + tensor.shape.reduce((a, b) => a * b, 1), 0)
  } finally {
    await file.close()
  }
}

async function hashOf(path: string): Promise<string> {
  const hash = createHash('sha256')
  for await (const chunk of createReadStream(path)) hash.update(chunk as Buffer)
  return hash.digest('hex')
}

async function read(folder: string, id: string): Promise<FoundModel> {
  const text = await readFile(join(folder, 'model.json'), 'utf8').catch((cause: unknown) => {
    throw new AppError('weights-missing', `The model "${id}" is not there: ${folder} has no model.json.`, {
      cause,
    })
  })
  let json: unknown
  try {
    json = JSON.parse(text)
  } catch (cause) {
    throw new AppError('weights-corrupt', `The model "${id}" is damaged: its model.json cannot be read.`, {
      cause,
    })
  }
  const parsed = ModelFile.safeParse(json)
  if (!parsed.success)
    throw new AppError(
      'weights-unsupported',
      `The model "${id}" is of a kind that this version of Heirloom does not know.`,
      { detail: z.prettifyError(parsed.error) },
    )
  const { name, graph, scales, weights, config } = parsed.data
  const path = join(folder, weights)
  await stat(path).catch((cause: unknown) => {
    throw new AppError('weights-missing', `The model "${id}" has no weights: ${path} is not there.`, {
      cause,
    })
  })
  const parameters = await countParameters(path)
  const hasStrength = config.strength !== undefined && config.strength !== null
  return { folder, info: { id, name, graph, hash: await hashOf(path), scales, parameters, hasStrength } }
}

/** Folders later in the list do not replace models of earlier ones. */
export function createModels(folders: readonly string[]): Models {
  const cache = new Map<string, { key: string; model: FoundModel }>()

  const stampOf = async (path: string): Promise<string> =>
    stat(path).then(
      ({ size, mtimeMs }) => `${size}/${mtimeMs}`,
      () => 'none', // its absence is told by whoever reads it
    )

  /** Reading again only what has changed: the hash runs over all weights. */
  async function known(folder: string, id: string): Promise<FoundModel> {
    const names = await readdir(folder).catch(() => [] as string[])
    const stamps = await Promise.all(names.sort().map((name) => stampOf(join(folder, name))))
    const key = JSON.stringify([names, stamps])
    const cached = cache.get(folder)
    if (cached?.key === key) return cached.model
    const model = await read(folder, id)
    cache.set(folder, { key, model })
    return model
  }

  async function places(): Promise<Map<string, string>> {
    const found = new Map<string, string>()
    for (const parent of folders) {
      const entries = await readdir(parent, { withFileTypes: true }).catch(() => [])
      for (const entry of entries.sort((a, b) => a.name.localeCompare(b.name)))
        if ((entry.isDirectory() || entry.isSymbolicLink()) && !found.has(entry.name))
          found.set(entry.name, join(parent, entry.name))
    }
    return found
  }

  return {
    async list() {
      const tried = await Promise.allSettled([...(await places())].map(([id, folder]) => known(folder, id)))
      return tried.flatMap((outcome) => (outcome.status === 'fulfilled' ? [outcome.value] : []))
    },
    async find(id) {
      const folder = (await places()).get(id)
      if (folder) return known(folder, id)
      const names = [...(await places()).keys()]
      const others = names.length > 0 ? `There are: ${names.join(', ')}.` : 'There is no model at all.'
      throw new AppError('weights-missing', `The model "${id}" is not there. ${others}`)
    },
  }
}
