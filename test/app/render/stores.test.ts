// What is kept on disk: preferences, recent files, the journal of segments, models, names.
import { createHash } from 'node:crypto'
import { cpSync, existsSync, mkdirSync, readFileSync, readdirSync, symlinkSync, writeFileSync } from 'node:fs'
import { spawnSync } from 'node:child_process'
import { basename, join } from 'node:path'
import { expect, test } from 'vitest'
import { openDatabase } from '../../../electron/app/access/database.js'
import { writeAtomic } from '../../../electron/app/access/files.js'
import { createGrants } from '../../../electron/app/access/grants.js'
import { shippedModels } from '../../../electron/app/access/resources.js'
import { checkEstimator, createModels } from '../../../electron/app/models/models.js'
import { checkOutput, suggestOutput, suggestPhoto } from '../../../electron/app/access/outputs.js'
import { createPictures } from '../../../electron/app/sources/pictures.js'
import { loadPreferences, savePreferences } from '../../../electron/app/host/preferences.js'
import { createRecent } from '../../../electron/app/sources/recent.js'
import { parseRange } from '../../../electron/app/host/serve.js'
import { contractOf } from '../../../electron/engine/facts.js'
import { checkTarget } from '../../../electron/ffmpeg/target.js'
import { motionModel } from '../../../electron/shared/document/motion.js'
import { defaultEnhance } from '../../../electron/shared/document/project.js'
import type { Timing } from '../../../electron/shared/media/timing.js'
import { type Plan, makePlan } from '../../../electron/shared/planning/plan.js'
import { motionHashFor, motionModelOf } from '../../../electron/app/render/render.js'
import { root } from '../../engine/bundle.js'
import { contract } from '../../shared/contracts.js'
import { timing } from '../../shared/planning/timed.js'
import { source, table } from '../../shared/sources.js'
import { folder } from '../folder.js'
import { storeIn } from '../storing.js'

const codeOf = (work: Promise<unknown>): Promise<unknown> =>
  work.then(
    () => undefined,
    (error: { code?: unknown }) => error.code,
  )

test('a file is whole or as before; nothing is left beside it', async () => {
  const at = folder()
  await writeAtomic(join(at, 'deep', 'a.json'), 'one')
  await Promise.all(['two', 'three'].map((text) => writeAtomic(join(at, 'deep', 'a.json'), text)))
  expect(['two', 'three']).toContain(readFileSync(join(at, 'deep', 'a.json'), 'utf8'))
  expect(readdirSync(join(at, 'deep'))).toEqual(['a.json'])
  mkdirSync(join(at, 'taken'))
  await expect(writeAtomic(join(at, 'taken'), 'x')).rejects.toThrow()
  expect(readdirSync(at).sort()).toEqual(['deep', 'taken'])
})

test('preferences come back; damaged ones are the same as none', async () => {
  const at = folder()
  await savePreferences(at, { language: 'ja', theme: 'dark' })
  expect(await loadPreferences(at)).toEqual({ language: 'ja', theme: 'dark' })
  writeFileSync(join(at, 'preferences.json'), '{"language":"xx"}')
  expect(await loadPreferences(at)).toEqual({ language: 'system', theme: 'system' })
  const damaged = { language: 'ja', theme: 'dark', keys: { split: ['(.*)'] } }
  writeFileSync(join(at, 'preferences.json'), JSON.stringify(damaged))
  expect(await loadPreferences(at)).toEqual({ language: 'ja', theme: 'dark' })
})

test('recent files: newest first, each once, only those that are there', async () => {
  const at = folder()
  const paths = ['a', 'b', 'c'].map((name) => join(at, name))
  for (const path of paths) writeFileSync(path, '')
  const recent = createRecent(at)
  await Promise.all([...paths, paths[0]!, join(at, 'gone')].map((path) => recent.add(path)))
  expect((await recent.list()).map((entry) => entry.name)).toEqual(['a', 'c', 'b'])
})

