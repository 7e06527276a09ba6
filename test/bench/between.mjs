// `node test/bench/between.mjs [FILM] [--frames N] [--threads N]`: a film of N frames at 640x480 made twice as many, by heirloom-motion (decoded frames in, made frames
// out, keys and conversion with it) and by ffmpeg's motion compensation on the same frames, in turns, and how much of the picture was made.
import { spawnSync } from 'node:child_process'
import { createRequire } from 'node:module'
import { join } from 'node:path'

const root = join(import.meta.dirname, '..', '..')
const [width, height] = [640, 480]
const bytes = (width * height * 3) / 2
const filter = 'minterpolate=fps=2:mi_mode=mci:mc_mode=aobmc:me_mode=bidir'

function ffmpeg(args, input) {
  const { status, stdout, stderr } = spawnSync('ffmpeg', ['-nostdin', '-v', 'error', ...args], {
    input,
    maxBuffer: 2 ** 30,
  })
  if (status !== 0) throw new Error(String(stderr))
  return stdout
}
const raw = ['-f', 'rawvideo', '-pix_fmt', 'yuv420p']

/** Frames of a film, scaled; the film again from its start where it is too short. */
function framesOf(film, count) {
  const scale = ['-vf', `scale=${width}:${height}`, '-frames:v', String(count), '-fps_mode', 'passthrough']
  const out = ffmpeg(['-stream_loop', '-1', '-i', film, ...scale, ...raw, '-'])
  return Array.from({ length: count }, (_, i) => out.subarray(i * bytes, (i + 1) * bytes))
}

function compensated(frames, threads) {
  const limits = ['-threads', String(threads), '-filter_threads', String(threads)]
  const from = performance.now()
  const input = ['-s', `${width}x${height}`, '-r', '1', '-i', '-']
  ffmpeg([...limits, ...raw, ...input, '-vf', filter, '-f', 'null', '-'], Buffer.concat(frames))
  return performance.now() - from
}

async function modelled(model, frames, threads) {
  const format = { width, height, bits: 8, chroma: '420', siting: 'left', matrix: 'bt601', range: 'limited' }
  const stream = await model.open({ format, threads, memoryLimit: 0 })
  const into = new Uint8Array(stream.frameBytes)
  let need = 0
  const from = performance.now()
  for (const [i, frame] of frames.entries()) {
    await stream.key(frame, i === 0)
    if (i > 0) need += (await stream.between(0.5, into)).need
  }
  const ms = performance.now() - from
  stream.close()
  return { ms, need: need / (frames.length - 1) }
}

/** Prints the numbers. */
export async function benchBetween(
  film = join(root, 'resources', 'sample', 'flower-vhs.mp4'),
  { count = 25, threads = 2, rounds = 3 } = {},
) {
  const file = process.env.HEIRLOOM_ADDON ?? join(root, 'native', 'build', 'heirloom.node')
  const addon = createRequire(import.meta.url)(file)
  const model = await addon.loadInterpolator(join(root, 'resources', 'models', 'heirloom-motion'), {
    device: 'cpu',
  })
  const frames = framesOf(film, count)
  const [ours, theirs] = [[], []]
  for (let i = 0; i < rounds; i++) {
    ours.push(await modelled(model, frames, threads))
    theirs.push(compensated(frames, threads))
  }
  const best = Math.min(...ours.map(({ ms }) => ms))
  const made = count - 1
  console.log(
    `frames between frames of ${width}x${height}, ${threads} threads, best of ${rounds}: ${(best / made).toFixed(0)} ms each, ` +
      `need ${(ours[0].need * 100).toFixed(0)} %; ffmpeg's compensation ${(Math.min(...theirs) / made).toFixed(0)} ms: ` +
      `${(Math.min(...theirs) / best).toFixed(1)} times faster`,
  )
}

if (process.argv[1] === import.meta.filename) {
  const given = process.argv.slice(2)
  const after = (name) => (given.includes(name) ? Number(given[given.indexOf(name) + 1]) : undefined)
  await benchBetween(
    given.find((word) => !word.startsWith('-') && !/^\d+$/.test(word)),
    {
      count: after('--frames'),
      threads: after('--threads'),
    },
  )
}
