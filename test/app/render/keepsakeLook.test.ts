// A frame of a Keepsake before it is made: the one that was asked for, as it was given to the encoder, and as it comes out with these very settings.
import { existsSync, readFileSync, readdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { beforeAll, expect, test } from 'vitest'
import type { Host } from '../../../electron/app/host/host.js'
import { framesAround } from '../../../electron/app/render/keepsakeLook.js'
import type { OutputSpec } from '../../../electron/shared/contract/output.js'
import type { KeepsakeLookRequest } from '../../../electron/shared/contract/render.js'
import type { LookSide } from '../../../electron/shared/contract/routes.js'
import type { EnhanceSettings } from '../../../electron/shared/document/project.js'
import type { Source } from '../../../electron/shared/media/source.js'
import { tool } from '../../engine/bundle.js'
import { make, openHost } from '../../formats/kit.js'
import { folder } from '../folder.js'
import { outputAt, projectOf, untouched } from '../hosting.js'

const at = folder()
const frames = 60
let host: Host
let source: Source

beforeAll(async () => {
  host = await openHost(at)
  const picture = ['-f', 'lavfi', '-i', 'mandelbrot=size=256x192:rate=25:start_scale=2']
  const film = make(
    at,
    ...picture,
    ...['-frames:v', String(frames), '-pix_fmt', 'yuv420p', '-c:v', 'ffv1', 'film.mkv'],
  )
  source = await host.api.sources.open(film)
})

const asked = (
  frame: number,
  over: Partial<OutputSpec>,
  enhance: EnhanceSettings = untouched,
): KeepsakeLookRequest => ({
  project: projectOf(source, frames, { from: 0, to: frames }, enhance),
  output: outputAt(join(at, 'kept.mp4'), over),
  ...{ clipId: 'c', frame },
})

async function png(id: string, side: LookSide): Promise<string> {
  const { status, headers, body } = await host.serve({ kind: 'look', id, side }, {})
  expect([status, headers['content-type']]).toEqual([200, 'image/png'])
  const path = join(at, `${side}.png`)
  writeFileSync(path, body as Uint8Array)
  return path
}

/** Gray values of a picture file, or of one frame of the film. */
function gray(path: string, frame = 0): Buffer {
  const raw = join(at, 'gray.raw')
  const pick = ['-vf', `select=eq(n\\,${frame}),format=gray`, '-frames:v', '1']
  tool('ffmpeg', ['-v', 'error', '-y', '-i', path, ...pick, '-f', 'rawvideo', raw])
  return readFileSync(raw)
}

function psnr(a: Buffer, b: Buffer): number {
  expect(a.length).toBe(b.length)
  const sum = a.reduce((all, value, i) => all + (value - (b[i] ?? 0)) ** 2, 0)
  return 10 * Math.log10(255 ** 2 / Math.max(1e-9, sum / a.length))
}

async function seen(request: KeepsakeLookRequest): Promise<{ given: Buffer; made: Buffer }> {
  const { id, width, height } = await host.api.render.lookAtKeepsake(request)
  expect([width, height]).toEqual([source.video.width, source.video.height])
  return { given: gray(await png(id, 'given')), made: gray(await png(id, 'made')) }
}

test.each(['h264', 'av1'] as const)(
  'it is that frame as filmed, and as %s makes it: the coarser, the further away',
  async (codec) => {
    const [fine, coarse] = codec === 'av1' ? [30, 58] : [20, 36]
    const near = await seen(asked(41, { codec, keepsake: { crf: fine } }))
    const far = await seen(asked(41, { codec, keepsake: { crf: coarse } }))
    const filmed = gray(source.path, 41)
    for (const { given } of [near, far]) {
      expect(psnr(given, filmed)).toBeGreaterThan(48) // by way of RGB
      expect(psnr(given, gray(source.path, 40))).toBeLessThan(psnr(given, filmed) - 6)
    }
    const [best, worst] = [psnr(near.made, filmed), psnr(far.made, filmed)]
    expect(worst).toBeGreaterThan(18)
    expect(best).toBeGreaterThan(worst + 3)
    expect(best).toBeLessThan(psnr(near.given, filmed))
  },
)

test('of an enhanced film it is beside the frame that the model made, and nothing stands under the name of the film', async () => {
  const enhance = { ...untouched, isEnabled: true, model: 'heirloom-s', scale: 2 } as const
  const request = asked(3, { codec: 'h264', keepsake: { crf: 24 } }, enhance)
  const { id, width, height } = await host.api.render.lookAtKeepsake(request)
  expect([width, height]).toEqual([512, 384])
  const [given, made] = [gray(await png(id, 'given')), gray(await png(id, 'made'))]
  expect(given.length).toBe(512 * 384)
  expect(psnr(given, made)).toBeGreaterThan(25)
  expect(given.equals(made)).toBe(false)
  expect(existsSync(request.output.path)).toBe(false)
})

test('it is a job that can be cancelled: no pictures of it are left, and whoever asked hears so', async () => {
  const before = readdirSync(join(at, 'cache/looks')).length
  const leave = host.on((event) => {
    if (event.type !== 'job' || event.job.kind !== 'look' || event.job.state !== 'running') return
    expect([event.job.name, event.job.framesTotal]).toEqual(['kept.mp4', 33])
    leave()
    void host.api.jobs.cancel(event.job.id)
  })
  const look = host.api.render.lookAtKeepsake(asked(50, { codec: 'av1', keepsake: { crf: 44 } }))
  await expect(look).rejects.toMatchObject({ code: 'cancelled' })
  expect(readdirSync(join(at, 'cache/looks'))).toHaveLength(before)
})

test('a frame that the clip does not have, and what is no Keepsake, are refused', async () => {
  const keepsake = { codec: 'h264', keepsake: { crf: 24 } } as const
  const refused = (request: KeepsakeLookRequest) => expect(host.api.render.lookAtKeepsake(request)).rejects
  await refused(asked(frames, keepsake)).toMatchObject({ sentence: { key: 'noSuchPicture' } })
  await refused({ ...asked(1, keepsake), clipId: 'other' }).toMatchObject({ code: 'empty-range' })
  await refused(asked(1, { codec: 'h264' })).toMatchObject({ sentence: { key: 'keepsakeForm' } })
  const gone = await host.serve({ kind: 'look', id: '0'.repeat(32), side: 'made' }, {})
  expect(gone.status).toBe(404)
})

test('frames around it are of its clip', () => {
  expect(framesAround({ from: 0, to: 200 }, 100)).toEqual({ from: 84, to: 117 })
  expect(framesAround({ from: 0, to: 200 }, 3)).toEqual({ from: 0, to: 33 })
  expect(framesAround({ from: 10, to: 200 }, 199)).toEqual({ from: 167, to: 200 })
  expect(framesAround({ from: 10, to: 20 }, 15)).toEqual({ from: 10, to: 20 })
})
