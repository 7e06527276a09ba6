// `node test/bench/between.mjs [FILM] [--frames N] [--threads N]`: frames between the frames of a film at 640x480 by heirloom-motion (frames in, frames out, with
// all that a key takes) beside ffmpeg's motion compensation of the same frames, in turns; and what it takes where only the middle of the picture moves.
// By the clock and by processor time: ffmpeg's filter works in one thread.
import { spawnSync } from 'node:child_process'
import { createRequire } from 'node:module'
import { join } from 'node:path'

const root = join(import.meta.dirname, '..', '..')
const [width, height] = [640, 480]
const bytes = (width * height * 3) / 2
const filter = 'minterpolate=fps=2:mi_mode=mci:mc_mode=aobmc:me_mode=bidir'
const raw = ['-f', 'rawvideo', '-pix_fmt', 'yuv420p']

function ffmpeg(args, input) {
  const { status, stdout, stderr } = spawnSync('ffmpeg', ['-nostdin', ...args], { input, maxBuffer: 2 ** 30 })
  if (status !== 0) throw new Error(String(stderr))
  return { stdout, told: String(stderr) }
}

/** Frames of a film, scaled; the film again from its start where it is too short. */
function framesOf(film, count) {
  const scale = ['-vf', `scale=${width}:${height}`, '-frames:v', String(count), '-fps_mode', 'passthrough']
  const { stdout } = ffmpeg(['-v', 'error', '-stream_loop', '-1', '-i', film, ...scale, ...raw, '-'])
  return Array.from({ length: count }, (_, i) => stdout.subarray(i * bytes, (i + 1) * bytes))
}

/** The first frame, in whose middle the film goes on: less than a third of the cells move. */
function movingInTheMiddle(frames) {
  const [columns, rows] = [288, 208]
  return frames.map((frame) => {
    const made = Buffer.from(frames[0])
    for (const [at, scale] of [
      [0, 1],
      [width * height, 2],
      [(width * height * 5) / 4, 2],
    ])
      for (let y = (height - rows) / 2 / scale; y < (height + rows) / 2 / scale; y++) {
        const from = at + (y * width + (width - columns) / 2) / scale
        frame.copy(made, from, from, from + columns / scale)
      }
    return made
  })
}

function compensated(frames, threads) {
  const limits = ['-benchmark', '-threads', String(threads), '-filter_threads', String(threads)]
  const from = performance.now()
  const input = [...raw, '-s', `${width}x${height}`, '-r', '1', '-i', '-']
  const { told } = ffmpeg([...limits, ...input, '-vf', filter, '-f', 'null', '-'], Buffer.concat(frames))
  const [, user, system] = /utime=([\d.]+)s stime=([\d.]+)s/.exec(told)
  return { ms: performance.now() - from, cpuMs: 1000 * (Number(user) + Number(system)) }
}

async function modelled(model, frames, threads) {
  const format = { width, height, bits: 8, chroma: '420', siting: 'left', matrix: 'bt601', range: 'limited' }
  const stream = await model.open({ format, threads, memoryLimit: 0 })
  const into = new Uint8Array(stream.frameBytes)
  const [from, cpu] = [performance.now(), process.cpuUsage()]
  let [need, queriesMs] = [0, 0]
  for (const [i, frame] of frames.entries()) {
    await stream.key(frame, i === 0)
    const asked = process.cpuUsage()
    if (i > 0) need += (await stream.between(0.5, into)).need
    const { user, system } = process.cpuUsage(asked)
    queriesMs += (user + system) / 1000
  }
  const { user, system } = process.cpuUsage(cpu)
  const ms = performance.now() - from
  stream.close()
  return { ms, cpuMs: (user + system) / 1000, queriesMs, need: need / (frames.length - 1) }
}

const least = (runs, key) => Math.min(...runs.map((run) => run[key]))

/** Prints the numbers. */
export async function benchBetween(
  film = join(root, 'resources', 'sample', 'flower-vhs.mp4'),
  { count = 13, threads = 2, rounds = 3 } = {},
) {
  const file = process.env.HEIRLOOM_ADDON ?? join(root, 'native', 'build', 'heirloom.node')
  const addon = createRequire(import.meta.url)(file)
  const folder = join(root, 'resources', 'models', 'heirloom-motion')
  const model = await addon.loadInterpolator(folder, { device: 'cpu' })
  const frames = framesOf(film, count)
  const middle = movingInTheMiddle(frames)
  const [whole, part, theirs] = [[], [], []]
  for (let i = 0; i < rounds; i++) {
    whole.push(await modelled(model, frames, threads))
    part.push(await modelled(model, middle, threads))
    theirs.push(compensated(frames, threads))
  }
  const each = (runs, key) => `${(least(runs, key) / (count - 1)).toFixed(1)} ms`
  const told = (name, runs) => console.log(`${name}: ${each(runs, 'ms')}, processor ${each(runs, 'cpuMs')}`)
  const share = (runs) => `${(runs[0].need * 100).toFixed(0)} %`
  console.log(`a frame between two of ${width}x${height}, ${threads} threads, least of ${rounds}:`)
  told(`heirloom-motion, need ${share(whole)}`, whole)
  told(`heirloom-motion, need ${share(part)}`, part)
  told("ffmpeg's motion compensation", theirs)
  const ratio = (key) => (least(theirs, key) / least(whole, key)).toFixed(1)
  console.log(`against ffmpeg: ${ratio('ms')} times as fast, by processor time ${ratio('cpuMs')} (bar 10)`)
  const queries = least(part, 'queriesMs') / least(whole, 'queriesMs')
  console.log(
    `the query alone, need ${share(part)} against ${share(whole)}: ${queries.toFixed(2)} (bar 0.45)`,
  )
}

if (process.argv[1] === import.meta.filename) {
  const given = process.argv.slice(2)
  const after = (name) => (given.includes(name) ? Number(given[given.indexOf(name) + 1]) : undefined)
  await benchBetween(given[0]?.startsWith('-') ? undefined : given[0], {
    count: after('--frames'),
    threads: after('--threads'),
  })
}
