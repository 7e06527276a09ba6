// A Keepsake as it is exported: an ordinary film whose part says how it was encoded and with what grain it was filmed; no larger than it may be.
import { spawnSync } from 'node:child_process'
import { statSync } from 'node:fs'
import { join } from 'node:path'
import { beforeAll, expect, test } from 'vitest'
import type { Host } from '../../../electron/app/host/host.js'
import type { JobState } from '../../../electron/shared/contract/job.js'
import type { OutputSpec } from '../../../electron/shared/contract/output.js'
import { defaultEnhance } from '../../../electron/shared/document/project.js'
import type { Source } from '../../../electron/shared/media/source.js'
import { coarserAfter, tooLarge } from '../../../electron/app/render/keepsake.js'
import { coarsenessFor } from '../../../electron/app/render/keepsakeSize.js'
import { readKeepsake } from '../../../electron/ffmpeg/keepsakeBox.js'
import { tool } from '../../engine/bundle.js'
import { make, openHost } from '../../formats/kit.js'
import { folder } from '../folder.js'
import { ended, outputAt, projectOf } from '../hosting.js'

const at = folder()
const half = 20
let host: Host
let source: Source

/** Two scenes, the second with strong grain. Grain is drawn by chance, and the same each time. */
beforeAll(async () => {
  host = await openHost(at)
  const grain = (strength: number): string => `noise=all_seed=5:alls=${strength}:allf=t`
  const film = make(
    at,
    ...['-f', 'lavfi', '-i', 'mandelbrot=size=256x192:rate=25:start_scale=2'],
    ...['-f', 'lavfi', '-i', 'gradients=size=256x192:rate=25:seed=3:speed=0.05:c0=0x404040:c1=0xb0b0b0'],
    ...['-f', 'lavfi', '-i', 'sine=frequency=440:duration=1.6'],
    '-filter_complex',
    `[0]trim=end_frame=${half},setpts=PTS-STARTPTS,format=yuv420p[a];` +
      `[1]trim=end_frame=${half},setpts=PTS-STARTPTS,setsar=1,format=yuv420p,${grain(10)}[b];[a][b]concat=n=2[v]`,
    ...['-map', '[v]', '-map', '2:a', '-c:v', 'ffv1', '-c:a', 'pcm_s16le', 'film.mkv'],
  )
  source = await host.api.sources.open(film)
})

async function exported(name: string, over: Partial<OutputSpec>): Promise<{ job: JobState; path: string }> {
  const path = join(at, name)
  const output = outputAt(path, over)
  const id = await host.api.render.export({ project: projectOf(source, 2 * half), output })
  return { job: await ended(host, id), path }
}

const pixelsOf = (path: string): string =>
  tool('ffprobe', [
    '-v',
    'error',
    '-select_streams',
    'v',
    '-show_entries',
    'stream=codec_name,pix_fmt,nb_frames',
    '-of',
    'csv=p=0',
    path,
  ]).trim()

test.each([
  ['av1', 'av1,yuv420p10le', 45],
  ['h264', 'h264,yuv420p', 30],
] as const)(
  '%s: a film with a part that fits it, scene by scene and frame by frame',
  async (codec, form, crf) => {
    const { job, path } = await exported(`${codec}.mp4`, { codec, keepsake: { crf } })
    expect(job.failure).toBeUndefined()
    expect(pixelsOf(path)).toBe(`${form},${2 * half}`)
    const { id } = await host.api.sources.open(path)
    const found = await host.api.sources.checkKeepsake(id)
    expect(found).toMatchObject({ state: 'there', media: 'same', damages: [], unread: [] })
    const keepsake = await readKeepsake(path)
    expect(keepsake?.info).toMatchObject({
      ...{
        model: null,
        sources: [{ fingerprint: source.fingerprint }],
        invented: { inFilm: [], onTop: ['grain'] },
      },
      base: { frames: 2 * half, width: 256, height: 192 },
      encoder: { codec, version: expect.stringMatching(/^\d/) as string, settings: `crf ${crf}` },
    })
    const mean =
      (keepsake?.quantiser ?? []).reduce((sum, run) => sum + run.frames * run.value, 0) / (2 * half)
    expect(mean).toBeGreaterThan(0.3)
    expect(keepsake?.scenes.map(({ from, to }) => [from, to])).toEqual([
      [0, half],
      [half, 2 * half],
    ])
    // `noise` of 10 has a deviation of 5.8 of 255; some of it is left in the film.
    const level = Math.max(...(keepsake?.scenes[1]?.grain.levels ?? [])) * 255
    expect(level).toBeGreaterThan(3)
    expect(level).toBeLessThan(8)
    expect(Math.max(...(keepsake?.scenes[0]?.grain.levels ?? [])) * 255).toBeLessThan(level)
  },
)

