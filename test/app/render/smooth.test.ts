// Frames between frames, from a file to a file, with the model that ships: frames that were filmed stay what they are, in one piece or in seven.
import { join } from 'node:path'
import { beforeAll, expect, test, vi } from 'vitest'
import type { Host } from '../../../electron/app/host/host.js'
import type { Coverage } from '../../../electron/shared/contract/render.js'
import type { ClipMotion } from '../../../electron/shared/document/motion.js'
import { defaultEnhance } from '../../../electron/shared/document/project.js'
import type { Source } from '../../../electron/shared/media/source.js'
import { tool } from '../../engine/bundle.js'
import { openHost } from '../../formats/kit.js'
import { folder } from '../folder.js'
import { frameSums } from '../frameSums.js'
import { ended, hostIn, outputAt, projectOf, untouched } from '../hosting.js'

const films = folder()
const frames = 12
let host: Host

beforeAll(async () => {
  host = await openHost(films)
})

interface Tape {
  name?: string
  /** A lavfi source. */
  picture?: string
  filters?: string
  coding?: string[]
  sound?: string[]
}
/** Everything moves in every frame: none is taken for a repeat. */
async function tapeOf({
  name = 'tape.mp4',
  picture = 'mandelbrot=size=64x48:rate=25:start_scale=0.5:end_scale=0.05:end_pts=160',
  filters = '',
  coding = [],
  sound = [],
}: Tape = {}): Promise<Source> {
  const moving = `${picture},format=yuv420p${filters}`
  const lossless = ['-c:v', 'libx264', '-preset', 'ultrafast', '-qp', '0', ...coding]
  const inputs = ['-f', 'lavfi', '-i', moving, ...sound, '-frames:v', String(frames)]
  const path = join(films, name)
  tool('ffmpeg', ['-v', 'error', '-y', ...inputs, ...lossless, path])
  return host.api.sources.open(path)
}

const probed = (path: string, ...entries: string[]): string =>
  tool('ffprobe', ['-v', 'error', '-show_entries', ...entries, '-of', 'csv=p=0', path]).trim()

let serial = 0
async function exported(
  source: Source,
  motion?: ClipMotion,
  edges: number[] = [0, frames],
  codec: 'prores' | 'h264' = 'prores',
  at: Host = host,
) {
  const path = join(films, `out${serial++}.mov`)
  const project = projectOf(source, frames)
  const [clip] = project.clips
  const clips = edges.slice(1).map((to, i) => ({
    ...{ ...clip!, id: `c${i}`, from: edges[i]!, to },
    ...(motion ? { motion } : {}),
  }))
  const output = outputAt(path, { container: 'mov', codec })
  const job = await ended(at, await at.api.render.export({ project: { ...project, clips }, output }))
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

/** Something small jumps about before what moves slowly: further than the model looks. */
const jumping =
  'mandelbrot=size=160x120:rate=25:start_scale=0.5:end_scale=0.05:end_pts=160[slow];' +
  'mandelbrot=size=48x48:rate=25:start_scale=0.01:end_scale=0.005:end_pts=160[small];' +
  "[slow][small]overlay=x='56+50*sin(n*1.9)':y='36+34*cos(n*1.3)'"

test('where estimates are unsure is told by a preview, by the film, and by one that finds its frames again', async () => {
  const tape = await tapeOf({ name: 'jumping.mp4', picture: jumping })
  const known = (): Promise<Coverage> => host.api.render.coverage(tape.id, untouched, smooth)
  expect((await known()).unsure).toEqual([])
  const request = { sourceId: tape.id, from: 0, to: 6, enhance: untouched, motion: smooth }
  expect((await ended(host, await host.api.render.preview(request))).state).toBe('done')
  const { unsure } = await known()
  expect(unsure.length).toBeGreaterThan(0)
  expect(unsure.every(({ from, to }) => from < 6 && to > from)).toBe(true)

  const film = await exported(tape, smooth)
  const [place] = film.motion!.places
  expect([place!.frames > 0, place!.unsure >= 0.01]).toEqual([true, true])
  expect(place!.to).toBeLessThanOrEqual(frames / 25)
  expect(film.notes).toContain('noteUnsure')
  expect((await known()).unsure.length).toBeGreaterThanOrEqual(unsure.length)

  const later = await hostIn(films)
  const { id } = await later.api.sources.open(tape.path)
  const again = await exported({ ...tape, id }, smooth, [0, frames], 'prores', later)
  expect(again.notes).toEqual(expect.arrayContaining(['noteMadeBefore', 'noteUnsure']))
  expect(again.motion).toEqual(film.motion)
})

test('what estimates take is a guess until some were made here, by an export or by a preview', async () => {
  const tape = await tapeOf({ name: 'paced.mp4' })
  const open = (): Promise<Host> => hostIn(folder(), { grants: { files: [], folders: [films] } })
  const estimated = async (at: Host) => {
    const { id } = await at.api.sources.open(tape.path)
    const project = projectOf({ ...tape, id }, frames)
    const clips = project.clips.map((clip) => ({ ...clip, motion: smooth }))
    return at.api.render.estimate({ project: { ...project, clips }, output: outputAt(join(films, 'n.mp4')) })
  }
  const [exporting, previewing] = [await open(), await open()]
  // Each frame read and written, each estimate with a quarter of its key, of 64x48.
  const guessed = { isGuess: true, workMs: Math.round(0.003072 * (25 * 12 + 140 * (11 + 3))) }
  expect(await estimated(exporting)).toMatchObject(guessed)
  await exported(tape, smooth, [2, 8], 'prores', exporting)
  const after = await estimated(exporting)
  expect(after.isGuess).toBe(false)
  expect(await estimated(exporting)).toEqual(after)

  expect(await estimated(previewing)).toMatchObject(guessed)
  const preview = { sourceId: tape.id, from: 0, to: 4, enhance: untouched, motion: smooth }
  expect((await ended(previewing, await previewing.api.render.preview(preview))).state).toBe('done')
  expect((await estimated(previewing)).isGuess).toBe(false)
})

test('an explicit limit of memory is shared: the stream may use what the estimates leave of it', async () => {
  const tape = await tapeOf({ name: 'tight.mp4', picture: jumping })
  vi.stubEnv('HEIRLOOM_MEMORY_LIMIT', '60000000')
  const tight = await hostIn(films)
  vi.unstubAllEnvs()
  const { id } = await tight.api.sources.open(tape.path)
  const project = projectOf({ ...tape, id }, frames, undefined, { ...defaultEnhance, scale: 2 })
  const clips = project.clips.map((clip) => ({ ...clip, motion: smooth }))
  const output = outputAt(join(films, 'tight.mov'), { container: 'mov', codec: 'prores' })
  const job = await ended(tight, await tight.api.render.export({ project: { ...project, clips }, output }))
  expect(job).toMatchObject({ state: 'failed', failure: { code: 'out-of-memory' } })
  expect(JSON.stringify(job.failure)).toContain('39 MB') // 22 are the estimates'
})
