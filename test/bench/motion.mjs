// `npm run evaluate -- motion [FOOTAGE] [--frames 33] [--threads 1] [--width 640] [--cuts 200] [--model FOLDER] [--json]`: frames between frames by the engine's own
// model, beside the mean of both neighbours and FFmpeg's motion compensation, on held-out clips of a folder of footage (train/, test/) with every second frame
// taken out; then estimates across cuts. Without a folder on a pattern and the sample. Needs `npm run build` and the native engine.
import { join, resolve } from 'node:path'
import { parseArgs } from 'node:util'
import { build } from 'esbuild'

const root = join(import.meta.dirname, '..', '..')
const outfile = join(root, 'out', 'bench', 'motion.js')

export async function evaluateMotion(args) {
  const { values, positionals } = parseArgs({
    args,
    allowPositionals: true,
    options: {
      ...{ frames: { type: 'string', default: '33' }, threads: { type: 'string', default: '1' } },
      ...{ width: { type: 'string', default: '640' }, cuts: { type: 'string', default: '200' } },
      ...{ model: { type: 'string' }, json: { type: 'boolean' } },
    },
  })
  await build({
    ...{
      entryPoints: [join(import.meta.dirname, 'motionBench.ts')],
      outfile,
      bundle: true,
      platform: 'node',
    },
    ...{ format: 'esm', target: 'node20', external: ['ffmpeg-static', 'libsql', 'ws'], logLevel: 'error' },
  })
  const { acrossCuts, bars, meanRow, measuredMotion, table } = await import(outfile)
  const at = (path) => resolve(process.env.INIT_CWD ?? process.cwd(), path)
  const asked = {
    footage: positionals[0] && at(positionals[0]),
    ...{ frames: Number(values.frames), threads: Number(values.threads), width: Number(values.width) },
    folder: values.model ? at(values.model) : join(root, 'resources', 'models', 'heirloom-motion'),
  }
  const rows = await measuredMotion(asked, ({ clip }) => values.json || console.error(clip))
  const cuts = Number(values.cuts) > 0 ? await acrossCuts(asked.footage, Number(values.cuts)) : undefined
  if (values.json) return console.log(JSON.stringify({ ...asked, rows, mean: meanRow(rows), cuts }))
  console.log(`${asked.threads} threads\n\n${table(rows)}\n\n${bars(rows).join('\n')}`)
  if (cuts)
    console.log(
      `estimates across ${cuts.cuts} cuts: ${cuts.across} (bar 0) of ${cuts.estimates}; told as cuts: ${cuts.told}`,
    )
}

if (process.argv[1] === import.meta.filename) await evaluateMotion(process.argv.slice(2))
