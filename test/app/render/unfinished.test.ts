// An export that was interrupted is told of at the next start, goes on from its finished segments, or is forgotten with them.
import { existsSync, readdirSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { z } from 'zod'
import { type Database, openDatabase } from '../../../electron/app/access/database.js'
import { type Host, createHost } from '../../../electron/app/host/host.js'
import type { ApiEvent } from '../../../electron/shared/contract/api.js'
import type { CutList } from '../../../electron/shared/document/project.js'
import { bundle, tool } from '../../engine/bundle.js'
import { make, numberOf, numbered, pictures } from '../../formats/kit.js'
import { folder } from '../folder.js'
import { ended, hostIn, outputAt, projectOf } from '../hosting.js'

const at = folder()
/** Of jobs that a later start tells of. */
const remembered = (): Promise<string[]> => {
  const sql = "SELECT id FROM jobs WHERE isOffered = 1 AND state NOT IN ('done', 'cancelled')"
  return withDatabase((database) => database.rows(z.object({ id: z.string() }), sql).map(({ id }) => id))
}
async function withDatabase<T>(work: (database: Database) => T): Promise<T> {
  const database = openDatabase(join(at, 'cache'))
  try {
    return work(database)
  } finally {
    await database.close()
  }
}
const run = (sql: string, ...values: string[]): Promise<void> =>
  withDatabase((database) => database.run(sql, ...values))
const before = { ...process.env }
let film = ''

/** An ffmpeg that decodes at the film's own speed, so that there is a middle to be interrupted in. */
beforeAll(async () => {
  await bundle()
  film = make(at, ...numbered(3), '-c:v', 'libx264', '-preset', 'ultrafast', 'tape.mp4')
  const ffmpeg = tool('sh', ['-c', 'command -v ffmpeg']).trim()
  const slow = `case "$*" in *"nut pipe:1"*) exec ${ffmpeg} -re "$@";; *) exec ${ffmpeg} "$@";; esac`
  writeFileSync(join(at, 'ffmpeg'), `#!/bin/bash\n${slow}\n`, { mode: 0o755 })
  process.env['FFMPEG_BIN'] = join(at, 'ffmpeg')
  process.env['FFPROBE_BIN'] = tool('sh', ['-c', 'command -v ffprobe']).trim()
})
afterAll(() => void (process.env = before))

const start = (kind: 'browser' | 'cli' = 'browser'): Promise<Host> => hostIn(at, { kind })

/** Two clips are two segments: a second, and two. */
function inTwo(project: CutList): CutList {
  const [clip] = project.clips
  return {
    ...project,
    clips: [
      { ...clip!, to: 25 },
      { ...clip!, id: 'd', from: 25 },
    ],
  }
}

/** Nothing is finished yet: what earlier exports made of this film would be found again. */
async function begin(host: Host, name: string): Promise<string> {
  rmSync(join(at, 'cache', 'segments'), { recursive: true, force: true })
  const source = await host.api.sources.open(film)
  await host.api.sources.frameTable(source.id)
  const project = inTwo(projectOf(source, 75))
  return host.api.render.export({ project, output: outputAt(join(at, name)) })
}

/** Closes the host when the first of the two segments is finished. */
async function interrupt(name: string, kind?: 'cli'): Promise<void> {
  const host = await start(kind)
  const id = await begin(host, name)
  const whole = ended(host, id, (job) => job.framesDone > 25 && void host.close())
  expect((await whole).state).toBe('cancelled')
  await host.close()
}

test('told with how far it came, and gone on with from there, though nothing else is open', async () => {
  await interrupt('film.mp4')
  const host = await start()
  const events: ApiEvent[] = []
  host.on((event) => void events.push(event))
  const [one, ...more] = await host.api.render.unfinished()
  expect([one, more]).toMatchObject([{ name: 'film.mp4', framesDone: 25, framesTotal: 75 }, []])
  const id = await host.api.render.resume(one!.id)
  let least = 75
  const job = await ended(host, id, ({ state, framesDone }) => {
    if (state === 'running' && framesDone > 0) least = Math.min(least, framesDone)
  })
  expect([job.state, least]).toEqual(['done', 25])
  expect(pictures(join(at, 'film.mp4')).map(({ luma }) => numberOf(luma))).toEqual(
    Array.from({ length: 75 }, (_, i) => i % 32),
  )
  expect(await host.api.render.unfinished()).toEqual([])
  expect(events).toContainEqual({ type: 'unfinished', exports: [] })
  await expect.poll(remembered).toEqual([])
  events.length = 0
  await expect(host.api.render.resume(one!.id)).rejects.toMatchObject({ code: 'not-found' })
  await expect.poll(() => events).toContainEqual({ type: 'unfinished', exports: [] })
})

test('one whose process was killed is told too; forgotten, its pictures are gone and nothing else', async () => {
  await interrupt('killed.mp4')
  await run("UPDATE jobs SET state = 'running' WHERE state = 'closed'") // nobody had the time to say that it ended
  const host = await start()
  const [one] = await host.api.render.unfinished()
  expect(one).toMatchObject({ name: 'killed.mp4', framesDone: 25 })
  await host.api.render.forget(one!.id)
  expect(await host.api.render.unfinished()).toEqual([])
  expect(await remembered()).toEqual([])
  expect(readdirSync(join(at, 'cache', 'segments'))).toEqual([])
  expect(existsSync(film)).toBe(true)
})

test('cancelled by hand, or begun on a terminal: not told of; begun again by hand: once', async () => {
  const host = await start()
  const id = await begin(host, 'cancelled.mp4')
  await ended(host, id, (job) => job.framesDone > 25 && void host.api.jobs.cancel(id))
  await expect.poll(remembered).toEqual([])
  await interrupt('terminal.mp4', 'cli')
  expect(await (await start()).api.render.unfinished()).toEqual([])
  await interrupt('twice.mp4')
  await interrupt('twice.mp4')
  expect(await (await start()).api.render.unfinished()).toHaveLength(1)
  await run('DELETE FROM jobs')
})

test('with another film under that name it does not go on, and says so; with its own it does', async () => {
  await interrupt('other.mp4')
  const host = await createHost({
    ...{ kind: 'electron', dataFolder: join(at, 'data'), cacheFolder: join(at, 'cache') },
    grants: { files: [], folders: [] },
  })
  const [one] = await host.api.render.unfinished()
  renameSync(film, `${film}.away`)
  make(at, ...numbered(1), 'tape.mp4')
  await expect(host.api.render.resume(one!.id)).rejects.toMatchObject({
    sentence: { key: 'unfinishedOther', values: { name: 'tape.mp4' } },
  })
  renameSync(`${film}.away`, film)
  const job = await ended(host, await host.api.render.resume(one!.id))
  expect(job).toMatchObject({ state: 'done', outputPath: join(at, 'other.mp4') })
  await host.close()
})

test('one that was written down when ids of sources held the date of the file goes on by the same film', async () => {
  await interrupt('older.mp4')
  const source = await (await start()).api.sources.open(film)
  await run('UPDATE jobs SET spec = replace(spec, ?, ?)', source.id, '1'.repeat(32))
  const host = await start()
  const [one] = await host.api.render.unfinished()
  const job = await ended(host, await host.api.render.resume(one!.id))
  expect(job).toMatchObject({ state: 'done', outputPath: join(at, 'older.mp4') })
  await host.close()
})
