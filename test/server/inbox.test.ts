// Dropped films do not pile up for ever, and none that is used goes.
import { existsSync, mkdirSync, utimesSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { tidyInbox } from '../../electron/server/inbox.js'
import { emptyProject } from '../../electron/shared/project.js'
import { folder } from '../app/folder.js'

const day = 24 * 3600 * 1000

test('what a project or its backup is made of stays and is named; the rest goes when it is a day old', async () => {
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
  const [used, undone, forgotten, fresh] = [
    ...[dropped('used', 40), dropped('undone', 40), dropped('forgotten', 2), dropped('fresh', 0.5)],
  ]
  const saved = (path: string | undefined): string =>
    JSON.stringify({
      ...emptyProject,
      sources: [{ id: '0123456789abcdef', path, name: 'film', frames: 10 }],
    })
  writeFileSync(join(at, 'autosave.json'), saved(used))
  writeFileSync(join(at, 'autosave.json.2'), saved(undone))
  expect((await tidyInbox(inbox, at)).sort()).toEqual([undone, used].sort())
  expect([used, undone, forgotten, fresh].map((path) => existsSync(path ?? ''))).toEqual([
    ...[true, true, false, true],
  ])
  expect(existsSync(join(inbox, 'forgotten'))).toBe(false)
})
