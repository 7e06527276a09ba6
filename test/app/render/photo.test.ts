// A photo through the whole app with the real engine, on pictures small enough for a test.
import { existsSync, readFileSync, readdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { beforeAll, expect, test } from 'vitest'
import type { Host } from '../../../electron/app/host/host.js'
import { type PhotoRequest } from '../../../electron/shared/contract/photo.js'
import { defaultEnhance } from '../../../electron/shared/document/project.js'
import type { Source } from '../../../electron/shared/media/source.js'
import { message } from '../../../electron/shared/words/sentences.js'
import { bundle, film, tool } from '../../engine/bundle.js'
import { folder } from '../folder.js'
import { ended, hostIn, untouched } from '../hosting.js'

const at = folder()
let host: Host
let source: Source

/** Codes of the first picture of a file. */
const pixels = (path: string, filter = 'null', format = 'rgb24'): Buffer => {
  const raw = join(at, 'pixels.raw')
  tool('ffmpeg', [
    '-v',
    'error',
    '-y',
    '-i',
    path,
    '-vf',
    filter,
    '-frames:v',
    '1',
    '-f',
    'rawvideo',
    '-pix_fmt',
    format,
    raw,
  ])
  return readFileSync(raw)
}
const difference = (a: Buffer, b: Buffer): number => {
  expect(a.length).toBe(b.length)
  return a.reduce((sum, value, i) => sum + Math.abs(value - (b[i] ?? 0)), 0) / a.length
}
const request = (name: string, over: Partial<PhotoRequest> = {}): PhotoRequest => ({
  ...{ sourceId: source.id, frame: 20, way: 'moment', enhance: defaultEnhance },
  output: { path: join(at, name), format: 'png', mayOverwrite: false },
  ...over,
})

beforeAll(async () => {
  await bundle()
  film(join(at, 'tape.mp4'), { frames: 40, size: '96x64' })
  host = await hostIn(at)
  source = await host.api.sources.open(join(at, 'tape.mp4'))
})

test('a moment becomes a photo of twice the size that shows that moment, and says how', async () => {
  const counts: number[] = []
  const id = await host.api.render.photo(request('moment.png'))
  const job = await ended(host, id, ({ framesDone }) => counts.push(framesDone))
  expect(job).toMatchObject({
    kind: 'photo',
    state: 'done',
    framesDone: 42,
    framesTotal: 42,
    outputPath: join(at, 'moment.png'),
  })
  expect(job.notes[0]?.key).toMatch(/^noteHelped/)
  expect(job.notes[0]?.values['count']).toBeGreaterThan(0)
  expect(counts.some((count) => count > 0 && count < 17)).toBe(true) // merged
  const photo = await host.api.sources.open(join(at, 'moment.png'))
  expect([photo.video.width, photo.video.height]).toEqual([192, 128])
  const plain = pixels(join(at, 'tape.mp4'), 'select=eq(n\\,20),scale=192:128:flags=bicubic')
  expect(difference(pixels(join(at, 'moment.png')), plain)).toBeLessThan(8)
})

test('with enhancement off and alone, a photo is the frame itself', async () => {
  const wanted = request('plain.png', { way: 'frame', enhance: untouched })
  expect((await ended(host, await host.api.render.photo(wanted))).failure).toBeUndefined()
  // Brightness only: where colour samples lie is not what this test is about.
  const plain = pixels(join(at, 'tape.mp4'), 'select=eq(n\\,20)', 'gray')
  expect(difference(pixels(join(at, 'plain.png'), 'null', 'gray'), plain)).toBeLessThan(1.5)
})

test.each([
  ['last.jpg', 'jpeg', 39, 9 + 17],
  ['first.tif', 'tiff', 0, 9 + 9],
] as const)('the ends of the film have moments too: %s', async (name, format, frame, framesTotal) => {
  const output = { path: join(at, name), format, mayOverwrite: false }
  const job = await ended(host, await host.api.render.photo(request(name, { frame, output })))
  expect(job).toMatchObject({ state: 'done', framesTotal })
  expect(existsSync(join(at, name))).toBe(true)
})

test('a photo file goes the same way and is told that it gains less', async () => {
  const still = await host.api.sources.open(join(at, 'plain.png'))
  const wanted = request('better.png', { sourceId: still.id, frame: 0 })
  const job = await ended(host, await host.api.render.photo(wanted))
  expect(job.failure).toBeUndefined()
  expect(job.notes).toEqual([message('noteStill')])
  expect((await host.api.sources.open(join(at, 'better.png'))).video).toMatchObject({
    width: 192,
    height: 128,
  })
})

test('a photo of odd size keeps it', async () => {
  tool('ffmpeg', [
    '-v',
    'error',
    '-y',
    '-i',
    join(at, 'plain.png'),
    '-vf',
    'crop=51:39:0:0',
    join(at, 'odd.png'),
  ])
  const still = await host.api.sources.open(join(at, 'odd.png'))
  const job = await ended(
    host,
    await host.api.render.photo(request('odd x2.png', { sourceId: still.id, frame: 0 })),
  )
  expect(job.failure).toBeUndefined()
  expect((await host.api.sources.open(join(at, 'odd x2.png'))).video).toMatchObject({
    width: 102,
    height: 78,
  })
})

test('what cannot be done is refused before anything starts, each by its name', async () => {
  const refused = (wanted: PhotoRequest): Promise<string> =>
    host.api.render.photo(wanted).then(
      () => 'nothing',
      (error: unknown) => String((error as { code?: unknown }).code),
    )
  writeFileSync(join(at, 'there.png'), 'mine')
  const output = (name: string) => ({ path: join(at, name), format: 'png' as const, mayOverwrite: false })
  expect(await refused(request('late.png', { frame: 40 }))).toBe('empty-range')
  expect(await refused(request('', { output: output('there.png') }))).toBe('output-exists')
  expect(await refused(request('', { output: output('photo.gif') }))).toBe('bad-argument')
  expect(await refused(request('', { output: { ...output('tape.mp4'), mayOverwrite: true } }))).toBe(
    'bad-argument',
  )
  expect(await refused(request('x.png', { enhance: { ...defaultEnhance, model: 'none' } }))).toBe(
    'weights-missing',
  )
  expect(readFileSync(join(at, 'there.png'), 'utf8')).toBe('mine')
})

test('a photo that is stopped leaves nothing', async () => {
  const id = await host.api.render.photo(request('stopped.png', { enhance: { ...defaultEnhance, scale: 4 } }))
  await host.api.jobs.cancel(id)
  expect((await ended(host, id)).state).toBe('cancelled')
  expect(readdirSync(at).filter((name) => name.startsWith('stopped'))).toEqual([])
})

test('a suggested name says the moment and is free', async () => {
  const first = await host.api.files.suggestPhoto(source.id, 26, 'jpeg', 'photo')
  expect(first).toBe(join(at, 'tape at 0-00-01.jpg'))
  writeFileSync(first, '')
  expect(await host.api.files.suggestPhoto(source.id, 26, 'jpeg', 'photo')).toBe(
    join(at, 'tape at 0-00-01 (2).jpg'),
  )
  expect(await host.api.files.suggestPhoto(source.id, 26, 'png', 'before')).toBe(
    join(at, 'tape at 0-00-01 before.png'),
  )
})
