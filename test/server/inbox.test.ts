// Dropped films do not pile up for ever, and none that is used goes.
import { existsSync, mkdirSync, utimesSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { tidyInbox } from '../../electron/server/inbox.js'
import { folder } from '../app/folder.js'
import { outputAt } from '../app/hosting.js'
import { storing } from '../app/storing.js'

const day = 24 * 3600 * 1000

test('what a project, its backup or an unfinished export is made of stays and is named; the rest goes when it is a day old', async () => {
  const at = folder()
  const inbox = join(at, 'inbox')
  const dropped = (name: string, ageDays: number): string => {
    const path = join(inbox, name, `${name}.mp4`)
    mkdirSync(join(inbox, name), { recursive: true })
    writeFileSync(path, 'film')
    const then = new Date(Date.now() - ageDays * day)
    for (const touched of [path, join(inbox, name)]) utimesSync(touched, then, then)
    return path
  }
  const [used, undone, begun, forgotten, fresh] = [
    ...[dropped('used', 40), dropped('undone', 40), dropped('begun', 3)],
    ...[dropped('forgotten', 2), dropped('fresh', 0.5)],
  ]
  const saved = (path: string | undefined): string =>
    JSON.stringify({
      ...{ format: 2, clips: [] },
      sources: [{ id: '0123456789abcdef', path, name: 'film', frames: 10 }],
    })
  writeFileSync(join(at, 'autosave.json'), saved(used))
  writeFileSync(join(at, 'autosave.json.2'), saved(undone))
  const reference = { id: '0123456789abcdef', path: begun ?? '', name: 'film', frames: 10 }
  const request = { project: { clips: [], sources: [reference] }, output: outputAt('/films/a.mp4') }
  const cacheFolder = join(at, 'cache')
  storing(cacheFolder).records.add('begun', { kind: 'export', request }, { framesTotal: 10, isOffered: true })
  const kept = await tidyInbox(inbox, { dataFolder: at, cacheFolder })
  expect(kept.sort()).toEqual([begun, undone, used].sort())
  expect([used, undone, begun, forgotten, fresh].map((path) => existsSync(path ?? ''))).toEqual([
    ...[true, true, true, false, true],
  ])
  expect(existsSync(join(inbox, 'forgotten'))).toBe(false)
})
