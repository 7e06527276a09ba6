// Frames between frames, from a file to a file, with the model that ships: frames that were filmed stay what they are, in one piece or in seven.
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Host } from '../../../electron/app/host/host.js'
import type { ClipMotion } from '../../../electron/shared/document/motion.js'
import type { Source } from '../../../electron/shared/media/source.js'
import { bundle, tool } from '../../engine/bundle.js'
import { folder } from '../folder.js'
import { frameSums } from '../frameSums.js'
import { ended, hostIn, outputAt, projectOf } from '../hosting.js'

const at = folder()
const frames = 12
let host: Host

beforeAll(async () => {
  await bundle()
  host = await hostIn(at)
})
afterAll(() => host.close())

interface Tape {
  name?: string
  filters?: string
  coding?: string[]
  sound?: string[]
}
/** Everything moves in every frame: none is taken for a repeat. */
async function tapeOf({
  name = 'tape.mp4',
  filters = '',
  coding = [],
  sound = [],
}: Tape = {}): Promise<Source> {
  const zoom = 'mandelbrot=size=64x48:rate=25:start_scale=0.5:end_scale=0.05:end_pts=160'
  const moving = `${zoom},format=yuv420p${filters}`
  const lossless = ['-c:v', 'libx264', '-preset', 'ultrafast', '-qp', '0', ...coding]
  const inputs = ['-f', 'lavfi', '-i', moving, ...sound]
  tool('ffmpeg', ['-v', 'error', '-y', ...inputs, '-frames:v', String(frames), ...lossless, join(at, name)])
  return host.api.sources.open(join(at, name))
}

const probed = (path: string, ...entries: string[]): string =>
  tool('ffprobe', ['-v', 'error', '-show_entries', ...entries, '-of', 'csv=p=0', path]).trim()

let serial = 0
async function exported(
  source: Source,
  motion?: ClipMotion,
  edges: number[] = [0, frames],
  codec: 'prores' | 'h264' = 'prores',
) {
  const path = join(at, `out${serial++}.mov`)
  const project = projectOf(source, frames)
  const [clip] = project.clips
  const clips = edges.slice(1).map((to, i) => ({
    ...{ ...clip!, id: `c${i}`, from: edges[i]!, to },
    ...(motion ? { motion } : {}),
  }))
  const output = outputAt(path, { container: 'mov', codec })
  const job = await ended(host, await host.api.render.export({ project: { ...project, clips }, output }))
  if (job.state !== 'done') throw new Error(JSON.stringify(job.failure))
  const lost = (job.report ?? []).filter(({ state }) => state === 'lost')
  return { path, motion: job.motion, notes: job.notes.map(({ key }) => key), lost }
}
const smooth: ClipMotion = { kind: 'smooth', rate: { num: 50, den: 1 } }

test('25 to 50: filmed frames to the bit, estimates between, declared; the same in seven pieces', async () => {
  const tape = await tapeOf()
  const [plain, film] = [await exported(tape), await exported(tape, smooth)]
  const all = frameSums(film.path)
  expect(all.length).toBe(2 * frames)
  expect(all.filter((_, i) => i % 2 === 0)).toEqual(frameSums(plain.path))
  expect(probed(film.path, 'stream=r_frame_rate')).toBe('50/1')
  expect(film.motion).toMatchObject({ frames: 2 * frames, estimated: frames - 1 })
  expect(film.motion!.need).toBeGreaterThan(0)
  expect(probed(film.path, 'format_tags=comment')).toContain(
    `Estimated with Heirloom: ${frames - 1} of ${2 * frames}`,
  )
  expect([film.notes.includes('noteEstimated'), film.lost]).toEqual([true, []])
  for (const edges of [
    [0, 5, frames],
    [0, 1, 2, 3, 5, 8, 11, frames],
  ])
    expect(frameSums((await exported(tape, smooth, edges)).path)).toEqual(all)
})

test('slow motion with its sound four times as long; repaired frames at their own times', async () => {
  const tone = ['-f', 'lavfi', '-i', `sine=frequency=500:duration=${frames / 25}`, '-c:a', 'aac']
  const tape = await tapeOf({ name: 'sounding.mp4', sound: tone })
  const slow = await exported(tape, { kind: 'slow', factor: 4, sound: 'stretched' })
  expect(probed(slow.path, 'stream=codec_type,nb_frames,duration').split('\n')).toEqual([
    expect.stringContaining(`video,1.920000,${4 * frames}`),
    expect.stringMatching(/audio,1\.9[0-9]+/),
  ])
  expect(slow.lost).toEqual([])
  const repaired = await exported(tape, { kind: 'repair' })
  expect(frameSums(repaired.path).length).toBe(frames)
})

test.each([
  ['odd size, 4:4:4', ',scale=65:49,format=yuv444p', ['-pix_fmt', 'yuv444p']],
  ['10 bit', ',format=yuv420p10', ['-pix_fmt', 'yuv420p10le']],
  ['full range', ',scale=out_range=full', ['-color_range', 'pc']],
  ['4:1:1', ',format=yuv411p', ['-c:v', 'ffv1', '-pix_fmt', 'yuv411p']],
  ['smaller than the model works on', ',scale=16:10', []],
  ['interlaced', ',interlace', ['-flags', '+ilme+ildct', '-x264opts', 'tff=1']],
] as const)('%s: smoothed as any other', async (words, filters, coding) => {
  const tape = await tapeOf({ name: `${words.replaceAll(/\W/g, '')}.mkv`, filters, coding: [...coding] })
  const film = await exported(tape, smooth, [0, frames], 'h264')
  expect(film.motion!.frames).toBeGreaterThanOrEqual(frames)
  expect(film.lost).toEqual([])
})
