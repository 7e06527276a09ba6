// Everything a fresh clone lacks: system packages, node modules, the engine, the bundles, side by side where one does not need the other.
// Plain Node without dependencies, because it runs before there are any. Says what it does on stderr, does nothing twice.
import { spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, readFileSync, readdirSync, statSync, writeFileSync } from 'node:fs'
import { availableParallelism } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { child } from './child.mjs'
import { builtArchitectures, cudaOptions, wantedArchitectures } from './engineOptions.mjs'
import { PrepareError, hasProgram, install, installer, missingPackages } from './packages.mjs'
import { builtFraction, progress } from './progress.mjs'
import { schedule, withTheirNeeds } from './schedule.mjs'

export { PrepareError } from './packages.mjs'

export const root = join(dirname(fileURLToPath(import.meta.url)), '..', '..')
/** The one build of the engine: the addon, and for tests and tools everything else from the same objects. */
export const engineBuild = join('native', 'build')
export const addonPath = join(root, engineBuild, 'heirloom.node')

function filesBelow(folder, accept) {
  if (!existsSync(folder)) return []
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath ?? entry.path, entry.name))
    .filter(accept)
    .sort()
}

/** One hash over the contents of files and what else decides: the key of "nothing changed". */
function hashOf(files, ...words) {
  const hash = createHash('sha256').update(words.join('\0'))
  for (const file of files) hash.update(file.slice(root.length)).update('\0').update(readFileSync(file))
  return hash.digest('hex')
}

// What was made, and from what. The engine's stamp lies in its build folder: new node modules are no reason to compile it.
const stamps = {
  modules: join(root, 'node_modules', '.heirloom', 'modules'),
  bundles: join(root, 'node_modules', '.heirloom', 'bundles'),
  engine: join(root, engineBuild, 'heirloom.stamp'),
}
const isFresh = (name, key) => existsSync(stamps[name]) && readFileSync(stamps[name], 'utf8') === key
function markFresh(name, key) {
  mkdirSync(dirname(stamps[name]), { recursive: true })
  writeFileSync(stamps[name], key)
}

async function run(what, command, args, { log, onLine, env } = {}) {
  const done = await child(command, args, { cwd: root, log, onLine, env })
  if (done.isGood) return
  throw new PrepareError(`${what} failed (${command} ${args.join(' ')}):\n${done.tail || 'it wrote nothing'}`)
}

function packagesStep(purpose) {
  const missing = missingPackages(purpose)
  if (missing.length === 0) return undefined
  installer(missing) // says at once what to install by hand, before anything else is begun
  return { title: missing.join(', '), weight: 45, run: (options) => install(missing, options) }
}

function modulesStep() {
  const lock = join(root, 'package-lock.json')
  const key = hashOf([lock])
  if (isFresh('modules', key)) return undefined
  const count = Object.keys(JSON.parse(readFileSync(lock, 'utf8')).packages).length
  return {
    title: 'node modules',
    weight: 25,
    run: async ({ log, onProgress = () => {} }) => {
      let fetched = 0
      const onLine = (line) => {
        const isFetch = /^npm http /.test(line) // one a package, from the network or npm's own cache
        if (isFetch) onProgress(Math.min(0.9, ++fetched / count))
        return isFetch
      }
      const args = ['ci', '--no-audit', '--no-fund', '--loglevel', 'http']
      await run('npm ci', 'npm', args, { log, onLine })
      markFresh('modules', key)
    },
  }
}

/** The compute capabilities of the cards that are here. */
function capabilities() {
  if (!hasProgram('nvidia-smi')) return []
  const query = ['--query-gpu=compute_cap', '--format=csv,noheader']
  const told = spawnSync('nvidia-smi', query, { encoding: 'utf8', timeout: 10_000 })
  return told.status === 0 ? told.stdout.split('\n').filter((line) => /^\d+\.\d$/.test(line.trim())) : []
}

/** Arguments of cmake that configure the engine in `build`; a folder that is there keeps its generator and compiler cache. */
export function configure(build, ...options) {
  if (existsSync(join(root, build, 'CMakeCache.txt'))) return ['-S', 'native', '-B', build, ...options]
  const launcher = (language) => `-DCMAKE_${language}_COMPILER_LAUNCHER=ccache`
  const cached = hasProgram('ccache') ? [launcher('CXX'), launcher('CUDA')] : []
  const generator = hasProgram('ninja') ? ['-G', 'Ninja'] : []
  return ['-S', 'native', '-B', build, ...generator, ...cached, ...options]
}

/** What the one build of the engine is configured with for a purpose. */
export function engineOptions(purpose) {
  const cache = join(root, engineBuild, 'CMakeCache.txt')
  const built = existsSync(cache) ? builtArchitectures(readFileSync(cache, 'utf8')) : []
  const hasCompiler = Boolean(process.env.CUDACXX) || hasProgram('nvcc')
  return cudaOptions(wantedArchitectures(purpose, { hasCompiler, capabilities: capabilities() }), built)
}

