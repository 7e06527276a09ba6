// Frames between frames, measured through the engine on clips with every second frame taken out, beside the mean of both neighbours and FFmpeg's motion
// compensation on the same frames and as many threads; and estimates across cuts, counted. Bundled and called by motion.mjs; prints nothing, gives numbers.
import { spawnSync } from 'node:child_process'
import { existsSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createHost } from '../../electron/app/host/host.js'
import { loadAddon } from '../../electron/engine/addon.js'
import type { FrameFormat } from '../../electron/ffmpeg/format.js'
import { findTools } from '../../electron/ffmpeg/resolve.js'
import { frameCount } from '../../electron/shared/media/frameTable.js'
import { laid } from '../../electron/shared/planning/motion.js'
import { blended, meanOf, movingMask, psnrOf } from './differences.js'
import { type ByWay, type MotionRow, type Ways, byWay } from './motionTable.js'
import { type Clip, type Pictures, codingOf, edited, pictures, write } from './timingFilms.js'
import { clipsIn, sets } from './timingBench.js'

/** The clips that no training sees, as the models' own list has them (models/motion/clips.py). */
const heldOut = [
  ...['bedroom-children-a', 'letter-blocks-hands-a', 'park-trees-a', 'dog-run-a', 'dog-football-lawn-a'],
  ...['woman-talking-portrait-a', 'test/real/gopro-480p-path.mp4'],
  ...['test/real/digicam-mjpeg-640x480-pcm-road.avi', 'test/truth/ducks-1024x576-50p.mp4'],
  'test/truth/flower-640x480-29.97p.mp4',
]

export { bars, meanRow, table } from './motionTable.js'

const compensation = 'minterpolate=fps=2:mi_mode=mci:mc_mode=aobmc:me_mode=bidir'

/** FFmpeg's filter: the frames between keys, and how long all of it took. */
function compensated(
  ffmpeg: string,
  keys: Pictures,
  threads: number,
): { made: Uint8Array[]; seconds: number } {
  const { width, height, frames } = keys
  const last = frames.at(-1)
  if (!last) return { made: [], seconds: 0 }
  const layout = ['-f', 'rawvideo', '-pix_fmt', 'yuv420p']
  const args = [
    ...['-v', 'error', '-threads', String(threads), '-filter_threads', String(threads), ...layout],
    ...['-s', `${width}x${height}`, '-r', '1', '-i', '-', '-vf', compensation, ...layout, '-'],
  ]
  const input = Buffer.concat([...frames, last, last]) // it keeps its last frames back
  const start = performance.now()
  const done = spawnSync(ffmpeg, args, { input, maxBuffer: 2 ** 31 })
  const seconds = (performance.now() - start) / 1000
  if (done.status !== 0) throw new Error(done.stderr.toString())
  const out = Array.from({ length: done.stdout.length / last.length }, (_, n) =>
    done.stdout.subarray(n * last.length, (n + 1) * last.length),
  )
  const first = out.findIndex((frame) => frames[0] && Buffer.compare(frame, frames[0]) === 0)
  const made = frames.slice(1).map((_, n) => out[first + 2 * n + 1] ?? new Uint8Array())
  const isKept = frames.every((key, n) => Buffer.compare(out[first + 2 * n] ?? new Uint8Array(), key) === 0)
  if (first < 0 || !isKept) throw new Error(`${compensation} moved the keys: its frames cannot be compared.`)
  return { made, seconds }
}

interface Ours {
  made: Uint8Array[]
  seconds: number
  need: number
  unsure: number
}

async function estimated(folder: string, keys: Pictures, threads: number): Promise<Ours> {
  const { width, height } = keys
  const format: FrameFormat = {
    ...{ width, height, bits: 8, chroma: '420', siting: 'left', matrix: 'bt709', range: 'limited' },
  }
  const model = await loadAddon().loadInterpolator(folder, { device: 'cpu', precision: 'fp32' })
  const stream = await model.open({ format, threads, memoryLimit: 0 })
  const made: Uint8Array[] = []
  const shares: { need: number; unsure: number }[] = []
  const start = performance.now()
  for (const [n, key] of keys.frames.entries()) {
    await stream.key(key, n === 0)
    if (n === 0) continue
    const into = new Uint8Array(stream.frameBytes)
    shares.push(await stream.between(0.5, into))
    made.push(into)
  }
  const seconds = (performance.now() - start) / 1000
  stream.close()
  const mean = (what: 'need' | 'unsure'): number => meanOf(shares.map((one) => one[what])) ?? 0
  return { made, seconds, need: mean('need'), unsure: mean('unsure') }
}

