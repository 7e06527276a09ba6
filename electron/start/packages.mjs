// The system's packages that Heirloom is built and tested with: which are missing, and how they come here.
import { spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { delimiter, join } from 'node:path'
import { child } from './child.mjs'

export class PrepareError extends Error {}

/** Is there a program of this name on PATH? */
export function hasProgram(name) {
  const files = process.platform === 'win32' ? [`${name}.exe`, `${name}.cmd`] : [name]
  const folders = (process.env.PATH ?? '').split(delimiter).filter((folder) => folder !== '')
  return folders.some((folder) => files.some((file) => existsSync(join(folder, file))))
}

const hasModules = (python, names) => spawnSync(python, ['-c', `import ${names}`]).status === 0

// What each need is called here and in Debian. A need is met when any of its programs (or files) is there.
const needs = {
  ffmpeg: {
    met: () => Boolean(process.env.FFMPEG_BIN) || (hasProgram('ffmpeg') && hasProgram('ffprobe')),
    packages: ['ffmpeg'],
  },
  compiler: { met: () => hasProgram('g++') || hasProgram('c++'), packages: ['g++', 'make'] },
  cmake: { met: () => hasProgram('cmake'), packages: ['cmake'] },
  make: { met: () => hasProgram('make') || hasProgram('ninja'), packages: ['make'] },
  // Compiles once what the tests of the last checkout compiled already; a start compiles once only.
  compilerCache: { met: () => hasProgram('ccache'), packages: ['ccache'] },
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
  // The models' tests that need no PyTorch. Another Python that is found first may lack them; the system's own is asked then.
  pytest: {
    met: () => hasModules('python3', 'numpy, pytest') || hasModules('/usr/bin/python3', 'numpy, pytest'),
    packages: ['python3-numpy', 'python3-pytest'],
  },
  openblas: {
    met: () => existsSync('/usr/include/x86_64-linux-gnu/cblas.h'), // the yardstick of the bench, never in the product
    packages: ['libopenblas-dev'],
  },
}
const toRun = ['ffmpeg', 'compiler', 'cmake', 'make']
const needed = {
  start: toRun,
  package: toRun,
  test: [...toRun, 'compilerCache', 'chromium', 'fonts', 'japanese', 'pytest'],
  bench: [...toRun, 'openblas'],
}

/** Debian's names of what is missing for a purpose: 'start', 'test', 'bench' or 'package'. */
export function missingPackages(purpose) {
  const missing = needed[purpose].filter((name) => !needs[name].met())
  return [...new Set(missing.flatMap((name) => needs[name].packages))]
}

/** Who may install: root itself, sudo where it asks for no password; where nobody may, one sentence about what to install. */
export function installer(packages) {
  const isRoot = process.getuid?.() === 0
  const canSudo = !isRoot && hasProgram('sudo') && spawnSync('sudo', ['-n', 'true']).status === 0
  const byHand = `Please install these packages, then run the command again: sudo apt-get install ${packages.join(' ')}`
  if (!hasProgram('apt-get') || (!isRoot && !canSudo)) throw new PrepareError(byHand)
  const apt = (args) => ['DEBIAN_FRONTEND=noninteractive', 'apt-get', '-qq', ...args]
  const call = (args) => (canSudo ? ['sudo', ['-n', 'env', ...apt(args)]] : ['env', apt(args)])
  return { call, byHand }
}

/** Installs packages. Where apt tells its progress (a Status-Fd), scripts of packages find their output shut: how far it is, is not told. */
export async function install(packages, { log }) {
  const { call, byHand } = installer(packages)
  for (const args of [['update'], ['install', '-y', '--no-install-recommends', ...packages]]) {
    const done = await child(...call(args), { log })
    if (!done.isGood) throw new PrepareError(`Installing packages failed. ${byHand}. It said:\n${done.tail}`)
  }
}