test('only what was granted is allowed, and links lead nowhere else', async () => {
  const at = folder()
  for (const name of ['shared', 'shared-not', 'secret']) mkdirSync(join(at, name))
  for (const path of ['shared/v.mp4', 'shared-not/v.mp4', 'secret/v.mp4', 'one.mp4'])
    writeFileSync(join(at, path), '')
  symlinkSync(join(at, 'secret'), join(at, 'shared', 'link'))
  const grants = createGrants()
  await grants.addFolder(join(at, 'shared'))
  await grants.addFile(join(at, 'one.mp4'))
  const allowed = async (path: string): Promise<boolean> => grants.isAllowed(join(at, path))
  expect(await allowed('shared/v.mp4')).toBe(true)
  expect(await allowed('shared/new.mp4')).toBe(true)
  expect(await allowed('one.mp4')).toBe(true)
  expect(await allowed('shared-not/v.mp4')).toBe(false)
  expect(await allowed('shared/../secret/v.mp4')).toBe(false)
  expect(await allowed('shared/link/v.mp4')).toBe(false)
  expect(await allowed('shared/link/new.mp4')).toBe(false)
  expect(await codeOf(grants.check(join(at, 'secret/v.mp4')))).toBe('not-allowed')
})

test('only what is written down as finished is taken, and a row that is no record costs one segment', async () => {
  const at = folder()
  const { segments } = storeIn(at)
  const whole = { frames: 10, repeated: [], isDamaged: false, damaged: [] }
  const range = { warmFrom: 0, from: 0, to: 10, lookTo: 10 }
  const unit = { source: '0'.repeat(40), recipe: 'r', ...range, numerics: 1 }
  mkdirSync(join(at, 'segments'))
  for (const key of ['a', 'b', 'c', 'd', 'e']) writeFileSync(segments.pathOf(key), 'frames')
  for (const key of ['a', 'b', 'c', 'd']) await segments.record(key, unit, whole)
  const database = openDatabase(at)
  database.run("UPDATE results SET lost = substr(lost, 5) WHERE key = 'b'")
  await database.close()
  writeFileSync(segments.pathOf('c'), 'other')
  const again = storeIn(at).segments
  expect([...(await again.finished(['a', 'b', 'c', 'd', 'e', 'f'])).keys()]).toEqual(['a', 'd'])
  writeFileSync(segments.pathOf('d'), 'Frames') // as long, and other bytes
  expect(await again.removeBroken(['a', 'd'])).toEqual(['d'])
  expect([...(await again.finished(['a', 'd'])).keys()]).toEqual(['a'])
})

test('half-written files of a segment are removed, those of others stay', async () => {
  const store = storeIn(folder())
  await store.prepare()
  const { segments } = store
  const dead = spawnSync(process.execPath, ['-e', '']).pid
  const partial = (key: string): string => segments.pathOf(key).replace(/(\.[^.]+)$/, `.${dead}.partial$1`)
  for (const path of [partial('a'), partial('ab'), segments.pathOf('a')]) writeFileSync(path, '')
  await segments.removePartial('a')
  expect([partial('a'), partial('ab'), segments.pathOf('a')].map((path) => existsSync(path))).toEqual([
    false,
    true,
    true,
  ])
})

function weights(shape: number[], cut = 0): Buffer {
  const bytes = 4 * shape.reduce((a, b) => a * b, 1)
  const header = Buffer.from(
    JSON.stringify({ __metadata__: {}, w: { dtype: 'F32', shape, data_offsets: [0, bytes] } }),
  )
  const length = Buffer.alloc(8)
  length.writeBigUInt64LE(BigInt(header.length))
  const all = Buffer.concat([length, header, Buffer.alloc(bytes)])
  return all.subarray(0, all.length - cut)
}
const about = {
  format: 1,
  name: 'Small',
  version: 'x',
  graph: 'heirloom-small',
  scales: [2],
  weights: 'w.safetensors',
  config: {},
}
function model(at: string, id: string, json: unknown, bytes?: Buffer): void {
  mkdirSync(join(at, id), { recursive: true })
  writeFileSync(join(at, id, 'model.json'), typeof json === 'string' ? json : JSON.stringify(json))
  if (bytes) writeFileSync(join(at, id, 'w.safetensors'), bytes)
}

