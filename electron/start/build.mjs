// Bundles the app into out/: main, engine host, CLI and server as ES modules, the preload as one CommonJS file, the renderer by vite.
import { build } from 'esbuild'
import { existsSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { build as buildRenderer } from 'vite'

const root = join(dirname(fileURLToPath(import.meta.url)), '..', '..')
const from = (path) => join(root, 'electron', path)
const node = {
  bundle: true,
  platform: 'node',
  target: 'node20',
  sourcemap: true,
  logLevel: 'warning',
  external: ['electron', 'ffmpeg-static', 'libsql', 'ws'],
}
const modules = {
  'main/index': from('main/index.ts'),
  'engine/host': from('engine/hostProcess.ts'),
  'cli/index': from('cli/index.ts'),
}
const present = Object.fromEntries(Object.entries(modules).filter(([, path]) => existsSync(path)))
await build({ ...node, entryPoints: present, outdir: join(root, 'out'), format: 'esm' })
await build({
  ...node,
  entryPoints: { 'preload/index': from('preload/index.ts') },
  outdir: join(root, 'out'),
  format: 'cjs',
  outExtension: { '.js': '.cjs' },
})
await buildRenderer({ configFile: join(root, 'renderer', 'vite.config.ts'), logLevel: 'warn' })
