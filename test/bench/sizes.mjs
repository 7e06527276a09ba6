// `npm run bench -- sizes [film ...]`: the size that is told before an export beside that of the film, over films made here and those named.
import { join, resolve } from 'node:path'
import { build } from 'esbuild'

const root = join(import.meta.dirname, '..', '..')
const outfile = join(root, 'out', 'bench', 'sizes.js')
const kilobytes = (bytes) => `${Math.round(bytes / 1000)} kB`

/** Prints the numbers. Needs `npm run build` and the native engine. */
export async function benchSizes(films) {
  await build({
    ...{ entryPoints: [join(import.meta.dirname, 'sizesBench.ts')], outfile, bundle: true, platform: 'node' },
    ...{ format: 'esm', target: 'node20', external: ['ffmpeg-static', 'libsql', 'ws'], logLevel: 'error' },
  })
  const { sizes } = await import(outfile)
  const rows = await sizes(
    films.map((film) => resolve(film)),
    ({ name, way, told, from, to, is, lookMs }) =>
      console.log(
        `${name}, ${way}: told ${kilobytes(told)} (${kilobytes(from)} to ${kilobytes(to)}) in ${(lookMs / 1000).toFixed(1)} s, ` +
          `is ${kilobytes(is)}, ${(told / is).toFixed(2)} times`,
      ),
  )
  const within = (factor) => rows.filter(({ told, is }) => told <= factor * is && is <= factor * told).length
  const inside = rows.filter(({ from, to, is }) => from <= is && is <= to).length
  const count = (some) => `${some} of ${rows.length} (${Math.round((100 * some) / rows.length)} %)`
  console.log(
    `within 1.5 times: ${count(within(1.5))} (bar 80 %); within 1.25: ${count(within(1.25))}; in the range told: ${count(inside)}`,
  )
}

if (process.argv[1] === import.meta.filename) await benchSizes(process.argv.slice(2))
