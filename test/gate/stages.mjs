// What the gate consists of. Each stage writes to a log of its own in test/artifacts and answers how many tests it counted.
import { existsSync, readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { configure, root } from '../../electron/start/prepare.mjs'
import { child } from './child.mjs'

export const artifacts = join(root, 'test', 'artifacts')
const modules = join(root, 'node_modules')
const cache = join(modules, '.cache', 'heirloom')
export const logOf = (name) => join(artifacts, `${name.replaceAll(' ', '-')}.log`)

const counted = (isGood, { passed = 0, failed = 0, skipped = 0 } = {}) => ({
  isGood,
  passed,
  failed: isGood ? failed : Math.max(failed, 1), // a file that could not be loaded is nobody's failed test
  skipped,
})

const runs = (name, program, args) => child(program, args, { cwd: root, log: logOf(name) })
const node = (name, script, args) => runs(name, process.execPath, [join(modules, script), ...args])

/** A stage that is one check: passes or fails as a whole. */
const check = (name, script, args) => ({
  name,
  run: async () => {
    const isGood = await node(name, script, args)
    return counted(isGood, { passed: isGood ? 1 : 0 })
  },
})

/** A project of vitest; counts come from its JSON report. */
const suite = (name) => ({
  name,
  lanes: 2,
  run: async () => {
    const report = join(artifacts, `${name}.json`)
    rmSync(report, { force: true })
    const reporters = ['--reporter=default', '--reporter=json', `--outputFile.json=${report}`]
    const isGood = await node(name, 'vitest/vitest.mjs', ['run', '--project', name, ...reporters])
    if (!existsSync(report)) return counted(false)
    const told = JSON.parse(readFileSync(report, 'utf8'))
    const { numPassedTests: passed, numFailedTests: failed, numPendingTests: skipped } = told
    return counted(isGood, { passed, failed, skipped })
  },
})

/** The counts in the head of ctest's report. */
function ctestCounts(report) {
  const head = existsSync(report) ? readFileSync(report, 'utf8').slice(0, 2000) : ''
  const count = (attribute) => Number(new RegExp(`\\b${attribute}="(\\d+)"`).exec(head)?.[1] ?? 0)
  const [failed, skipped] = [count('failures'), count('skipped')]
  return { passed: count('tests') - failed - skipped - count('disabled'), failed, skipped }
}

/** Configure and build the engine without Node, then ctest. */
function native(name, folder, options, ctestOptions) {
  const build = join('native', folder)
  const built = `${name} build`
  return [
    {
      name: built,
      lanes: 2,
      run: async () => {
        const isGood =
          (await runs(built, 'cmake', configure(build, ...options))) &&
          (await runs(built, 'cmake', ['--build', build, '--parallel', '2']))
        return counted(isGood)
      },
    },
    {
      name,
      needs: [built],
      lanes: 2,
      run: async () => {
        const report = join(artifacts, `${folder}.xml`)
        rmSync(report, { force: true })
        const told = ['--output-on-failure', '--no-tests=error', '--output-junit', report]
        const isGood = await runs(name, 'ctest', ['--test-dir', build, ...told, ...ctestOptions])
        return counted(isGood, ctestCounts(report))
      },
    },
  ]
}

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
    suite('unit'),
  ]
}

// Without nvcc, and without FlashVSR's goldens and streams on the emulated card, which take minutes here: the emulated kernels have tests of their own under the sanitizers.
const sanitizeOptions = ['-DHL_SANITIZE=ON', '-DHL_CUDA=OFF']
const sanitizeTests = ['-E', 'compare_emulated_.*_flashvsr|stream_flashvsr_cuda_test']

/** Everything else. */
export const slowStages = () => [
  ...native('engine', 'build', [], ['-LE', 'fuzz']),
  ...native('sanitizers', 'build-sanitize', sanitizeOptions, sanitizeTests),
  suite('integration'),
  suite('fuzz'),
  suite('e2e'),
]
