// A Keepsake restored: what is drawn has the statistics that its part says, hangs on nothing but its place in the film, and is nothing where nothing is asked
// for; a part that cannot be used is told, and the film is itself.
import { copyFileSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Host } from '../../../electron/app/host/host.js'
import { createEngine } from '../../../electron/engine/client.js'
import { readKeepsake } from '../../../electron/ffmpeg/keepsakeBox.js'
import type { JobState } from '../../../electron/shared/contract/job.js'
import {
  type EnhanceSettings,
  defaultEnhance,
  keepsakeModel,
} from '../../../electron/shared/document/project.js'
import { restored } from '../../../electron/shared/document/restoring.js'
import {
  type Picture,
  type Samples,
  grainOf,
  lookAtGrain,
} from '../../../electron/shared/media/keepsake/grainMeasure.js'
import type { Source } from '../../../electron/shared/media/source.js'
import { makePlan } from '../../../electron/shared/planning/plan.js'
import { hostEntry, tool } from '../../engine/bundle.js'
import { make, openHost } from '../../formats/kit.js'
import { folder } from '../folder.js'
import { ended, outputAt, projectOf } from '../hosting.js'

const at = folder()
const frames = 40
const [width, height] = [256, 192]
let host: Host
let kept: Source
let base: string

const restoring = (over: Partial<EnhanceSettings>): EnhanceSettings => ({
  ...{ ...defaultEnhance, model: keepsakeModel, scale: 1, strength: 1, grain: true },
  ...over,
})

async function exported(
  source: Source,
  name: string,
  enhance: EnhanceSettings,
  range = { from: 0, to: frames },
): Promise<JobState> {
  const output = outputAt(join(at, name), { container: 'mkv', codec: 'ffv1', hasAudio: false })
  return ended(
    host,
    await host.api.render.export({ project: projectOf(source, frames, range, enhance), output }),
  )
}

/** A hash of each frame of a film, in order. */
const sums = (path: string): string[] =>
  tool('ffmpeg', ['-v', 'error', '-i', path, '-map', '0:v', '-f', 'framemd5', '-'])
    .split('\n')
    .filter((line) => line !== '' && !line.startsWith('#'))
    .map((line) => line.split(',').at(-1)?.trim() ?? '')

/** Frame of a film as the grain's measure takes it, in 16 bits. */
function picture(path: string, frame: number): Picture {
  const raw = join(at, 'picture.raw')
  tool('ffmpeg', [
    ...['-v', 'error', '-y', '-i', path, '-vf', `select=eq(n\\,${frame})`, '-frames:v', '1'],
    ...['-f', 'rawvideo', raw],
  ])
  const data = readFileSync(raw)
  const plane = (w: number, h: number, from: number): Samples => ({
    ...{ width: w, height: h },
    values: Float32Array.from({ length: w * h }, (_, i) => (data[from + i] ?? 0) / 255),
  })
  const luma = width * height
  const half = [width / 2, height / 2] as const
  return {
    luma: plane(width, height, 0),
    chroma: [plane(...half, luma), plane(...half, luma + luma / 4)],
  }
}

beforeAll(async () => {
  host = await openHost(at)
  const noisy = make(
    at,
    ...[
      '-f',
      'lavfi',
      '-i',
      `gradients=size=${width}x${height}:rate=25:seed=3:speed=0.02:c0=0x303030:c1=0xc0c0c0`,
    ],
    ...['-frames:v', String(frames), '-vf', 'setsar=1,format=yuv420p,noise=all_seed=5:alls=14:allf=t'],
    ...['-c:v', 'ffv1', 'noisy.mkv'],
  )
  const source = await host.api.sources.open(noisy)
  base = join(at, 'kept.mp4')
  const output = outputAt(base, { codec: 'h264', keepsake: { crf: 30 } })
  const made = await ended(host, await host.api.render.export({ project: projectOf(source, frames), output }))
  expect(made.failure).toBeUndefined()
  kept = await host.api.sources.open(base)
})

