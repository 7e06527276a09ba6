// The films that people have, by their motion: very short ones, odd pictures, odd times, odd sound. Of each the right film, or a sentence.
import { execFileSync } from 'node:child_process'
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { beforeAll, describe, expect, test } from 'vitest'
import type { Host } from '../../../electron/app/host/host.js'
import type { ClipMotion } from '../../../electron/shared/document/motion.js'
import { frameCount } from '../../../electron/shared/media/frameTable.js'
import { tool } from '../../engine/bundle.js'
import { openHost } from '../../formats/kit.js'
import { folder } from '../folder.js'
import { frameSums } from '../frameSums.js'
import { ended, outputAt, projectOf } from '../hosting.js'

const at = folder()
let host: Host

beforeAll(async () => {
  host = await openHost(at)
})

const smooth: ClipMotion = { kind: 'smooth', rate: { num: 50, den: 1 } }
const slow: ClipMotion = { kind: 'slow', factor: 4, sound: 'stretched' }
const repair: ClipMotion = { kind: 'repair' }
const unique: ClipMotion = { kind: 'unique' }
const tempo: ClipMotion = { kind: 'tempo', rate: 'found', sound: 'kept' }

/** Everything moves in every frame. */
const moving = (size = '64x48', rate = 25): string =>
  `mandelbrot=size=${size}:rate=${rate}:start_scale=0.5:end_scale=0.05:end_pts=160`
const lossless = ['-c:v', 'libx264', '-preset', 'ultrafast', '-qp', '0']

function made(name: string, args: readonly string[]): string {
  const path = join(at, name)
  tool('ffmpeg', ['-v', 'error', '-y', ...args, path])
  return path
}

interface Film {
  frames?: number
  filters?: string
  coding?: readonly string[]
}
const filmed = (name: string, { frames = 8, filters = '', coding = lossless }: Film = {}): string =>
  made(name, [
    ...['-f', 'lavfi', '-i', `${moving()},trim=end_frame=${frames},format=yuv420p${filters}`],
    ...coding,
  ])

const probed = (path: string, entries: string): string =>
  tool('ffprobe', [
    ...['-v', 'error', '-select_streams', 'v', '-show_entries', entries, '-of', 'csv=p=0', path],
  ]).trim()
const timesOf = (path: string): number[] =>
  probed(path, 'packet=pts_time')
    .split('\n')
    .map(Number)
    .toSorted((a, b) => a - b)

let serial = 0
async function shown(
  path: string,
  motion?: ClipMotion,
  { codec = 'prores', range }: { codec?: 'prores' | 'h265'; range?: { from: number; to: number } } = {},
) {
  const source = await host.api.sources.open(path)
  const count = frameCount(await host.api.sources.frameTable(source.id))
  const project = projectOf(source, count, range)
  const clips = project.clips.map((clip) => ({ ...clip, ...(motion ? { motion } : {}) }))
  const output = outputAt(join(at, `out${serial++}.mov`), { container: 'mov', codec })
  const job = await ended(host, await host.api.render.export({ project: { ...project, clips }, output }))
  if (job.state !== 'done') throw new Error(JSON.stringify(job.failure))
  const lost = (job.report ?? []).filter(({ state }) => state === 'lost')
  const notes = [...source.warnings, ...job.notes].map(({ key }) => key)
  return { path: output.path, motion: job.motion!, notes, lost: lost.map(({ what }) => what), count }
}

/** Evenly, so many per second, without a gap to the end. */
function expectEven(path: string, frames: number, rate: number): void {
  expect(probed(path, 'stream=r_frame_rate')).toBe(`${rate}/1`)
  expect(timesOf(path).map((time) => Math.round(time * rate * 1000) / 1000)).toEqual(
    Array.from({ length: frames }, (_, i) => i),
  )
  expect(Number(probed(path, 'stream=duration'))).toBeCloseTo(frames / rate, 4)
}

describe('very short films', () => {
  test('of one frame nothing is estimated, which is said: it is shown for as long as it was, or four times that', async () => {
    const path = filmed('one.mp4', { frames: 1 })
    const film = await shown(path, smooth)
    expectEven(film.path, 2, 50)
    expect(film).toMatchObject({ motion: { frames: 2, estimated: 0 }, lost: [] })
    expect(film.notes).toContain('noteNothingEstimated')
    const slower = await shown(path, slow)
    expectEven(slower.path, 4, 25)
    expect(slower.notes).toEqual(expect.arrayContaining(['noteNothingEstimated', 'noteOtherLength']))
    expect((await shown(path, repair)).notes).toContain('noteNothingToRepair')
    for (const motion of [unique, tempo]) expect((await shown(path, motion)).notes).toContain('noteNoRepeats')
  })

  test('of two frames what lies between them is', async () => {
    const film = await shown(filmed('two.mp4', { frames: 2 }), slow)
    expectEven(film.path, 8, 25)
    expect(film.motion.estimated).toBe(3)
  })
})

