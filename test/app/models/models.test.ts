// Bringing one's own weights, with the real engine: a folder is looked at, imported, used, removed; a download is fetched from a
// server on this computer, broken off, gone on with after a restart, refused.
import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { beforeAll, beforeEach, expect, test } from 'vitest'
import { type Host, createHost } from '../../../electron/app/host/host.js'
import { createModels } from '../../../electron/app/models/models.js'
import { tryLock } from '../../../electron/app/access/owners.js'
import { type Published, published } from '../../../electron/app/models/published.js'
import { processorMsPerMegapixel } from '../../../electron/shared/planning/cost.js'
import { type AppError, sentenceOf } from '../../../electron/shared/contract/errors.js'
import type { ModelWork } from '../../../electron/shared/contract/models.js'
import { defaultEnhance } from '../../../electron/shared/document/project.js'
import { bundle, film } from '../../engine/bundle.js'
import { toyBytes, toyFolder } from '../flashvsr.js'
import { folder } from '../folder.js'
import { ended, hostIn, outputAt, projectOf } from '../hosting.js'
import { sha256, startMirror } from '../mirror.js'

const hashesIn = (at: string): Record<string, string> =>
  Object.fromEntries(
    readdirSync(at).map((name) => [
      name,
      createHash('sha256')
        .update(readFileSync(join(at, name)))
        .digest('hex'),
    ]),
  )
const failure = async (work: Promise<unknown>): Promise<AppError> =>
  work.then(
    () => Promise.reject(new Error('it did not fail')),
    (error: unknown) => error as AppError,
  )

/** Begins something, and resolves when the work on models has come to rest. */
function worked(
  host: Host,
  begin: () => Promise<unknown>,
  onWork: (work: ModelWork) => void = () => undefined,
): Promise<ModelWork> {
  return new Promise((resolve, reject) => {
    const leave = host.on((event) => {
      if (event.type !== 'modelWork' || !event.work) return
      onWork(event.work)
      if (event.work.state === 'running') return
      leave()
      resolve(event.work)
    })
    begin().catch(reject)
  })
}

let at: string
let host: Host
beforeAll(bundle)
beforeEach(async () => {
  at = folder()
  host = await hostIn(at)
})

test('a folder is looked at, imported, offered and removed; the files in it are only read', async () => {
  const weights = toyFolder(join(at, 'FlashVSR-v1.1'))
  const before = hashesIn(weights)
  const found = await host.api.models.inspect(weights)
  expect(found).toMatchObject({ isReady: false, isPublishedSize: false, hint: 'v1.1' })
  expect(found.version).toBeUndefined()
  expect(Object.fromEntries(found.files.map((file) => [file.name, file.hash]))).toEqual(before)
  expect((await failure(host.api.models.import({ folder: '/etc' }))).code).toBe('not-allowed')

  const unsaid = await worked(host, () => host.api.models.import({ folder: weights }))
  expect(unsaid).toMatchObject({ state: 'failed', failure: { sentence: { key: 'modelVersionUnknown' } } })
  const models: string[][] = []
  host.on((event) => event.type === 'models' && models.push(event.models.map(({ id }) => id)))
  const done = await worked(host, () => host.api.models.import({ folder: weights, version: 'v1.1' }))
  expect(done).toMatchObject({ kind: 'import', state: 'done', modelId: 'flashvsr-v1.1' })
  expect(models.at(-1)).toContain('flashvsr-v1.1')

  const imported = (await host.api.models.list()).find(({ id }) => id === 'flashvsr-v1.1')
  expect(imported).toMatchObject({
    ...{ name: 'FlashVSR v1.1', version: 'v1.1', graph: 'flashvsr', licence: 'Apache-2.0', scales: [2, 4] },
    origin: { kind: 'folder', from: weights },
  })
  expect(imported?.folder.startsWith(join(at, 'data', 'models'))).toBe(true)
  const again = await worked(host, () => host.api.models.import({ folder: weights, version: 'v1.1' }))
  expect(again.failure?.sentence?.key).toBe('modelThere')

  await host.api.models.remove('flashvsr-v1.1')
  expect((await host.api.models.list()).map(({ id }) => id)).toEqual([
    'heirloom-s',
    'heirloom-m',
    'heirloom-m-texture',
  ])
  expect(readdirSync(join(at, 'data', 'models'))).toEqual([])
  expect(hashesIn(weights)).toEqual(before)
  expect((await failure(host.api.models.remove('heirloom-s'))).code).toBe('not-allowed')
})