test('grain that is drawn is what the part says, and what is drawn is told', async () => {
  const job = await exported(kept, 'drawn.mkv', restoring({}))
  expect(job.failure).toBeUndefined()
  expect(job.notes).toContainEqual({ key: 'noteDetailNone', values: { name: 'kept.mp4' } })
  const path = join(at, 'drawn.mkv')
  const seen = [3, 17, 31].map((frame) => lookAtGrain(picture(path, frame), picture(base, frame), 255))
  const [found, wanted] = [grainOf(seen), (await readKeepsake(base))?.scenes[0]?.grain]
  if (!found || !wanted) throw new Error('no grain')
  for (const band of [2, 3, 4, 5]) {
    const [level, asked] = [found.levels[band] ?? 0, wanted.levels[band] ?? 0]
    expect(asked * 255, `band ${band}`).toBeGreaterThan(3)
    expect(Math.abs(level - asked) / asked, `band ${band}`).toBeLessThan(0.1)
  }
  expect(Math.abs(found.size - wanted.size)).toBeLessThan(0.15)
  expect(Math.abs(found.chroma - wanted.chroma)).toBeLessThan(0.1)
  const comment = tool('ffprobe', [
    '-v',
    'error',
    '-show_entries',
    'format_tags=COMMENT',
    '-of',
    'csv=p=0',
    path,
  ])
  expect(comment).toContain('grain drawn, not filmed')
})

test('what grain costs is in the estimate of the time', async () => {
  const workOf = async (enhance: EnhanceSettings): Promise<number> => {
    const output = outputAt(join(at, 'estimated.mkv'), { container: 'mkv', codec: 'ffv1' })
    const range = { from: 1, to: frames }
    const asked = { project: projectOf(kept, frames, range, enhance), output }
    return (await host.api.render.estimate(asked)).workMs ?? 0
  }
  const plain = await workOf(restoring({ strength: 0, grain: false }))
  expect((await workOf(restoring({}))) / plain).toBeCloseTo(34 / 25, 1)
})

test('off, and without detail and grain, every frame is that of the film', async () => {
  const right = sums(base)
  expect(right).toHaveLength(frames)
  for (const [name, over] of [
    ['off', { isEnabled: false }],
    ['none', { strength: 0, grain: false }],
  ] as const) {
    expect((await exported(kept, `${name}.mkv`, restoring(over))).failure).toBeUndefined()
    expect(sums(join(at, `${name}.mkv`)), name).toEqual(right)
  }
  expect(sums(join(at, 'drawn.mkv'))).not.toEqual(right)
})

test('a part of the film is drawn as in the whole, to the bit; so are previews of it', async () => {
  const range = { from: 13, to: 29 }
  expect((await exported(kept, 'cut.mkv', restoring({}), range)).failure).toBeUndefined()
  const whole = sums(join(at, 'drawn.mkv'))
  expect(sums(join(at, 'cut.mkv'))).toEqual(whole.slice(13, 29))
  expect(new Set(whole).size).toBe(frames)
  const id = await host.api.render.preview({ sourceId: kept.id, ...range, enhance: restoring({}) })
  const shown = await ended(host, id)
  expect(shown.failure).toBeUndefined()
  expect(shown.preview?.recipe).toBe('grain')
  expect(shown.notes?.map((note) => note.key)).toEqual(['noteDetailNone'])
  const covered = await host.api.render.coverage(kept.id, restoring({}), null)
  expect(covered).toMatchObject({ recipe: 'grain', pictures: [range] })
})