describe('what stands, and cuts', () => {
  test('all frames equal: so are those between, and none is taken for a repeat', async () => {
    const still = ['-f', 'lavfi', '-i', 'color=red:size=64x48:rate=25,format=yuv420p', '-frames:v', '12']
    const path = made('equal.mp4', [...still, ...lossless])
    const film = await shown(path, slow)
    expectEven(film.path, 48, 25)
    expect(new Set(frameSums(film.path)).size).toBe(1)
    for (const motion of [repair, unique, tempo])
      expect(timesOf((await shown(path, motion)).path).length).toBe(12)
  })

  test.each([
    ['first', 1],
    ['last', 15],
  ])('a cut at the %s frame: nothing is estimated across it, left out or repaired', async (word, cut) => {
    const filters = `,negate=enable='lt(n,${cut})'`
    const path = filmed(`cut-${word}.mp4`, { frames: 16, filters })
    const film = await shown(path, smooth)
    expectEven(film.path, 32, 50)
    expect(film).toMatchObject({ motion: { estimated: 14 }, lost: [] })
    expect(film.notes).not.toContain('noteLeftOut')
    expect((await shown(path, repair)).notes).toContain('noteNothingToRepair')
  })
})

describe('times', () => {
  /** Times of frames 6 to 9 by an expression; of pictures that are kept as they are. */
  const timed = (name: string, expression: string): string => {
    const path = filmed('plain.mkv', { frames: 20, coding: ['-c:v', 'mpeg4', '-q:v', '2', '-g', '1'] })
    const by = `setts=pts='if(between(N,6,9),${expression},PTS)':dts='if(between(N,6,9),${expression},DTS)'`
    return made(name, ['-i', path, '-c', 'copy', '-bsf:v', by])
  }

  test('that stand still or go back are made whole and said; frames come evenly then', async () => {
    for (const path of [timed('stand.mkv', '240'), timed('back.mkv', 'PTS-160')]) {
      const film = await shown(path, smooth)
      expectEven(film.path, 40, 50)
      expect(film.notes).toContain('noteTimesReplaced')
      expect(film.lost).toEqual([])
    }
  })

  test('uneven ones: evenly, filmed frames where they are due', async () => {
    const uneven = [...lossless, '-fps_mode', 'passthrough', '-enc_time_base', '1/1000']
    const filters = ',settb=1/1000,setpts=40*N+13*mod(N\\,3)'
    const path = filmed('uneven.mp4', { frames: 24, filters, coding: uneven })
    expect(new Set(timesOf(path).map((time, i) => Math.round(1000 * time - 40 * i))).size).toBe(3)
    const film = await shown(path, smooth)
    expectEven(film.path, 48, 50)
    expect(film.motion.estimated).toBeGreaterThan(24)
    expect((await shown(path, repair)).notes).toContain('noteNothingToRepair')
  })
})

test.each<[string, Film, string]>([
  ['4:1:1', { filters: ',format=yuv411p', coding: ['-c:v', 'ffv1'] }, '64,48'],
  ['4:4:4 of an odd size', { filters: ',scale=65:49,format=yuv444p' }, '66,50'],
  ['10 bit', { filters: ',format=yuv422p10le', coding: ['-c:v', 'ffv1'] }, '64,48'],
  ['full range', { filters: ',scale=out_range=full', coding: [...lossless, '-color_range', 'pc'] }, '64,48'],
  ['transparent', { filters: ',format=yuva420p', coding: ['-c:v', 'ffv1', '-pix_fmt', 'yuva420p'] }, '64,48'],
  ['smaller than the model works on', { filters: ',scale=16:10,setsar=1' }, '16,10'],
  ['pixels that are not square', { filters: ',setsar=2' }, '128,48'],
])('%s: filmed frames as without motion, to the bit, estimates between', async (name, how, size) => {
  const path = filmed(`${name.replaceAll(/\W/g, '')}.mkv`, how)
  const [plain, film] = [await shown(path), await shown(path, smooth)]
  expectEven(film.path, 16, 50)
  expect(probed(film.path, 'stream=width,height')).toBe(size)
  expect(frameSums(film.path).filter((_, i) => i % 2 === 0)).toEqual(frameSums(plain.path))
  expect(film).toMatchObject({ motion: { estimated: 7 }, lost: plain.lost })
  expect(film.notes).toEqual(expect.arrayContaining(plain.notes))
})