test('an imported model enhances a film', async () => {
  const weights = toyFolder(join(at, 'weights'))
  const done = await worked(host, () => host.api.models.import({ folder: weights, version: 'v1' }))
  expect(done.modelId).toBe('flashvsr-v1')
  film(join(at, 'tape.mp4'), { frames: 12, size: '64x48' })
  const source = await host.api.sources.open(join(at, 'tape.mp4'))
  const enhance = { ...defaultEnhance, model: 'flashvsr-v1' }
  const project = projectOf(source, 12, { from: 0, to: 3 }, enhance)
  const job = await ended(
    host,
    await host.api.render.export({ project, output: outputAt(join(at, 'o.mp4')) }),
  )
  expect(job.failure).toBeUndefined()
  const { video } = await host.api.sources.open(join(at, 'o.mp4'))
  expect([video.width, video.height]).toEqual([128, 96])
})

test('what cannot be used is refused in a sentence', async () => {
  mkdirSync(join(at, 'empty'))
  const empty = await failure(host.api.models.inspect(join(at, 'empty')))
  expect(empty.message).toMatch(/FlashVSR/)
  const part = toyFolder(join(at, 'part'))
  rmSync(join(part, 'posi_prompt.pth'))
  const missing = await failure(host.api.models.inspect(part))
  expect([missing.code, missing.message]).toEqual([
    'weights-missing',
    expect.stringContaining('posi_prompt.pth'),
  ])
  const cut = toyFolder(join(at, 'cut'))
  const name = join(cut, 'TCDecoder.ckpt')
  writeFileSync(name, readFileSync(name).subarray(0, 20_000))
  const damaged = await failure(host.api.models.inspect(cut))
  expect([damaged.code, damaged.message]).toEqual([
    'weights-corrupt',
    expect.stringContaining('TCDecoder.ckpt'),
  ])
  // Known again by its words, so that a window says it in its own language.
  expect([empty, missing, damaged].map(({ sentence }) => sentence?.key)).toEqual([
    ...['engineNoFiles', 'engineFileMissingPrompt', 'engineDamaged'],
  ])
  expect(sentenceOf(missing, 'ja')).toContain('posi_prompt.pth')
})

test('an import that is cancelled leaves nothing', async () => {
  const weights = toyFolder(join(at, 'weights'))
  await host.api.models.inspect(weights)
  const cancelled = await worked(host, async () => {
    await host.api.models.import({ folder: weights, version: 'v1.1' })
    await host.api.models.cancel()
  })
  expect(cancelled.state).toBe('cancelled')
  expect(existsSync(join(at, 'data', 'models', 'flashvsr-v1.1'))).toBe(false)
  expect(readdirSync(join(at, 'data', 'models'))).toEqual([])
})

test('while another Heirloom brings a model in, this one says so and touches nothing; what one that is gone left half made is removed', async () => {
  const weights = toyFolder(join(at, 'weights'))
  const half = join(at, 'data', 'models', 'flashvsr-v1.importing')
  mkdirSync(half, { recursive: true })
  const release = await tryLock(join(at, 'data', 'models.lock'))
  const bringIn = (): Promise<ModelWork> =>
    worked(host, () => host.api.models.import({ folder: weights, version: 'v1' }))
  expect((await bringIn()).failure?.sentence?.key).toBe('modelWorkElsewhere')
  expect(existsSync(half)).toBe(true)
  await release?.()
  const next = await hostIn(at)
  expect(await next.api.models.work()).toBeNull()
  expect(existsSync(half)).toBe(false)
  expect((await bringIn()).modelId).toBe('flashvsr-v1')
  expect(existsSync(join(at, 'data', 'models.lock'))).toBe(false)
})

test('a model that another Heirloom made ready is copied', async () => {
  const weights = toyFolder(join(at, 'weights'))
  await worked(host, () => host.api.models.import({ folder: weights, version: 'v1.1' }))
  const [ready = ''] = (await host.api.models.list()).flatMap(({ id, folder: place }) =>
    id === 'flashvsr-v1.1' ? [place] : [],
  )
  const other = await createHost({
    ...{ kind: 'cli', dataFolder: join(at, 'other'), cacheFolder: join(at, 'other-cache') },
    grants: { files: [], folders: [at] },
  })
  try {
    expect(await other.api.models.inspect(ready)).toMatchObject({ isReady: true, version: 'v1.1' })
    const done = await worked(other, () => other.api.models.import({ folder: ready }))
    expect(done.state).toBe('done')
    const copied = (await other.api.models.list()).find(({ id }) => id === 'flashvsr-v1.1')
    expect(copied?.hash).toBe((await host.api.models.list()).find(({ id }) => id === 'flashvsr-v1.1')?.hash)
  } finally {
    await other.close()
  }
})

