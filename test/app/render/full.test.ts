// Heirloom's own folders that cannot be written: films are opened, looked at and shown all the same, and what cannot be done says which disk it is.
import { frameCount } from '../../../electron/shared/media/frameTable.js'
import { spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, readFileSync, readdirSync, rmSync, utimesSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { inCache } from '../../../electron/app/render/pieces.js'
import { createLeftovers } from '../../../electron/app/access/leftovers.js'
import { tidyCache } from '../../../electron/app/host/tidyCache.js'
import { AppError } from '../../../electron/shared/contract/errors.js'
import { emptyProject } from '../../../electron/shared/document/document.js'
import { defaultEnhance } from '../../../electron/shared/document/project.js'
import { bundle } from '../../engine/bundle.js'
import { beeping, make, numbered } from '../../formats/kit.js'
import { folder } from '../folder.js'
import { ended, hostIn, outputAt, projectOf, untouched } from '../hosting.js'
import { storeIn, storing } from '../storing.js'

const at = folder()
const films = [
  make(at, ...numbered(1), ...beeping(1), '-c:v', 'libx264', '-preset', 'ultrafast', 'a.mp4'),
  make(at, ...numbered(1), ...beeping(1), '-c:v', 'mpeg4', '-q:v', '3', '-c:a', 'pcm_s16le', 'b.avi'),
]
beforeAll(bundle)

/** Nobody, not even root, makes a folder below a file. */
writeFileSync(join(at, 'file'), '')
const places: [name: string, parent: string, code: string][] = [
  ['below a file', join(at, 'file'), 'output-not-writable'],
]
// A disk that is really full, where this account may make one.
const disk = join(at, 'disk')
mkdirSync(disk)
if (spawnSync('mount', ['-t', 'tmpfs', '-o', 'size=64k', 'tmpfs', disk]).status === 0) {
  afterAll(() => void spawnSync('umount', ['-l', disk]))
  for (let i = 0, isFull = false; !isFull; i++)
    try {
      writeFileSync(join(disk, `fill${i}`), Buffer.alloc(1024, 1))
    } catch {
      isFull = true
    }
  places.push(['on a full disk', disk, 'disk-full'])
}

test.each(places)(
  'with its folders %s: films are shown, and what fails says where',
  async (_, parent, code) => {
    const [dataFolder, cacheFolder] = [join(parent, 'data'), join(parent, 'cache')]
    const host = await hostIn(at, { kind: 'browser', dataFolder, cacheFolder })
    const { api } = host
    for (const path of films) {
      const source = await api.sources.open(path)
      expect(frameCount(await api.sources.frameTable(source.id))).toBe(25)
      expect((await api.sources.waveform(source.id)).peaks.length).toBeGreaterThan(50)
      const picture = await host.serve({ kind: 'frame', sourceId: source.id, frame: 3 }, {})
      expect(picture.status).toBe(200)

      const enhance = { ...defaultEnhance, scale: 1 as const }
      const preview = await ended(
        host,
        await api.render.preview({ sourceId: source.id, from: 0, to: 3, enhance }),
      )
      expect(preview.failure).toBeUndefined()
      const recipe = preview.preview?.recipe ?? ''
      const shown = await host.serve({ kind: 'rendered', sourceId: source.id, recipe, frame: 2 }, {})
      expect(shown.status).toBe(200)

      const output = { path: `${path}.png`, format: 'png' as const, mayOverwrite: true }
      const photo = { sourceId: source.id, frame: 3, way: 'moment' as const, enhance: untouched, output }
      expect(await ended(host, await api.render.photo(photo))).toMatchObject({ state: 'done' })

      const proxy = await api.sources.playable(source.id, true)
      const made = await ended(host, proxy.kind === 'pending' ? (proxy.jobId ?? '') : '')
      const request = { project: projectOf(source, 25), output: outputAt(`${path}.out.mp4`) }
      const film = await ended(host, await api.render.export(request))
      for (const { failure } of [made, film]) {
        expect(failure?.code).toBe(code)
        expect(failure?.message).toContain(cacheFolder)
      }
      if (code === 'disk-full') expect(film.failure?.sentence?.key).toBe('cacheDiskFullAtOnce') // nothing is called kept
      expect(existsSync(`${path}.out.mp4`)).toBe(false)
    }
    expect(await api.app.preferences()).toEqual({ language: 'system', theme: 'system' })
    const told = { code, message: expect.stringContaining(dataFolder) as string }
    await expect(api.app.setPreferences({ language: 'ja', theme: 'dark' })).rejects.toMatchObject(told)
    await expect(api.project.save(join(dataFolder, 'autosave.json'), emptyProject, '')).rejects.toMatchObject(
      told,
    )
    await host.close()
  },
)

test('a cache that goes away while it is used costs no film', async () => {
  const cacheFolder = join(at, 'going')
  const host = await hostIn(at, { cacheFolder })
  const source = await host.api.sources.open(films[1]!)
  await host.api.sources.frameTable(source.id)
  rmSync(cacheFolder, { recursive: true })
  const request = { project: projectOf(source, 25), output: outputAt(join(at, 'gone.mp4')) }
  expect(await ended(host, await host.api.render.export(request))).toMatchObject({ state: 'done' })
})

const day = 24 * 3600 * 1000

test('tidying leaves what a living export uses, however old, and takes what the dead were making, however young', async () => {
  const cache = join(at, 'tidied')
  const { records, store } = storing(cache)
  await records.open()
  await store.prepare()
  records.add(
    'living',
    { kind: 'proxy', request: { sourceId: '0'.repeat(40) } },
    { framesTotal: 1, needs: ['used'] },
  )
  const files = [
    'segments/used.mov',
    'segments/other.mov',
    'frames/used.mkv',
    'frames/x.mkv',
    'proxies/x.mp4',
  ]
  const parts = [process.pid, 2 ** 22 + 1].map((pid) => `proxies/x.part-${pid}-abcdef.mp4`)
  for (const name of ['proxies', 'tables']) mkdirSync(join(cache, name))
  for (const name of [...files, ...parts]) writeFileSync(join(cache, name), '')
  const then = new Date(Date.now() - 20 * day)
  for (const name of files) utimesSync(join(cache, name), then, then)
  await tidyCache(cache, store, 14)
  expect(readdirSync(join(cache, 'segments')).sort()).toEqual(['used.mov'])
  expect(readdirSync(join(cache, 'frames'))).toEqual(['used.mkv'])
  expect(readdirSync(join(cache, 'proxies'))).toEqual([`x.part-${process.pid}-abcdef.mp4`])
  records.change('living', 'done')
  await tidyCache(cache, store, 14)
  expect(readdirSync(join(cache, 'segments'))).toEqual([])
})

test('what is looked at again counts as used: a table is as young as its last reading', async () => {
  const cacheFolder = join(at, 'young')
  const first = await hostIn(at, { cacheFolder })
  const { id } = await first.api.sources.open(films[0]!)
  await first.api.sources.frameTable(id)
  const tables = join(cacheFolder, 'tables')
  const [name = ''] = readdirSync(tables)
  const then = new Date(Date.now() - 13 * day)
  utimesSync(join(tables, name), then, then)
  const again = await hostIn(at, { cacheFolder })
  await again.api.sources.frameTable((await again.api.sources.open(films[0]!)).id)
  await tidyCache(cacheFolder, storeIn(cacheFolder), 14, Date.now() + 2 * day)
  expect(readFileSync(join(tables, name), 'utf8')).toContain('keyFrames')
})

test('a document that was half written when its process was killed goes; the documents themselves and what is being written stay', async () => {
  const data = join(at, 'documents')
  mkdirSync(data)
  const names = ['autosave.json', 'autosave.json.1', 'autosave.json.77.3.tmp', 'recent.json.78.0.tmp']
  for (const name of names) writeFileSync(join(data, name), '')
  const then = new Date(Date.now() - 2 * 3600 * 1000)
  for (const name of names.slice(0, 3)) utimesSync(join(data, name), then, then)
  await createLeftovers(join(at, 'cache'), data).sweep()
  expect(readdirSync(data).sort()).toEqual(['autosave.json', 'autosave.json.1', 'recent.json.78.0.tmp'])
})

test('a cache that goes away in the middle of a film is told as that, and nothing else is', async () => {
  const cacheFolder = join(at, 'gone')
  const store = storeIn(cacheFolder)
  const failed = (code: 'engine-failed' | 'cancelled', isGone: boolean): Promise<unknown> => {
    const work = async (): Promise<never> => {
      await store.prepare()
      if (isGone) rmSync(cacheFolder, { recursive: true })
      throw new AppError(code, 'whatever it said')
    }
    return inCache({ store }, [], work)
  }
  await expect(failed('engine-failed', true)).rejects.toMatchObject({
    ...{ code: 'output-not-writable', message: expect.stringContaining(cacheFolder) as string },
  })
  await expect(failed('engine-failed', false)).rejects.toMatchObject({ code: 'engine-failed' })
  await expect(failed('cancelled', true)).rejects.toMatchObject({ code: 'cancelled' })
})
