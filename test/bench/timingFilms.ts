// Films of which it is known which frames they show again, which are torn and where shots begin: made of real clips, or of patterns that move, with noise and a
// codec over them.
import { spawnSync } from 'node:child_process'
import { type Cadence, stepsOf } from '../../electron/shared/media/timing.js'
import { type Random, random } from '../shared/random.js'

export interface Clip {
  name: string
  /** What ffmpeg reads it by. */
  input: readonly string[]
}

export interface Pictures {
  width: number
  height: number
  /** 4:2:0, 8 bits. */
  frames: readonly Uint8Array[]
}

/** Columns that films are made of, at most: fields stay fields by any shape. */
const mostColumns = 320

function run(ffmpeg: string, args: readonly string[], input?: Uint8Array): Buffer {
  const done = spawnSync(ffmpeg, ['-v', 'error', ...args], { input, maxBuffer: 2 ** 31 })
  if (done.status !== 0) throw new Error(`ffmpeg ${args.join(' ')}: ${done.stderr.toString()}`)
  return done.stdout
}

/** How pictures come out of a clip. */
interface Wanted {
  /** Columns at most; lines with them. */
  columns?: number
  /** Another size, whatever the clip's own. */
  as?: Pick<Pictures, 'width' | 'height'>
  /** Forward and backward until there are enough of them, so that no two neighbours are one. By default. */
  isTurned?: boolean
}

export function pictures(ffmpeg: string, { input }: Clip, count: number, wanted: Wanted = {}): Pictures {
  const { columns = mostColumns, as, isTurned = true } = wanted
  const size = as ? `${as.width}:${as.height}` : `'trunc(min(${columns},iw)/16)*16':-16`
  const filters = `scale=${size}:flags=area,format=yuv420p`
  const args = [...input, '-vf', filters, '-frames:v', String(count), '-fps_mode', 'passthrough']
  const told = run(ffmpeg, [...args, '-f', 'yuv4mpegpipe', '-'])
  const head = told.subarray(0, told.indexOf('\n')).toString()
  const [width = 0, height = 0] = [/ W(\d+)/, / H(\d+)/].map((size) => Number(size.exec(head)?.[1]))
  const bytes = (width * height * 3) / 2
  const own: Uint8Array[] = []
  for (let at = head.length + 1; at < told.length; at += bytes + 'FRAME\n'.length)
    own.push(told.subarray(at + 'FRAME\n'.length, at + 'FRAME\n'.length + bytes))
  const turn = Math.max(1, 2 * own.length - 2)
  const frames = Array.from({ length: isTurned ? count : own.length }, (_, n) => {
    const at = n % turn
    return own[at < own.length ? at : turn - at] ?? new Uint8Array(bytes)
  })
  return { width, height, frames }
}

/** What is known of a made film. */
export interface Truth {
  /** By frame: whether the fields show what those before showed. */
  again: { top: boolean; bottom: boolean }[]
  torn: number[]
  cuts: number[]
}

export interface Made extends Pictures {
  truth: Truth
}

const whole = { top: false, bottom: false }

/** The lines of one field out of another picture. */
function woven({ width, height, frames }: Pictures, top: number, bottom: number): Uint8Array {
  const [even, odd] = [frames[top], frames[bottom]]
  if (!even || !odd || even === odd) return even ?? new Uint8Array()
  const made = Uint8Array.from(even)
  for (let y = 1; y < height; y += 2) made.set(odd.subarray(y * width, (y + 1) * width), y * width)
  return made
}

/** Films of `count` frames as a cadence shows them, from `phase` on. */
export function inCadence(of: Pictures, cadence: Cadence, phase: number, count: number): Made {
  const steps = stepsOf(cadence)
  const made: Made = { ...of, frames: [], truth: { again: [], torn: [], cuts: [] } }
  const frames: Uint8Array[] = []
  let [top, bottom] = [0, 0]
  for (let n = 0; n < count; n++) {
    const step = steps[(phase + n) % steps.length] ?? { top: true, bottom: true }
    if (n > 0) [top, bottom] = [top + Number(step.top), bottom + Number(step.bottom)]
    if (Math.max(top, bottom) >= of.frames.length) break
    frames.push(woven(of, top, bottom))
    made.truth.again.push(n === 0 ? whole : { top: !step.top, bottom: !step.bottom })
  }
  return { ...made, frames }
}

/** Places in a film, at least `apart` from each other and from its ends. */
function places(count: number, apart: number, drawn: Random): number[] {
  const found: number[] = []
  for (let at = apart; at < count - apart; at += drawn.whole(apart, 2 * apart)) found.push(at)
  return found
}

/** Now and then a frame stands for two to four, as where a computer was late. */
export function stalling(of: Pictures, seed: number): Made {
  const drawn = random(seed)
  const late = new Set(places(of.frames.length, 12, drawn))
  const frames: Uint8Array[] = []
  const again: Truth['again'] = []
  for (const [n, frame] of of.frames.entries()) {
    const more = late.has(n) ? drawn.pick([1, 1, 2, 3]) : 0
    for (let k = 0; k <= more; k++) {
      frames.push(frame)
      again.push({ top: k > 0, bottom: k > 0 })
    }
  }
  return { ...of, frames, truth: { again, torn: [], cuts: [] } }
}

