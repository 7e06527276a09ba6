// `node test/bench/edits.mjs`: each edit of a document of 500 items and 3 hours, 400 times, beside its bar.
import { join } from 'node:path'
import { build } from 'esbuild'

const root = join(import.meta.dirname, '..', '..')
const outfile = join(root, 'out', 'bench', 'edits.js')

/** Prints the numbers. */
export async function benchEdits() {
  await build({
    ...{ entryPoints: [join(import.meta.dirname, 'editsBench.ts')], outfile, bundle: true },
    ...{ platform: 'node', format: 'esm', target: 'node20', logLevel: 'error' },
  })
  const { edits } = await import(outfile)
  const ms = (n) => `${n.toFixed(3)} ms`
  for (const { name, medianMs, p95Ms, mostMs } of edits())
    console.log(`edit ${name}: median ${ms(medianMs)}, p95 ${ms(p95Ms)} (bar 4 ms), most ${ms(mostMs)}`)
}

if (process.argv[1] === import.meta.filename) await benchEdits()
