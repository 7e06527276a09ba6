// `npm run bench`: kernels against OpenBLAS, retention over its length, symbols to bytes, the whole stream of heirloom-s, the pipeline around it, memory, first picture, opening two hours.
// `npm run bench -- edits`: edits of a large document, alone.
// `npm run bench -- memory`: the most memory that an export takes, over length and clips, alone.
// `npm run bench -- sizes [film ...]`: the size told before an export beside that of the film, alone.
// `npm run bench -- timing [FOOTAGE]`: what is told of films made in known cadences, torn and cut, alone.
// Prints ratios of one run on this machine beside their bars; asserts nothing. Arguments go to heirloom-bench.
import { spawnSync } from 'node:child_process'
import { join } from 'node:path'
import { configure, engineOptions, prepare, root } from '../../electron/start/prepare.mjs'
import { benchEdits } from './edits.mjs'
import { benchMemory } from './memory.mjs'
import { benchOpening } from './opening.mjs'
import { benchPipeline } from './pipeline.mjs'
import { benchSizes } from './sizes.mjs'
import { benchTiming } from './timing.mjs'

const step = (program, args, output = 'ignore') => {
  const done = spawnSync(program, args, { cwd: root, stdio: ['ignore', output, 'inherit'] })
  if (done.status !== 0) throw new Error(`${program} ${args.join(' ')} failed`)
}

await prepare('bench')
if (process.argv[2] === 'memory') {
  await benchMemory()
  process.exit()
}
if (process.argv[2] === 'sizes') {
  await benchSizes(process.argv.slice(3))
  process.exit()
}
if (process.argv[2] === 'timing') {
  await benchTiming(process.argv.slice(3))
  process.exit()
}
if (process.argv[2] === 'edits') {
  await benchEdits()
  process.exit()
}
const build = join('native', 'build-bench')
step('cmake', configure(build, '-DHL_BENCH_OPENBLAS=ON', ...engineOptions('start')))
step('cmake', ['--build', build, '--parallel', '2', '--target', 'heirloom-bench'])
const stream = ['--model', join('resources', 'models', 'heirloom-s'), '--size', '640x480', '--scale', '2']
step(join(root, build, 'heirloom-bench'), [...stream, ...process.argv.slice(2)], 'inherit')
await benchPipeline()
await benchOpening()
await benchEdits()
