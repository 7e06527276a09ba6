// `node --expose-gc test/bench/opening.mjs [container ...]`: opening a film of two hours and 201,600 frames, beside its bars.
import { join } from 'node:path'
import { build } from 'esbuild'

const root = join(import.meta.dirname, '..', '..')
const outfile = join(root, 'out', 'bench', 'opening.js')

/** Prints the numbers. Needs `npm run build`. */
export async function benchOpening(containers = ['mp4', 'mkv', 'ts']) {
  await build({
    ...{
      entryPoints: [join(import.meta.dirname, 'openingBench.ts')],
      outfile,
      bundle: true,
      platform: 'node',
    },
    ...{ format: 'esm', target: 'node20', external: ['ffmpeg-static', 'libsql', 'ws'], logLevel: 'error' },
  })
  const { opening } = await import(outfile)
  const seconds = (ms) => `${(ms / 1000).toFixed(2)} s`
  for (const container of containers) {
    const found = await opening(container)
    console.log(
      `opening 2 h of ${container}, ${found.frames} frames: open ${seconds(found.openMs)}, first picture ${seconds(found.firstPictureMs)} ` +
        `(bar 1 s), frame table ${seconds(found.tableMs)} (bar 4 s), from the cache ${seconds(found.cachedMs)}, heap +${(found.heapBytes / 2 ** 20).toFixed(1)} MiB, table ${(found.tableBytes / 1000).toFixed(1)} kB`,
    )
  }
}

if (process.argv[1] === import.meta.filename)
  await benchOpening(process.argv.length > 2 ? process.argv.slice(2) : undefined)