test('models are listed with their parameters and hash; broken ones say what is wrong', async () => {
  const at = folder()
  const whole = weights([3, 5])
  model(at, 'good', about, whole)
  model(at, 'bare', about)
  model(at, 'cut', about, weights([3, 5], 7))
  model(at, 'tiny', about, Buffer.from('abc'))
  model(at, 'hostile', { ...about, weights: '../good/w.safetensors' }, whole)
  model(at, 'future', { ...about, format: 2 }, whole)
  model(at, 'nonsense', '{', whole)
  const models = createModels(at, join(at, 'nowhere'))
  const weightsHash = createHash('sha256').update(whole).digest('hex')
  const hash = expect.stringMatching(/^[0-9a-f]{64}$/) as string
  expect((await models.list()).map((m) => m.info)).toEqual([
    {
      ...{ id: 'good', name: 'Small', graph: 'heirloom-small', version: 'x', scales: [2] },
      ...{ hash, weightsHash },
      ...{
        parameters: 15,
        contract: contractOf('heirloom-small', false),
        hasStrength: false,
        licence: 'MIT',
        folder: join(at, 'good'),
        bytes: whole.length,
      },
      origin: { kind: 'shipped' },
    },
  ])
  const codes = ['bare', 'cut', 'tiny', 'hostile', 'future', 'nonsense', 'absent'].map((id) =>
    codeOf(models.find(id)),
  )
  expect(await Promise.all(codes)).toEqual([
    ...['weights-missing', 'weights-corrupt', 'weights-corrupt', 'weights-unsupported'],
    ...['weights-unsupported', 'weights-corrupt', 'weights-missing'],
  ])
  await expect(models.find('absent')).rejects.toThrow(/There are: .*good/)
})

test('weights that a scale has of its own belong to the model: counted, hashed, missed', async () => {
  const at = folder()
  const withOwn = { ...about, weights_at: { 2: 'w2.safetensors' } }
  for (const id of ['one', 'both', 'half']) model(at, id, id === 'one' ? about : withOwn, weights([3, 5]))
  writeFileSync(join(at, 'both', 'w2.safetensors'), weights([2, 2]))
  const models = createModels(at, join(at, 'nowhere'))
  const [one, both] = [(await models.find('one')).info, (await models.find('both')).info]
  expect([one.parameters, both.parameters]).toEqual([15, 19])
  expect(both.hash).not.toBe(one.hash)
  expect(await codeOf(models.find('half'))).toBe('weights-missing')
})

test('the same weights in another graph, or configured otherwise, are another model', async () => {
  const at = folder()
  const configured = { ...about, config: { layers: 2 } }
  for (const [id, stated] of [
    ['one', about],
    ['copy', about],
    ['other', configured],
  ] as const)
    model(at, id, stated, weights([3, 5]))
  const models = createModels(at, join(at, 'nowhere'))
  const [one, copy, other] = await Promise.all(
    ['one', 'copy', 'other'].map(async (id) => (await models.find(id)).info),
  )
  expect(copy?.hash).toBe(one?.hash)
  expect(other?.hash).not.toBe(one?.hash)
  expect(other?.weightsHash).toBe(one?.weightsHash)
})

