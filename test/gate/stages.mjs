// What the gate consists of. Each stage writes to a log of its own in test/artifacts and answers how many tests it counted.
import { appendFileSync, existsSync, readFileSync, readdirSync, rmSync } from 'node:fs'
import { availableParallelism } from 'node:os'
import { isAbsolute, join } from 'node:path'
import { child } from '../../electron/start/child.mjs'
import {
  cacheEnvironment,
  configure,
  engineBuild,
  missingSteps,
  root,
  stepsFor,
} from '../../electron/start/prepare.mjs'
import { junitReport, vitestReport } from './reports.mjs'

export const artifacts = join(root, 'test', 'artifacts')
const modules = join(root, 'node_modules')
const cache = join(modules, '.cache', 'heirloom')
export const logOf = (name) => join(artifacts, `${name.replaceAll(' ', '-')}.log`)

const counted = (isGood, { passed = 0, failed = 0, skipped = 0, failures = [] } = {}) => ({
  isGood,
  passed,
  failed: isGood ? failed : Math.max(failed, 1), // a file that could not be loaded is nobody's failed test
  skipped,
  failures,
})

/** The counts of a report; of none where the stage ended before it wrote one. */
const reported = (isGood, read, report) =>
  counted(isGood, existsSync(report) ? read(readFileSync(report, 'utf8')) : undefined)

/** Lanes of the gate: as many as processors, and at least two, because much of it waits. */
export const lanes = Math.max(2, availableParallelism())

const runs = async (name, program, args) =>
  (await child(program, args, { cwd: root, log: logOf(name), env: cacheEnvironment })).isGood
const node = (name, script, args) => runs(name, process.execPath, [join(modules, script), ...args])

/** A stage that is one check: passes or fails as a whole. */
const check = (name, script, args) => ({
  name,
  needs: ['modules'],
  run: async () => {
    const isGood = await node(name, script, args)
    return counted(isGood, { passed: isGood ? 1 : 0 })
  },
})

/** A project of vitest; counts come from its JSON report. */
const suite = (name, needs = ['modules']) => ({
  name,
  needs,
  lanes: 2,
  run: async () => {
    const report = join(artifacts, `${name}.json`)
    rmSync(report, { force: true })
    const reporters = ['--reporter=default', '--reporter=json', `--outputFile.json=${report}`]
    const isGood = await node(name, 'vitest/vitest.mjs', ['run', '--project', name, ...reporters])
    return reported(isGood && existsSync(report), vitestReport, report)
  },
})

/** What a fresh clone lacks of `needs`, as stages that count no tests. */
export const setUpStages = (needs) =>
  missingSteps('test', stepsFor(needs)).map(({ name, needs, run }) => ({
    name,
    needs,
    run: () =>
      run({ jobs: lanes, log: logOf(name) }).then(
        () => counted(true),
        (error) => {
          appendFileSync(logOf(name), `${error.message}\n`)
          return counted(false)
        },
      ),
  }))

/** Everything else in a build of the engine: tools, emulator, tests. */
const buildStage = (name, needs, folder, options) => ({
  name,
  needs,
  lanes: Infinity,
  run: async () => {
    const isConfigured = options === undefined || (await runs(name, 'cmake', configure(folder, ...options)))
    const build = ['--build', folder, '--parallel', String(lanes)]
    return counted(isConfigured && (await runs(name, 'cmake', build)))
  },
})

/** The tests of a build, `jobs` at a time. */
const ctestStage = (name, needs, folder, jobs, options) => ({
  name,
  needs,
  lanes: jobs,
  run: async () => {
    const report = join(artifacts, `${name}.xml`)
    rmSync(report, { force: true })
    const told = ['--output-on-failure', '--no-tests=error', '--output-junit', report]
    const args = ['--test-dir', folder, '--parallel', String(jobs), ...told, ...options]
    const isGood = await runs(name, 'ctest', args)
    return reported(isGood, junitReport, report)
  },
})

