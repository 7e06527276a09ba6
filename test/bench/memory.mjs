// `npm run bench -- memory`: the most memory that the app, the engine and one ffmpeg ever hold, over films of growing length and of more
// and more clips of different kinds. Of Linux, which tells it of every process (VmHWM). Asserts nothing.
import { spawn, spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { build } from 'esbuild'

const root = join(import.meta.dirname, '..', '..')
const outfile = join(root, 'out', 'bench', 'memory.js')
const lookEveryMs = 50

const readOf = (pid, name) => {
  try {
    return readFileSync(`/proc/${pid}/${name}`, 'utf8').replaceAll('\0', ' ')
  } catch {
    return '' // it has ended
  }
}

/** A process and all that it started. */
function family(first) {
  const parents = readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map((pid) => [Number(pid), Number(/^PPid:\s+(\d+)/m.exec(readOf(pid, 'status'))?.[1])])
  const found = new Set([first])
  for (let size = 0; size < found.size;) {
    size = found.size
    for (const [pid, parent] of parents) if (found.has(parent)) found.add(pid)
  }
  return found
}

/** Raises in `peaks`, MiB, what processes have held at most. */
function look(app, peaks) {
  for (const pid of family(app)) {
    const kib = Number(/^VmHWM:\s+(\d+)/m.exec(readOf(pid, 'status'))?.[1] ?? 0)
    const line = readOf(pid, 'cmdline')
    const kind =
      pid === app
        ? 'app'
        : /^\S*node\S* .*engine/.test(line)
          ? 'engine'
          : /^\S*ffmpeg /.test(line)
            ? 'ffmpeg'
            : 'other'
    peaks[kind] = Math.max(peaks[kind] ?? 0, Math.round(kib / 1024))
  }
}

async function exported(name, folder, scale, paths) {
  rmSync(join(folder, 'cache'), { recursive: true, force: true })
  const app = spawn(process.execPath, [outfile, folder, scale, ...paths], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  let told = ''
  app.stdout.on('data', (data) => (told += data))
  const peaks = {}
  const timer = setInterval(() => look(app.pid, peaks), lookEveryMs)
  await new Promise((resolve) => app.on('close', resolve))
  clearInterval(timer)
  const { app: ours, engine, ffmpeg } = peaks
  console.log(
    `${name}: ${told.trim()}; at most ${ours} MiB in the app, ${engine} in the engine, ${ffmpeg} in an ffmpeg`,
  )
}

const kinds = [
  ['160x120', '25', 'yuv420p'],
  ['128x96', '30000/1001', 'yuv420p'],
  ['90x160', '30', 'yuv422p'],
  ['176x144', '50', 'yuv444p'],
  ['131x97', '24', 'yuv420p10le'],
]

function made(folder, name, [size, rate, format], frames) {
  const path = join(folder, `${name}.mkv`)
  const input = ['-f', 'lavfi', '-i', `testsrc2=s=${size}:r=${rate}`, '-f', 'lavfi', '-i', 'sine=r=48000']
  const output = [
    '-frames:v',
    frames,
    '-shortest',
    '-pix_fmt',
    format,
    '-c:v',
    'libx264',
    '-g',
    '25',
    '-c:a',
    'aac',
    path,
  ]
  const done = spawnSync('ffmpeg', ['-v', 'error', '-y', ...input, ...output].map(String), {
    stdio: 'inherit',
  })
  if (done.status !== 0) throw new Error(`ffmpeg made no ${path}`)
  return path
}

/** Prints the numbers. Needs `npm run build`, the native engine and an ffmpeg. */
export async function benchMemory(frames = 300) {
  await build({
    ...{
      entryPoints: [join(import.meta.dirname, 'memoryBench.ts')],
      outfile,
      bundle: true,
      platform: 'node',
    },
    ...{ format: 'esm', target: 'node20', external: ['ffmpeg-static', 'libsql', 'ws'], logLevel: 'error' },
  })
  const folder = mkdtempSync(join(tmpdir(), 'heirloom-memory-'))
  try {
    for (const times of [1, 2, 4]) {
      const film = made(folder, `film-${times}`, kinds[0], times * frames)
      await exported(`160x120 x2, ${times * frames} frames`, folder, '2', [film])
    }
    const films = kinds.map((kind, n) => made(folder, `kind-${n}`, kind, 12))
    for (const clips of [10, 100]) {
      const paths = Array.from({ length: clips }, (_, n) => films[n % films.length])
      await exported(`${clips} clips of ${films.length} kinds`, folder, '1', paths)
    }
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

if (process.argv[1] === import.meta.filename) await benchMemory(Number(process.argv[2] ?? 300))