// ---- downloads --------------------------------------------------------------------------------------------------------

const toyDownload = (address: string, files: Record<string, Buffer>): (() => Promise<Published[]>) => {
  const list = Object.entries(files).map(([name, bytes]) => ({
    ...{ name, bytes: bytes.length, aboutBytes: bytes.length, hash: sha256(bytes) },
  }))
  return () =>
    Promise.resolve([
      {
        ...{ id: 'flashvsr-v1.1', name: 'FlashVSR v1.1', version: 'v1.1', licence: 'Apache-2.0', address },
        ...{ files: list, importedBytes: 1e6 },
      },
    ])
}
const request = (address: string) => ({ id: 'flashvsr-v1.1', address, isAgreed: true as const })

test('a download is fetched, checked and imported; the offer before it asks nothing of the network', async () => {
  const files = toyBytes()
  const mirror = await startMirror(files)
  host = await hostIn(at, { published: toyDownload(mirror.address, files) })
  const [offer] = await host.api.models.offers(null)
  expect(offer).toMatchObject({ licence: 'Apache-2.0', fetchedBytes: 0, address: mirror.address })
  expect(mirror.asked).toEqual([])
  const steps = new Set<string>()
  const done = await worked(
    host,
    () => host.api.models.download(request(mirror.address)),
    (work) => steps.add(work.step),
  )
  expect(done).toMatchObject({ kind: 'download', state: 'done', modelId: 'flashvsr-v1.1' })
  expect([...steps]).toContain('convert')
  expect(mirror.asked.map(({ path }) => path.slice(1))).toEqual(Object.keys(files))
  const model = (await host.api.models.list()).find(({ id }) => id === 'flashvsr-v1.1')
  expect(model?.origin).toMatchObject({ kind: 'download', from: mirror.address })
  expect(existsSync(join(at, 'data', 'downloads', 'flashvsr-v1.1'))).toBe(false)
})

test('a paused download is there after a restart, and goes on only when the person says so', async () => {
  const files = toyBytes()
  const mirror = await startMirror(files)
  mirror.pauseMs = 15
  const options = { published: toyDownload(mirror.address, files) }
  host = await hostIn(at, options)
  const pause = (work: ModelWork): void => {
    if (work.state === 'running' && work.bytesDone > 100_000)
      void host.api.models.pause().catch(() => undefined)
  }
  const paused = await worked(host, () => host.api.models.download(request(mirror.address)), pause)
  expect(paused.state).toBe('paused')
  await host.close()
  const asked = mirror.asked.length
  const next = await hostIn(at, options)
  const found = await next.api.models.work()
  expect(found).toMatchObject({ kind: 'download', state: 'paused', download: { address: mirror.address } })
  expect(found?.bytesDone).toBeGreaterThan(100_000)
  expect(mirror.asked).toHaveLength(asked)
  mirror.pauseMs = 0
  const done = await worked(next, () => next.api.models.download(request(mirror.address)))
  expect(done.state).toBe('done')
  expect(mirror.asked[asked]?.range).toMatch(/^bytes=\d+-$/)
})

test('files of another content are refused and nothing is imported; what was fetched can be thrown away', async () => {
  const files = toyBytes()
  const mirror = await startMirror(files)
  host = await hostIn(at, { published: toyDownload(mirror.address, files) })
  mirror.files.set('LQ_proj_in.ckpt', Buffer.from(files['LQ_proj_in.ckpt']!).reverse())
  const failed = await worked(host, () => host.api.models.download(request(mirror.address)))
  expect(failed.failure).toMatchObject({ code: 'weights-corrupt', sentence: { key: 'downloadChecksum' } })
  expect((await host.api.models.list()).map(({ id }) => id)).toEqual([
    'heirloom-s',
    'heirloom-m',
    'heirloom-m-texture',
  ])
  expect((await host.api.models.offers(null))[0]?.fetchedBytes).toBeGreaterThan(0)
  await host.api.models.discard('flashvsr-v1.1')
  expect((await host.api.models.offers(null))[0]?.fetchedBytes).toBe(0)
  expect(await host.api.models.work()).toBeNull()
})

