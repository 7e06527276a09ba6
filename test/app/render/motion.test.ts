// Films by their motion, from a file to a file: which frames are in them, when, and what is heard.
import { execFileSync } from 'node:child_process'
import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { beforeAll, expect, test } from 'vitest'
import type { Host } from '../../../electron/app/host/host.js'
import type { ClipMotion } from '../../../electron/shared/document/motion.js'
import type { Source } from '../../../electron/shared/media/source.js'
import { tool } from '../../engine/bundle.js'
import { openHost } from '../../formats/kit.js'
import { folder } from '../folder.js'
import { frameSums } from '../frameSums.js'
import { ended, outputAt, projectOf } from '../hosting.js'

const at = folder()
const frames = 75
let host: Host
let tape: Source

beforeAll(async () => {
  host = await openHost(at)
  const filmed =
    'mandelbrot=size=96x64:rate=16:start_scale=0.5:end_scale=0.05:end_pts=160,fps=25,format=yuv420p'
  const path = join(at, 'tape.mp4')
  const inputs = [
    '-f',
    'lavfi',
    '-i',
    filmed,
    '-f',
    'lavfi',
    '-i',
    `sine=frequency=500:duration=${frames / 25}`,
  ]
  const coding = [
    '-frames:v',
    String(frames),
    '-c:v',
    'libx264',
    '-preset',
    'veryfast',
    '-qp',
    '0',
    '-c:a',
    'aac',
  ]
  tool('ffmpeg', ['-v', 'error', '-y', ...inputs, ...coding, path])
  tape = await host.api.sources.open(path)
})

const probed = (path: string, stream: string, entries: string): string =>
  tool('ffprobe', [
    '-v',
    'error',
    '-select_streams',
    stream,
    '-show_entries',
    entries,
    '-of',
    'csv=p=0',
    path,
  ])
const times = (path: string): number[] =>
  probed(path, 'v', 'packet=pts_time')
    .trim()
    .split('\n')
    .map(Number)
    .toSorted((a, b) => a - b)
/** Loudest frequency of the middle of a film, by counting how often its sound passes zero. */
function pitch(path: string): number {
  const pcm = execFileSync('ffmpeg', [
    ...['-v', 'error', '-ss', '1', '-t', '1', '-i', path, '-ac', '1', '-ar', '8000', '-f', 's16le', '-'],
  ])
  let crossings = 0
  for (let i = 2; i + 1 < pcm.length; i += 2)
    if (pcm.readInt16LE(i - 2) < 0 && pcm.readInt16LE(i) >= 0) crossings++
  return crossings / (pcm.length / 16_000)
}

let serial = 0
async function exported(motion: ClipMotion | undefined, range?: { from: number; to: number }) {
  const path = join(at, `out${serial++}.mov`)
  const project = projectOf(tape, frames, range)
  const clips = project.clips.map((clip) => ({ ...clip, ...(motion ? { motion } : {}) }))
  const output = outputAt(path, { container: 'mov', codec: 'prores' })
  const job = await ended(host, await host.api.render.export({ project: { ...project, clips }, output }))
  if (job.state !== 'done') throw new Error(JSON.stringify(job.failure))
  return { path, notes: job.notes.map(({ key }) => key), report: job.report ?? [] }
}

const lost = ({ report }: { report: { state: string }[] }): unknown[] =>
  report.filter(({ state }) => state === 'lost')

test('duplicates left out: the others bit for bit and at their times, as long as before', async () => {
  const [before, after] = [await exported(undefined), await exported({ kind: 'unique' })]
  const all = frameSums(before.path)
  const kept = all.flatMap((sum, i) => (i === 0 || sum !== all[i - 1] ? [i] : []))
  expect(kept.length).toBeLessThan(55)
  expect(frameSums(after.path)).toEqual(kept.map((i) => all[i]))
  const [told, found] = [times(before.path), times(after.path)]
  expect(found).toEqual(kept.map((i) => told[i]))
  expect(lost(after)).toEqual([])
  expect(after.notes).toContain('noteLeftOut')
})

test('true tempo: evenly at sixteen, the sound untouched; at eighteen stretched, at its pitch, or silent', async () => {
  const found = await exported({ kind: 'tempo', rate: 'found', sound: 'kept' })
  times(found.path).forEach((time, i) => expect(time).toBeCloseTo(i / 16, 5))
  const faster = (sound: 'stretched' | 'silent') =>
    exported({ kind: 'tempo', rate: { num: 18, den: 1 }, sound })
  const [stretched, silent] = [await faster('stretched'), await faster('silent')]
  const seconds = times(found.path).length / 18
  for (const film of [stretched, silent]) {
    times(film.path).forEach((time, i) => expect(time).toBeCloseTo(i / 18, 5))
    expect(Number(probed(film.path, 'a', 'stream=duration'))).toBeCloseTo(seconds, 1)
    expect(lost(film)).toEqual([])
  }
  expect(pitch(found.path)).toBeCloseTo(500, -1)
  expect(pitch(stretched.path)).toBeCloseTo(500, -1)
  expect(pitch(silent.path)).toBe(0)
  expect(stretched.notes).toEqual(expect.arrayContaining(['noteSoundStretched', 'noteOtherLength']))
})

test('what was made is found again', async () => {
  const made = (): number =>
    readdirSync(join(at, 'cache', 'segments')).filter((name) => name.endsWith('.mov')).length
  await exported({ kind: 'unique' })
  const before = made()
  expect((await exported({ kind: 'unique' })).notes).toContain('noteMadeBefore')
  expect(made()).toBe(before)
})

test('what cannot be made is said before anything is', async () => {
  const asked = exported({ kind: 'tempo', rate: { num: 1000, den: 1 }, sound: 'kept' })
  await expect(asked).rejects.toMatchObject({ sentence: { key: 'motionRate' } })
})
