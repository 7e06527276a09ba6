// Timestamps as real files have them: clocks that start over, repeat, leap and run back, pictures that are shown long, streams
// that begin without a key picture. Pictures and beeps of the export must stand where they stood when the film was made.
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { beforeAll, expect, test } from 'vitest'
import type { Host } from '../../electron/app/host/host.js'
import { durationOf, firstFrameFrom, frameCount } from '../../electron/shared/media/frameTable.js'
import { inEnglish } from '../../electron/shared/words/sentences.js'
import { folder } from '../app/folder.js'
import {
  type Exported,
  beeping,
  beeps,
  exported,
  facts,
  make,
  numberOf,
  numbered,
  openHost,
  pictures,
} from './kit.js'

const at = folder()
let host: Host
beforeAll(async () => {
  host = await openHost(at)
})

const h264 = ['-c:v', 'libx264', '-g', '25', '-bf', '2']
const count = (from: number, to: number): number[] =>
  Array.from({ length: to - from }, (_, i) => (from + i) % 32)

/** The film's numbers, its times in milliseconds at the first, middle and last picture, and where its beeps begin, in milliseconds. */
function measured({ path }: Pick<Exported, 'path'>): { numbers: number[]; times: number[]; heard: number[] } {
  const shown = pictures(path)
  const some = [0, shown.length >> 1, shown.length - 1]
  return {
    numbers: shown.map(({ luma }) => numberOf(luma)),
    times: some.map((i) => Math.round(1000 * (shown[i]?.at ?? NaN))),
    heard: beeps(path).map(({ from }) => Math.round(1000 * from)),
  }
}

/** Every beep begins within 10 ms of where it belongs. */
function near(heard: readonly number[], wanted: readonly number[], ms = 10): void {
  expect(heard).toHaveLength(wanted.length)
  heard.forEach((from, i) =>
    expect(Math.abs(from - (wanted[i] ?? NaN)), `beep ${i} at ${from} ms`).toBeLessThanOrEqual(ms),
  )
}

/** Recordings of these lengths joined byte by byte; the n-th beeps n * 500 Hz. */
function joined(name: string, seconds: readonly number[], ...words: string[]): string {
  const parts = seconds.map((length, n) => {
    const part = `${n}-${name}`
    make(at, ...numbered(length), ...beeping(length, 500 * (n + 1)), ...words, part)
    return readFileSync(join(at, part))
  })
  const path = join(at, name)
  writeFileSync(path, Buffer.concat(parts))
  return path
}

test.each([
  ['two H.264 recordings in MPEG-TS', 'joined.ts', [4, 3], [...h264, '-c:a', 'ac3', '-f', 'mpegts']],
  [
    'three MPEG-2 recordings in MPEG-PS',
    'joined.mpg',
    [2, 3, 2],
    [
      '-c:v',
      'mpeg2video',
      '-bf',
      '2',
      '-b:v',
      '2M',
      '-maxrate',
      '2M',
      '-bufsize',
      '1M',
      '-c:a',
      'mp2',
      '-f',
      'vob',
    ],
  ],
  [
    'two MPEG-2 recordings in Blu-ray packets',
    'joined.m2ts',
    [3, 2],
    ['-c:v', 'mpeg2video', '-bf', '0', '-c:a', 'ac3', '-f', 'mpegts', '-mpegts_m2ts_mode', '1'],
  ],
])(
  '%s, joined: every picture and every beep of each, one after the other',
  async (_, name, seconds, words) => {
    const film = joined(name, seconds, ...words)
    const all = await exported(host, at, film)
    expect(all.job.state).toBe('done')
    const total = seconds.reduce((sum, length) => sum + length, 0)
    const { numbers, times, heard } = measured(all)
    expect(numbers).toEqual(seconds.flatMap((length) => count(0, 25 * length)))
    expect(times).toEqual([0, 40 * Math.floor((25 * total) / 2), 1000 * total - 40])
    expect(durationOf(all.table)).toBeCloseTo(total, 3)
    near(
      heard,
      Array.from({ length: total }, (_, i) => 1000 * i),
    )
    const said = [...all.before, ...all.after].filter((note) => note.includes('starts over'))
    expect(said).toHaveLength(2) // beforehand and afterwards
    expect(said[0]).toContain(`at 0:0${seconds[0]}`)

    // A range that lies in the last recording: it is reached there, not by reading everything before.
    const first = 25 * (total - (seconds.at(-1) ?? 0))
    const range = await exported(host, at, film, { range: [first + 10, first + 45] })
    const part = measured(range)
    expect(part.numbers).toEqual(count(10, 45))
    near(part.heard, [600])

    const { peaks } = await host.api.sources.waveform(all.source.id)
    const loud = peaks.flatMap((peak, i) => (peak > 0.1 && !((peaks[i - 1] ?? 0) > 0.1) ? [i / 100] : []))
    expect(loud.map(Math.round)).toEqual(Array.from({ length: total }, (_, i) => i))
    expect(peaks.length).toBe(100 * total)
  },
)

