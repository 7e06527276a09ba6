// What electron-builder puts into an installed Heirloom, with a made-up Electron in place of the real one: which files go
// in, and that everything the system opens by itself lies outside the archive. Installers and fuses need the real one.
import { execFile } from 'node:child_process'
import { createHash } from 'node:crypto'
import { mkdir, mkdtemp, readFile, readdir, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { createPackage, listPackage } from '@electron/asar'
import { afterAll, beforeAll, expect, test } from 'vitest'

const run = promisify(execFile)
const root = join(import.meta.dirname, '..', '..')
let folder = ''
let resources = ''
let listed: string[] = []

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'heirloom-pack-'))
  const dist = join(folder, 'electron')
  await mkdir(join(dist, 'resources'), { recursive: true })
  await mkdir(join(dist, 'locales'))
  await writeFile(join(dist, 'electron'), '#!/bin/sh\n', { mode: 0o755 })
  await writeFile(join(dist, 'version'), '45.4.1')
  await mkdir(join(folder, 'default'))
  await writeFile(join(folder, 'default', 'main.js'), '')
  await createPackage(join(folder, 'default'), join(dist, 'resources', 'default_app.asar'))
  const config = {
    extends: join(root, 'electron-builder.yml'),
    electronDist: dist,
    electronVersion: '45.4.1',
    electronFuses: null, // they are bytes of the real executable
    directories: { output: join(folder, 'dist') },
  }
  await writeFile(join(folder, 'config.json'), JSON.stringify(config))
  const builder = join(root, 'node_modules', '.bin', 'electron-builder')
  await run(builder, ['--linux', 'dir', '--config', join(folder, 'config.json'), '--publish', 'never'], {
    cwd: root,
  })
  resources = join(folder, 'dist', 'linux-unpacked', 'resources')
  listed = listPackage(join(resources, 'app.asar'), { isPack: false })
})
afterAll(() => rm(folder, { recursive: true, force: true }))

test('the app is in the archive, and nothing of its making', () => {
  for (const file of [
    '/package.json',
    '/LICENSE',
    '/node_modules/libsql/LICENSE',
    '/resources/sample/LICENCE.md',
    '/out/main/index.js',
    '/out/preload/index.cjs',
    '/out/renderer/index.html',
    '/out/engine/host.js',
    '/resources/models/heirloom-s/model.json',
    '/node_modules/ffmpeg-static/index.js',
    '/node_modules/libsql/index.js',
    expect.stringMatching(/detect-libc\/package.json$/) as string,
    '/node_modules/@neon-rs/load/package.json',
  ])
    expect(listed, file).toContainEqual(file)
  const tops = new Set(listed.map((path) => path.split('/')[1]))
  for (const top of ['electron', 'renderer', 'test', 'models', 'docs']) expect(tops).not.toContain(top)
  const native = listed.filter((path) => path.startsWith('/native'))
  expect(native.at(-1)).toBe('/native/build/heirloom.node')
  expect(native.length).toBe(3) // it and its folders
  expect(
    listed.filter(
      (path) => path.endsWith('.map') || path.endsWith('.ts') || /node_modules\/react/.test(path),
    ),
  ).toEqual([])
})

test('what the system opens by itself lies outside the archive', async () => {
  const unpacked = join(resources, 'app.asar.unpacked')
  const addon = join(unpacked, 'native', 'build', 'heirloom.node')
  expect((await stat(join(unpacked, 'out', 'engine', 'host.js'))).isFile()).toBe(true)
  expect((await stat(join(unpacked, 'package.json'))).isFile()).toBe(true)
  expect((await stat(join(unpacked, 'node_modules', 'ffmpeg-static', 'index.js'))).isFile()).toBe(true)
  const databases = await readdir(join(unpacked, 'node_modules', '@libsql'))
  expect(databases).toHaveLength(1) // the one of this kind of computer
  const engine = join(unpacked, 'node_modules', '@libsql', databases[0] ?? '', 'index.node')
  for (const file of [addon, engine]) await run(process.execPath, ['-e', 'require(process.argv[1])', file])
})

test('every model that is shipped lies there whole, by the hashes that it states, with its card', async () => {
  const entries = await readdir(join(root, 'resources', 'models'), { withFileTypes: true })
  const shipped = entries.filter((entry) => entry.isDirectory()).map(({ name }) => name)
  expect(shipped).toContain('heirloom-s')
  for (const name of shipped) {
    const model = join(resources, 'app.asar.unpacked', 'resources', 'models', name)
    const { hashes } = JSON.parse(await readFile(join(model, 'model.json'), 'utf8')) as {
      hashes: Record<string, string>
    }
    expect(Object.keys(hashes)).not.toEqual([])
    for (const [file, hash] of Object.entries(hashes)) {
      const bytes = await readFile(join(model, file))
      expect(createHash('sha256').update(bytes).digest('hex'), file).toBe(hash)
    }
    expect((await stat(join(model, 'MODEL_CARD.md'))).isFile()).toBe(true)
  }
})