test('an address that is none, and a second piece of work, are refused', async () => {
  const mirror = await startMirror(toyBytes())
  host = await hostIn(at, { published: toyDownload(mirror.address, toyBytes()) })
  expect((await failure(host.api.models.offers('ftp://a.example/'))).sentence?.key).toBe('downloadAddress')
  expect((await failure(host.api.models.download(request('http://a.example/')))).sentence?.key).toBe(
    'downloadAddress',
  )
  mirror.pauseMs = 50
  const first = worked(host, () => host.api.models.download(request(mirror.address)))
  await expect.poll(() => mirror.asked.length).toBeGreaterThan(0)
  expect((await failure(host.api.models.download(request(mirror.address)))).sentence?.key).toBe(
    'modelWorkBusy',
  )
  await host.api.models.cancel()
  expect((await first).state).toBe('cancelled')
})

test('work on models is a job: listed while it runs, cancelled by its id, and a paused download is none', async () => {
  const files = toyBytes()
  const mirror = await startMirror(files)
  mirror.pauseMs = 15
  host = await hostIn(at, { published: toyDownload(mirror.address, files) })
  const listed = async () => (await host.api.jobs.list()).filter(({ kind }) => kind === 'download')
  let hasAsked = false
  const stop = (end: () => Promise<unknown>) => (work: ModelWork) => {
    if (hasAsked || work.bytesDone < 100_000) return
    hasAsked = true
    void end()
  }
  const begin = () => host.api.models.download(request(mirror.address))
  const cancel = async () => {
    const [job] = await listed()
    expect(job).toMatchObject({ name: 'FlashVSR v1.1', state: 'running', step: { name: 'fetch' } })
    await host.api.jobs.cancel(job?.id ?? '')
  }
  const cancelled = await worked(host, begin, stop(cancel))
  expect([cancelled.state, cancelled.bytesPerSecond]).toEqual(['cancelled', 0])
  hasAsked = false
  expect(
    (
      await worked(
        host,
        begin,
        stop(() => host.api.models.pause()),
      )
    ).state,
  ).toBe('paused')
  expect((await listed()).map(({ state }) => state)).toEqual(['cancelled', 'cancelled'])
  mirror.pauseMs = 0
  expect((await worked(host, begin)).state).toBe('done')
  expect((await listed()).at(-1)).toMatchObject({ state: 'done', modelId: 'flashvsr-v1.1' })
})

test('the published files: one address each, https, v1.1 known to the last byte', async () => {
  const [newer, older] = await published()
  expect([newer?.version, older?.version]).toEqual(['v1.1', 'v1'])
  expect(newer?.files.every((file) => file.bytes !== undefined && file.hash !== undefined)).toBe(true)
  for (const { address, files } of [newer!, older!]) {
    expect(address).toMatch(/^https:.*\/$/)
    expect(files.map((file) => file.name)).toHaveLength(4)
  }
})

// ---- the list ----------------------------------------------------------------------------------------------------------

test('hashes are remembered over a restart, until a file changes', async () => {
  const own = join(at, 'data', 'models')
  const weights = toyFolder(join(at, 'weights'))
  await worked(host, () => host.api.models.import({ folder: weights, version: 'v1.1' }))
  const kept = join(at, 'data', 'models.json')
  await host.api.models.list()
  const text = readFileSync(kept, 'utf8')
  const hash = (await host.api.models.list()).find(({ id }) => id === 'flashvsr-v1.1')?.hash ?? ''
  writeFileSync(kept, text.replaceAll(hash, 'f'.repeat(64)))
  const shipped = join(at, 'none')
  const remembered = await createModels(shipped, own).find('flashvsr-v1.1')
  expect(remembered.info.hash).toBe('f'.repeat(64))
  const [name = ''] = readdirSync(join(own, 'flashvsr-v1.1')).filter((file) => file.endsWith('.safetensors'))
  const file = join(own, 'flashvsr-v1.1', name)
  writeFileSync(file, readFileSync(file))
  expect((await createModels(shipped, own).find('flashvsr-v1.1')).info.hash).toBe(hash)
})

test('a full FlashVSR on a processor is told in hours a minute', () => {
  const megapixels = (60 * 25 * 1440 * 1152) / 1e6
  const hours = (processorMsPerMegapixel(1_752_180_000, 16) * megapixels) / 3_600_000
  expect(hours).toBeGreaterThan(3)
  expect(hours).toBeLessThan(30)
})
