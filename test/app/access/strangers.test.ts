// What others put under a name that is read: a pipe, a socket, a folder, a circle of links. Nothing waits for it, and what there is to say
// is said.
import { execFileSync } from 'node:child_process'
import { mkdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { basename, join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { readJson, writeAtomic } from '../../../electron/app/access/files.js'
import { databaseName } from '../../../electron/app/access/tables.js'
import { createModels } from '../../../electron/app/models/models.js'
import { holder } from '../../../electron/app/access/owners.js'
import { createPlaces } from '../../../electron/app/project/places.js'
import { createProjectFile } from '../../../electron/app/project/projectFile.js'
import { readText, streamOf } from '../../../electron/ffmpeg/openFile.js'
import { toFailure } from '../../../electron/shared/contract/errors.js'
import { emptyProject } from '../../../electron/shared/document/document.js'
import { systemReason } from '../../../electron/shared/words/systemReason.js'
import { z } from 'zod'
import { bundle, root } from '../../engine/bundle.js'
import { folder } from '../folder.js'
import { hostIn } from '../hosting.js'
import { storeIn } from '../storing.js'

/** Puts one thing that is no file under a name. */
const things: Record<string, (path: string) => void | Promise<void>> = {
  'a pipe': (path) => void execFileSync('mkfifo', [path]),
  'a socket': (path) =>
    new Promise((resolve) => {
      const server = createServer().listen(path, resolve)
      afterAll(() => void server.close())
    }),
  'a device': (path) => symlinkSync('/dev/zero', path),
  'a folder': (path) => mkdirSync(path),
  'a circle of links': (path) => symlinkSync(basename(path), path),
}
const each = Object.keys(things)
const put = async (kind: string, path: string): Promise<void> => things[kind]?.(path)
const thrown = (work: Promise<unknown>): Promise<unknown> =>
  work.then(
    () => undefined,
    (error: unknown) => error,
  )

beforeAll(bundle)

test.each(each)('%s is refused when it is opened, and told as what it is', async (kind) => {
  const path = join(folder(), 'x')
  await put(kind, path)
  const key = { 'a folder': 'reasonFolder', 'a circle of links': 'reasonLoop' }[kind] ?? 'reasonNotFile'
  for (const open of [readText, streamOf]) expect(systemReason(await thrown(open(path))).key).toBe(key)
})

test.each(each)('%s in place of what Heirloom keeps is passed over', async (kind) => {
  const at = folder()
  mkdirSync(join(at, 'segments'))
  await put(kind, join(at, 'a.json'))
  await put(kind, join(at, databaseName))
  expect(await readJson(join(at, 'a.json'), z.unknown())).toBeUndefined()
  expect(await holder(join(at, 'a.json'), z.unknown())).toBeUndefined()
  expect((await storeIn(at).segments.finished(['k'])).size).toBe(0)
  if (kind !== 'a folder') {
    await writeAtomic(join(at, 'a.json'), '1')
    expect(await readJson(join(at, 'a.json'), z.number())).toBe(1)
  }
})

const saved = (at: string) => createProjectFile(createPlaces(at).placeOf(join(at, 'autosave.json')))

test.each(each)('%s in place of the saved project: the backup is taken', async (kind) => {
  const at = folder()
  await put(kind, join(at, 'autosave.json'))
  expect(toFailure(await thrown(saved(at).load())).code).toBe('project-corrupt')
  writeFileSync(join(at, 'autosave.json.1'), JSON.stringify(emptyProject))
  expect(await saved(at).load()).toMatchObject({ project: emptyProject })
})

test.each(each)('%s as the description or the weights of a model', async (kind) => {
  const at = folder()
  for (const id of ['one', 'two']) mkdirSync(join(at, id))
  await put(kind, join(at, 'one', 'model.json'))
  const about = { format: 1, name: 'Two', version: 1, graph: 'small', scales: [2], weights: 'w.safetensors' }
  writeFileSync(join(at, 'two', 'model.json'), JSON.stringify(about))
  await put(kind, join(at, 'two', 'w.safetensors'))
  const models = createModels(join(root, 'nothing'), at)
  expect(await models.list()).toEqual([])
  for (const id of ['one', 'two'])
    expect(toFailure(await thrown(models.find(id)))).toMatchObject({ code: 'weights-missing' })
})

test.each(['a pipe', 'a socket', 'a device'])('%s among weights that are looked at', async (kind) => {
  const at = folder()
  mkdirSync(join(at, 'films'))
  const host = await hostIn(at)
  for (const name of ['posi_prompt.pth', 'TCDecoder.ckpt', 'model.json']) {
    await put(kind, join(at, 'films', name))
    expect(toFailure(await thrown(host.api.models.inspect(join(at, 'films')))).code).toMatch(/^weights-/)
    rmSync(join(at, 'films', name))
  }
})
