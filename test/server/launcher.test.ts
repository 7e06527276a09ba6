// The page on disk that opens the browser host: its owner's alone, always with a fresh token.
import { mkdirSync, readFileSync, readdirSync, statSync, utimesSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { keepLauncher } from '../../electron/server/launcher.js'
import { tokenLifeMs } from '../../electron/server/sessions.js'
import { folder } from '../app/folder.js'

test('it is readable by its owner only, changes when its token was used, and goes with the host', async () => {
  const doors = join(folder(), 'doors')
  let n = 0
  const launcher = await keepLauncher(doors, 4711, () => `http://127.0.0.1:4711/#token=${++n}`)
  expect(statSync(launcher.path).mode & 0o777).toBe(0o600)
  expect(statSync(doors).mode & 0o777).toBe(0o700)
  expect(readFileSync(launcher.path, 'utf8')).toContain('#token=1"')
  await Promise.all([launcher.renew(), launcher.renew()])
  expect(readFileSync(launcher.path, 'utf8')).toContain('#token=3"')
  expect(readFileSync(launcher.path, 'utf8')).not.toContain('#token=1"')
  await launcher.remove()
  expect(readdirSync(doors)).toEqual([])
})

test('pages of hosts that ended without removing theirs go; those of living ones stay', async () => {
  const doors = join(folder(), 'doors')
  mkdirSync(doors)
  const old = new Date(Date.now() - 3 * tokenLifeMs)
  for (const name of ['heirloom-1.html', 'heirloom-2.html']) writeFileSync(join(doors, name), 'page')
  utimesSync(join(doors, 'heirloom-1.html'), old, old)
  const launcher = await keepLauncher(doors, 3, () => 'http://127.0.0.1:3/#token=a')
  expect(readdirSync(doors).sort()).toEqual(['heirloom-2.html', 'heirloom-3.html'])
  expect(statSync(doors).mode & 0o777).toBe(0o700)
  await launcher.remove()
})