test('turned: shown upright, and so are the estimates', async () => {
  const path = filmed('turned.mp4')
  const file = readFileSync(path)
  const matrix = file.indexOf('tkhd') + 44
  for (const [i, value] of [0, 1, 0, -1, 0, 0].entries()) file.writeInt32BE(65_536 * value, matrix + 4 * i)
  writeFileSync(path, file)
  const film = await shown(path, smooth)
  expectEven(film.path, 16, 50)
  expect(probed(path, 'stream_side_data=rotation')).toMatch(/90/)
  expect(probed(film.path, 'stream=width,height')).toBe('48,64')
  expect(film).toMatchObject({ motion: { estimated: 7 }, lost: [] })
})

test('interlaced: every field is a frame before anything is estimated', async () => {
  const path = made('interlaced.mkv', [
    ...['-f', 'lavfi', '-i', `${moving('64x48', 50)},interlace,format=yuv420p`, '-frames:v', '8'],
    ...[...lossless, '-flags', '+ilme+ildct', '-x264opts', 'tff=1'],
  ])
  const film = await shown(path, { kind: 'smooth', rate: { num: 100, den: 1 } })
  expectEven(film.path, 32, 100)
  expect(film).toMatchObject({ count: 16, motion: { frames: 32, estimated: 15 }, lost: [] })
})

test('high dynamic range stays what it is, and is told', async () => {
  const colours = 'colorprim=bt2020:transfer=smpte2084:colormatrix=bt2020nc'
  const coding = ['-c:v', 'libx265', '-preset', 'ultrafast', '-x265-params', `log-level=error:${colours}`]
  const path = filmed('hdr.mp4', { filters: ',format=yuv420p10', coding })
  const film = await shown(path, smooth, { codec: 'h265' })
  expectEven(film.path, 16, 50)
  expect(probed(film.path, 'stream=pix_fmt,color_transfer,color_primaries')).toBe(
    'yuv420p10le,smpte2084,bt2020',
  )
  expect(film.notes).toContain('noteHdr')
})

describe('sound', () => {
  /** Seconds between which anything is heard. */
  function heard(path: string): [number, number] {
    const pcm = execFileSync('ffmpeg', [
      ...['-v', 'error', '-i', path, '-af', 'aresample=async=1:first_pts=0', '-ac', '1', '-ar', '8000'],
      ...['-f', 's16le', '-'],
    ])
    const loud = Array.from({ length: pcm.length / 2 }, (_, i) => i).filter(
      (i) => Math.abs(pcm.readInt16LE(2 * i)) > 500,
    )
    return [loud[0]! / 8000, loud.at(-1)! / 8000]
  }
  const sounding = (name: string, seconds: number, late = 0): string =>
    made(name, [
      ...['-f', 'lavfi', '-i', `${moving()},trim=end_frame=20,format=yuv420p`, '-itsoffset', String(late)],
      ...['-f', 'lavfi', '-i', `sine=frequency=500:duration=${seconds}`],
      ...[...lossless, '-c:a', 'pcm_s16le'],
    ])

  test.each([
    ['shorter than the picture', 0.32, 0, [0, 0.32]],
    ['longer', 2, 0, [0, 0.8]],
    ['beginning late', 0.24, 0.4, [0.4, 0.64]],
  ] as const)('%s: where it was, and four times as slow', async (name, seconds, late, [from, to]) => {
    const path = sounding(`${name.replaceAll(' ', '')}.mov`, seconds, late)
    for (const [motion, factor] of [
      [smooth, 1],
      [slow, 4],
    ] as const) {
      const film = await shown(path, motion)
      expect(film.lost).toEqual([])
      const [begin, end] = heard(film.path)
      expect(Math.abs(begin - factor * from)).toBeLessThan(0.06 * factor)
      expect(Math.abs(end - factor * to)).toBeLessThan(0.06 * factor)
      expect(Number(probed(film.path, 'stream=duration'))).toBeCloseTo(0.8 * factor, 4)
    }
  })

  test('missing: none, and nothing is said of it', async () => {
    const film = await shown(filmed('silent.mp4'), slow)
    expect(
      tool('ffprobe', ['-v', 'error', '-show_entries', 'stream=codec_type', '-of', 'csv=p=0', film.path]),
    ).toBe('video\n')
    expect(film.notes).not.toContain('noteSoundStretched')
  })
})

test('a rate that no screen shows is refused with a sentence, before anything is made', async () => {
  const asked = shown(filmed('rate.mp4'), { kind: 'smooth', rate: { num: 1000, den: 1 } })
  await expect(asked).rejects.toMatchObject({ code: 'bad-argument', sentence: { key: 'motionRate' } })
})
