// Keepsake photos through the whole app and the real engine, with the small model of the goldens in the models folder: made, opened, restored; what is
// damaged is told and shown as far as it goes; without the model it is said which one it would be.
import { cpSync, existsSync, mkdirSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { beforeAll, expect, test } from 'vitest'
import type { Host } from '../../../electron/app/host/host.js'
import { exifOf } from '../../../electron/ffmpeg/exifBytes.js'
import { readPhoto } from '../../../electron/ffmpeg/keepsakePhoto.js'
import { writePhotoFile } from '../../../electron/shared/media/keepsake/photo.js'
import type { PhotoRequest } from '../../../electron/shared/contract/photo.js'
import type { JobState } from '../../../electron/shared/contract/job.js'
import { keepsakeModel } from '../../../electron/shared/document/project.js'
import { bundle, root, tool } from '../../engine/bundle.js'
import { folder } from '../folder.js'
import { ended, hostIn, untouched } from '../hosting.js'

const at = folder()
const place = (name: string): string => join(at, name)
const models = place('data/models')
let host: Host

const pixels = (path: string): Buffer => {
  const raw = place('pixels.raw')
  tool('ffmpeg', ['-v', 'error', '-y', '-i', path, '-f', 'rawvideo', '-pix_fmt', 'rgb24', raw])
  return readFileSync(raw)
}

type Output = Partial<PhotoRequest['output']>
async function saved(input: string, name: string, over: Output = {}, enhance = untouched): Promise<JobState> {
  const { id } = await host.api.sources.open(place(input))
  const format = name.endsWith('.hlm') ? 'hlm' : 'png'
  const output = { path: place(name), format, mayOverwrite: false, ...over } as const
  return ended(host, await host.api.render.photo({ sourceId: id, frame: 0, way: 'frame', enhance, output }))
}
const restoring = (strength: number): typeof untouched => ({
  ...{ ...untouched, isEnabled: true, model: keepsakeModel, scale: 1, strength },
})

function addModel(): void {
  mkdirSync(models, { recursive: true })
  cpSync(join(root, 'test/fixtures/residual-codec-golden'), join(models, 'small-photo'), { recursive: true })
}

beforeAll(async () => {
  await bundle()
  addModel()
  tool('ffmpeg', [
    ...['-v', 'error', '-f', 'lavfi', '-i', 'mandelbrot=size=301x200', '-frames:v', '1', place('still.png')],
  ])
  host = await hostIn(at)
  // With a camera, as photos have one: by the writer of our own photos.
  const plain = await host.api.sources.open(place('still.png'))
  const output = { path: place('photo.jpg'), format: 'jpeg', mayOverwrite: false } as const
  await ended(
    host,
    await host.api.render.photo({ sourceId: plain.id, frame: 0, way: 'frame', enhance: untouched, output }),
  )
})

test('a photo becomes a Keepsake photo of its size, by quality or by size, and says what it is', async () => {
  const job = await saved('photo.jpg', 'fine.hlm', { keepsake: { quality: 63 } })
  expect([job.state, job.failure]).toEqual(['done', undefined])
  expect(job.notes.map(({ key }) => key)).toContain('noteKeepsakeMade')
  const photo = await readPhoto(place('fine.hlm'))
  expect(photo?.info).toMatchObject({
    ...{ width: 301, height: 200, quality: 63, invented: { inPhoto: [], onTop: ['detail'] } },
    model: { name: 'residual-codec-golden' },
  })
  const exif = await exifOf(place('photo.jpg'), 'jpeg_pipe')
  expect(exif?.length).toBeGreaterThan(20)
  expect(photo?.exif && Buffer.from(photo.exif).equals(Buffer.from(exif ?? []))).toBe(true)
  const bytes = readFileSync(place('fine.hlm')).length
  const small = await saved('photo.jpg', 'small.hlm', { keepsake: { mostBytes: bytes - 1 } })
  expect(small.state).toBe('done')
  expect(readFileSync(place('small.hlm')).length).toBeLessThan(bytes)
  expect((await readPhoto(place('small.hlm')))?.info.quality).toBeLessThan(63)
  const none = await saved('photo.jpg', 'none.hlm', { keepsake: { mostBytes: 100 } })
  expect(none.failure?.sentence?.key).toBe('keepsakePhotoTooLarge')
  expect(existsSync(place('none.hlm'))).toBe(false)
})

test('it is opened as a photo, says what it is, and is made a picture once', async () => {
  const source = await host.api.sources.open(place('fine.hlm'))
  expect(source).toMatchObject({
    name: 'fine.hlm',
    path: place('fine.hlm'),
    video: { width: 301, height: 200 },
  })
  expect(source.warnings.map(({ key }) => key)).toEqual(['noteKeepsakePhoto'])
  const kept = readdirSync(place('cache/stills'))
  expect(kept.map((name) => name.slice(64)).sort()).toEqual(['.json', '.png'])
  await host.api.sources.open(place('fine.hlm'))
  expect(readdirSync(place('cache/stills'))).toEqual(kept)
  // A cache may be emptied at any time.
  rmSync(place('cache/stills'), { recursive: true })
  const job = await saved('fine.hlm', 'shown.png')
  expect([job.state, job.failure]).toEqual(['done', undefined])
})

test('restored, it is a photo that says what was drawn; without detail it is what is shown', async () => {
  expect((await saved('fine.hlm', 'faithful.png', {}, restoring(0))).state).toBe('done')
  expect((await saved('fine.hlm', 'detailed.png', {}, restoring(1))).state).toBe('done')
  const [shown, faithful, detailed] = ['shown', 'faithful', 'detailed'].map((name) =>
    pixels(place(`${name}.png`)),
  )
  expect(faithful?.equals(shown ?? Buffer.alloc(0))).toBe(true)
  expect(detailed?.equals(faithful ?? Buffer.alloc(0))).toBe(false)
  expect(readFileSync(place('detailed.png'), 'latin1')).toContain('detail 1 drawn, not photographed')
  expect(readFileSync(place('faithful.png'), 'latin1')).toContain('from a Keepsake photo')
})

test('what is damaged is told, and shown as far as it goes; without its head nothing is', async () => {
  const photo = await readPhoto(place('fine.hlm'))
  if (!photo) throw new Error('it was not read')
  const bytes = Buffer.from(readFileSync(place('fine.hlm')))
  const from = bytes.indexOf(Buffer.from(photo.side)) + Math.floor(photo.side.length / 2)
  bytes[from] = (bytes[from] ?? 0) ^ 0xff
  writeFileSync(place('hurt.hlm'), bytes)
  const source = await host.api.sources.open(place('hurt.hlm'))
  const keys = source.warnings.map(({ key }) => key)
  expect(keys).toEqual(['noteKeepsakePhoto', 'keepsakePhotoDamaged', 'keepsakePhotoTiles'])
  expect((await saved('hurt.hlm', 'hurt.png')).state).toBe('done')
  bytes[14] = 7
  writeFileSync(place('headless.hlm'), bytes)
  const refused = host.api.sources.open(place('headless.hlm'))
  await expect(refused).rejects.toMatchObject({ code: 'keepsake-photo-damaged' })
  writeFileSync(place('foreign.hlm'), writePhotoFile({ ...photo, side: new Uint8Array([1, 2, 3]) }))
  const foreign = await host.api.sources.open(place('foreign.hlm'))
  expect(foreign.warnings.map(({ key }) => key)).toContain('keepsakePhotoTiles')
})

test('its model is in no list of enhancers; without it the photo says which it would be, and none is made', async () => {
  const there = await host.api.app.info()
  expect(there.photoModels.map(({ id }) => id)).toEqual(['small-photo'])
  expect([...there.models, ...there.unusable].map(({ id }) => id)).not.toContain('small-photo')
  rmSync(models, { recursive: true })
  const { sha256 } = (await readPhoto(place('small.hlm')))?.info.model ?? {}
  await expect(host.api.sources.open(place('small.hlm'))).rejects.toMatchObject({
    ...{ code: 'weights-missing', sentence: { key: 'keepsakePhotoModel', values: { hash: sha256 } } },
  })
  await expect(saved('photo.jpg', 'none.hlm')).rejects.toMatchObject({
    ...{ code: 'weights-missing', sentence: { key: 'keepsakePhotoNoModel' } },
  })
  expect(existsSync(place('none.hlm'))).toBe(false)
  addModel()
})