export interface MotionAsked {
  footage: string | undefined
  /** Of every clip, odd. */
  frames: number
  threads: number
  /** Columns at most. */
  width: number
  /** Of the model. */
  folder: string
}

async function measured(ffmpeg: string, clip: Clip, asked: MotionAsked): Promise<MotionRow> {
  const of = pictures(ffmpeg, clip, asked.frames, { columns: asked.width, isTurned: false })
  const frames = of.frames.slice(0, of.frames.length - ((of.frames.length + 1) % 2))
  const keys: Pictures = { ...of, frames: frames.filter((_, n) => n % 2 === 0) }
  const truth = frames.filter((_, n) => n % 2 === 1)
  const between = keys.frames.slice(1).map((b, n) => ({ a: keys.frames[n] ?? b, b }))
  const masks = between.map(({ a, b }) => movingMask(a, b, of))
  const [filter, ours] = [
    compensated(ffmpeg, keys, asked.threads),
    await estimated(asked.folder, keys, asked.threads),
  ]
  const made: ByWay<Uint8Array[]> = {
    blend: between.map(({ a, b }) => blended(a, b)),
    ...{ compensated: filter.made, ours: ours.made },
  }
  const psnr = (way: Ways, isMoving: boolean): number | undefined =>
    meanOf(truth.map((frame, n) => psnrOf(made[way][n] ?? frame, frame, of, isMoving ? masks[n] : undefined)))
  return {
    ...{ clip: clip.name, width: of.width, height: of.height, frames: truth.length },
    all: byWay((way) => psnr(way, false) ?? NaN),
    moving: byWay((way) => psnr(way, true)),
    seconds: { compensated: filter.seconds / truth.length, ours: ours.seconds / truth.length },
    ...{ need: ours.need, unsure: ours.unsure },
  }
}

/** Fails where the engine or the model is not there. */
export async function measuredMotion(
  asked: MotionAsked,
  onRow: (row: MotionRow) => void,
): Promise<MotionRow[]> {
  if (!existsSync(join(asked.folder, 'model.json'))) throw new Error(`There is no model in ${asked.folder}.`)
  const { ffmpeg } = await findTools()
  const rows: MotionRow[] = []
  for (const clip of clipsIn(asked.footage, heldOut)) {
    const row = await measured(ffmpeg, clip, asked)
    rows.push(row)
    onRow(row)
  }
  return rows
}

/** Frames of a film of shots. */
const filmFrames = 400

export interface CutCount {
  cuts: number
  /** Of these, told as cuts. */
  told: number
  /** Estimates in all, and those between a frame before a cut and one behind it. */
  estimates: number
  across: number
}

/** Films of random shots, looked at by the app and laid at 60 frames per second: what is estimated across their cuts, until there are `least` of them. */
export async function acrossCuts(footage: string | undefined, least: number): Promise<CutCount> {
  const at = mkdtempSync(join(tmpdir(), 'heirloom-bench-'))
  const folders = { dataFolder: join(at, 'data'), cacheFolder: join(at, 'cache') }
  const host = await createHost({ kind: 'cli', ...folders, grants: { files: [], folders: [at] } })
  const count: CutCount = { cuts: 0, told: 0, estimates: 0, across: 0 }
  try {
    const { ffmpeg } = await findTools()
    const size = { width: 320, height: 240 }
    const clips = clipsIn(footage, sets.held).map((clip) => pictures(ffmpeg, clip, 60, { as: size }))
    for (let seed = 1; count.cuts < least; seed++) {
      const film = edited(clips, filmFrames, seed)
      const path = join(at, `${seed}.mkv`)
      write(ffmpeg, path, film, '25', codingOf(seed))
      const { id } = await host.api.sources.open(path)
      const source = await host.api.sources.readFields(id, 'progressive')
      const [timing, table] = [
        await host.api.sources.timing(source.id),
        await host.api.sources.frameTable(source.id),
      ]
      const asked = { source, table, timing, from: 0, to: frameCount(table) }
      const { shown } = laid({ kind: 'smooth', rate: { num: 60, den: 1 } }, asked)
      const estimates = shown.filter(({ t }) => t > 0)
      const isAcross = (cut: number): boolean =>
        estimates.some(({ key, next }) => key < cut && cut <= (next ?? key))
      count.cuts += film.truth.cuts.length
      count.told += film.truth.cuts.filter((cut) => timing.cuts.includes(cut)).length
      count.estimates += estimates.length
      count.across += film.truth.cuts.filter(isAcross).length
      rmSync(path)
    }
  } finally {
    await host.close()
    rmSync(at, { recursive: true, force: true })
  }
  return count
}
