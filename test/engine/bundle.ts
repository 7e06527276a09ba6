// Builds the engine host and the CLI as the product does, so that tests start the files that ship.
import { spawnSync } from 'node:child_process'
import { mkdirSync, renameSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { build } from 'esbuild'

export const root = join(import.meta.dirname, '..', '..')
export const cliEntry = join(root, 'out', 'cli', 'index.js')
export const hostEntry = join(root, 'out', 'engine', 'host.js')

/** Written under another name and renamed: test files run beside each other. */
export async function bundle(): Promise<void> {
  const { outputFiles } = await build({
    entryPoints: {
      'engine/host': join(root, 'electron/engine/hostProcess.ts'),
      'cli/index': join(root, 'electron/cli/index.ts'),
    },
    ...{ outdir: join(root, 'out'), format: 'esm', bundle: true, platform: 'node', target: 'node20' },
    ...{ external: ['electron', 'ffmpeg-static', 'libsql', 'ws'], write: false, logLevel: 'error' },
  })
  for (const { path, contents } of outputFiles) {
    mkdirSync(dirname(path), { recursive: true })
    writeFileSync(`${path}.${process.pid}`, contents)
    renameSync(`${path}.${process.pid}`, path)
  }
}

/** Runs a tool and gives its stdout; fails the test with its stderr. */
export function tool(name: string, args: readonly string[]): string {
  const done = spawnSync(name, args, { encoding: 'utf8', maxBuffer: 1 << 28 })
  if (done.status !== 0) throw new Error(`${name} ${args.join(' ')}\n${done.stderr}`)
  return done.stdout
}

export interface Film {
  frames?: number
  rate?: string
  size?: string
  hasAudio?: boolean
  /** More arguments before the output's name. */
  more?: string[]
}

/** A moving test picture with a tone. */
export function film(
  path: string,
  { frames = 60, rate = '25', size = '160x120', hasAudio = true, more = [] }: Film = {},
): string {
  const [num = 25, den = 1] = rate.split('/').map(Number)
  const seconds = (frames * den) / num
  const picture = ['-f', 'lavfi', '-i', `testsrc2=size=${size}:rate=${rate}`]
  const sound = hasAudio ? ['-f', 'lavfi', '-i', `sine=frequency=440:duration=${seconds}`, '-c:a', 'aac'] : []
  const video = [
    '-frames:v',
    String(frames),
    '-c:v',
    'libx264',
    '-preset',
    'ultrafast',
    '-pix_fmt',
    'yuv420p',
  ]
  tool('ffmpeg', ['-v', 'error', '-y', ...picture, ...sound, ...video, '-threads', '1', ...more, path])
  return path
}

/** Frames that decoding the file really gives. */
export const countFrames = (path: string): number =>
  Number(
    tool('ffprobe', [
      ...['-v', 'error', '-select_streams', 'v:0', '-count_frames'],
      ...['-show_entries', 'stream=nb_read_frames', '-of', 'csv=p=0', path],
    ]).split(/[\s,]/)[0],
  )