test('what a model states of itself is read strictly; one that states nothing is what its graph is', async () => {
  const at = folder()
  const stated = contract({ warmup: 4 })
  const off = { strength: 1, detail: 0.5 }
  const looks = { gentle: off, natural: off, strong: off }
  const { strength } = stated.settings
  model(at, 'own', { ...about, graph: 'newer', contract: stated }, weights([3]))
  model(at, 'unknown', { ...about, graph: 'newer' }, weights([3]))
  model(at, 'hostile', { ...about, contract: contract({ warmup: 1e9 }) }, weights([3]))
  model(at, 'half', { ...about, contract: { does: 'enhance' } }, weights([3]))
  model(
    at,
    'motion',
    { ...about, contract: { ...contract({ out: [2, 1] }), does: 'interpolate' } },
    weights([3]),
  )
  model(at, 'still', { ...about, graph: 'heirloom-motion' }, weights([3]))
  model(at, 'smooth', { ...about, looks, contract: { ...stated, settings: { strength } } }, weights([3]))
  const models = createModels(at, join(at, 'nowhere'))
  expect((await models.find('own')).info).toMatchObject({ contract: stated, hasStrength: true })
  const { unusable } = await models.all()
  expect(unusable.map(({ id, failure }) => [id, failure.sentence?.key, failure.sentence?.values])).toEqual([
    ['half', 'modelContract', { id: 'half', place: 'contract.time' }],
    ['hostile', 'modelContract', { id: 'hostile', place: 'contract.time.warmup' }],
    ['motion', 'modelDoesOther', { id: 'motion', does: 'interpolate' }],
    ['smooth', 'modelContract', { id: 'smooth', place: 'looks.gentle.detail' }],
    ['still', 'modelDoesOther', { id: 'still', does: 'interpolate' }],
    ['unknown', 'modelUnknownKind', { id: 'unknown' }],
  ])
})

test('the model of frames between frames ships, and is offered nowhere as one that enhances', async () => {
  const models = createModels(shippedModels, folder())
  const { found, unusable } = await models.all()
  expect(unusable).toEqual([])
  expect(found.map(({ info }) => info.id)).not.toContain(motionModel)
  expect(found.every(({ info }) => info.contract.does === 'enhance')).toBe(true)
  const { info } = await models.interpolator()
  expect(info).toMatchObject({ id: motionModel, graph: 'heirloom-motion', licence: 'MIT' })
  expect(info.contract.does).toBe('interpolate')
  expect(await codeOf(models.find(motionModel))).toBe('weights-missing')
})

test('where that model is not there, or is another one, no other is recommended: there is none', async () => {
  const shipped = folder()
  const gone = { sentence: { key: 'motionModelUnusable', values: { folder: join(shipped, motionModel) } } }
  const models = createModels(shipped, folder())
  await expect(models.interpolator()).rejects.toMatchObject({ code: 'weights-missing', ...gone })
  cpSync(join(shippedModels, motionModel), join(shipped, motionModel), { recursive: true })
  writeFileSync(join(shipped, motionModel, 'model.safetensors'), 'no weights')
  await expect(models.interpolator()).rejects.toMatchObject(gone)
})

test('what is finished of a motion can be asked for without its model, which it then was made without', async () => {
  const repair = { kind: 'repair' as const }
  const { info } = await createModels(shippedModels, folder()).interpolator()
  expect(await motionHashFor(createModels(shippedModels, folder()), repair)).toBe(info.hash)
  expect(await motionHashFor(createModels(folder(), folder()), repair)).toBe('')
  expect(await motionHashFor(createModels(shippedModels, folder()), { kind: 'unique' })).toBe('')
})

test('a film in which nothing is to be repaired needs no model for it', async () => {
  const models = createModels(folder(), folder())
  const off = { ...defaultEnhance, isEnabled: false }
  const repairing = (found: Timing): Plan => {
    const clip = { id: 'c', sourceId: source().id, name: 'tape', from: 0, to: 100, enhance: off }
    const known = { source: source(), table: table(100), timing: found }
    return makePlan([{ ...clip, motion: { kind: 'repair' } }], [known])
  }
  expect(await motionModelOf(models, repairing(timing(100)))).toBeUndefined()
  expect(await codeOf(motionModelOf(models, repairing(timing(100, { torn: [50] }))))).toBe('weights-missing')
})

test("looks are a model's own, and only those of a model with a strength count", async () => {
  const at = folder()
  const looks = {
    gentle: { strength: 0.2, detail: 0.5 },
    natural: { strength: 0.6, detail: 0.2 },
    strong: { strength: 1, detail: 0 },
  }
  const config = { strength: { embed: 16 } }
  model(at, 'able', { ...about, config, looks }, weights([3]))
  model(at, 'plain', { ...about, config }, weights([3]))
  model(at, 'full', { ...about, looks }, weights([3]))
  model(
    at,
    'wrong',
    { ...about, config, looks: { ...looks, natural: { strength: 6, detail: 0 } } },
    weights([3]),
  )
  const models = createModels(at, join(at, 'nowhere'))
  const found = await Promise.all(['able', 'plain', 'full'].map(async (id) => (await models.find(id)).info))
  expect(found.map((info) => [info.hasStrength, info.looks])).toEqual([
    [true, looks],
    [true, undefined],
    [false, undefined],
  ])
  expect(await codeOf(models.find('wrong'))).toBe('weights-unsupported')
})

