// `npm test`: makes what is missing, then runs every test. `npm run check`: only format, types, lint, layers and unit tests.
// Each stage runs to its end even when an earlier one failed; the last line counts tests over all of them.
import { spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { PrepareError, configure, prepare, root } from '../electron/start/prepare.mjs'

const isCheck = process.argv[2] === 'check'
const only = new Set(process.argv.slice(2).filter((word) => word !== 'check'))
const artifacts = join(root, 'test', 'artifacts')
const totals = { passed: 0, failed: 0, skipped: 0 }
const lines = []

function command(name, program, args, env = {}) {
  process.stdout.write(`\n== ${name}\n`)
  const started = Date.now()
  const done = spawnSync(program, args, { cwd: root, stdio: 'inherit', env: { ...process.env, ...env } })
  const isGood = done.status === 0
  lines.push(`${isGood ? 'ok    ' : 'FAILED'} ${name} (${Math.round((Date.now() - started) / 1000)} s)`)
  return isGood
}

/** A stage that is one check: passes or fails as a whole. */
function check(name, program, args) {
  if (command(name, program, args)) totals.passed += 1
  else totals.failed += 1
}

/** A vitest project; counts come from its JSON report. */
function suite(name) {
  const report = join(artifacts, `${name}.json`)
  rmSync(report, { force: true })
  const args = [
    'vitest',
    'run',
    '--project',
    name,
    '--reporter=default',
    '--reporter=json',
    `--outputFile.json=${report}`,
  ]
  const isGood = command(`${name} tests`, 'npx', args)
  if (!existsSync(report)) {
    totals.failed += 1
    return
  }
  const result = JSON.parse(readFileSync(report, 'utf8'))
  totals.passed += result.numPassedTests
  totals.failed += result.numFailedTests
  totals.skipped += result.numPendingTests
  if (!isGood && result.numFailedTests === 0) totals.failed += 1 // a file that could not be loaded
}

/** Configure, build and ctest the engine without Node. */
function native(name, folder, options, ctestArguments) {
  const build = join('native', folder)
  const isBuilt =
    command(`${name}: configure`, 'cmake', configure(build, ...options)) &&
    command(`${name}: build`, 'cmake', ['--build', build, '--parallel', '2'])
  if (!isBuilt) {
    totals.failed += 1
    return
  }
  const report = join(artifacts, `${folder}.xml`)
  rmSync(report, { force: true })
  const args = [
    '--test-dir',
    build,
    '--output-on-failure',
    '--no-tests=error',
    '--output-junit',
    report,
    ...ctestArguments,
  ]
  const isGood = command(`${name}: tests`, 'ctest', args)
  const head = existsSync(report) ? readFileSync(report, 'utf8').slice(0, 2000) : ''
  const count = (attribute) => Number(new RegExp(`\\b${attribute}="(\\d+)"`).exec(head)?.[1] ?? 0)
  totals.passed += count('tests') - count('failures') - count('skipped') - count('disabled')
  totals.failed += count('failures')
  totals.skipped += count('skipped')
  if (!isGood && count('failures') === 0) totals.failed += 1
}

const wanted = (name) => only.size === 0 || only.has(name)

try {
  prepare('test')
} catch (error) {
  if (!(error instanceof PrepareError)) throw error
  process.stderr.write(`heirloom: ${error.message}\n`)
  console.log('0 passed, 1 failed')
  process.exit(1)
}
mkdirSync(artifacts, { recursive: true })
if (wanted('static')) {
  check('format', 'npx', ['prettier', '--check', '--log-level', 'warn', '.'])
  check('types', 'npx', ['tsc', '-p', '.'])
  check('lint', 'npx', ['eslint', '.'])
}
if (wanted('unit')) suite('unit')
if (!isCheck) {
  if (wanted('native')) native('engine', 'build', [], ['-LE', 'fuzz'])
  // Without nvcc, and without FlashVSR's goldens and streams on the emulated card, which take minutes here: the emulated kernels have tests of their own under the sanitizers.
  const sanitize = ['-DHL_SANITIZE=ON', '-DHL_CUDA=OFF']
  if (wanted('sanitize'))
    native('engine under ASan and UBSan', 'build-sanitize', sanitize, [
      '-E',
      'compare_emulated_.*_flashvsr|stream_flashvsr_cuda_test',
    ])
  for (const name of ['integration', 'fuzz', 'e2e']) if (wanted(name)) suite(name)
}
console.log(`\n${lines.join('\n')}\n`)
console.log(`${totals.passed} passed, ${totals.failed} failed, ${totals.skipped} skipped`)
process.exit(totals.failed === 0 ? 0 : 1)