/** What ffmpeg says of a film beside another, from the frame where that one begins. */
function measured(path: string, of: string, from = 0): { psnr: number; ssim: number } {
  const number = 'settb=1/25,setpts=N'
  const graph =
    `[0:v]format=yuv420p10le,${number},split[a][b];[1:v]trim=start_frame=${from},format=yuv420p10le,${number},split[c][d];` +
    '[a][c]psnr=shortest=1[p];[b][d]ssim=shortest=1[s]'
  const { stderr } = spawnSync(
    'ffmpeg',
    [
      ...['-hide_banner', '-nostats', '-i', path, '-i', of, '-filter_complex', graph],
      ...['-map', '[p]', '-map', '[s]', '-f', 'null', '-'],
    ],
    { encoding: 'utf8' },
  )
  const found = (pattern: RegExp): number => Number(pattern.exec(stderr)?.[1])
  return { psnr: found(/PSNR .*average:([\d.]+)/), ssim: found(/SSIM .*All:([\d.]+)/) }
}

test('what became of it is told: sizes, encoder, and how near the film is to what was encoded', async () => {
  const crf = 45
  const output = outputAt(join(at, 'told.mp4'), { codec: 'av1', keepsake: { crf } })
  const project = projectOf(source, 2 * half, { from: 5, to: 2 * half })
  const job = await ended(host, await host.api.render.export({ project, output }))
  const { keepsake } = job
  expect(keepsake).toMatchObject({
    ...{ bytes: statSync(output.path).size, sideBytes: 0, frames: 2 * half - 5 },
    encoder: { codec: 'av1', version: expect.stringMatching(/^\d/) as string, settings: `crf ${crf}` },
  })
  const found = await host.api.sources.keepsake((await host.api.sources.open(output.path)).id)
  expect(found.state === 'there' && found.to - found.from).toBe(keepsake?.partBytes)
  const right = measured(output.path, source.path, 5)
  expect(right.psnr).toBeGreaterThan(20)
  expect(keepsake?.base?.frames).toBe(2 * half - 5)
  expect(keepsake?.base?.psnr).toBeCloseTo(right.psnr, 1)
  expect(keepsake?.base?.ssim).toBeCloseTo(right.ssim, 3)
  expect(job.notes.map(({ key }) => key)).toContain('noteLikeness')
})

test('of a film of full range the same is measured, and of one whose frames a motion makes nothing', async () => {
  const full = make(
    at,
    ...['-i', source.path, '-vf', 'scale=in_range=limited:out_range=full,format=yuvj420p', '-an'],
    ...['-c:v', 'ffv1', '-color_range', 'pc', 'full.mkv'],
  )
  const opened = await host.api.sources.open(full)
  expect(opened.video.range).toBe('full')
  const output = outputAt(join(at, 'full.mp4'), { codec: 'h264', keepsake: { crf: 24 } })
  const project = projectOf(opened, 2 * half)
  const job = await ended(host, await host.api.render.export({ project, output }))
  const limited = (await exported('limited.mp4', { codec: 'h264', keepsake: { crf: 24 } })).job
  expect(limited.keepsake?.base?.psnr).toBeGreaterThan(30)
  expect(Math.abs((job.keepsake?.base?.psnr ?? 0) - (limited.keepsake?.base?.psnr ?? 0))).toBeLessThan(2)
  const [clip] = project.clips
  if (!clip) throw new Error('no clip')
  const clips = [{ ...clip, motion: { kind: 'unique' } as const }]
  const moved = outputAt(join(at, 'moved.mp4'), { codec: 'h264', keepsake: { crf: 24 } })
  const other = await ended(
    host,
    await host.api.render.export({ project: { ...project, clips }, output: moved }),
  )
  expect(other.failure).toBeUndefined()
  expect(other.keepsake?.base).toBeUndefined()
  expect(other.notes.map(({ key }) => key)).toContain('noteNotCompared')
})