test('a suggested name is free, beside the source, and says what it is', async () => {
  const at = folder()
  expect(await suggestOutput(join(at, 'Tape 3.avi'), '.mp4', 'smooth')).toBe(join(at, 'Tape 3 (smooth).mp4'))
  expect(await suggestOutput(join(at, 'Tape 3.avi'), '.mp4', 'exported')).toBe(
    join(at, 'Tape 3 (exported).mp4'),
  )
  expect(await suggestOutput(join(at, 'Tape 3.avi'), '.mp4', 'enhanced')).toBe(
    join(at, 'Tape 3 (enhanced).mp4'),
  )
  writeFileSync(join(at, 'Tape 3 (enhanced).mp4'), '')
  expect(await suggestOutput(join(at, 'Tape 3.avi'), 'mp4', 'enhanced')).toBe(
    join(at, 'Tape 3 (enhanced) (2).mp4'),
  )
  writeFileSync(join(at, 'Tape 3 (高画質化).mp4'), '')
  expect(await suggestOutput(join(at, 'Tape 3.avi'), 'mp4', 'enhanced', [], 'ja')).toBe(
    join(at, 'Tape 3 (高画質化) (2).mp4'),
  )
  const moments = (['photo', 'before', 'after'] as const).map((kind) =>
    suggestPhoto(join(at, 'a.mp4'), 75, 'png', kind, [], 'ja'),
  )
  expect((await Promise.all(moments)).map((path) => basename(path))).toEqual([
    ...['a 0-01-15の場面.png', 'a 0-01-15の場面（高画質化前）.png', 'a 0-01-15の場面（高画質化後）.png'],
  ])
  expect(await suggestOutput(join(at, 'a.mp4'), '../x', 'enhanced')).toBe(join(at, 'a (enhanced).x'))
})

test('an output is looked at before it is written', async () => {
  const at = folder()
  const path = join(at, 'tape.mp4')
  writeFileSync(path, '')
  symlinkSync(path, join(at, 'link.mp4'))
  expect(await checkOutput(join(at, 'link.mp4'), [path], [])).toMatchObject({
    exists: true,
    isSource: true,
    refusal: undefined,
  })
  expect(await checkOutput(join(at, 'new.mp4'), [path], [])).toMatchObject({ exists: false, isSource: false })
  expect(await checkOutput(join(at, 'no', 'new.mp4'), [], [])).toMatchObject({
    exists: false,
    refusal: { key: 'outputFolderGone' },
  })
  expect(await checkOutput(at, [], [])).toMatchObject({ refusal: { key: 'outputIsFolder' } })
  expect(await checkOutput(join(at, `${'x'.repeat(300)}.mp4`), [], [])).toMatchObject({
    refusal: { key: 'outputNameTooLong' },
  })
  expect(await checkOutput(`${at}/a\0b.mp4`, [], [])).toMatchObject({ refusal: { key: 'outputNameNul' } })
  expect(await codeOf(checkTarget(`${at}/a\0b.mp4`, [path], true))).toBe('output-not-writable')
})

test.each([
  [undefined, undefined],
  ['bytes=0-', { from: 0, to: 99 }],
  ['bytes=10-19', { from: 10, to: 19 }],
  ['bytes=10-1000', { from: 10, to: 99 }],
  ['bytes=-5', { from: 95, to: 99 }],
  ['bytes=-500', { from: 0, to: 99 }],
  ['bytes=100-', null],
  ['bytes=20-10', null],
  ['bytes=-0', null],
  ['bytes=-', undefined],
  ['bytes=0-1,5-6', undefined],
  ['items=0-1', undefined],
])('a range of 100 bytes: %s', (header, wanted) => expect(parseRange(header, 100)).toEqual(wanted))

