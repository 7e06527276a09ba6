// `node test/bench/aside.mjs [frames]`: how soon a preview shows its first frame in the middle of an export, beside its bar.
import { join } from 'node:path'
import { build } from 'esbuild'

const root = join(import.meta.dirname, '..', '..')
const outfile = join(root, 'out', 'bench', 'aside.js')

/** Prints the numbers. Needs `npm run build` and the native engine. */
export async function benchAside(frames = 300) {
  await build({
    ...{ entryPoints: [join(import.meta.dirname, 'asideBench.ts')], outfile, bundle: true, platform: 'node' },
    ...{ format: 'esm', target: 'node20', external: ['ffmpeg-static', 'libsql', 'ws'], logLevel: 'error' },
  })
  const { aside } = await import(outfile)
  const { idleMs, duringMs, isSame, exportMs } = await aside(frames)
  const seconds = (ms) => `${(ms / 1000).toFixed(1)} s`
  console.log(
    `preview in the middle of an export, 640x480 x2: first frame ${duringMs.map(seconds).join(', ')} (bar 12 s), without an export ` +
      `${seconds(idleMs)}; the export took ${seconds(exportMs)}, its frames are ${isSame ? 'the same' : 'OTHERS'}`,
  )
}

if (process.argv[1] === import.meta.filename) await benchAside(Number(process.argv[2] ?? 300))
