// `npm run package`: what electron-builder makes of Heirloom, for other computers: the engine is compiled for every graphics card it knows,
// where this computer has nvcc. Arguments go to electron-builder (--linux, --mac, --win, --dir).
import { spawnSync } from 'node:child_process'
import { join } from 'node:path'
import { PrepareError, engineOptions, prepare, root } from './prepare.mjs'

try {
  await prepare('package')
  if (engineOptions('package').includes('-DHL_CUDA=OFF'))
    process.stderr.write(
      'heirloom: no nvcc was found, so this package computes on processors only, never on a graphics card\n',
    )
  const builder = join(root, 'node_modules', 'electron-builder', 'cli.js')
  const done = spawnSync(process.execPath, [builder, ...process.argv.slice(2)], {
    cwd: root,
    stdio: 'inherit',
  })
  process.exit(done.status ?? 1)
} catch (error) {
  if (!(error instanceof PrepareError)) throw error
  process.stderr.write(`heirloom: ${error.message}\n`)
  process.exit(1)
}
