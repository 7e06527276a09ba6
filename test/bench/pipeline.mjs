// The benchmarks around the model, for `npm run bench`: bundles pipelineBench.ts and prints its numbers beside their bars.
// `node test/bench/pipeline.mjs memory 100 1000 3000` measures memory alone, over films of these lengths.
import { join } from 'node:path'
import { build } from 'esbuild'

const root = join(import.meta.dirname, '..', '..')
const outfile = join(root, 'out', 'bench', 'pipeline.js')

async function load() {
  await build({
    ...{
      entryPoints: [join(import.meta.dirname, 'pipelineBench.ts')],
      outfile,
      bundle: true,
      platform: 'node',
    },
    ...{ format: 'esm', target: 'node20', external: ['ffmpeg-static', 'libsql', 'ws'], logLevel: 'error' },
  })
  return import(outfile)
}

const percent = (part) => `${(100 * part).toFixed(1)} %`
const megabytes = (bytes) => `${(bytes / 2 ** 20).toFixed(1)} MiB`

async function benchMemory(bench, lengths) {
  const memory = await bench.residentMemory(lengths)
  console.log(
    `resident memory at ${memory.map((m) => `${m.frames} frames ${megabytes(m.peakBytes)}`).join(', ')}: ` +
      `${percent(memory.at(-1).peakBytes / memory[0].peakBytes - 1)} more (bar 5 %)`,
  )
  return memory
}

/** Prints and returns the numbers. Needs `npm run build` and the native engine. */
export async function benchPipeline({ frames = 48, lengths = [100, 3000] } = {}) {
  const bench = await load()
  const share = await bench.pipelineShare(frames)
  console.log(
    `pipeline outside the model, SD x2, ${share.frames} frames: ${percent(share.outside)} of ${(share.totalMs / 1000).toFixed(2)} s ` +
      `(bar 15 %), ${share.framesPerSecond.toFixed(2)} frames/s`,
  )
  const memory = await benchMemory(bench, lengths)
  const first = await bench.firstPicture()
  console.log(
    `first preview picture, SD x2: ${(first.coldMs / 1000).toFixed(2)} s cold, ${(first.warmMs / 1000).toFixed(2)} s warm (bar 5 s)`,
  )
  return { share, memory, first }
}

if (process.argv[1] === import.meta.filename) {
  const [part, ...lengths] = process.argv.slice(2)
  if (part === 'memory') await benchMemory(await load(), lengths.map(Number))
  else await benchPipeline()
}
