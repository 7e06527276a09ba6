// A film of clips of different size, shape, rate, colour and sound: one valid stream, every frame at its time and where it belongs.
import { existsSync, readFileSync, readdirSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Host } from '../../electron/app/host/host.js'
import { forkEngine } from '../../electron/engine/client.js'
import type { JobState } from '../../electron/shared/contract/job.js'
import { type OutputSpec, VideoCodec, containersOf } from '../../electron/shared/contract/output.js'
import type { Estimate, ExportRequest } from '../../electron/shared/contract/render.js'
import { type Clip, type CutList, defaultEnhance } from '../../electron/shared/document/project.js'
import { inEnglish, wordsIn } from '../../electron/shared/words/sentences.js'
import { placeAble } from '../app/able.js'
import { ended, hostIn, outputAt } from '../app/hosting.js'
import { folder } from '../app/folder.js'
import { tool } from '../engine/bundle.js'
import { beeps, facts, make, numberOf, numbered, openHost, soundSeconds } from './kit.js'
import { requestOf } from './filmRequest.js'
import { phone, silent, tape } from './mixedFilm.js'

const at = folder()
let host: Host
let serial = 0

interface Told {
  job: JobState
  path: string
  before: Estimate
  notes: string[]
}

const request = (
  inputs: readonly string[],
  over: Partial<OutputSpec>,
  clips: readonly Partial<Clip>[],
  size?: CutList['size'],
): Promise<ExportRequest> =>
  requestOf(
    host,
    inputs,
    outputAt(join(at, `film${++serial}.${over.container ?? 'mp4'}`), { quality: 'best', ...over }),
    clips,
    size,
  )

async function filmOf(
  inputs: readonly string[],
  over: Partial<OutputSpec> = {},
  clips: readonly Partial<Clip>[] = [],
  size?: CutList['size'],
): Promise<Told> {
  const asked = await request(inputs, over, clips, size)
  const before = await host.api.render.estimate(asked)
  const job = await ended(host, await host.api.render.export(asked))
  expect(job.failure).toBeUndefined()
  const lost = (job.report ?? []).filter(({ state }) => state === 'lost').map(({ what }) => what.key)
  expect(lost).toEqual([])
  return { job, path: asked.output.path, before, notes: job.notes.map(inEnglish) }
}

interface Frames {
  width: number
  height: number
  /** Luma of limited range of frame n at a place. */
  luma: (n: number, x: number, y: number) => number
  count: number
}

/** Decoded by a strict decoder: an error of the stream is one of the test. */
function framesOf(path: string): Frames {
  const video = facts(path).streams.find(({ codec_type }) => codec_type === 'video')
  const { width = 0, height = 0 } = video ?? {}
  const raw = join(at, `raw${++serial}.gray`)
  tool('ffmpeg', [
    ...['-v', 'error', '-xerror', '-err_detect', 'explode', '-i', path, '-an', '-vsync', '0'],
    ...[
      '-vf',
      'scale=out_range=limited,format=yuv444p,extractplanes=y',
      '-pix_fmt',
      'gray',
      '-f',
      'rawvideo',
      raw,
    ],
  ])
  const bytes = readFileSync(raw)
  return {
    ...{ width, height, count: bytes.length / (width * height) },
    luma: (n, x, y) => bytes[n * width * height + y * width + x] ?? NaN,
  }
}

const timesOf = (path: string): number[] =>
  tool('ffprobe', [
    ...['-v', 'error', '-select_streams', 'v', '-show_entries', 'packet=pts_time', '-of', 'csv=p=0', path],
  ])
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => Number(line.replace(',', '')))
    .sort((a, b) => a - b)

const steady = (from: number, count: number, rate: number): number[] =>
  Array.from({ length: count }, (_, i) => from + i / rate)

let inputs: string[] = []
beforeAll(async () => {
  host = await openHost(at)
  inputs = [tape(at), phone(at), silent(at)]
})

/** All that the app offers. */
const kinds = VideoCodec.options.flatMap((codec) =>
  containersOf[codec].map((container) => ({ codec, container })),
)

