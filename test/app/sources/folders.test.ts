// Between the moment a path is allowed and the moment it is used, a folder becomes a link that leads out of what was shared. Nothing is
// written there and nothing is read from there; what Heirloom keeps is for its person's eyes only.
import { frameCount } from '../../../electron/shared/media/frameTable.js'
import {
  existsSync,
  mkdirSync,
  readFileSync,
  readdirSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'
import { beforeAll, describe, expect, test } from 'vitest'
import type { Host } from '../../../electron/app/host/host.js'
import { writeAtomic } from '../../../electron/app/access/files.js'
import { holdFolder } from '../../../electron/ffmpeg/folder.js'
import { partPath, place } from '../../../electron/ffmpeg/target.js'
import { beeping, make, numbered, openHost } from '../../formats/kit.js'
import { folder } from '../folder.js'
import { ended, hostIn, outputAt, projectOf, untouched } from '../hosting.js'

const at = folder()
const [share, outside] = [join(at, 'share'), join(at, 'outside')]
let host: Host
beforeAll(async () => {
  mkdirSync(share)
  mkdirSync(outside)
  host = await openHost(share)
})

/** The folder of this name in the share becomes a link that leads out. */
function turn(name: string): void {
  renameSync(join(share, name), join(share, `${name}.old`))
  symlinkSync(outside, join(share, name))
}

test('the films in a folder and below, in order; hidden ones and links are left out; none is said', async () => {
  const tapes = join(share, 'tapes')
  for (const name of ['tapes/10 older', 'tapes/.cache', 'empty'])
    mkdirSync(join(share, name), { recursive: true })
  for (const name of ['10.mp4', '9.MPG', 'list.txt', '10 older/a.avi', '10 older/.b.avi', '.cache/c.mp4'])
    writeFileSync(join(tapes, name), '')
  symlinkSync(tapes, join(tapes, 'round'))
  symlinkSync(outside, join(tapes, 'out'))
  writeFileSync(join(outside, 'secret.mp4'), '')
  expect(await host.api.sources.inFolder(tapes)).toEqual(
    ['9.MPG', '10.mp4', '10 older/a.avi'].map((name) => join(tapes, name)),
  )
  rmSync(join(outside, 'secret.mp4'))
  await expect(host.api.sources.inFolder(join(share, 'empty'))).rejects.toMatchObject({
    sentence: { key: 'folderNoFilms' },
  })
  await expect(host.api.sources.inFolder(outside)).rejects.toMatchObject({ code: 'not-allowed' })
  const told = new Promise((resolve) => host.on((event) => event.type === 'open' && resolve(event.paths)))
  await host.openFromOutside([join(tapes, '10 older'), join(share, 'empty')])
  expect(await told).toEqual([join(tapes, '10 older', 'a.avi'), join(share, 'empty')])
})

describe.each([
  ['mp4', 'h264', 'mov'],
  ['mkv', 'ffv1', 'avi'],
] as const)('an export to %s', (container, codec, input) => {
  test('writes nothing outside when its folder is turned while it waits or works', async () => {
    const source = await host.api.sources.open(make(share, ...numbered(1), ...beeping(1), `film.${input}`))
    const project = projectOf(source, frameCount(await host.api.sources.frameTable(source.id)))
    for (const when of ['waiting', 'running'] as const) {
      const name = `${container}-${when}`
      mkdirSync(join(share, name))
      const output = outputAt(join(share, name, `film.${container}`), { container, codec })
      const id = await host.api.render.export({ project, output })
      if (when === 'waiting') turn(name)
      const job = await ended(host, id, ({ state }) => {
        if (state === 'running' && existsSync(join(share, name)) && !existsSync(join(share, `${name}.old`)))
          turn(name)
      })
      expect([job.state, job.failure?.sentence?.key]).toEqual(['failed', 'outputFolderOther'])
      expect(readdirSync(outside)).toEqual([])
      expect(readdirSync(join(share, `${name}.old`))).toEqual([])
    }
    mkdirSync(join(share, `${container}-kept`))
    const kept = outputAt(join(share, `${container}-kept`, `film.${container}`), { container, codec })
    expect((await ended(host, await host.api.render.export({ project, output: kept }))).state).toBe('done')
    expect(readdirSync(join(share, `${container}-kept`))).toEqual([`film.${container}`])
  })
})

test.each(['png', 'jpeg'] as const)('a photo as %s writes nothing outside either', async (format) => {
  const source = await host.api.sources.open(make(share, ...numbered(1), `${format}.mp4`))
  mkdirSync(join(share, format))
  const output = { path: join(share, format, `p.${format}`), format, mayOverwrite: false }
  const id = await host.api.render.photo({
    sourceId: source.id,
    frame: 3,
    way: 'frame',
    enhance: untouched,
    output,
  })
  turn(format)
  const job = await ended(host, id)
  expect([job.state, job.failure?.sentence?.key]).toEqual(['failed', 'outputFolderOther'])
  expect(readdirSync(outside)).toEqual([])
})

test('what is made in a held folder stays in it, and is not placed once its path leads elsewhere', async () => {
  mkdirSync(join(share, 'held'))
  const target = join(share, 'held', 'film.mp4')
  const held = await holdFolder(target)
  turn('held')
  const part = held.at(partPath('film.mp4'))
  if (process.platform === 'linux') writeFileSync(part, 'part')
  await expect(place(part, target, true, held)).rejects.toMatchObject({ code: 'output-not-writable' })
  await held.close()
  await expect(holdFolder(target)).rejects.toMatchObject({ sentence: { key: 'outputFolderOther' } })
  expect(readdirSync(outside)).toEqual([])
})

test('a link under the very name of a film is replaced and not followed', async () => {
  const source = await host.api.sources.open(make(share, ...numbered(1), 'linked.mp4'))
  const project = projectOf(source, frameCount(await host.api.sources.frameTable(source.id)))
  const other = join(share, 'another.mp4')
  writeFileSync(other, 'another')
  const path = join(share, 'link.mp4')
  symlinkSync(other, path)
  const job = await ended(
    host,
    await host.api.render.export({ project, output: outputAt(path, { mayOverwrite: true }) }),
  )
  expect([job.state, readFileSync(other, 'utf8')]).toEqual(['done', 'another'])
})

test.each(['mp4', 'avi'])(
  'a film (%s) whose folder is turned elsewhere is given out no more',
  async (ending) => {
    const name = `films-${ending}`
    mkdirSync(join(share, name))
    const path = make(
      join(share, name),
      ...numbered(1),
      '-metadata',
      'title=no copy of another',
      `film.${ending}`,
    )
    const source = await host.api.sources.open(path)
    // The same to every look but one: size and time are those of the film.
    const secret = join(outside, `film.${ending}`)
    writeFileSync(secret, Buffer.alloc(statSync(path).size, 's'))
    utimesSync(secret, source.modifiedMs / 1000, source.modifiedMs / 1000)
    const asked = { range: 'bytes=0-9' }
    expect((await host.serve({ kind: 'media', sourceId: source.id }, asked)).status).toBe(206)
    turn(name)
    expect((await host.serve({ kind: 'media', sourceId: source.id }, asked)).status).toBe(410)
    await expect(host.api.sources.open(path)).rejects.toMatchObject({ code: 'not-allowed' })
    await expect(host.api.files.list(join(share, name))).rejects.toMatchObject({ code: 'not-allowed' })
  },
)

test('what Heirloom keeps is for its person only; a folder of another name is left as it was', async () => {
  const mode = (path: string): number => statSync(path).mode & 0o777
  expect([mode(join(share, 'data')), mode(join(share, 'cache'))]).toEqual([0o700, 0o700])
  await writeAtomic(join(share, 'data', 'deep', 'autosave.json'), '{}')
  expect([mode(join(share, 'data', 'deep')), mode(join(share, 'data', 'deep', 'autosave.json'))]).toEqual([
    0o700, 0o600,
  ])
  const [old, common] = [join(at, 'heirloom'), join(at, 'common')]
  for (const path of [old, common]) mkdirSync(path, { mode: 0o755 })
  await hostIn(at, { dataFolder: old, cacheFolder: common })
  expect([mode(old), mode(common)]).toEqual([0o700, 0o755])
})
