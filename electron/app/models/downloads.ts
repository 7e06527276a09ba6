// Published weights by a download with consent: what is offered, what was fetched so far, and fetching the rest.
import { mkdir, readdir, rm, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { z } from 'zod'
import { failing } from '../../shared/contract/errors.js'
import type { DownloadOffer, ModelWork } from '../../shared/contract/models.js'
import { readJson, writeAtomic } from '../access/files.js'
import { freeBytes } from '../access/outputs.js'
import { checkAddress, fetchFile } from './fetch.js'
import { type Imports, type WorkContext, checkRoom, modelsIn } from './imports.js'
import type { Published, PublishedFile } from './published.js'

export interface Downloads {
  offers(address: string | null): Promise<DownloadOffer[]>
  /** Fails with `not-found` where nothing of this id is published. */
  find(id: string): Promise<Published>
  /** Resolves to the id of the model that is there now. */
  run(model: Published, base: URL, context: WorkContext): Promise<string>
  /** What an earlier time left unfinished, as paused. Nothing is asked of the network. */
  left(): Promise<ModelWork[]>
  /** What was fetched of it is removed. */
  discard(model: Published): Promise<void>
}

const Unfinished = z.object({ id: z.string(), address: z.string() })

export const baseOf = (address: string): URL => checkAddress(address.endsWith('/') ? address : `${address}/`)
const bytesOf = (file: PublishedFile): number => file.bytes ?? file.aboutBytes
const sumOf = (numbers: readonly number[]): number => numbers.reduce((a, b) => a + b, 0)
const bytesOfAll = ({ files }: Published): number => sumOf(files.map(bytesOf))

const sizeAt = (path: string): Promise<number> =>
  stat(path).then(
    ({ size }) => size,
    () => 0, // not there
  )

/** Of each file, whole or in part. */
const fetchedIn = (folder: string, { files }: Published): Promise<number[]> =>
  Promise.all(
    files.map(
      async ({ name }) => (await sizeAt(join(folder, name))) || (await sizeAt(join(folder, `${name}.part`))),
    ),
  )

async function fetchAll(folder: string, model: Published, base: URL, context: WorkContext): Promise<void> {
  const { signal, progress } = context
  const sizes = await fetchedIn(folder, model)
  for (const [i, file] of model.files.entries()) {
    const { name, bytes, hash, aboutBytes, elsewhere } = file
    const addresses = [new URL(name, base).href, ...(elsewhere === undefined ? [] : [elsewhere])]
    const range = { least: Math.floor(aboutBytes / 2.2), most: Math.ceil(aboutBytes * 2.2) }
    await fetchFile({ name, bytes, hash, addresses, ...range }, join(folder, name), {
      signal,
      onBytes: (fetched) => {
        sizes[i] = fetched
        progress({ step: 'fetch', bytesDone: sumOf(sizes), bytesTotal: bytesOfAll(model), file: name })
      },
      onChecked: (checked) =>
        progress({ step: 'check', bytesDone: checked, bytesTotal: sizes[i] ?? 0, file: name }),
    })
  }
}

const downloadsIn = (dataFolder: string): string => join(dataFolder, 'downloads')
const folderOf = (dataFolder: string, id: string): string => join(downloadsIn(dataFolder), id)
const recordOf = (dataFolder: string, id: string): string => join(folderOf(dataFolder, id), 'download.json')

async function offerOf(dataFolder: string, model: Published, address: string | null): Promise<DownloadOffer> {
  const { id, name, version, licence, importedBytes } = model
  const base = baseOf(address ?? model.address)
  const bytes = bytesOfAll(model)
  await mkdir(modelsIn(dataFolder), { recursive: true })
  return {
    ...{ id, name, version, licence, address: base.href, bytes },
    files: model.files.map((file) => ({
      name: file.name,
      address: file.elsewhere ?? new URL(file.name, base).href,
      bytes: bytesOf(file),
      hash: file.hash,
    })),
    fetchedBytes: sumOf(await fetchedIn(folderOf(dataFolder, id), model)),
    folder: join(modelsIn(dataFolder), id),
    ...{ needBytes: bytes + importedBytes, keptBytes: importedBytes },
    freeBytes: await freeBytes(join(modelsIn(dataFolder), 'x')),
  }
}

async function leftOf(dataFolder: string, published: Published[], name: string): Promise<ModelWork[]> {
  const record = await readJson(recordOf(dataFolder, name), Unfinished)
  const model = record && published.find(({ id }) => id === record.id)
  if (!model) return []
  const bytesDone = sumOf(await fetchedIn(folderOf(dataFolder, model.id), model))
  return [
    {
      ...{ kind: 'download', name: model.name, state: 'paused', step: 'fetch', bytesPerSecond: 0 },
      ...{ bytesDone, bytesTotal: bytesOfAll(model), download: record },
    },
  ]
}

/** Fetches what is missing and brings the model in; resolves to its id. */
async function download(
  { dataFolder, imports }: { dataFolder: string; imports: Imports },
  model: Published,
  base: URL,
  context: WorkContext,
): Promise<string> {
  const { id, version: wanted, files, importedBytes } = model
  const folder = folderOf(dataFolder, id)
  const fetched = await fetchedIn(folder, model)
  const rest = sumOf(files.map((file, i) => Math.max(0, bytesOf(file) - (fetched[i] ?? 0))))
  await checkRoom(dataFolder, rest + importedBytes)
  await writeAtomic(recordOf(dataFolder, id), JSON.stringify({ id, address: base.href }))
  await fetchAll(folder, model, base, context)
  const modelId = await imports.bringIn({ kind: 'download', from: base.href, folder, wanted }, context)
  await rm(folder, { recursive: true, force: true }) // ours, and it can be fetched again
  return modelId
}

export function createDownloads(
  dataFolder: string,
  published: () => Promise<Published[]>,
  imports: Imports,
): Downloads {
  return {
    offers: async (address) =>
      Promise.all((await published()).map((model) => offerOf(dataFolder, model, address))),
    async find(id) {
      const found = (await published()).find((candidate) => candidate.id === id)
      if (!found) throw failing('not-found', 'downloadUnknown', { id: id.slice(0, 60) })
      return found
    },
    run: (model, base, context) => download({ dataFolder, imports }, model, base, context),
    async left() {
      const names = await readdir(downloadsIn(dataFolder)).catch(() => [])
      const all = names.length > 0 ? await published() : []
      return (await Promise.all(names.map((name) => leftOf(dataFolder, all, name)))).flat()
    },
    discard: ({ id }) => rm(folderOf(dataFolder, id), { recursive: true, force: true }),
  }
}
