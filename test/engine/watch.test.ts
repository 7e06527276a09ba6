// A model that gives no pictures is noticed, and no film is written; what is dark, still, fading or noisy by itself is left in peace.
import { mkdirSync, readFileSync, readdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { beforeAll, describe, expect, test } from 'vitest'
import { frameCount } from '../../electron/shared/media/frameTable.js'
import type { Host } from '../../electron/app/host/host.js'
import { createWatch } from '../../electron/engine/watch.js'
import type { FrameFormat } from '../../electron/ffmpeg/format.js'
import { defaultEnhance } from '../../electron/shared/document/project.js'
import { folder } from '../app/folder.js'
import { ended, outputAt, projectOf } from '../app/hosting.js'
import { make, openHost } from '../formats/kit.js'
import { root } from './bundle.js'

const small: FrameFormat = {
  ...{ width: 128, height: 96, bits: 8, chroma: '420', siting: 'left', matrix: 'bt601', range: 'limited' },
}
const deep: FrameFormat = { ...small, width: 192, height: 144, bits: 10 }

type Luma = (x: number, y: number, n: number) => number

/** x and y run from 0 to 1, luma is in codes of 8 bits. */
function picture({ width, height, bits }: FrameFormat, luma: Luma, n: number): Uint8Array {
  const codes = new (bits > 8 ? Uint16Array : Uint8Array)((width * height * 3) / 2)
  for (let i = 0; i < width * height; i++) {
    const [x, y] = [(i % width) / width, Math.floor(i / width) / height]
    codes[i] = Math.round(luma(x, y, n) * 2 ** (bits - 8))
  }
  return new Uint8Array(codes.buffer)
}

/** Pictures go in and come out two later, as with a model that looks ahead; what is said of them. */
function judged(input: Luma, output: Luma, count = 20): string {
  const watch = createWatch(small, deep, (fault, frame) => new Error(`${fault} ${frame}`))
  try {
    for (let n = 0; n < count + 2; n++) {
      if (n < count) watch.pushed(picture(small, input, n), n)
      if (n >= 2) watch.produced(picture(deep, output, n - 2), n - 2, n > 2)
    }
    watch.finish()
    return 'fine'
  } catch (error) {
    return (error as Error).message
  }
}

/** The same of a model that makes two pictures of one. */
function judgedTwice(input: Luma, output: Luma, count = 20): string {
  const watch = createWatch(small, deep, (fault, frame) => new Error(`${fault} ${frame}`))
  try {
    for (let n = 0; n < count + 2; n++) {
      if (n < count) watch.pushed(picture(small, input, n), 10 * n)
      for (const time of n >= 2 ? [10 * (n - 2), 10 * (n - 2) + 5] : [])
        watch.produced(picture(deep, output, time / 10), time, n > 2)
    }
    watch.finish()
    return 'fine'
  } catch (error) {
    return (error as Error).message
  }
}

const noise = (deviation: number): number =>
  deviation * (Math.random() + Math.random() + Math.random() + Math.random() - 2) * Math.sqrt(3)
const slope: Luma = (x) => 40 + 150 * x
const moving: Luma = (x, _, n) => 40 + 150 * ((x + n / 10) % 1)
const black: Luma = () => 16
const dark: Luma = () => 24 + noise(8)

test.each<[string, Luma, Luma, number, string]>([
  ['black where the source shows something', moving, black, 20, 'flat 1'],
  ['grey where the source stands still', slope, () => 128, 20, 'flat 1'],
  ['from the middle on', moving, (x, y, n) => (n < 9 ? moving(x, y, n) : 235), 20, 'flat 9'],
  ['the only picture', slope, black, 2, 'flat 1'],
  ['the same picture again and again', moving, slope, 20, 'frozen 1'],
  ['frozen from the middle on', moving, (x, y, n) => moving(x, y, Math.min(n, 6)), 20, 'frozen 6'],
])('wrong: %s', (_, input, output, count, said) => expect(judged(input, output, count)).toBe(said))

test('pictures between those of the source are held against the one on show, and told by its number', () => {
  expect(judgedTwice(moving, moving)).toBe('fine')
  expect(judgedTwice(moving, (x, y, n) => (n < 9 ? moving(x, y, n) : 235))).toBe('flat 9')
  expect(judgedTwice(moving, (x, y, n) => moving(x, y, Math.min(n, 6)))).toBe('frozen 6')
})

test.each<[string, Luma, Luma, number?]>([
  ['a good result', moving, moving],
  ['a black scene', black, black],
  ['a dark scene, its noise gone', dark, () => 24],
  [
    'a dark scene with a light, its noise gone',
    (x, y) => dark(x, y, 0) + (x < 0.1 ? 20 : 0),
    (x) => (x < 0.1 ? 44 : 24),
  ],
  ['a source that stands still', slope, slope],
  ['a still source with heavy noise, all of it gone', (x) => slope(x, 0, 0) + noise(25), slope],
  [
    'a fade to black',
    (x, _, n) => 16 + (slope(x, 0, 0) - 16) * (1 - n / 19),
    (x, _, n) => 16 + (slope(x, 0, 0) - 16) * (1 - n / 19),
  ],
  ['a single flash that is lost', (x, _, n) => (n === 10 ? slope(x, 0, 0) : 16), black],
  ['one dark photo', black, black, 2],
])('not wrong: %s', (_, input, output, count) => expect(judged(input, output, count)).toBe('fine'))

describe('with the engine', () => {
  const at = folder()
  let host: Host

  /** The small model, every weight of it NaN. */
  function placeBroken(id: string): void {
    const fixture = join(root, 'test', 'fixtures', 'heirloom-s-golden')
    const to = join(at, 'data', 'models', id)
    mkdirSync(to, { recursive: true })
    writeFileSync(join(to, 'model.json'), readFileSync(join(fixture, 'model.json')))
    const bytes = readFileSync(join(fixture, 'model.safetensors'))
    bytes.fill(0xff, 8 + Number(bytes.readBigUInt64LE()))
    writeFileSync(join(to, 'model.safetensors'), bytes)
  }

  const films: [name: string, words: string[]][] = [
    [
      'shows.mp4',
      ['-f', 'lavfi', '-i', 'testsrc2=s=96x64:r=25:d=1', '-c:v', 'libx264', '-preset', 'ultrafast'],
    ],
    [
      'shows.mkv',
      ['-f', 'lavfi', '-i', 'testsrc=s=96x64:r=25:d=1', '-c:v', 'ffv1', '-pix_fmt', 'yuv422p10le'],
    ],
  ]

  beforeAll(async () => {
    placeBroken('nothing')
    host = await openHost(at)
  })

  const enhance = { ...defaultEnhance, model: 'nothing' }
  const refused = {
    state: 'failed',
    failure: { code: 'engine-failed', sentence: { key: 'modelFlat', values: { at: '0:00.0' } } },
  }
  const leftFiles = (): string[] =>
    [at, join(at, 'cache', 'segments')].flatMap((place) =>
      readdirSync(place).filter((name) => /^out|part|\.mov$/.test(name)),
    )

  test.each(films)('weights of NaN make no film of %s, and leave nothing', async (name, words) => {
    const source = await host.api.sources.open(make(at, ...words, name))
    const frames = frameCount(await host.api.sources.frameTable(source.id))
    const project = projectOf(source, frames, undefined, enhance)
    const output = outputAt(join(at, 'out.mp4'))
    expect(await ended(host, await host.api.render.export({ project, output }))).toMatchObject(refused)
    const photo = { path: join(at, 'out.png'), format: 'png' as const, quality: 90, mayOverwrite: false }
    const request = { sourceId: source.id, frame: 0, way: 'frame' as const, enhance, output: photo }
    expect(await ended(host, await host.api.render.photo(request))).toMatchObject(refused)
    expect(leftFiles()).toEqual([])
  })
})