test('one thread or two, a unit or a part of it: the same bits', async () => {
  const engine = createEngine(hostEntry)
  afterAll(() => engine.close())
  const [source, table] = [kept, await host.api.sources.frameTable(kept.id)]
  const tablePath = join(at, 'table.json')
  writeFileSync(tablePath, JSON.stringify(table))
  const { enhance } = restored(restoring({}), await host.api.sources.keepsake(kept.id), [], source.name)
  const drawn = async (threads: number, from: number, to: number): Promise<string[]> => {
    const clip = { id: 'c', sourceId: source.id, name: source.name, from, to, enhance }
    const [unit] = makePlan([clip], [{ source, table }]).segments
    if (!unit) throw new Error('no unit')
    const path = join(at, `${threads}-${from}.nut`)
    const rate = { num: 25, den: 1 }
    const sink = { kind: 'file', path, codec: 'ffv1', quality: 'good', frameRate: rate } as const
    await engine.run({ kind: 'segment', unit, tablePath, sink, threads, memoryLimit: 0 })
    return sums(path)
  }
  const whole = await drawn(1, 0, frames)
  expect(whole).toHaveLength(frames)
  expect(await drawn(2, 0, frames)).toEqual(whole)
  expect(await drawn(2, 21, 33)).toEqual(whole.slice(21, 33))
})

test('frames that a motion shows as filmed have the grain that they have without it', async () => {
  const project = projectOf(kept, frames, { from: 0, to: 10 }, restoring({}))
  const [clip] = project.clips
  if (!clip) throw new Error('no clip')
  const motion = { kind: 'unique' } as const
  const output = outputAt(join(at, 'unique.mkv'), { container: 'mkv', codec: 'ffv1', hasAudio: false })
  const clips = [{ ...clip, motion }]
  const job = await ended(host, await host.api.render.export({ project: { ...project, clips }, output }))
  expect(job.failure).toBeUndefined()
  const whole = sums(join(at, 'drawn.mkv'))
  for (const sum of sums(output.path)) expect(whole).toContain(sum)
})

test.each([
  ['damaged', 'keepsakeDamaged'],
  ['other', 'keepsakeOther'],
  ['cut', 'keepsakeDamaged'],
] as const)('a part that is %s is told and not used: the film is itself', async (how, key) => {
  const path = join(at, `${how}.mp4`)
  const bytes = readFileSync(base)
  const last = bytes.length - 1
  if (how === 'damaged') bytes[last] = (bytes[last] ?? 0) ^ 1
  if (how === 'other') {
    const film = make(at, '-i', base, '-c', 'copy', '-frames:v', String(frames - 1), 'shorter.mp4')
    const found = await host.api.sources.keepsake(kept.id)
    if (found.state !== 'there') throw new Error('no box')
    writeFileSync(path, Buffer.concat([readFileSync(film), bytes.subarray(found.from)]))
  } else writeFileSync(path, how === 'cut' ? bytes.subarray(0, last - 20) : bytes)
  const source = await host.api.sources.open(path)
  const count = how === 'other' ? frames - 1 : frames
  const job = await exported(source, `unused-${how}.mkv`, restoring({}), { from: 0, to: count })
  expect(job.failure).toBeUndefined()
  expect(job.notes?.map((note) => note.key)).toContain(key)
  expect(sums(join(at, `unused-${how}.mkv`))).toEqual(sums(base).slice(0, count))
})

test('an ordinary film has nothing to draw', async () => {
  const plain = join(at, 'plain.mkv')
  copyFileSync(join(at, 'noisy.mkv'), plain)
  const source = await host.api.sources.open(plain)
  const job = await exported(source, 'ordinary.mkv', restoring({}))
  expect(job.notes?.map((note) => note.key)).toContain('keepsakeNone')
  expect(sums(join(at, 'ordinary.mkv'))).toEqual(sums(plain))
  const { models } = await host.api.app.info()
  expect(models.map(({ id }) => id)).not.toContain(keepsakeModel)
})

test('a photo of it has the grain of its frame', async () => {
  const shoot = async (name: string, enhance: EnhanceSettings): Promise<string> => {
    const path = join(at, name)
    const output = { path, format: 'png', mayOverwrite: false } as const
    const way = 'frame' as const
    const id = await host.api.render.photo({ sourceId: kept.id, frame: 5, way, enhance, output })
    expect((await ended(host, id)).failure).toBeUndefined()
    return sums(path).join()
  }
  const one = await shoot('one.png', restoring({}))
  expect(await shoot('again.png', restoring({}))).toBe(one)
  expect(await shoot('bare.png', restoring({ grain: false }))).not.toBe(one)
})
