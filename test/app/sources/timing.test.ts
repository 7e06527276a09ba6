// In what rhythm films show their frames, asked through the host of films whose truth is known: which frames and fields ffmpeg gave twice
// before noise and a codec went over them.
import { execFileSync } from 'node:child_process'
import { join } from 'node:path'
import { beforeAll, expect, test } from 'vitest'
import type { Host } from '../../../electron/app/host/host.js'
import { requests } from '../../../electron/shared/contract/api.js'
import { type Timing, repeatsIn } from '../../../electron/shared/media/timing.js'
import { tool } from '../../engine/bundle.js'
import { openHost } from '../../formats/kit.js'
import { folder } from '../folder.js'

const at = folder()
let host: Host

beforeAll(async () => {
  host = await openHost(at)
})

/** Something that moves everywhere, at so many frames a second. */
const filmed = (rate: number): string =>
  `mandelbrot=size=320x240:rate=${rate}:start_scale=0.5:end_scale=0.05:end_pts=160`

/** Frames whose picture is the one before's, as ffmpeg makes them without noise and codec. */
function truth(graph: string, frames: number): number[] {
  const args = ['-v', 'error', '-f', 'lavfi', '-i', `${graph},format=yuv420p`, '-frames:v', String(frames)]
  const text = execFileSync('ffmpeg', [...args, '-f', 'framemd5', '-']).toString()
  const sums = text
    .split('\n')
    .filter((line) => /^\d/.test(line))
    .map((line) => line.split(',').at(-1))
  return sums.flatMap((sum, i) => (i > 0 && sum === sums[i - 1] ? [i] : []))
}

async function timingOf(
  name: string,
  graph: string,
  frames: number,
  coding: string[],
  noise = 10,
): Promise<Timing> {
  const path = join(at, name)
  const noisy = `${graph},noise=alls=${noise}:allf=t,format=yuv420p`
  tool('ffmpeg', [
    '-v',
    'error',
    '-y',
    '-f',
    'lavfi',
    '-i',
    noisy,
    '-frames:v',
    String(frames),
    ...coding,
    path,
  ])
  const { id } = await host.api.sources.open(path)
  const read = await host.api.sources.readFields(id, 'progressive')
  return requests.sources.timing.result.parse(await host.api.sources.timing(read.id))
}

const h264 = ['-c:v', 'libx264', '-preset', 'veryfast', '-crf', '24']
const mpeg2 = ['-c:v', 'mpeg2video', '-q:v', '4', '-bf', '2']

test.each([
  ['16 as 25', 16, 25, h264, { kind: 'repeats', unique: 16, of: 25 }],
  ['18 as 25', 18, 25, mpeg2, { kind: 'repeats', unique: 18, of: 25 }],
  ['12.5 as 25', 12.5, 25, mpeg2, { kind: 'repeats', unique: 1, of: 2 }],
  ['24 as 30', 24, 30, h264, { kind: 'repeats', unique: 4, of: 5 }],
  ['25', 25, 25, h264, { kind: 'whole' }],
] as const)('%s', async (name, film, stored, coding, cadence) => {
  const graph = `${filmed(film)},fps=${stored}`
  const timing = await timingOf(`${name}.mkv`, graph, 110, [...coding])
  expect(timing.sections.map((section) => section.cadence)).toEqual([cadence])
  expect(repeatsIn(timing)).toEqual(truth(graph, 110))
})

test.each([
  ['23', 'top', [2, 3], h264],
  ['23', 'bottom', [2, 3], mpeg2],
  ['2332', 'top', [2, 3, 3, 2], h264],
] as const)('pulldown %s, %s field first', async (pattern, first, fields, coding) => {
  const graph = `${filmed(24)},telecine=first_field=${first}:pattern=${pattern}`
  const flags = ['-flags', '+ilme+ildct']
  const timing = await timingOf(`${pattern} ${first}.mkv`, graph, 110, [...coding, ...flags])
  expect(timing.sections).toMatchObject([{ from: 0, to: 110, cadence: { kind: 'pulldown', fields } }])
  expect(repeatsIn(timing)).toEqual([]) // no frame is shown again as a whole
})

test('frames that the timestamps leave out are lost, and the rate is still one', async () => {
  const path = join(at, 'lost.mkv')
  const graph = `${filmed(25)},select=not(eq(n\\,30)+between(n\\,60\\,62))`
  tool('ffmpeg', [
    '-v',
    'error',
    '-y',
    '-f',
    'lavfi',
    '-i',
    graph,
    '-frames:v',
    '96',
    '-vsync',
    '0',
    ...h264,
    path,
  ])
  const { id } = await host.api.sources.open(path)
  const { lost, rates, cuts } = await host.api.sources.timing(id)
  expect(lost).toEqual([
    { after: 29, missing: 1 },
    { after: 58, missing: 3 },
  ])
  expect(rates).toMatchObject([{ from: 0, to: 96, isConstant: true }])
  expect(cuts).toEqual([])
})

test('very small frames are looked at, too', async () => {
  const graph = `${filmed(12.5)},scale=64:44,fps=25`
  const timing = await timingOf('small.mkv', graph, 110, mpeg2, 0)
  expect(timing.sections.map((section) => section.cadence)).toEqual([{ kind: 'repeats', unique: 1, of: 2 }])
})

test('where fields are taken apart, the frame of each is looked at', async () => {
  const path = join(at, 'fields.mkv')
  const graph = `${filmed(50)},interlace=scan=tff,format=yuv420p`
  const coding = [...h264, '-flags', '+ilme+ildct']
  tool('ffmpeg', ['-v', 'error', '-y', '-f', 'lavfi', '-i', graph, '-frames:v', '50', ...coding, path])
  const { id } = await host.api.sources.open(path)
  const read = await host.api.sources.readFields(id, 'tff')
  const { frames, sections, repeated } = await host.api.sources.timing(read.id)
  expect(frames).toBe(100)
  expect(sections.map(({ cadence }) => cadence)).toEqual([{ kind: 'whole' }])
  expect(repeated).toEqual([])
})

test('cuts are told, a cadence goes on behind them or begins anew', async () => {
  const graph = `${filmed(16)},fps=25,split[a][b];[b]negate,hflip[c];[a]trim=end_frame=60[d];[c]trim=start_frame=60:end_frame=120,setpts=PTS-STARTPTS[e];[d][e]concat`
  const timing = await timingOf('cut.mkv', graph, 120, h264)
  expect(timing.cuts).toEqual([60])
  expect(timing.sections.every(({ cadence }) => cadence.kind === 'repeats')).toBe(true)
})

test.each([1, 2, 3])('a film of %d frames has an answer', async (frames) => {
  const timing = await timingOf(`${frames} frames.mkv`, filmed(25), frames, h264)
  expect(timing).toMatchObject({ frames, sections: [{ from: 0, to: frames, cadence: { kind: 'whole' } }] })
})

test('what is known of a film is not looked for again', async () => {
  const before = (await host.api.jobs.list()).length
  const { id } = await host.api.sources.open(join(at, '25.mkv'))
  const read = await host.api.sources.readFields(id, 'progressive')
  await host.api.sources.timing(read.id)
  expect(await host.api.jobs.list()).toHaveLength(before)
})
