// Everything a fresh clone lacks, made in order: system packages, node modules, the native engine, the bundles.
// Plain Node without dependencies, because it runs before there are any. Says what it does on stderr, does nothing twice.
import { spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, readFileSync, readdirSync, statSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

export const root = join(dirname(fileURLToPath(import.meta.url)), '..', '..')
const stampFolder = join(root, 'node_modules', '.heirloom')
export const addonPath = join(root, 'native', 'build-addon', 'Release', 'heirloom.node')

export class PrepareError extends Error {}

const say = (line) => process.stderr.write(`heirloom: ${line}\n`)

/** Is there a program of this name on PATH? */
export function hasProgram(name) {
  return (process.env.PATH ?? '').split(':').some((folder) => folder !== '' && existsSync(join(folder, name)))
}

function run(command, args, { what, env = {} }) {
  const done = spawnSync(command, args, {
    cwd: root,
    encoding: 'utf8',
    env: { ...process.env, ...env },
    maxBuffer: 1 << 28,
  })
  if (done.status === 0) return
  const tail = `${done.stdout ?? ''}\n${done.stderr ?? ''}`.trim().split('\n').slice(-40).join('\n')
  throw new PrepareError(
    `${what} failed (${command} ${args.join(' ')}):\n${tail || (done.error?.message ?? 'no output')}`,
  )
}

// What each need is called here and in Debian. A need is met when any of its programs (or files) is there.
const needs = {
  ffmpeg: {
    met: () => Boolean(process.env.FFMPEG_BIN) || (hasProgram('ffmpeg') && hasProgram('ffprobe')),
    packages: ['ffmpeg'],
  },
  compiler: { met: () => hasProgram('g++') || hasProgram('c++'), packages: ['g++', 'make'] },
  cmake: { met: () => hasProgram('cmake'), packages: ['cmake'] },
  make: { met: () => hasProgram('make') || hasProgram('ninja'), packages: ['make'] },
  chromium: {
    met: () => Boolean(process.env.CHROMIUM) || hasProgram('chromium') || hasProgram('chromium-browser'),
    packages: ['chromium'],
  },
  fonts: {
    met: () => existsSync('/usr/share/fonts/truetype/dejavu/DejaVuSans.ttf'),
    packages: ['fonts-dejavu-core'],
  },
  // Japanese screens are part of the end-to-end tests: without a font they would be pictures of empty boxes.
  japanese: {
    met: () => existsSync('/usr/share/fonts/opentype/noto/NotoSansCJK-Regular.ttc'),
    packages: ['fonts-noto-cjk'],
  },
  openblas: {
    met: () => existsSync('/usr/include/x86_64-linux-gnu/cblas.h'), // the yardstick of the bench, never in the product
    packages: ['libopenblas-dev'],
  },
}
const toRun = ['ffmpeg', 'compiler', 'cmake', 'make']
const needed = {
  start: toRun,
  test: [...toRun, 'chromium', 'fonts', 'japanese'],
  bench: [...toRun, 'openblas'],
}

/** Install the system packages that are missing, or say in one sentence which ones to install. */
export function systemPackages(purpose) {
  const missing = needed[purpose].filter((name) => !needs[name].met())
  if (missing.length === 0) return
  const packages = [...new Set(missing.flatMap((name) => needs[name].packages))]
  const isRoot = process.getuid?.() === 0
  const canSudo = !isRoot && hasProgram('sudo') && spawnSync('sudo', ['-n', 'true']).status === 0
  const byHand = `Please install these packages, then run the command again: sudo apt-get install ${packages.join(' ')}`
  if (!hasProgram('apt-get') || (!isRoot && !canSudo)) throw new PrepareError(byHand)
  say(`installing ${packages.join(', ')}`)
  const apt = (args) => {
    const all = ['DEBIAN_FRONTEND=noninteractive', 'apt-get', '-qq', ...args]
    run(canSudo ? 'sudo' : 'env', canSudo ? ['-n', 'env', ...all] : all, {
      what: `Installing packages. ${byHand}. It`,
    })
  }
  apt(['update'])
  apt(['install', '-y', '--no-install-recommends', ...packages])
}

function filesBelow(folder, accept) {
  if (!existsSync(folder)) return []
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath ?? entry.path, entry.name))
    .filter(accept)
    .sort()
}

/** One hash over the contents of files: the key of "nothing changed". */
function hashOf(files) {
  const hash = createHash('sha256')
  for (const file of files) hash.update(file.slice(root.length)).update('\0').update(readFileSync(file))
  return hash.digest('hex')
}

const stamp = (name) => join(stampFolder, name)
const isFresh = (name, key) => existsSync(stamp(name)) && readFileSync(stamp(name), 'utf8') === key
function markFresh(name, key) {
  mkdirSync(stampFolder, { recursive: true })
  writeFileSync(stamp(name), key)
}

export function nodeModules() {
  const key = hashOf([join(root, 'package-lock.json')])
  if (isFresh('modules', key)) return
  say('installing node modules')
  run('npm', ['ci', '--no-audit', '--no-fund'], { what: 'npm ci' })
  markFresh('modules', key)
}

/** The addon: built when its sources changed since the last time. */
export function nativeEngine() {
  const native = join(root, 'native')
  const files = filesBelow(native, (file) => !file.includes('/build') && statSync(file).size < 1 << 20)
  const key = hashOf(files)
  if (existsSync(addonPath) && isFresh('native', key)) return
  say('building the engine (a few minutes, once)')
  const args = ['cmake-js', 'compile', '-d', 'native', '-O', join('native', 'build-addon'), '--parallel', '2']
  run('npx', args, { what: 'Building the native engine' })
  markFresh('native', key)
}

/** Arguments of cmake that configure the engine without Node in `build`; a folder that is there keeps its generator. */
export function configure(build, ...options) {
  const isNew = !existsSync(join(root, build, 'CMakeCache.txt'))
  return ['-S', 'native', '-B', build, ...(isNew && hasProgram('ninja') ? ['-G', 'Ninja'] : []), ...options]
}

export function bundles() {
  const sources = (folder) => filesBelow(join(root, folder), (file) => !file.endsWith('.test.ts'))
  const key = hashOf([join(root, 'package-lock.json'), ...sources('electron'), ...sources('renderer')])
  if (existsSync(join(root, 'out', 'renderer', 'index.html')) && isFresh('bundles', key)) return
  say('building the app')
  run(process.execPath, [join(root, 'electron', 'start', 'build.mjs')], { what: 'Building the app' })
  markFresh('bundles', key)
}

/** All of it. `purpose` is 'start', 'test' or 'bench'. */
export function prepare(purpose) {
  const [major = 0, minor = 0] = process.versions.node.split('.').map(Number)
  if (major < 20 || (major === 20 && minor < 19))
    throw new PrepareError(`Heirloom needs Node.js 20.19 or newer; this is ${process.versions.node}.`)
  systemPackages(purpose)
  nodeModules()
  nativeEngine()
  bundles()
}