test.each([
  ['H.264 and PCM', [...h264, '-c:a', 'pcm_s16le']],
  ['MPEG-4 and AAC', ['-c:v', 'mpeg4', '-q:v', '2', '-bf', '2', '-c:a', 'aac']],
])('two Matroska files in one, %s: the second is read too, with its sound', async (_, words) => {
  make(at, ...numbered(2), ...beeping(2), ...words, 'one.mkv')
  const one = readFileSync(join(at, 'one.mkv'))
  const film = join(at, 'both.mkv')
  writeFileSync(film, Buffer.concat([one, one]))
  const { numbers, times, heard } = measured(await exported(host, at, film))
  expect(numbers).toEqual([...count(0, 50), ...count(0, 50)])
  expect(times).toEqual([0, 2000, 3960])
  near(heard, [0, 1000, 2000, 3000])
})

test.each([
  ['MP4', 'behind.mp4', ['-c:v', 'libx264', '-c:a', 'aac']],
  ['QuickTime', 'behind.mov', ['-c:v', 'mpeg4', '-c:a', 'pcm_s16le']],
])('%s files in one: that only the first can be read is told', async (_, name, words) => {
  const both = await host.api.sources.open(joined(name, [1, 1, 1], ...words))
  expect(both.warnings.map(inEnglish)).toEqual([expect.stringContaining('behind the first, 2 more')])
  expect((await host.api.sources.open(join(at, `0-${name}`))).warnings).toEqual([])
})

test('a joined recording with larger pictures is brought to the size of the first, and that is told', async () => {
  const parts = [
    make(at, ...numbered(1), ...h264, '-f', 'mpegts', 'small.ts'),
    make(at, ...numbered(1, 25, '192x128'), ...h264, '-f', 'mpegts', 'large.ts'),
  ]
  const film = join(at, 'sizes.ts')
  writeFileSync(film, Buffer.concat(parts.map((part) => readFileSync(part))))
  const all = await exported(host, at, film)
  const numbers = pictures(all.path).map(({ luma }) => numberOf(luma))
  expect(numbers).toEqual([...count(0, 25), ...count(0, 25)])
  const [stream] = facts(all.path).streams
  expect([stream?.width, stream?.height]).toEqual([96, 64])
  for (const notes of [all.before, all.after])
    expect(notes.join()).toContain(
      'that begin at 0:01 have frames of another size or shape. They are brought to 96×64',
    )
})

test('recordings of other rates and one without sound, joined: each keeps its rate and its place', async () => {
  const parts = [
    make(at, ...numbered(2), ...beeping(2), ...h264, '-c:a', 'aac', '-f', 'mpegts', 'slow.ts'),
    make(at, ...numbered(1, 50), ...h264, '-f', 'mpegts', 'mute.ts'),
    make(at, ...numbered(2, 30), ...beeping(2), ...h264, '-c:a', 'aac', '-f', 'mpegts', 'fast.ts'),
  ]
  const film = join(at, 'rates.ts')
  writeFileSync(film, Buffer.concat(parts.map((part) => readFileSync(part))))
  const all = await exported(host, at, film)
  const { numbers, times, heard } = measured(all)
  expect(numbers).toEqual([...count(0, 50), ...count(0, 50), ...count(0, 60)])
  expect(times).toEqual([0, 2600, 4967])
  near(heard, [0, 1000, 3000, 4000])
  expect(all.before.join()).toContain('starts over at 0:02, 0:03')
})