test.each(kinds)(
  'a tape, an upright phone and a silent clip in one film: $codec in $container',
  async (over) => {
    const { path, before, notes } = await filmOf(inputs, over)
    const frames = framesOf(path)
    const high = over.codec === 'av1' ? 64 : 60
    expect([frames.width, frames.height]).toEqual([80, high])
    expect(frames.count).toBe(50 + 30 + 24)
    expect([before.frames, before.seconds]).toEqual([104, expect.closeTo(3, 6)])
    const within = over.container === 'mkv' ? 0.0011 : 1e-6
    const times = timesOf(path)
    const wanted = [...steady(0, 50, 50), ...steady(1, 30, 30), ...steady(2, 24, 24)]
    const late = over.container === 'mkv' ? (times[0] ?? 0) : 0
    wanted.forEach((time, i) => expect(Math.abs((times[i] ?? NaN) - late - time)).toBeLessThan(within))
    for (let n = 0; n < 30; n++) {
      // 54x96 in 80x60 is 34 wide: black to the left and to the right of it.
      for (const x of [0, 10, 18, 62, 70, 79]) expect(frames.luma(50 + n, x, 30)).toBeLessThan(24)
      expect(numberOf(frames.luma(50 + n, 40, 30))).toBe(n)
      expect(numberOf(frames.luma(50 + n, 28, 2))).toBe(n)
    }
    for (let n = 0; n < 24; n++) {
      expect(numberOf(frames.luma(80 + n, 40, 30))).toBe(n)
      expect(numberOf(frames.luma(80 + n, 1, 1))).toBe(n)
    }
    for (let n = 0; n < 50; n++) expect(Math.abs(frames.luma(n, 40, 30) - 30 - 3 * n)).toBeLessThan(7)
    expect(soundSeconds(path)).toBeCloseTo(3, 1)
    const heard = beeps(path).map(({ from }) => from - late)
    expect(heard).toHaveLength(2)
    heard.forEach((time, i) => expect(Math.abs(time - i)).toBeLessThan(0.03))
    for (const told of [before.notes.map(inEnglish), notes]) {
      expect(told).toContain(
        '"phone.mp4" (54×96) is fitted into the film (80×60); what it does not fill is black.',
      )
      expect(told.join()).toMatch(/different numbers of frames per second \(50, 30, 24\)/)
      expect(told.join()).not.toMatch(/silent.mp4" \(/)
    }
  },
)

type Pixel = [red: number, green: number, blue: number]

/** What a player shows at a place of frame n. */
function pixelOf(path: string, n: number, x: number, y: number): Pixel {
  const raw = join(at, `pixel${++serial}.rgb`)
  const choose = `select=eq(n\\,${n}),scale=flags=neighbor+accurate_rnd+full_chroma_int,format=rgb24,crop=1:1:${x}:${y}`
  tool('ffmpeg', ['-v', 'error', '-y', '-i', path, '-vf', choose, '-frames:v', '1', '-f', 'rawvideo', raw])
  const [red = NaN, green = NaN, blue = NaN] = readFileSync(raw)
  return [red, green, blue]
}

const isNear = (found: Pixel, wanted: Pixel, within: number): boolean =>
  found.every((value, i) => Math.abs(value - (wanted[i] ?? NaN)) <= within)

interface Coloured {
  size: string
  matrix: 'smpte170m' | 'bt709'
  range: 'tv' | 'pc'
}

/** Half a second of one colour. */
function coloured(name: string, { size, matrix, range }: Coloured, colour = '0xC83C28'): string {
  const kind = range === 'pc' ? 'yuvj420p' : 'yuv420p'
  const named = `setparams=color_primaries=${matrix}:color_trc=${matrix}` // ffmpeg 7 takes these from the frames alone
  const to = `scale=out_color_matrix=${matrix}:out_range=${range},format=${kind},${named}`
  const tags = [
    '-colorspace',
    matrix,
    '-color_primaries',
    matrix,
    '-color_trc',
    matrix,
    '-color_range',
    range,
  ]
  const input = ['-f', 'lavfi', '-i', `color=${colour}:s=${size}:r=10:d=0.5`]
  return make(at, ...input, '-vf', to, ...tags, '-c:v', 'libx264', '-qp', '0', name)
}

test('a colour is the same in all clips, whatever they are coded as, in whichever order; bars are black', async () => {
  const red: Pixel = [200, 60, 40]
  const old = coloured('old.mp4', { size: '80x60', matrix: 'smpte170m', range: 'tv' })
  const full = coloured('full.mp4', { size: '36x60', matrix: 'bt709', range: 'pc' })
  for (const clips of [
    [old, full],
    [full, old],
  ]) {
    const { path } = await filmOf(clips, { codec: 'h264' })
    const { width = 0, height = 0 } = facts(path).streams[0] ?? {}
    expect([width, height]).toEqual(clips[0] === old ? [80, 60] : [36, 60])
    for (const n of [0, 4, 5, 9]) {
      const found = pixelOf(path, n, width >> 1, height >> 1)
      expect(isNear(found, red, 6), `${found.join()} in frame ${n}`).toBe(true)
    }
    const bar = pixelOf(path, 7, 0, 0)
    expect(isNear(bar, [0, 0, 0], 3), bar.join()).toBe(true)
  }
})

test('filling it cuts the edges off, in the middle it keeps its size', async () => {
  const small = coloured('small.mp4', { size: '40x60', matrix: 'bt709', range: 'tv' })
  const thirds = make(
    at,
    ...['-f', 'lavfi', '-i', 'color=black:s=160x60:r=10:d=0.5,drawbox=x=60:w=40:h=60:c=white:t=fill'],
    ...['-c:v', 'libx264', '-qp', '0', 'thirds.mp4'],
  )
  const seen = async (fit: Clip['fit']): Promise<{ luma: Frames['luma']; notes: string[] }> => {
    const { path, notes } = await filmOf([small, thirds], {}, [{}, fit ? { fit } : {}])
    return { luma: framesOf(path).luma, notes }
  }
  const isWhite = (luma: number): boolean => luma > 220
  const isBlack = (luma: number): boolean => luma < 30
  for (const fit of ['fill', 'centre'] as const) {
    const { luma, notes } = await seen(fit)
    for (const x of [2, 20, 37]) expect(isWhite(luma(6, x, 30))).toBe(true)
    expect(notes.join()).toMatch(fit === 'fill' ? /beyond its edges is cut off/ : /unscaled in the middle/)
  }
  const { luma } = await seen(undefined) // 40x16 of it, the middle 10 of them white
  for (const [x, y] of [
    [20, 2],
    [20, 57],
    [3, 30],
    [36, 30],
  ] as const)
    expect(isBlack(luma(6, x, y))).toBe(true)
  expect(isWhite(luma(6, 20, 30))).toBe(true)
})

test.each([8, 12])('gray of %d bits is of full range in FFV1, its bars too', async (bits) => {
  const pixels = bits === 8 ? 'gray' : `gray${bits}le`
  const gray = (size: string): string =>
    make(
      at,
      ...['-f', 'lavfi', '-i', `color=black:s=${size}:r=10:d=0.5,format=${pixels},geq=lum=X*4`],
      ...['-c:v', 'ffv1', `gray${bits}-${size}.mkv`],
    )
  const { path } = await filmOf([gray('80x60'), gray('36x60')], { codec: 'ffv1', container: 'mkv' })
  const lumaAt = (n: number, x: number): number => pixelOf(path, n, x, 30)[0]
  for (const x of [0, 21, 58, 79]) expect(lumaAt(7, x)).toBe(0)
  if (bits === 8)
    for (const x of [0, 7, 35]) expect([lumaAt(2, x), lumaAt(7, 22 + x)]).toEqual([4 * x, 4 * x])
})

test('bars around RGB are black', async () => {
  const red = (size: string): string =>
    make(
      at,
      '-f',
      'lavfi',
      '-i',
      `color=red:s=${size}:r=10:d=0.5,format=gbrp`,
      '-c:v',
      'ffv1',
      `red${size}.mkv`,
    )
  const { path } = await filmOf([red('80x60'), red('36x60')], { codec: 'ffv1', container: 'mkv' })
  expect(isNear(pixelOf(path, 7, 5, 30), [0, 0, 0], 0)).toBe(true)
  expect(isNear(pixelOf(path, 7, 40, 30), [255, 0, 0], 2)).toBe(true)
})

test.each(['mp4', 'mov', 'mkv'] as const)(
  'the film is of the earliest day that is in it, and says so: %s',
  async (container) => {
    const filmed = (name: string, date: string, ...more: string[]): string =>
      make(
        at,
        ...numbered(1, 10, '80x60'),
        '-c:v',
        'libx264',
        '-metadata',
        `creation_time=${date}`,
        ...more,
        name,
      )
    const late = filmed('late.mp4', '2021-02-03T10:00:00Z')
    const early = filmed('early.mp4', '2020-05-05T10:00:00Z')
    const { job, path, notes } = await filmOf([silent(at), late, early], { container }, [{}, {}, { from: 5 }])
    expect((await host.api.sources.open(path)).createdAt).toBe('2020-05-05T10:00:01Z')
    expect(notes).toContain(
      'The film is dated 2020-05-05 10:00:01 UTC, the earliest moment of filming in it ("early.mp4").',
    )
    const row = job.report?.find(({ what }) => what.key === 'reportDate')
    expect(row?.state).toBe('planned')
    expect(wordsIn('en', row?.output ?? [])).toBe('2020-05-05 10:00:01 UTC')
    expect(row?.why.map(inEnglish)).toEqual(['of several dates the earliest is kept'])
  },
)

/** Half a second of HLG, as phones film it. */
const hlg = (name: string, size: string): string =>
  make(
    at,
    ...['-f', 'lavfi', '-i', `color=gray:s=${size}:r=10:d=0.5,format=yuv420p10le`],
    ...['-vf', 'setparams=colorspace=bt2020nc:color_primaries=bt2020:color_trc=arib-std-b67'],
    ...['-colorspace', 'bt2020nc', '-color_primaries', 'bt2020', '-color_trc', 'arib-std-b67'],
    ...['-c:v', 'libx265', '-x265-params', 'log-level=error:lossless=1', '-tag:v', 'hvc1', name],
  )
const transferOf = (path: string): string | undefined =>
  (facts(path).streams[0] as { color_transfer?: string } | undefined)?.color_transfer

test('high dynamic range stays where all clips have it, and comes down to ordinary light beside another', async () => {
  const [wide, upright] = [hlg('wide.mp4', '80x60'), hlg('upright.mp4', '40x60')]
  const plain = coloured('plain.mp4', { size: '80x60', matrix: 'bt709', range: 'tv' }, 'gray')
  const both = await filmOf([wide, upright], { codec: 'h265' })
  expect(transferOf(both.path)).toBe('arib-std-b67')
  const kept = framesOf(both.path)
  expect(kept.luma(7, 40, 30)).toBe(kept.luma(2, 40, 30))
  for (const clips of [
    [wide, plain],
    [plain, upright],
  ]) {
    const { path, notes } = await filmOf(clips, { codec: 'h265' })
    expect(transferOf(path)).toBe('bt709')
    expect(notes.join()).toMatch(/is in high dynamic range or wide colours, and the film is not/)
    // Half of its signal is 52 nits: a quarter of the white that ordinary films mean.
    const grey = pixelOf(path, clips[0] === wide ? 2 : 7, 40, 30)
    expect(isNear(grey, [137, 137, 137], 14), grey.join()).toBe(true)
  }
})

test('a tape that says nothing of its colours is one film with high dynamic range, whichever comes first', async () => {
  const wide = hlg('beside.mp4', '80x60')
  for (const [codec, container] of [
    ['h265', 'mp4'],
    ['prores', 'mov'],
  ] as const)
    for (const clips of [
      [silent(at), wide],
      [wide, silent(at)],
    ]) {
      const { path } = await filmOf(clips, { codec, container })
      expect(transferOf(path)).toBeUndefined()
      expect(framesOf(path).count).toBe(24 + 5)
    }
})

test('the model works as ever, and its frames are kept as ever: another size of the film only encodes them', async () => {
  const home = join(at, 'able')
  placeAble(join(home, 'data', 'models'))
  const tasks: string[] = []
  const before = host
  host = await hostIn(home, {
    grants: { files: [], folders: [at] },
    launchEngine: (entry, env) => {
      const started = forkEngine(entry, env)
      return {
        ...started,
        send(message) {
          const { task } = message as { task?: { kind: string } }
          if (task && ['segment', 'encode'].includes(task.kind)) tasks.push(task.kind)
          started.send(message)
        },
      }
    },
  })
  try {
    const enhance = { ...defaultEnhance, model: 'able', look: 'gentle' as const }
    const small = make(at, ...numbered(1, 10, '80x60'), '-c:v', 'libx264', 'slow.mp4')
    const clips = [{ enhance }, {}]
    const first = await filmOf([small, inputs[1]!], {}, clips)
    const frames = framesOf(first.path)
    expect([frames.width, frames.height, frames.count, ...tasks]).toEqual([
      160,
      120,
      40,
      'segment',
      'segment',
    ])
    expect(frames.luma(20, 20, 60)).toBeLessThan(24)
    expect(numberOf(frames.luma(20, 80, 60))).toBe(10)
    expect(first.before.workMs).toBeGreaterThan(0)
    tasks.length = 0
    const other = framesOf((await filmOf([small, inputs[1]!], {}, clips, { width: 240, height: 120 })).path)
    expect([other.width, other.height, other.count, ...tasks]).toEqual([240, 120, 40, 'encode', 'segment'])
    for (const x of [2, 30, 210, 237]) expect(other.luma(5, x, 60)).toBeLessThan(24)
    expect(Math.abs(other.luma(5, 120, 60) - frames.luma(5, 80, 60))).toBeLessThan(4)
    tasks.length = 0
    await filmOf([small, inputs[1]!], {}, [{ enhance }, { fit: 'fill' }])
    expect(tasks).toEqual(['segment']) // the clip that does not fit, and nothing else
  } finally {
    host = before
  }
})

test('what is told of its size is near the film: bars cost nothing', async () => {
  const noise = ['-f', 'lavfi', '-i', 'testsrc2=s=54x96:r=25:d=1,noise=alls=30:allf=t']
  const upright = make(at, ...noise, '-c:v', 'libx264', '-qp', '4', 'noisy.mp4')
  const { path, before } = await filmOf([upright], { hasAudio: false }, [], { width: 320, height: 96 })
  const is = statSync(path).size
  expect(before.bytes / is).toBeGreaterThan(1 / 1.6)
  expect(before.bytes / is).toBeLessThan(1.6)
})

const environment = { ...process.env }
afterAll(() => void (process.env = environment))

test('interrupted in the middle of a clip that is fitted, it goes on with what was finished, and is the same film', async () => {
  const digest = (path: string): string =>
    tool('ffmpeg', ['-v', 'error', '-i', path, '-map', '0:v', '-f', 'framemd5', '-'])
  const whole = await filmOf(inputs)
  const [home, marker, free] = [join(at, 'stopped'), join(at, 'hangs'), join(at, 'free')]
  const ffmpeg = tool('sh', ['-c', 'command -v ffmpeg']).trim()
  const hang = `case "$*" in *pad=80:60*) [ -e ${free} ] || { echo 1 > ${marker}; exec sleep 60; };; esac`
  writeFileSync(join(at, 'ffmpeg'), `#!/bin/bash\n${hang}\nexec ${ffmpeg} "$@"\n`, { mode: 0o755 })
  process.env['FFMPEG_BIN'] = join(at, 'ffmpeg')
  process.env['FFPROBE_BIN'] = tool('sh', ['-c', 'command -v ffprobe']).trim()
  const open = (): Promise<Host> => hostIn(home, { kind: 'browser', grants: { files: [], folders: [at] } })
  const before = host
  try {
    host = await open()
    const asked = await request(inputs, {}, [])
    const id = await host.api.render.export(asked)
    const end = ended(host, id)
    await expect.poll(() => existsSync(marker), { timeout: 60_000 }).toBe(true)
    await host.close()
    expect((await end).state).toBe('cancelled')
    writeFileSync(free, '')
    host = await open()
    const [one] = await host.api.render.unfinished()
    expect(one?.framesDone).toBe(50)
    const again = await ended(host, await host.api.render.resume(one!.id))
    expect(again.failure).toBeUndefined()
    expect(digest(asked.output.path)).toBe(digest(whole.path))
    const segments = readdirSync(join(home, 'cache', 'segments')).filter((name) => name.endsWith('.mov'))
    expect(segments).toHaveLength(3)
  } finally {
    host = before
  }
})
