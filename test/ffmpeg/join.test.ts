// Films: exact frames and times, sound cut to the sample, nothing left behind when something fails.
import { frameCount, ticksIn, ticksOf } from '../../electron/shared/media/frameTable.js'
import { execFileSync } from 'node:child_process'
import {
  existsSync,
  linkSync,
  mkdirSync,
  readFileSync,
  readdirSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { audioPlan, mergedRanges } from '../../electron/ffmpeg/audio.js'
import { enhancementNote } from '../../electron/ffmpeg/join.js'
import { shiftDate } from '../../electron/ffmpeg/tags.js'
import { checkTarget } from '../../electron/ffmpeg/target.js'
import { containersOf, VideoCodec } from '../../electron/shared/contract/output.js'
import { film, frameHashes, make, moving, open, planOf, tools, workFolder } from './clips.js'

const folder = workFolder()
const spec = (name: string, codec: VideoCodec = 'h264', container: 'mp4' | 'mov' | 'mkv' = 'mp4') => ({
  ...{ path: join(folder, name), codec, container, hasAudio: true, mayOverwrite: false },
})

// A click of 10 ms every half second says to the sample where the sound is.
const vfr = make(
  folder,
  'vfr.mov',
  `${moving('96x64', '30', 3)} -f lavfi -i aevalsrc=0.8*lt(mod(t\\,0.5)\\,0.01):s=48000:d=3 -vf select=not(eq(mod(n\\,7)\\,3)) -fps_mode vfr -c:v libx264 -pix_fmt yuv420p -c:a pcm_s16le`,
)

const pcm = (path: string): Int16Array => {
  const data = execFileSync(
    tools.ffmpeg,
    `-v error -i ${path} -map 0:a:0 -ac 1 -ar 48000 -f s16le -`.split(' '),
    { maxBuffer: 1 << 26 },
  )
  return new Int16Array(data.buffer, data.byteOffset, data.length >> 1)
}
/** Samples at which clicks start. */
const clicks = (samples: Int16Array): number[] =>
  [...samples.keys()].filter(
    (i) =>
      Math.abs(samples[i] ?? 0) > 8000 &&
      samples.subarray(Math.max(0, i - 4000), i).every((s) => Math.abs(s) <= 8000),
  )

const codecs = Object.entries(containersOf).map(([codec, [container]]) => [codec, container] as const)
test.each(codecs)('%s in %s: a cut in segments keeps every frame at its time', async (codec, container) => {
  const opened = await open(vfr)
  const plan = planOf([opened], [[0, 5, 35]], 12)
  const made = await film(
    folder,
    [opened],
    plan,
    spec(`cut-${codec}.${container}`, codec as VideoCodec, container),
  )
  // join() has compared all timestamps with the plan; here its word is checked once more through our own reading.
  const again = await open(made.path)
  const seconds = (ticks: readonly number[], { num, den }: { num: number; den: number }): number[] =>
    ticks.map((tick) => ((tick - (ticks[0] ?? 0)) * num) / den)
  const expected = seconds(
    plan.segments.flatMap((s) => s.ticks),
    plan.timeBase,
  )
  seconds(ticksIn(again.table), again.table.timeBase).forEach((time, i) =>
    expect(Math.abs(time - (expected[i] ?? NaN))).toBeLessThan(0.0011),
  )
  expect(frameCount(again.table)).toBe(30)
  expect(again.source.audio).toHaveLength(1)
  expect(readdirSync(folder).filter((name) => name.includes('.part-'))).toEqual([])
  if (codec === 'ffv1') expect(await frameHashes(again)).toEqual(await frameHashes(opened, 5, 35))
})

test('sound is cut to the sample', async () => {
  const opened = await open(vfr)
  const { table } = opened
  const from = 8
  const made = await film(
    folder,
    [opened],
    planOf([opened], [[0, from, 60]], 100),
    spec('sound.mov', 'prores', 'mov'),
  )
  const start = Math.round((ticksOf(table, from) * table.timeBase.num * 48000) / table.timeBase.den)
  const expected = clicks(pcm(vfr))
    .map((at) => at - start)
    .filter((at) => at > 0)
  const found = clicks(pcm(made.path))
  expect(found.length).toBeGreaterThan(2)
  found.forEach((at, i) => expect(Math.abs(at - (expected[i] ?? NaN))).toBeLessThanOrEqual(1))
})

test('sound that is whole and fits is copied bit by bit', async () => {
  const path = make(
    folder,
    'whole.mp4',
    `${moving('64x48', '25', 2)} -f lavfi -i sine=duration=1.9 -c:v libx264 -pix_fmt yuv420p -c:a aac`,
  )
  const opened = await open(path)
  const made = await film(folder, [opened], planOf([opened], [[0, 0, 50]], 100), spec('copied.mp4'))
  const packets = (file: string): string =>
    execFileSync(tools.ffmpeg, `-v error -i ${file} -map 0:a -c copy -f md5 -`.split(' ')).toString()
  expect(packets(made.path)).toBe(packets(path))
})

test.each([
  [1, 'center'],
  [2, 'topleft'],
] as const)('where chroma sits (%d) is said of the film, too: %s', async (type, siting) => {
  const made = `-c:v libx264 -pix_fmt yuv420p -bsf:v h264_metadata=chroma_sample_loc_type=${type}`
  const source = await open(make(folder, `${siting}.mp4`, `${moving('64x48', '25', 0.2)} ${made}`))
  expect(source.source.video.siting).toBe(siting)
  const path = join(folder, `${siting}-film.mp4`)
  const spec = { path, container: 'mp4', codec: 'h264', hasAudio: false, mayOverwrite: true } as const
  await film(folder, [source], planOf([source], [[0, 0, 5]], 5), spec)
  expect((await open(path)).source.video.siting).toBe(siting)
})

test('more clips than one run of ffmpeg reads: their sound is gathered, and is to the sample what one run would give', async () => {
  const opened = await open(vfr)
  const ranges = Array.from({ length: 20 }, (_, i): [number, number, number] => [0, 3 * i, 3 * i + 2])
  const out = { ...spec('gathered.mkv', 'ffv1', 'mkv'), quality: 'good' as const }
  const plan = planOf([opened], ranges, 1000)
  const { gathered } = await audioPlan(tools, plan, out)
  expect(gathered.map(({ parts }) => parts.length)).toEqual([2])
  const made = await film(folder, [opened], plan, out)
  const whole = pcm(vfr)
  let seconds = 0
  const expected = plan.audio.flatMap(({ fromSeconds, toSeconds }) => {
    const [start, from] = [Math.round(seconds * 48000), Math.round(fromSeconds * 48000)]
    seconds += toSeconds - fromSeconds
    return [...whole.subarray(from, from + Math.round(seconds * 48000) - start)]
  })
  expect([...pcm(made.path)]).toEqual(expected)
  const left = readdirSync(folder, { recursive: true, encoding: 'utf8' })
  expect(left.filter((name) => name.endsWith('.pcm'))).toEqual([])
})

test('no command line grows with the number of clips', async () => {
  const opened = await open(vfr)
  const audio = Array.from({ length: 1200 }, (_, i) => {
    const fromSeconds = 0.001 * (i % 2000)
    return { source: opened.source, fromSeconds, toSeconds: fromSeconds + 0.1 }
  })
  const plan = await audioPlan(tools, { audio }, { ...spec('many.mp4'), quality: 'good' })
  const parts = plan.gathered.flatMap((track) => track.parts)
  expect(parts).toHaveLength(75)
  const lengths = parts.map(({ inputs, filter }) => [...inputs.flat(), filter].join(' ').length)
  expect(Math.max(...lengths)).toBeLessThan(30_000) // Windows takes 32,767 characters
  expect([...plan.inputs.flat(), ...plan.output].join(' ').length).toBeLessThan(1000)
})

test('clips of two files follow each other, sound in step, silence where there is none', async () => {
  const silent = make(folder, 'silent.mp4', `${moving('96x64', '25', 1)} -c:v libx264 -pix_fmt yuv420p`)
  const sources = [await open(vfr), await open(silent)]
  const plan = planOf(
    sources,
    [
      [1, 0, 25],
      [0, 0, 30],
    ],
    50,
  )
  const made = await film(folder, sources, plan, spec('two.mov', 'prores', 'mov'))
  const found = clicks(pcm(made.path))
  expect(Math.abs((found[0] ?? 0) - 48000)).toBeLessThanOrEqual(2) // the first click of the second clip
})

test.each([2, 20])(
  'of %d clips the first lies behind the end of its sound: those after it are heard',
  async (count) => {
    const early = make(
      folder,
      `early-${count}.mkv`,
      `${moving('96x64', '25', 4)} -f lavfi -i sine=duration=1 -c:v libx264 -pix_fmt yuv420p -c:a pcm_s16le`,
    )
    const sources = [await open(early), await open(vfr)]
    const behind = Array.from({ length: count - 1 }, (_, i): [number, number, number] => [
      0,
      50 + 2 * i,
      51 + 2 * i,
    ])
    const plan = planOf(sources, [...behind, [1, 0, 30]], 500)
    const made = await film(folder, sources, plan, spec(`early-${count}.mov`, 'prores', 'mov'))
    const found = clicks(pcm(made.path))
    expect(Math.abs((found[0] ?? 0) - 1920 * (count - 1))).toBeLessThanOrEqual(2) // the first click of the last clip
  },
)

describe('targets', () => {
  test('the source itself, also through links, is refused', async () => {
    symlinkSync(vfr, join(folder, 'soft.mov'))
    linkSync(vfr, join(folder, 'hard.mov'))
    for (const path of [vfr, join(folder, 'soft.mov'), join(folder, 'hard.mov')])
      await expect(checkTarget(path, [vfr], true)).rejects.toMatchObject({ code: 'output-is-source' })
  })

  test('an existing file is not replaced unasked', async () => {
    const path = join(folder, 'there.mp4')
    writeFileSync(path, 'mine')
    await expect(checkTarget(path, [vfr], false)).rejects.toMatchObject({ code: 'output-exists' })
    await expect(checkTarget(path, [vfr], true)).resolves.toBeUndefined()
    expect(readFileSync(path, 'utf8')).toBe('mine')
  })

  test('a folder that is not there, is a file, or cannot be written', async () => {
    await expect(checkTarget(join(folder, 'no', 'a.mp4'), [], false)).rejects.toMatchObject({
      code: 'output-not-writable',
    })
    await expect(checkTarget(join(vfr, 'a.mp4'), [], false)).rejects.toMatchObject({
      code: 'output-not-writable',
    })
    await expect(checkTarget(folder, [], true)).rejects.toMatchObject({ code: 'output-not-writable' })
    if (existsSync('/proc/self'))
      await expect(checkTarget('/proc/self/a.mp4', [], false)).rejects.toMatchObject({
        code: 'output-not-writable',
      })
  })
})

test('cancelling, and a segment that is damaged, leave nothing beside the target', async () => {
  const opened = await open(vfr)
  const plan = planOf([opened], [[0, 0, 20]], 10)
  const there = join(folder, 'quiet')
  mkdirSync(there)
  const stop = new AbortController()
  const target = { ...spec('x.mp4'), path: join(there, 'x.mp4') }
  await expect(
    film(folder, [opened], plan, target, { signal: stop.signal, onProgress: () => stop.abort() }),
  ).rejects.toMatchObject({ code: 'cancelled' })
  expect(readdirSync(there)).toEqual([])
  const damaged = join(folder, 'damaged.mov')
  writeFileSync(damaged, 'not a segment at all')
  await expect(
    film(folder, [opened], plan, target, { segmentFiles: [damaged, damaged] }),
  ).rejects.toMatchObject({ code: 'ffmpeg-failed' })
  expect(readdirSync(there)).toEqual([])
})

test('ranges that continue each other are one', async () => {
  const { source } = await open(vfr)
  expect(
    mergedRanges({
      audio: [
        { source, fromSeconds: 0, toSeconds: 1 },
        { source, fromSeconds: 1, toSeconds: 2 },
      ],
    }),
  ).toEqual([{ source, fromSeconds: 0, toSeconds: 2 }])
})

test('dates move with the cut; what was enhanced is said; chapters are cut', async () => {
  expect(shiftDate('2012-09-10T20:52:00', 75.4)).toBe('2012-09-10T20:53:15')
  expect(shiftDate('2019-07-01T10:11:12+02:00', 0)).toBe('2019-07-01T10:11:12+02:00')
  expect(shiftDate('2020-08-28', 10)).toBe('2020-08-28')
  const opened = await open(vfr)
  const plan = planOf([opened], [[0, 0, 20]], 10)
  expect(enhancementNote(plan)).toBeUndefined()
  const enhanced = {
    ...plan,
    segments: plan.segments.map((s) => ({ ...s, enhance: { ...s.enhance, isEnabled: true, seed: 7 } })),
  }
  expect(enhancementNote(enhanced)).toBe('Enhanced with Heirloom: model heirloom-s, x2, strength 1, seed 7')
})