/**
 * What needs nothing but node modules. With `isQuick` the lint looks only at files that have changed: it misses what a change of types
 * elsewhere breaks in them, which the whole gate finds. The caches of format and types miss nothing.
 */
export function quickStages({ isQuick }) {
  const lintCache = ['--cache', '--cache-strategy', 'content', '--cache-location', join(cache, 'eslint')]
  const formatCache = ['--cache', '--cache-strategy', 'content', '--cache-location', join(cache, 'prettier')]
  const typesCache = ['--incremental', '--tsBuildInfoFile', join(cache, 'types.tsbuildinfo')]
  return [
    check('lint', 'eslint/bin/eslint.js', ['.', ...(isQuick ? lintCache : [])]),
    check('format', 'prettier/bin/prettier.cjs', ['--check', '--log-level', 'warn', '.', ...formatCache]),
    check('types', 'typescript/bin/tsc', ['-p', '.', ...typesCache]),
    check('native format', '../test/gate/nativeFormat.mjs', []),
    check('python', '../test/gate/pythonFormat.mjs', []),
    suite('unit'),
  ]
}

// Without nvcc, and of the goldens only the small ones on the processor: goldens compare numbers, and what computes them has tests of its
// own here, on the processor and on the emulated card. Streams and goldens of whole models there would take minutes.
const sanitizeOptions = ['-DHL_SANITIZE=ON', '-DHL_CUDA=OFF', '-DHL_ADDON=OFF']
const sanitizeTests = [
  '-E',
  'compare_emulated_|compare_flashvsr-tiny|compare_heirloom-m|stream_flashvsr_cuda_test',
]
const sanitizeBuild = join('native', 'build-sanitize')

/** Pythons that the models' tests may run in: the one that is named, the one of models/README.md, those of the system. */
const pythons = () =>
  [process.env.HEIRLOOM_PYTHON, join(root, '.venv', 'bin', 'python'), 'python3', '/usr/bin/python3'].filter(
    (program) => program && (!isAbsolute(program) || existsSync(program)),
  )

/** How many tests the models have, as far as the text says. */
function writtenModelTests(folder) {
  const files = readdirSync(folder).filter((name) => /^test_.*\.py$/.test(name))
  const texts = files.map((name) => readFileSync(join(folder, name), 'utf8'))
  return texts.join('\n').match(/^def test_/gm).length
}

/** The models' tests. Those that need more of models/requirements.txt than is there skip themselves (test/models/conftest.py); without pytest all are skipped. */
const modelsStage = {
  name: 'models',
  needs: ['packages'],
  run: async () => {
    const folder = join(root, 'test', 'models')
    const report = join(artifacts, 'models.xml')
    rmSync(report, { force: true })
    for (const program of pythons()) {
      if (!(await runs('models', program, ['-c', 'import pytest']))) continue
      const args = ['-m', 'pytest', '-q', '-rs', '-p', 'no:cacheprovider', `--junit-xml=${report}`, folder]
      const isGood = await runs('models', program, args)
      return reported(isGood, junitReport, report)
    }
    const skipped = writtenModelTests(folder)
    appendFileSync(
      logOf('models'),
      `${skipped} skipped: no Python here has pytest (HEIRLOOM_PYTHON names another)\n`,
    )
    return counted(true, { skipped })
  },
}

/** Everything else. End-to-end tests drive one browser and mostly wait for it, so the sanitizers' tests run beside them. */
export const slowStages = () => [
  buildStage('engine build', ['packages', 'addon'], engineBuild),
  buildStage('sanitizers build', ['packages'], sanitizeBuild, sanitizeOptions),
  ctestStage('engine', ['engine build'], engineBuild, lanes, ['-LE', 'fuzz']),
  suite('integration', ['packages', 'addon', 'bundles']),
  suite('fuzz', ['packages', 'addon', 'bundles']),
  ctestStage('sanitizers', ['sanitizers build'], sanitizeBuild, Math.floor(lanes / 2), sanitizeTests),
  { ...suite('e2e', ['packages', 'addon', 'bundles']), lanes: 1 },
  modelsStage,
]
