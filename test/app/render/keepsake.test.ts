// A Keepsake as it is exported: an ordinary film whose part says how it was encoded and with what grain it was filmed; no larger than it may be.
import { statSync } from 'node:fs'
import { join } from 'node:path'
import { beforeAll, expect, test } from 'vitest'
import type { Host } from '../../../electron/app/host/host.js'
import type { JobState } from '../../../electron/shared/contract/job.js'
import type { OutputSpec } from '../../../electron/shared/contract/output.js'
import type { Source } from '../../../electron/shared/media/source.js'
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
