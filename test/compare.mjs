// `npm run compare -- FOLDER [options]`: a folder of golden tensors through the engine, error per tap; exits 0 only if every bar holds. Options go to
// heirloom-compare (--device cuda:0).
import { spawnSync } from 'node:child_process'
import { join, resolve } from 'node:path'
import {
  PrepareError,
  configure,
  engineBuild,
  engineOptions,
  prepare,
  root,
} from '../electron/start/prepare.mjs'

const folder = process.argv[2]
if (!folder) {
  process.stderr.write('usage: npm run compare -- FOLDER [options]\n')
  process.exit(2)
}
try {
  await prepare('start', ['packages'])
} catch (error) {
  if (!(error instanceof PrepareError)) throw error
  process.stderr.write(`heirloom: ${error.message}\n`)
  process.exit(1)
}
const step = (program, args, stdio) => spawnSync(program, args, { cwd: root, stdio }).status ?? 1
const quiet = ['ignore', 'ignore', 'inherit']
const status =
  step('cmake', configure(engineBuild, ...engineOptions('start')), quiet) ||
  step('cmake', ['--build', engineBuild, '--parallel', '2', '--target', 'heirloom-compare'], quiet) ||
  step(
    join(root, engineBuild, 'heirloom-compare'),
    [resolve(process.env.INIT_CWD ?? process.cwd(), folder), ...process.argv.slice(3)],
    'inherit',
  )
process.exit(status)
