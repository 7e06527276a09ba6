// The app with the real engine and the shipped model, on pictures small enough for a test.
import { copyFileSync, mkdirSync, readFileSync, readdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { beforeAll, describe, expect, test } from 'vitest'
import type { Host } from '../../../electron/app/host/host.js'
import type { Source } from '../../../electron/shared/media/source.js'
import { type EnhanceSettings, defaultEnhance } from '../../../electron/shared/document/project.js'
import { bundle, countFrames, film, root, tool } from '../../engine/bundle.js'
import { placeAble } from '../able.js'
import { folder } from '../folder.js'
import { ended, hostIn, outputAt, projectOf } from '../hosting.js'

const at = folder()
const shipped = join(root, 'resources', 'models', 'heirloom-s')
const frames = 60
let host: Host
let source: Source
let serial = 0
const fresh = (ending = 'mp4'): string => join(at, `out-${++serial}.${ending}`)

/** A copy of the shipped model in the person's own folder, changed. */
function model(
  id: string,
  change: (files: { json: Record<string, unknown>; weights: Buffer }) => void,
): EnhanceSettings {
  const to = join(at, 'data', 'models', id)
  mkdirSync(to, { recursive: true })
  for (const name of readdirSync(shipped)) copyFileSync(join(shipped, name), join(to, name))
  const json = JSON.parse(readFileSync(join(shipped, 'model.json'), 'utf8')) as Record<string, unknown>
  const name = String(json.weights)
  const files = { json, weights: readFileSync(join(shipped, name)) }
  change(files)
  writeFileSync(join(to, 'model.json'), JSON.stringify(files.json))
  writeFileSync(join(to, name), files.weights)
  return { ...defaultEnhance, model: id }
}
/** How an export with these settings ends: the code of its failure, or undefined. */
async function codeOf(enhance: EnhanceSettings, range = { from: 0, to: 4 }): Promise<string | undefined> {
  try {
    const project = projectOf(source, frames, range, enhance)
    return (await ended(host, await host.api.render.export({ project, output: outputAt(fresh()) }))).failure
      ?.code
  } catch (error) {
    return String((error as { code?: unknown }).code)
  }
}

const hashOfPictures = (path: string, count = 1000): string =>
  tool('ffmpeg', ['-v', 'error', '-i', path, '-an', '-frames:v', String(count), '-f', 'md5', '-'])

beforeAll(async () => {
  await bundle()
  film(join(at, 'tape.mp4'), { frames, size: '64x48' })
  host = await hostIn(at)
  source = await host.api.sources.open(join(at, 'tape.mp4'))
})

test.each([1, 2, 4] as const)('enlarged %i times, every frame once', async (scale) => {
  const path = fresh()
  const project = projectOf(source, frames, { from: 7, to: 30 }, { ...defaultEnhance, scale })
  const job = await ended(host, await host.api.render.export({ project, output: outputAt(path) }))
  expect(job.failure).toBeUndefined()
  expect(countFrames(path)).toBe(23)
  const { video } = await host.api.sources.open(path)
  expect([video.width, video.height]).toEqual([64 * scale, 48 * scale])
})

test.each([1, 2, 3, 5])('a clip of %i frames is still that long', async (count) => {
  const path = fresh()
  const project = projectOf(source, frames, { from: 20, to: 20 + count }, defaultEnhance)
  const job = await ended(host, await host.api.render.export({ project, output: outputAt(path) }))
  expect(job.failure).toBeUndefined()
  expect(countFrames(path)).toBe(count)
})

test('a preview shows what is enhanced, at the size it will have', async () => {
  const id = await host.api.render.preview({ sourceId: source.id, from: 10, to: 20, enhance: defaultEnhance })
  const job = await ended(host, id)
  expect(job).toMatchObject({
    state: 'done',
    framesDone: 10,
    preview: { from: 10, to: 20, width: 128, height: 96 },
  })
  const pictures = await Promise.all(
    [10, 19].map((frame) =>
      host.serve({ kind: 'rendered', sourceId: source.id, recipe: job.preview?.recipe ?? '', frame }, {}),
    ),
  )
  expect(pictures.map((picture) => picture.status)).toEqual([200, 200])
})

test('the first estimate measures, the next one remembers', async () => {
  const request = { project: projectOf(source, frames, undefined, defaultEnhance), output: outputAt(fresh()) }
  const { workMs } = await host.api.render.estimate(request)
  expect(workMs).toBeGreaterThan(0)
  expect((await host.api.render.estimate(request)).workMs).toBe(workMs)
})

test('weights that are cut off, of another kind, or nonsense inside are refused, each by its name', async () => {
  const cut = model('cut', (files) => (files.weights = files.weights.subarray(0, files.weights.length - 100)))
  expect(await codeOf(cut)).toBe('weights-corrupt')
  const other = model('other', (files) => (files.json.graph = 'convolutions-only'))
  expect(await codeOf(other)).toBe('weights-unsupported')
  const bent = model('bent', (files) => {
    const config = files.json.config as Record<string, unknown>
    files.json.config = { ...config, layers: 40 }
  })
  expect(await codeOf(bent)).toMatch(/weights-(corrupt|unsupported|missing)/)
  const noise = model('noise', (files) => files.weights.fill(0x7b, 0, 2000))
  expect(await codeOf(noise)).toBe('weights-corrupt')
  expect(await codeOf(defaultEnhance)).toBeUndefined() // and the app lives
})

test('a scale the model does not do is refused before anything starts', async () => {
  const narrow = model('narrow', (files) => (files.json.scales = [2]))
  expect(await codeOf({ ...narrow, scale: 4 })).toBe('bad-argument')
})

describe('a model that was trained for strengths', () => {
  const able: EnhanceSettings = { ...defaultEnhance, model: 'able', scale: 1 }
  beforeAll(() => placeAble(join(at, 'data', 'models')))
  /** Every picture of a lossless export with these settings, and the note in the file. */
  async function made(enhance: EnhanceSettings): Promise<{ hash: string; note: string }> {
    const path = fresh('mkv')
    const output = outputAt(path, { container: 'mkv', codec: 'ffv1' })
    const project = projectOf(source, frames, { from: 0, to: 6 }, enhance)
    const job = await ended(host, await host.api.render.export({ project, output }))
    expect(job.failure).toBeUndefined()
    const { tags } = await host.api.sources.open(path)
    return { hash: hashOfPictures(path), note: JSON.stringify(tags) }
  }

  test('each look and strength makes its own film, and the file says which numbers it was', async () => {
    const [gentle, natural, strong] = [
      await made({ ...able, look: 'gentle' }),
      await made(able),
      await made({ ...able, look: 'strong' }),
    ]
    expect(new Set([gentle.hash, natural.hash, strong.hash]).size).toBe(3)
    expect(gentle.note).toContain('model able, x1, strength 0.3, detail 0.8, seed 0')
    expect(natural.note).toContain('model able, x1, strength 0.6, seed 0')
    const byHand = await made({ ...able, look: 'strong', strength: 0.6 })
    expect(byHand.hash).toBe(natural.hash)
  })

  test('strength 0 at the same size is the source bit for bit', async () => {
    const nothing = await made({ ...able, strength: 0 })
    expect(nothing.hash).toBe(hashOfPictures(source.path, 6))
    expect(nothing.hash).not.toBe((await made(able)).hash)
  })

  test('a photo and a preview take the look too', async () => {
    const photo = async (look: EnhanceSettings['look']): Promise<Buffer> => {
      const output = { path: fresh('png'), format: 'png' as const, mayOverwrite: false }
      const request = { sourceId: source.id, frame: 9, way: 'frame' as const, enhance: { ...able, look } }
      expect((await ended(host, await host.api.render.photo({ ...request, output }))).failure).toBeUndefined()
      return readFileSync(output.path)
    }
    const gentle = await photo('gentle')
    expect(gentle.toString('latin1')).toContain('strength 0.3, detail 0.8')
    expect((await photo('strong')).toString('latin1')).toContain('strength 1, seed 0')
    const picture = async (look: EnhanceSettings['look']): Promise<Buffer> => {
      const id = await host.api.render.preview({
        sourceId: source.id,
        from: 0,
        to: 4,
        enhance: { ...able, look },
      })
      const job = await ended(host, id)
      expect(job.failure).toBeUndefined()
      const recipe = job.preview?.recipe ?? ''
      const answer = await host.serve({ kind: 'rendered', sourceId: source.id, recipe, frame: 2 }, {})
      return Buffer.from(await new Response(answer.body as BodyInit).arrayBuffer())
    }
    expect((await picture('gentle')).equals(await picture('strong'))).toBe(false)
  })

  test('a strength in between is refused by a model that does not know it', async () => {
    const untrained = (files: { json: Record<string, unknown> }): void => {
      files.json.config = { ...(files.json.config as object), strength: null }
    }
    const boastful = model('boastful', untrained)
    expect(await codeOf({ ...boastful, strength: 0.5 })).toBe('weights-corrupt')
    const full = model('full', (files) => {
      untrained(files)
      delete files.json.contract // as the first versions wrote models
    })
    expect(await codeOf({ ...full, strength: 0.5 })).toBe('bad-argument')
  })
})

test('too little memory is refused with numbers, and the app lives', async () => {
  process.env.HEIRLOOM_MEMORY_LIMIT = '2000000'
  const poor = await hostIn(at)
  delete process.env.HEIRLOOM_MEMORY_LIMIT
  const opened = await poor.api.sources.open(source.path)
  const project = projectOf(opened, frames, { from: 0, to: 8 }, defaultEnhance)
  const job = await ended(poor, await poor.api.render.export({ project, output: outputAt(fresh()) }))
  expect(job.failure?.code).toBe('out-of-memory')
  expect(job.failure?.message).toMatch(/\d/)
  expect(job.failure?.sentence?.key).toMatch(/^engineMemory/) // known again: the window can say it in its language
  const again = await poor.api.render.export({
    ...{ project: projectOf(opened, frames, { from: 0, to: 8 }), output: outputAt(fresh()) },
  })
  expect((await ended(poor, again)).state).toBe('done')
})