test('a clock of FLV without sound that leaps is put right, and that is told', async () => {
  const leap = `setts=pts='PTS+gte(N,50)*100000':dts='DTS+gte(N,50)*100000'`
  const words = ['-c:v', 'flv1', '-q:v', '2']
  make(at, ...numbered(4), ...words, 'even.flv')
  const film = make(at, '-i', 'even.flv', '-c', 'copy', '-bsf:v', leap, 'leap.flv')
  const all = await exported(host, at, film)
  const shown = pictures(all.path)
  expect(shown.map(({ luma }) => numberOf(luma))).toEqual(count(0, 100))
  expect(shown.at(-1)?.at).toBeCloseTo(3.96, 2)
  expect(all.before.join()).toContain('leaps at 0:02.')
})

test('a clock of 33 bits that runs over goes on', async () => {
  const words = [...h264, '-c:a', 'aac', '-output_ts_offset', '95441.7', '-f', 'mpegts']
  const film = make(at, ...numbered(4), ...beeping(4), ...words, 'wrap.ts')
  const { numbers, times, heard } = measured(await exported(host, at, film))
  expect(numbers).toEqual(count(0, 100))
  expect(times).toEqual([0, 2000, 3960])
  near(heard, [0, 1000, 2000, 3000])
})

/** Every tenth picture takes the time of the one before it. */
const twice = (step: number): string => {
  const time = `'if(eq(mod(N,10),9),PTS-${step},PTS)'`
  return `setts=pts=${time}:dts=${time}`
}

test.each([
  ['MPEG-4 in Matroska', 'twice.mkv', ['-c:v', 'mpeg4', '-bf', '0', '-q:v', '3', '-c:a', 'pcm_s16le'], 40],
  ['H.264 in NUT', 'twice.nut', ['-c:v', 'libx264', '-bf', '0', '-c:a', 'pcm_s16le'], 2048],
])('%s: a time that comes twice moves nothing that follows', async (_, name, words, step) => {
  make(at, ...numbered(6), ...beeping(6), ...words, `even-${name}`)
  const film = make(at, '-i', `even-${name}`, '-map', '0', '-c', 'copy', '-bsf:v', twice(step), name)
  const all = await exported(host, at, film, { ending: 'mkv' })
  const { numbers, times, heard } = measured(all)
  expect(numbers).toEqual(count(0, 150))
  expect(times).toEqual([0, 3000, 5960])
  expect(durationOf(all.table)).toBeCloseTo(6, 2)
  near(heard, [0, 1000, 2000, 3000, 4000, 5000])
  expect(all.before.join()).toContain('15 frames carry a time that cannot be right, from 0:00.3 on')
  const part = await exported(host, at, film, { range: [101, 120] })
  expect(measured(part).numbers).toEqual(count(101, 120))
})

test.each([
  ['far ahead, H.264 in Matroska', 'wild.mkv', [...h264, '-c:a', 'pcm_s16le'], 50, '+3000'],
  // Back by two pictures, less and more: just after another one, on it, between two.
  ['just after another, H.264 in Matroska', 'after.mkv', [...h264, '-c:a', 'pcm_s16le'], 55, '-79'],
  [
    'on another, H.265 in Matroska',
    'on.mkv',
    ['-c:v', 'libx265', '-x265-params', 'log-level=1', '-bf', '2', '-c:a', 'pcm_s16le'],
    50,
    '-80',
  ],
  ['between two others, H.264 in NUT', 'between.nut', [...h264, '-c:a', 'pcm_s16le'], 52, '-5000'],
])(
  'with B pictures, a single time that lies %s, moves nothing that follows',
  async (_, name, words, packet, by) => {
    make(at, ...numbered(4), ...beeping(4), ...words, `right-${name}`)
    const wrong = `setts=pts='if(eq(N,${packet}),PTS${by},PTS)':dts=DTS`
    const film = make(at, '-i', `right-${name}`, '-map', '0', '-c', 'copy', '-bsf:v', wrong, name)
    const all = await exported(host, at, film)
    const { numbers, times, heard } = measured(all)
    expect(numbers).toEqual(count(0, 100))
    expect(times).toEqual([0, 2000, 3960])
    near(heard, [0, 1000, 2000, 3000])
    expect(all.before.join()).toContain('1 frame carries a time that cannot be right')
  },
)