/** Upper lines of one picture, lower ones of another. */
function stacked(
  { width, height }: Pictures,
  upper: Uint8Array,
  lower: Uint8Array,
  line: number,
): Uint8Array {
  const made = Uint8Array.from(lower)
  made.set(upper.subarray(0, line * width), 0)
  for (const plane of [0, 1]) {
    const from = width * height + (plane * width * height) / 4
    const lines = Math.floor(line / 2) * (width / 2)
    made.set(upper.subarray(from, from + lines), from)
  }
  return made
}

/** Root of the mean square by which two pictures differ in lines [from, to), in levels. */
function apart({ width }: Pictures, one: Uint8Array, other: Uint8Array, from: number, to: number): number {
  let sum = 0
  for (let at = from * width; at < to * width; at++) sum += ((one[at] ?? 0) - (other[at] ?? 0)) ** 2
  return Math.sqrt(sum / (width * (to - from)))
}

/** A tear is seen where the two pictures differ by so many levels on both sides of it. */
const seen = 5
/** Lines on either side. */
const beside = 16

/** Now and then the lower part of a frame is still that of the one before, or already that of the next one. */
export function tearing(of: Pictures, seed: number): Made {
  const drawn = random(seed)
  const frames = [...of.frames]
  const torn: number[] = []
  for (const n of places(of.frames.length, 12, drawn)) {
    const line = 2 * Math.round((of.height * (0.2 + 0.6 * drawn.unit())) / 2)
    const other = of.frames[drawn.pick([n - 1, n + 1])]
    const own = of.frames[n]
    if (!own || !other) continue
    const differs = (from: number): boolean => apart(of, own, other, from, from + beside) >= seen
    if (!differs(line - beside) || !differs(line)) continue
    frames[n] = stacked(of, own, other, line)
    torn.push(n)
  }
  return { ...of, frames, truth: { again: frames.map(() => whole), torn, cuts: [] } }
}

/** Shots of eight to forty frames out of several clips of one size. */
export function edited(of: readonly Pictures[], count: number, seed: number): Made {
  const drawn = random(seed)
  const [first] = of
  if (!first) throw new RangeError('no clips to cut')
  const frames: Uint8Array[] = []
  const cuts: number[] = []
  let before = -1
  while (frames.length < count) {
    const step = drawn.whole(1, of.length - 1)
    const shot = before < 0 ? 0 : (before + step) % of.length
    const clip = of[shot] ?? first
    if (frames.length > 0) cuts.push(frames.length)
    const length = drawn.whole(8, 40)
    const from = drawn.whole(0, Math.max(0, clip.frames.length - length))
    frames.push(...clip.frames.slice(from, from + length))
    before = shot
  }
  return { ...first, frames, truth: { again: frames.map(() => whole), torn: [], cuts } }
}

/** How a film was kept. */
export interface Coding {
  name: string
  /** Of 255 levels. */
  noise: number
  args: readonly string[]
}

const h264 = (crf: number): string[] => ['-c:v', 'libx264', '-preset', 'veryfast', '-crf', String(crf)]
const codings: readonly Omit<Coding, 'noise'>[] = [
  { name: 'H.264 CRF 18', args: h264(18) },
  { name: 'H.264 CRF 25', args: h264(25) },
  { name: 'H.264 CRF 32', args: h264(32) },
  { name: 'MPEG-2 q 5', args: ['-c:v', 'mpeg2video', '-q:v', '5', '-bf', '2'] },
  { name: 'MJPEG q 6', args: ['-c:v', 'mjpeg', '-q:v', '6', '-pix_fmt', 'yuvj420p'] },
]

/** Number `n` of all ways: every coding with every noise comes by in turn. */
export function codingOf(n: number): Coding {
  const [coding, noise] = [codings[n % codings.length], [0, 6, 12][n % 3] ?? 0]
  if (!coding) throw new RangeError(`no coding ${n}`)
  return { ...coding, noise }
}

/** Writes a film, at `rate` frames a second. */
export function write(ffmpeg: string, path: string, made: Made, rate: string, coding: Coding): void {
  const isOfFields = made.truth.again.some(({ top, bottom }) => top !== bottom)
  run(
    ffmpeg,
    [
      ...['-y', '-f', 'rawvideo', '-pix_fmt', 'yuv420p', '-s', `${made.width}x${made.height}`, '-r', rate],
      ...['-i', '-', '-vf', `noise=c0s=${coding.noise}:c0f=t:all_seed=7`, ...coding.args],
      ...[...(isOfFields && !coding.name.startsWith('MJPEG') ? ['-flags', '+ilme+ildct'] : []), path],
    ],
    Buffer.concat(made.frames),
  )
}