test('pictures: one making for equal requests, two at a time, remembered, and not made for nobody', async () => {
  const pictures = createPictures({ bytes: 4 })
  let made = 0
  let busy = 0
  let most = 0
  const make = async (): Promise<Uint8Array> => {
    most = Math.max(most, ++busy)
    await new Promise((resolve) => setTimeout(resolve, 5))
    busy--
    made++
    return Uint8Array.of(1, 2)
  }
  await Promise.all(['a', 'a', 'b', 'c', 'd'].map((key) => pictures.get(key, make)))
  expect([made, most]).toEqual([4, 2])
  await pictures.get('d', make) // remembered
  await pictures.get('a', make) // pushed out by c and d
  expect(made).toBe(5)

  const controller = new AbortController()
  const others = [pictures.get('x', make), pictures.get('y', make)]
  const unwanted = pictures.get('z', make, controller.signal)
  controller.abort()
  await expect(unwanted).rejects.toMatchObject({ code: 'cancelled' })
  await Promise.all(others)
  expect(made).toBe(7)
  await expect(pictures.get('bad', () => Promise.reject(new Error('no')))).rejects.toThrow('no')
  await pictures.get('bad', make) // a failure is not remembered
})

test('the models that ship are what was exported, every file of them', async () => {
  const shipped = join(root, 'resources', 'models')
  const models = createModels(shipped, join(folder(), 'own'))
  const found = await models.list()
  expect(found.map(({ info }) => info.id)).toEqual(
    expect.arrayContaining(['heirloom-s', 'heirloom-m', 'heirloom-m-texture']),
  )
  for (const { folder: at, info } of found) {
    const files = readdirSync(at).filter((name) => name.endsWith('.safetensors'))
    const { hashes } = JSON.parse(readFileSync(join(at, 'model.json'), 'utf8')) as { hashes: object }
    expect(Object.keys(hashes).sort(), info.id).toEqual(files.sort())
  }
})

test.each(['model.safetensors', 'model-x4.safetensors'])(
  'a shipped model with one changed bit in %s is not used; the same folder as one of a person is',
  async (name) => {
    const at = folder()
    const to = join(at, 'shipped', 'heirloom-s')
    cpSync(join(root, 'resources', 'models', 'heirloom-s'), to, { recursive: true })
    const { info } = await createModels(join(at, 'shipped'), join(at, 'own')).find('heirloom-s')
    const bytes = readFileSync(join(to, name))
    bytes[bytes.length - 9]! ^= 1
    writeFileSync(join(to, name), bytes)
    await expect(createModels(join(at, 'shipped'), join(at, 'own')).find('heirloom-s')).rejects.toMatchObject(
      {
        ...{ code: 'weights-corrupt', sentence: { key: 'modelAltered', values: { path: join(to, name) } } },
      },
    )
    const { found, unusable } = await createModels(join(at, 'shipped'), join(at, 'own')).all()
    expect(found).toEqual([]) // it is not listed as one to use, and not silently gone
    expect(unusable).toMatchObject([
      { id: 'heirloom-s', failure: { code: 'weights-corrupt', sentence: { key: 'modelAltered' } } },
    ])
    const own = await createModels(join(at, 'none'), join(at, 'shipped')).find('heirloom-s')
    expect(own.info.hash).not.toBe(info.hash)
  },
)

test("the estimator's weights are those that came with Heirloom, and one changed bit is found", async () => {
  const at = join(folder(), 'estimator')
  cpSync(join(root, 'resources', 'estimator'), at, { recursive: true })
  await expect(checkEstimator(at)).resolves.toMatch(/^[0-9a-f]{64}$/)
  const bytes = readFileSync(join(at, 'model.safetensors'))
  bytes[bytes.length - 9]! ^= 1
  writeFileSync(join(at, 'model.safetensors'), bytes)
  await expect(checkEstimator(at)).rejects.toMatchObject({
    ...{ code: 'weights-corrupt', sentence: { key: 'estimatorAltered' } },
  })
})