test.each([
  [
    'three MPEG-2 recordings in VOB',
    'wobble.vob',
    [3, 2, 2],
    ['-c:v', 'mpeg2video', '-q:v', '2', '-g', '12', '-c:a', 'ac3', '-f', 'vob'],
  ],
  [
    'MPEG-1 with B pictures',
    'wobble.mpg',
    [4],
    ['-c:v', 'mpeg1video', '-q:v', '2', '-bf', '2', '-c:a', 'mp2', '-f', 'mpeg'],
  ],
])(
  '%s, read with times that wobble: every picture stands at its even time',
  async (_, name, seconds, words) => {
    const film = joined(name, seconds, ...words)
    const all = await exported(host, at, film)
    const total = seconds.reduce((sum, length) => sum + length, 0)
    expect(durationOf(all.table)).toBeCloseTo(total, 3)
    const shown = pictures(all.path)
    expect(shown.map(({ luma }) => numberOf(luma))).toEqual(
      seconds.flatMap((length) => count(0, 25 * length)),
    )
    expect(shown.map((picture) => Math.round(1000 * picture.at))).toEqual(shown.map((__, i) => 40 * i))
    near(
      measured(all).heard,
      Array.from({ length: total }, (__, i) => 1000 * i),
      25,
    )
    expect(all.before.join()).toContain('cannot be right')
    const range = [firstFrameFrom(all.table, 1), firstFrameFrom(all.table, total - 0.96)] as const
    expect(range).toEqual([25, 25 * total - 24])
    expect(measured(await exported(host, at, film, { range: [...range] })).numbers).toEqual(
      shown.slice(...range).map(({ luma }) => numberOf(luma)),
    )
  },
)

test.each([
  ['H.264', 'raw.h264', ['-c:v', 'libx264', '-bf', '2']],
  ['MPEG-2', 'raw.m2v', ['-c:v', 'mpeg2video', '-bf', '2']],
])('%s without a container is counted', async (_, name, words) => {
  const all = await exported(host, at, make(at, ...numbered(2), ...words, name))
  const shown = pictures(all.path)
  expect(shown.map(({ luma }) => numberOf(luma))).toEqual(count(0, 50))
  expect(shown.at(-1)?.at).toBeCloseTo(1.96, 2)
  const part = await exported(host, at, join(at, name), { range: [30, 40] })
  expect(pictures(part.path).map(({ luma }) => numberOf(luma))).toEqual(count(30, 40))
})

test.each([
  ['MP4', 'last.mp4', ['-c:v', 'libx264', '-bf', '0', '-c:a', 'aac'], 512],
  ['Matroska', 'last.mkv', ['-c:v', 'mpeg4', '-c:a', 'pcm_s16le'], 40],
])('%s: a last picture that is shown for 5 s keeps them, and the sound', async (_, name, words, step) => {
  make(at, ...numbered(1), ...beeping(5.96), ...words, `even-${name}`)
  const longer = `setts=pts=PTS:dts=DTS:duration='if(eq(N,24),${step * 125},${step})'`
  const film = make(at, '-i', `even-${name}`, '-map', '0', '-c', 'copy', '-bsf:v', longer, name)
  const all = await exported(host, at, film)
  expect(durationOf(all.table)).toBeCloseTo(5.96, 2)
  const { numbers, times, heard } = measured(all)
  expect(numbers).toEqual(count(0, 25))
  expect(times.at(-1)).toBe(960)
  near(heard, [0, 1000, 2000, 3000, 4000, 5000])
})

test('a last picture that is said to be shown for hours is shown for one step, and that is told', async () => {
  make(at, ...numbered(1), ...beeping(1), '-c:v', 'libx264', '-bf', '0', '-c:a', 'aac', 'plain.mp4')
  const hours = "setts=pts=PTS:dts=DTS:duration='if(eq(N,24),512*25*7200,512)'"
  const film = make(at, '-i', 'plain.mp4', '-map', '0', '-c', 'copy', '-bsf:v', hours, 'hours.mp4')
  const all = await exported(host, at, film)
  expect(durationOf(all.table)).toBeCloseTo(1, 2)
  expect(all.before.join()).toContain('last frame is shown for 7200 s')
})