/** The compiler cache, where there is one, finds what another checkout compiled: paths are told to it from this one's root. */
export const cacheEnvironment = { CCACHE_BASEDIR: root, CCACHE_NOHASHDIR: '1' }

/** Builds targets of an engine that is configured. */
async function build(what, targets, { jobs, log, onProgress = () => {} }) {
  const onLine = (line) => {
    const fraction = builtFraction(line)
    if (fraction !== undefined) onProgress(fraction)
    return fraction !== undefined
  }
  const args = ['--build', engineBuild, '--parallel', String(jobs), '--target', ...targets]
  await run(what, 'cmake', args, { log, onLine, env: cacheEnvironment })
}

/** The engine in two steps: its library needs no node modules, the addon around it does. */
function engineSteps(purpose) {
  const options = engineOptions(purpose)
  const native = join(root, 'native')
  const files = filesBelow(native, (file) => !file.includes('/build') && statSync(file).size < 1 << 20)
  const key = hashOf(files, ...options)
  if (existsSync(addonPath) && isFresh('engine', key)) return {}
  const cards = options.includes('-DHL_CUDA=ON') ? ' with CUDA' : ''
  return {
    library: {
      title: `the engine${cards}`,
      weight: cards ? 120 : 60,
      run: async (how) => {
        await run('Configuring the engine', 'cmake', configure(engineBuild, ...options), how)
        await build('Building the engine', ['heirloom_core'], how)
      },
    },
    addon: {
      title: 'the addon',
      weight: 12,
      run: async (how) => {
        await build('Building the addon', ['heirloom'], how)
        markFresh('engine', key)
      },
    },
  }
}

function bundlesStep() {
  const sources = (folder) => filesBelow(join(root, folder), (file) => !file.endsWith('.test.ts'))
  const key = hashOf([join(root, 'package-lock.json'), ...sources('electron'), ...sources('renderer')])
  if (existsSync(join(root, 'out', 'renderer', 'index.html')) && isFresh('bundles', key)) return undefined
  return {
    title: 'the app',
    weight: 6,
    run: async ({ log }) => {
      await run('Building the app', process.execPath, [join(root, 'electron', 'start', 'build.mjs')], { log })
      markFresh('bundles', key)
    },
  }
}

const stepNeeds = {
  packages: [],
  modules: [],
  library: ['packages'],
  addon: ['library', 'modules'],
  bundles: ['modules'],
}

/** Steps, and all that they need; names of anything else are left out. */
export const stepsFor = (names) => withTheirNeeds(names, stepNeeds)

/**
 * What is missing for a purpose ('start', 'test', 'bench' or 'package'), as stages of `schedule`: name, needs, title, weight in seconds,
 * and `run({ jobs, log, onProgress })`, which fails with a PrepareError. Nothing that is there is among them. `only`: some names.
 */
export function missingSteps(purpose, only = Object.keys(stepNeeds)) {
  const [major = 0, minor = 0] = process.versions.node.split('.').map(Number)
  if (major < 20 || (major === 20 && minor < 19))
    throw new PrepareError(`Heirloom needs Node.js 20.19 or newer; this is ${process.versions.node}.`)
  const isAsked = (name) => only.includes(name)
  const packages = isAsked('packages') && packagesStep(purpose)
  const steps = {
    packages,
    modules: isAsked('modules') && modulesStep(),
    ...(isAsked('addon') && engineSteps(purpose)),
    bundles: isAsked('bundles') && bundlesStep(),
  }
  return Object.entries(stepNeeds)
    .filter(([name]) => steps[name])
    .map(([name, needs]) => ({ name, needs, ...steps[name] }))
}

/** Steps of `missingSteps`, side by side, with how far they are on stderr. Fails with what failed first, when the others have ended. */
async function carryOut(steps) {
  if (steps.length === 0) return
  const isTerminal = Boolean(process.stderr.isTTY)
  const shown = progress(steps, { write: (text) => process.stderr.write(text), isTerminal })
  let failure
  const stages = steps.map(({ name, needs, run }) => ({
    name,
    needs,
    run: () =>
      run({ jobs: availableParallelism(), onProgress: (fraction) => shown.update(name, fraction) }).then(
        () => ({ isGood: true }),
        (error) => {
          failure ??= error
          return { isGood: false }
        },
      ),
  }))
  await schedule(stages, {
    onStart: ({ name }) => shown.begin(name),
    onEnd: ({ name }, { isGood }) => shown.end(name, isGood),
  })
  shown.close()
  if (failure) throw failure
}

/** What is missing for a purpose, made; `only`: some of the steps, by name. */
export const prepare = (purpose, only) => carryOut(missingSteps(purpose, only))