test('of a film that a model made, the frames that it made are compared, as far as they are kept', async () => {
  const enhance = { ...defaultEnhance, model: 'heirloom-s', scale: 1 } as const
  const output = outputAt(join(at, 'made.mp4'), { codec: 'h264', keepsake: { crf: 24 } })
  const project = projectOf(source, 2 * half, { from: 0, to: 6 }, enhance)
  const job = await ended(host, await host.api.render.export({ project, output }))
  expect(job.failure).toBeUndefined()
  expect(job.keepsake?.base).toMatchObject({ frames: 6 })
  // Beside the film as it was filmed it would be further away.
  expect(job.keepsake?.base?.psnr).toBeGreaterThan(measured(output.path, source.path).psnr)
})

test('a film that would be larger than it may is encoded once more, coarser', async () => {
  const [fine, small] = [
    statSync((await exported('fine.mp4', { codec: 'h264', keepsake: { crf: 20 } })).path).size,
    60_000,
  ]
  expect(fine).toBeGreaterThan(2 * small)
  const { job, path } = await exported('small.mp4', {
    codec: 'h264',
    keepsake: { crf: 20, mostBytes: small },
  })
  expect(job.failure).toBeUndefined()
  expect(statSync(path).size).toBeLessThanOrEqual(small)
  expect(await readKeepsake(path)).toBeDefined()
})

test('how much coarser is told by how much it is too large, and what misses by little is not made to miss by less', () => {
  const output = outputAt('/films/kept.mp4', { codec: 'av1', keepsake: { crf: 30, mostBytes: 8e6 } })
  const after = (bytes: number): number | undefined => coarserAfter(tooLarge('kept.mp4', bytes, 8e6), output)
  expect(after(16e6)).toBe(38)
  expect(after(8.3e6)).toBe(31)
  expect(after(8.9e6)).toBe(32) // one step would make 8.06 MB of it
  expect(after(1e12)).toBe(63)
  expect(coarserAfter(new Error('other'), output)).toBeUndefined()
})

test('what it will be is told before: a step that fits, or that none does and how large the smallest is', async () => {
  const request = (mostBytes: number) => ({
    project: projectOf(source, 2 * half),
    output: outputAt(join(at, 'fit.mp4'), { codec: 'h264', keepsake: { crf: 48, mostBytes } }),
  })
  const fit = await host.api.render.fitKeepsake(request(150_000))
  expect(fit.bytes).toBeLessThanOrEqual(150_000)
  const coarser = await host.api.render.fitKeepsake(request(60_000))
  expect(coarser.crf).toBeGreaterThan(fit.crf)
  await expect(host.api.render.fitKeepsake(request(5000))).rejects.toMatchObject({
    sentence: { key: 'keepsakeTooLarge' },
  })
})

test('a step of which no piece could be encoded is not taken for one that fits', async () => {
  const range = { finest: 14, coarsest: 48 }
  const bytesAt = (crf: number) => Promise.resolve(crf < 44 ? undefined : 100_000 - 1000 * crf)
  expect(await coarsenessFor(bytesAt, range, 1e6)).toEqual({ crf: 44, bytes: 56_000 })
  expect(await coarsenessFor(bytesAt, range, 1000)).toEqual({ least: 52_000 })
})

test('working that out is a job that can be cancelled: whoever waits for it hears so at once', async () => {
  const output = outputAt(join(at, 'stopped.mp4'), { codec: 'av1', keepsake: { crf: 63, mostBytes: 50_000 } })
  const leave = host.on((event) => {
    if (event.type !== 'job' || event.job.kind !== 'fit' || event.job.state !== 'running') return
    expect(event.job.name).toBe('stopped.mp4')
    leave()
    void host.api.jobs.cancel(event.job.id)
  })
  const fit = host.api.render.fitKeepsake({ project: projectOf(source, 2 * half), output })
  await expect(fit).rejects.toMatchObject({ code: 'cancelled' })
})

test('what cannot be a Keepsake is refused', async () => {
  const refused = (over: Partial<OutputSpec>) =>
    expect(exported(`no.${over.container ?? 'mp4'}`, over)).rejects
  await refused({ codec: 'h264', container: 'mkv', keepsake: { crf: 30 } }).toMatchObject({
    sentence: { key: 'keepsakeForm' },
  })
  await refused({ codec: 'h264', keepsake: { crf: 5 } }).toMatchObject({ sentence: { key: 'keepsakeCrf' } })
})
