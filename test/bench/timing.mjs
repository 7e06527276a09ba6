// `npm run bench -- timing [FOOTAGE] [--chosen] [--only KIND] [--json]`: what is told of films made in known cadences, torn and cut, beside the truth. Of held-out
// clips of a folder of footage (train/, test/), with --chosen of those that the thresholds were chosen by; without a folder of a pattern and the sample.
import { join, resolve } from 'node:path'
import { parseArgs } from 'node:util'
import { build } from 'esbuild'

const root = join(import.meta.dirname, '..', '..')
const outfile = join(root, 'out', 'bench', 'timing.js')

const sum = (rows, what) =>
  rows.reduce(
    (all, row) => ({
      hits: all.hits + row[what].hits,
      false: all.false + row[what].false,
      missed: all.missed + row[what].missed,
    }),
    { hits: 0, false: 0, missed: 0 },
  )
const share = (part, whole) => (whole === 0 ? '–' : (part / whole).toFixed(3))
const cells = ({ hits, false: wrong, missed }) => [
  String(hits + missed),
  share(hits, hits + wrong),
  share(hits, hits + missed),
]
const line = (values) => `| ${values.join(' | ')} |`

/** Markdown; every kind of film a line, or every coding, and one for all of them. `by`: 'kind' or 'coding'. */
export function table(rows, by = 'kind') {
  const names = [...new Set(rows.map((row) => row[by]))]
  if (by === 'coding') names.sort()
  const phase = (own) => {
    const told = own.filter(({ isRight }) => isRight !== undefined)
    return told.length === 0 ? '–' : `${told.filter(({ isRight }) => isRight).length} of ${told.length}`
  }
  const row = (name, own) =>
    line([
      name,
      own.length,
      ...cells(sum(own, 'fields')),
      phase(own),
      ...cells(sum(own, 'torn')),
      ...cells(sum(own, 'cuts')),
    ])
  const of = (what) => [what, 'precision', 'recall']
  const head = ['films', '', ...of('fields again'), 'cadence and phase', ...of('torn'), ...of('cuts')]
  return [
    line(head),
    line(head.map(() => '---')),
    ...names.map((name) =>
      row(
        name,
        rows.filter((one) => one[by] === name),
      ),
    ),
    row('**all**', rows),
  ].join('\n')
}

/** Prints the numbers. Needs `npm run build`. */
export async function benchTiming(args) {
  const { values, positionals } = parseArgs({
    args,
    allowPositionals: true,
    options: { chosen: { type: 'boolean' }, only: { type: 'string' }, json: { type: 'boolean' } },
  })
  await build({
    ...{
      entryPoints: [join(import.meta.dirname, 'timingBench.ts')],
      outfile,
      bundle: true,
      platform: 'node',
    },
    ...{ format: 'esm', target: 'node20', external: ['ffmpeg-static', 'libsql', 'ws'], logLevel: 'error' },
  })
  const { clipsIn, sets, timingTable } = await import(outfile)
  const footage = positionals[0] && resolve(process.env.INIT_CWD ?? process.cwd(), positionals[0])
  const clips = clipsIn(footage, values.chosen ? sets.chosen : sets.held)
  const isWrong = (row) =>
    row.isRight === false || ['fields', 'torn', 'cuts'].some((what) => row[what].false + row[what].missed > 0)
  const rows = await timingTable(
    clips,
    (row) => {
      if (!values.json && isWrong(row))
        console.log(
          `${row.clip}, ${row.kind}, ${row.coding}: ` +
            ['fields', 'torn', 'cuts']
              .map((what) => `${what} ${Object.values(row[what]).join('/')}`)
              .join(', ') +
            `; ${row.told}`,
        )
    },
    values.only,
  )
  if (values.json) console.log(JSON.stringify(rows))
  else
    console.log(`${clips.length} clips, ${rows.length} films\n\n${table(rows)}\n\n${table(rows, 'coding')}`)
  return rows
}

if (process.argv[1] === import.meta.filename) await benchTiming(process.argv.slice(2))
