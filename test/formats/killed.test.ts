// Heirloom is killed hard while a clip is fitted into a film of different clips: gone on with, it is the very same file.
import { type ChildProcess, spawn } from 'node:child_process'
import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { build } from 'esbuild'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { ended, hostIn, outputAt } from '../app/hosting.js'
import { folder } from '../app/folder.js'
import { bundle, root, tool } from '../engine/bundle.js'
import { requestOf } from './filmRequest.js'
import { phone, silent, tape } from './mixedFilm.js'

const at = folder()
const exporting = join(root, 'out', 'test', `exporting-${process.pid}.js`)
const marker = join(at, 'hangs')
let child: ChildProcess | undefined

/** An ffmpeg that writes the beginning of what fits a clip into the film, says its number and hangs. */
beforeAll(async () => {
  await bundle()
  await build({
    ...{ entryPoints: [join(import.meta.dirname, 'exporting.ts')], outfile: exporting },
    ...{ format: 'esm', bundle: true, platform: 'node', target: 'node20', logLevel: 'error' },
    external: ['electron', 'ffmpeg-static', 'libsql', 'ws'],
  })
  const hang = `case "$*" in *pad=80:60*) last="\${@: -1}"; echo half > "\${last#file:}"; echo $$ > ${marker}; exec sleep 60;; esac`
  const ffmpeg = tool('sh', ['-c', 'command -v ffmpeg']).trim()
  writeFileSync(join(at, 'ffmpeg'), `#!/bin/bash\n${hang}\nexec ${ffmpeg} "$@"\n`, { mode: 0o755 })
})
afterAll(() => {
  rmSync(exporting, { force: true })
  for (const pid of [child?.pid, markedPid()])
    try {
      if (pid) process.kill(pid, 'SIGKILL')
    } catch {
      // it has ended
    }
})

/** 0 until it is there and written. */
const markedPid = (): number => (existsSync(marker) ? Number(readFileSync(marker, 'utf8')) : 0)

test('killed in the middle of a clip that is fitted, it goes on with what was finished, and is the same file', async () => {
  const inputs = [tape(at), phone(at), silent(at)]
  const unbroken = await hostIn(join(at, 'unbroken'), { grants: { files: [], folders: [at] } })
  const whole = await requestOf(unbroken, inputs, outputAt(join(at, 'whole.mp4'), { quality: 'best' }))
  expect((await ended(unbroken, await unbroken.api.render.export(whole))).failure).toBeUndefined()

  const [home, path] = [join(at, 'killed'), join(at, 'film.mp4')]
  child = spawn(process.execPath, [exporting, home, path, ...inputs], {
    env: {
      ...process.env,
      ...{ FFMPEG_BIN: join(at, 'ffmpeg'), FFPROBE_BIN: tool('sh', ['-c', 'command -v ffprobe']).trim() },
    },
    stdio: ['ignore', 'ignore', 'inherit'],
  })
  const gone = new Promise((resolve) => child?.on('exit', (_, signal) => resolve(signal)))
  await expect.poll(markedPid, { timeout: 120_000 }).toBeGreaterThan(0)
  child.kill('SIGKILL')
  expect(await gone).toBe('SIGKILL')
  process.kill(markedPid(), 'SIGKILL')
  expect(existsSync(path)).toBe(false)

  const host = await hostIn(home, { kind: 'browser', grants: { files: [], folders: [at] } })
  const [one] = await host.api.render.unfinished()
  expect(one?.framesDone).toBe(50)
  const again = await ended(host, await host.api.render.resume(one!.id))
  expect(again.failure).toBeUndefined()
  expect(readFileSync(path).equals(readFileSync(join(at, 'whole.mp4')))).toBe(true)
})
