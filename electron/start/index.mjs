// `npm start`: makes what is missing, then opens Heirloom. With a project it opens that; with other arguments it is the command line (enhance, probe, ...).
import { spawn, spawnSync } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { PrepareError, prepare, root } from './prepare.mjs'

/** Path of Electron's executable, or undefined. */
function electronBinary() {
  const folder = join(root, 'node_modules', 'electron')
  const name = existsSync(join(folder, 'path.txt'))
    ? readFileSync(join(folder, 'path.txt'), 'utf8').trim()
    : 'electron'
  const places = [process.env.ELECTRON_OVERRIDE_DIST_PATH, join(folder, 'dist')].filter(Boolean)
  return places.map((place) => join(place, name)).find((file) => existsSync(file))
}

/** Electron to run and why, or why not. Fetches its runtime once where there is a network. */
function findElectron() {
  if (!process.env.DISPLAY && !process.env.WAYLAND_DISPLAY && process.platform === 'linux')
    return { why: 'there is no desktop session here' }
  const found = electronBinary()
  if (found) return { binary: found, why: 'its runtime is installed' }
  process.stderr.write('heirloom: fetching the Electron runtime (once)\n')
  spawnSync('npx', ['--no-install', 'install-electron'], { cwd: root, timeout: 300_000, stdio: 'ignore' })
  const fetched = electronBinary()
  return fetched
    ? { binary: fetched, why: 'its runtime was fetched' }
    : { why: 'the Electron runtime could not be fetched' }
}

function open(command, args) {
  const child = spawn(command, args, { cwd: process.env.INIT_CWD ?? process.cwd(), stdio: 'inherit' })
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => child.kill(signal))
  child.on('exit', (code, signal) => {
    const isStopped = code === null && ['SIGINT', 'SIGTERM', 'SIGHUP'].includes(signal)
    // The command line says it itself, from its first moment of work on.
    if (isStopped) process.stderr.write('Cancelled before anything was begun.\n')
    process.exit(code ?? (isStopped ? 130 : 1))
  })
}

try {
  const args = process.argv.slice(2)
  await prepare('start')
  const cli = join(root, 'out', 'cli', 'index.js')
  const projects = args.length === 1 && /\.heirloom$/i.test(args[0]) ? args : []
  if (args.length > projects.length) open(process.execPath, [cli, ...args])
  else {
    const electron = findElectron()
    if (electron.binary) {
      console.log(`Opening Heirloom in Electron: ${electron.why}.`)
      const asRoot = process.getuid?.() === 0 ? ['--no-sandbox'] : [] // Chromium refuses its sandbox to root
      open(electron.binary, [root, ...asRoot, ...projects])
    } else {
      console.log(`Opening Heirloom in the browser: ${electron.why}.`)
      open(process.execPath, [cli, ...(projects.length > 0 ? projects : ['serve'])])
    }
  }
} catch (error) {
  if (!(error instanceof PrepareError)) throw error
  process.stderr.write(`heirloom: ${error.message}\n`)
  process.exit(1)
}
