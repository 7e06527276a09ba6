// The gate. `npm test`: makes what is missing, then runs every test. `npm run check`: format, types, lint, layers and unit tests, which need
// node modules alone. Names of stages: those only. Every stage runs even when another failed, unless it needs what failed; the last line counts all tests.
import { mkdirSync, readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { PrepareError } from '../electron/start/prepare.mjs'
import { schedule } from '../electron/start/schedule.mjs'
import { artifacts, lanes, logOf, quickStages, setUpStages, slowStages } from './gate/stages.mjs'
import { inSeconds, processorSeconds, readTimes, writeTimes } from './gate/times.mjs'

const isCheck = process.argv[2] === 'check'
const asked = process.argv.slice(isCheck ? 3 : 2)
const kept = join(artifacts, 'stages.json')

const groups = {
  static: ['lint', 'format', 'types', 'native format', 'python'],
  native: ['engine build', 'engine'],
  sanitizers: ['sanitizers build', 'sanitizers'],
}

/** The stages that were asked for by name; an unknown name ends the run. */
function chosen(stages) {
  const names = new Set(asked.flatMap((name) => groups[name] ?? [name]))
  const known = new Set(stages.map((stage) => stage.name))
  const unknown = [...names].find((name) => !known.has(name))
  if (unknown) throw new PrepareError(`there is no stage ${unknown}; there are ${[...known].join(', ')}`)
  return names.size === 0 ? stages : stages.filter((stage) => names.has(stage.name))
}

/** Skipped tests are named with their reasons also where all is well; a stage that failed shows all it wrote. */
function show(name, { isGood, skipped }) {
  if (isGood && skipped === 0) return
  const text = readFileSync(logOf(name), 'utf8')
  const told = isGood ? text.split('\n').filter((line) => /\bskip|^\s*↓/i.test(line)) : [text]
  for (const line of told) console.log(isGood ? `    ${line.trim()}` : line)
}

async function runStages(stages) {
  const before = readTimes(kept)
  const began = new Map()
  const seconds = {}
  const results = await schedule(stages, {
    lanes,
    onStart: ({ name }) => {
      began.set(name, performance.now())
      rmSync(logOf(name), { force: true })
      console.log(`...    ${name}${before[name] ? ` (${inSeconds(before[name])} before)` : ''}`)
    },
    onEnd: ({ name }, result) => {
      seconds[name] = (performance.now() - began.get(name)) / 1000
      console.log(
        `${result.isGood ? 'ok    ' : 'FAILED'} ${name} (${inSeconds(seconds[name], before[name])})`,
      )
      show(name, result)
    },
  })
  writeTimes(kept, Object.fromEntries(Object.entries(seconds).filter(([name]) => results.get(name).isGood)))
  return { results, seconds, before }
}

/** One line a stage, what failed in it, and the sums; answers whether all is well. */
function summarise(stages, { results, seconds, before }, wholeSeconds) {
  const totals = { passed: 0, failed: 0, skipped: 0 }
  console.log('')
  for (const { name } of stages) {
    const result = results.get(name)
    for (const key of Object.keys(totals)) totals[key] += result ? result[key] : Number(key === 'failed')
    const time = result
      ? `(${inSeconds(seconds[name], before[name])})`
      : '(not run: what it needs has failed)'
    console.log(`${result?.isGood ? 'ok    ' : 'FAILED'} ${name} ${time}`)
    for (const failure of result?.failures ?? []) console.log(`       ${failure}`)
  }
  const processor = processorSeconds()
  console.log(
    `\n${inSeconds(wholeSeconds)} in all${processor ? `, ${inSeconds(processor)} of processor time` : ''}`,
  )
  console.log(`${totals.passed} passed, ${totals.failed} failed, ${totals.skipped} skipped`)
  return totals.failed === 0
}

try {
  const started = performance.now()
  mkdirSync(artifacts, { recursive: true })
  const tests = chosen([...quickStages({ isQuick: isCheck }), ...(isCheck ? [] : slowStages())])
  const stages = [...setUpStages(tests.flatMap((stage) => stage.needs ?? [])), ...tests]
  const run = await runStages(stages)
  const isGood = summarise(stages, run, (performance.now() - started) / 1000)
  process.exit(isGood ? 0 : 1)
} catch (error) {
  if (!(error instanceof PrepareError)) throw error
  process.stderr.write(`heirloom: ${error.message}\n`)
  console.log('0 passed, 1 failed')
  process.exit(1)
}
