// The same film twice: a copy is the film, a film that was touched is the film, another film under its name is none.
import { copyFileSync, renameSync, rmSync, utimesSync } from 'node:fs'
import { join } from 'node:path'
import { beforeAll, expect, test } from 'vitest'
import type { Host } from '../../../electron/app/host/host.js'
import { frameCount } from '../../../electron/shared/media/frameTable.js'
import { make, numbered, openHost } from '../../formats/kit.js'
import { folder } from '../folder.js'
import { ended, outputAt, projectOf } from '../hosting.js'

const at = folder()
let host: Host
beforeAll(async () => {
  host = await openHost(at)
})

test('a copy is the same source, is guarded as one, and stands in when the other has gone', async () => {
  const film = make(at, ...numbered(1), 'film.mp4')
  const copy = join(at, 'copy.mp4')
  copyFileSync(film, copy)
  utimesSync(copy, 1, 1)
  const first = await host.api.sources.open(film)
  const second = await host.api.sources.open(copy)
  expect([second.id, second.fingerprint, second.name]).toEqual([first.id, first.fingerprint, 'copy.mp4'])
  const check = async (path: string) => (await host.api.files.checkOutput(path)).isSource
  expect([await check(film), await check(copy)]).toEqual([true, true])
  const picture = (frame: number) =>
    host.serve({ kind: 'frame', sourceId: first.id, frame }, {}).then(({ status }) => status)
  expect(await picture(0)).toBe(200)
  rmSync(copy)
  expect(await picture(1)).toBe(200)
  rmSync(film)
  expect(await picture(2)).toBe(410)
})

test('an export that waits goes on from the copy that is still there', async () => {
  const film = make(at, ...numbered(4), 'waits.mp4')
  const copy = join(at, 'waits copy.mp4')
  copyFileSync(film, copy)
  await host.api.sources.open(film)
  const source = await host.api.sources.open(copy)
  const frames = frameCount(await host.api.sources.frameTable(source.id))
  const project = projectOf(source, frames)
  const [first, second] = await Promise.all(
    ['waits one.mp4', 'waits two.mp4'].map((name, i) => {
      const quality = i === 0 ? 'small' : 'good'
      return host.api.render.export({ project, output: outputAt(join(at, name), { quality }) })
    }),
  )
  const begun = ended(host, second!, ({ state }) => state === 'running' && rmSync(copy, { force: true }))
  expect((await ended(host, first!)).failure).toBeUndefined()
  expect((await begun).failure).toBeUndefined()
})

test('a film that was touched goes on as it was; another one under its name is told', async () => {
  const film = make(at, ...numbered(2), 'touched.mp4')
  const source = await host.api.sources.open(film)
  utimesSync(film, 7, 7)
  expect((await host.api.sources.open(film)).id).toBe(source.id)
  utimesSync(film, 9, 9)
  await host.api.sources.frameTable(source.id)
  await host.api.sources.fieldCounts(source.id)
  renameSync(make(at, ...numbered(3), 'other.mp4'), film)
  await expect(host.api.sources.fieldCounts(source.id)).rejects.toMatchObject({
    sentence: { key: 'videoChanged' },
  })
  expect((await host.api.sources.open(film)).id).not.toBe(source.id)
})

test('fields that are read otherwise make another source, by whichever copy, and the way back leads to the first', async () => {
  const film = make(at, ...numbered(2, 24), 'fields.mp4')
  const source = await host.api.sources.open(film)
  const apart = await host.api.sources.readFields(source.id, 'tff')
  expect(apart).toMatchObject({
    ...{ fingerprint: source.fingerprint, tagged: source.tagged },
    ...{ interpretation: { fields: 'tff' }, video: { ...source.video, fieldOrder: 'tff' } },
  })
  expect(apart.id).not.toBe(source.id)
  expect(await host.api.sources.readFields(apart.id, 'progressive')).toEqual(source)
  expect(await host.api.sources.readFields(apart.id, null)).toEqual(source)
  const copy = join(at, 'fields copy.mp4')
  copyFileSync(film, copy)
  const other = await host.api.sources.open(copy)
  expect((await host.api.sources.readFields(other.id, 'tff')).id).toBe(apart.id)
})
