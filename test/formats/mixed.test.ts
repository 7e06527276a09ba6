// A film of clips of different size, shape, rate, colour and sound: one valid stream, every frame at its time and where it belongs.
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { beforeAll, expect, test } from 'vitest'
import type { Host } from '../../electron/app/host/host.js'
import type { OutputSpec } from '../../electron/shared/contract/output.js'
import type { Estimate, ExportRequest } from '../../electron/shared/contract/render.js'
import { type Clip, type CutList } from '../../electron/shared/document/project.js'
import { frameCount } from '../../electron/shared/media/frameTable.js'
import { inEnglish } from '../../electron/shared/words/sentences.js'
import { ended, outputAt, untouched } from '../app/hosting.js'
import { folder } from '../app/folder.js'
import { tool } from '../engine/bundle.js'
import { beeping, beeps, facts, make, numberOf, numbered, openHost, soundSeconds } from './kit.js'

const at = folder()
let host: Host
let serial = 0

/** Interlaced, wide pixels (80x60 of square ones), 25 frames of two fields a second, mono at 48 kHz. */
const tape = (): string =>
  make(
    at,
    ...[...numbered(1, 25, '60x60'), ...beeping(1)],
    ...['-vf', 'setfield=tff,setsar=4/3', '-c:v', 'mpeg2video', '-q:v', '2', '-flags', '+ilme+ildct'],
    ...['-ac', '1', '-c:a', 'mp2', 'tape.mpg'],
  )
/** Held upright (54x96), 30 frames a second, full range, 709, stereo at 44.1 kHz. */
function phone(): string {
  const colour = ['-colorspace', 'bt709', '-color_primaries', 'bt709', '-color_trc', 'bt709']
  make(
    at,
    ...[...numbered(1, 30, '96x54'), ...beeping(1)],
    ...['-vf', 'scale=out_range=full,format=yuvj420p', '-color_range', 'pc', ...colour],
    ...['-c:v', 'libx264', '-qp', '4', '-ac', '2', '-ar', '44100', '-c:a', 'aac', 'flat.mp4'],
  )
  return make(at, '-i', 'flat.mp4', '-c', 'copy', '-metadata:s:v', 'rotate=90', 'phone.mp4')
}
/** 24 frames a second, of the tape's size as it is shown, silent. */
const silent = (): string =>
  make(at, ...numbered(1, 24, '80x60'), '-c:v', 'libx264', '-qp', '4', 'silent.mp4')

interface Told {
  path: string
  before: Estimate
  notes: string[]
}

async function request(
  inputs: readonly string[],
  over: Partial<OutputSpec>,
  clips: readonly Partial<Clip>[],
  size?: CutList['size'],
): Promise<ExportRequest> {
  const project: CutList = { sources: [], clips: [], ...(size ? { size } : {}) }
  for (const [i, input] of inputs.entries()) {
    const { id, path, name } = await host.api.sources.open(input)
    const frames = frameCount(await host.api.sources.frameTable(id))
    project.sources.push({ id, path, name, frames })
    project.clips.push({
      ...{ id: `c${i}`, sourceId: id, name, from: 0, to: frames, enhance: untouched },
      ...clips[i],
    })
  }
  const path = join(at, `film${++serial}.${over.container ?? 'mp4'}`)
  return { project, output: outputAt(path, { quality: 'best', ...over }) }
}

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
  return { path: asked.output.path, before, notes: job.notes.map(inEnglish) }
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
  inputs = [tape(), phone(), silent()]
})

const kinds: Partial<OutputSpec>[] = [
  { codec: 'h264', container: 'mp4' },
  { codec: 'h264', container: 'mkv' },
  { codec: 'h265', container: 'mov' },
  { codec: 'av1', container: 'mp4' },
  { codec: 'prores', container: 'mov' },
  { codec: 'ffv1', container: 'mkv' },
]

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