/** A stream without its first parts: what is left begins in the middle of a group. */
function beheaded(name: string, packet: number, kept: number, share: number): string {
  const data = readFileSync(join(at, `whole-${name}`))
  const from = packet * Math.floor((share * data.length) / packet)
  const path = join(at, name)
  writeFileSync(path, Buffer.concat([data.subarray(0, packet * kept), data.subarray(from)]))
  return path
}

test('H.264 in MPEG-TS that begins in the middle of a long group starts with its first key picture', async () => {
  const group = ['-g', '125', '-keyint_min', '125', '-sc_threshold', '0']
  make(
    at,
    ...numbered(10),
    ...beeping(10),
    '-c:v',
    'libx264',
    ...group,
    '-c:a',
    'aac',
    '-f',
    'mpegts',
    'whole-late.ts',
  )
  const all = await exported(host, at, beheaded('late.ts', 188, 3, 0.12))
  expect(all.job.state).toBe('done')
  const { numbers, heard } = measured(all)
  expect(numbers).toEqual(count(125, 250))
  near(heard, [0, 1000, 2000, 3000, 4000], 20)
  expect(all.before.join()).toMatch(/begins in the middle of a shot: its first \d\.\d\d s/)
  expect(all.after.join()).toContain('begins in the middle of a shot')
})

test('MPEG-2 in MPEG-PS that begins in the middle of a group starts with its first key picture', async () => {
  const group = [
    '-g',
    '50',
    '-bf',
    '0',
    '-b:v',
    '2M',
    '-maxrate',
    '2M',
    '-bufsize',
    '1M',
    '-sc_threshold',
    '1000000000',
  ]
  make(
    at,
    ...numbered(5),
    ...beeping(5),
    '-c:v',
    'mpeg2video',
    ...group,
    '-c:a',
    'mp2',
    '-f',
    'vob',
    'whole-late.mpg',
  )
  const all = await exported(host, at, beheaded('late.mpg', 2048, 0, 0.5))
  const { numbers, heard } = measured(all)
  expect(numbers).toEqual(count(100, 125))
  near(heard, [0], 20)
})

test('packed B pictures in AVI: the first picture and the first sound begin together', async () => {
  const words = ['-c:v', 'libxvid', '-bf', '2', '-b:v', '300k', '-g', '50', '-c:a', 'pcm_s16le']
  const all = await exported(host, at, make(at, ...numbered(4, 15), ...beeping(4), ...words, 'packed.avi'))
  const { numbers, times, heard } = measured(all)
  expect(numbers).toEqual(count(0, 60))
  expect(times).toEqual([0, 2000, 3933])
  near(heard, [0, 1000, 2000, 3000])
})

test('B pictures of H.264 in AVI: the first picture and the first sound begin together', async () => {
  const words = ['-c:v', 'libx264', '-bf', '2', '-g', '25', '-c:a', 'pcm_s16le']
  const film = make(at, ...numbered(4), ...beeping(4), ...words, 'avc.avi')
  const all = await exported(host, at, film)
  const { numbers, times, heard } = measured(all)
  expect(numbers).toEqual(count(0, 100))
  expect(times).toEqual([0, 2000, 3960])
  near(heard, [0, 1000, 2000, 3000])
  const part = await exported(host, at, film, { range: [60, 90] })
  expect(measured(part).numbers).toEqual(count(60, 90))
})

test('the first pictures are shown before the frame table is read, and they are the same ones', async () => {
  // AVI tells no times of showing: all 60,000 pictures are decoded for the table.
  make(at, ...numbered(20), ...h264, 'loop.avi')
  const film = make(at, '-stream_loop', '119', '-i', 'loop.avi', '-c', 'copy', 'long.avi')
  const source = await host.api.sources.open(film)
  let isRead = false
  const table = host.api.sources.frameTable(source.id).then((read) => {
    isRead = true
    return read
  })
  const picture = async (): Promise<{ isEarly: boolean; number: number }> => {
    const { body } = await host.serve({ kind: 'frame', sourceId: source.id, frame: 3, width: 96 }, {})
    const isEarly = !isRead
    const path = join(at, 'shown.jpg')
    writeFileSync(path, body as Uint8Array)
    return { isEarly, number: numberOf(pictures(path)[0]?.luma ?? NaN) }
  }
  expect(await picture()).toEqual({ isEarly: true, number: 3 })
  expect(frameCount(await table)).toBe(60_000)
  expect(await picture()).toEqual({ isEarly: false, number: 3 })
})
