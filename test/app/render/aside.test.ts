// A preview in the middle of an export: the export's unit stands aside, goes on by itself, and its film is the same. The real engine and model.
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Host } from '../../../electron/app/host/host.js'
import { forkEngine } from '../../../electron/engine/client.js'
import { type JobState, isEnded } from '../../../electron/shared/contract/job.js'
import { defaultEnhance } from '../../../electron/shared/document/project.js'
import type { Source } from '../../../electron/shared/media/source.js'
import { bundle, film, tool } from '../../engine/bundle.js'
import { folder } from '../folder.js'
import { ended, hostIn, outputAt, projectOf } from '../hosting.js'

const at = folder()
const frames = 60
const enhance = { ...defaultEnhance, model: 'heirloom-s', scale: 2 } as const
let serial = 0

interface Opened {
  host: Host
  source: Source
  /** Engine hosts, in the order they were started. */
  pids: number[]
}

/** Each has a cache of its own: nothing is found finished. */
async function open(): Promise<Opened> {
  const pids: number[] = []
  const host = await hostIn(join(at, `${++serial}`), {
    grants: { files: [], folders: [at] },
    launchEngine: (entry, env) => {
      const started = forkEngine(entry, env)
      pids.push(started.pid!)
      return started
    },
  })
  return { host, source: await host.api.sources.open(join(at, 'tape.mp4')), pids }
}

const pathOf = (): string => join(at, `out-${serial}.mp4`)
const picturesIn = (path: string): string =>
  tool('ffmpeg', ['-v', 'error', '-i', path, '-an', '-f', 'md5', '-'])
const exportAll = ({ host, source }: Opened): Promise<string> =>
  host.api.render.export({
    project: projectOf(source, frames, undefined, enhance),
    output: outputAt(pathOf()),
  })
const preview = ({ host, source }: Opened): Promise<string> =>
  host.api.render.preview({ sourceId: source.id, from: 30, to: 42, enhance })

/** Resolves when a job of this kind tells something that `is` true of it. */
function told(host: Host, kind: JobState['kind'], is: (job: JobState) => boolean): Promise<JobState> {
  return new Promise((resolve) => {
    const leave = host.on((event) => {
      if (event.type !== 'job' || event.job.kind !== kind || !is(event.job)) return
      leave()
      resolve(event.job)
    })
  })
}
const shows = (job: JobState): boolean => job.framesDone > 0 && !isEnded(job)

/** An export in the middle of its work, and a preview of which a frame can be seen. */
async function both(opened: Opened): Promise<{ film: string; shown: string }> {
  const begun = told(opened.host, 'export', shows)
  const film = await exportAll(opened)
  await begun
  const seen = told(opened.host, 'preview', shows)
  const shown = await preview(opened)
  await seen
  return { film, shown }
}

let alone = ''
beforeAll(async () => {
  await bundle()
  film(join(at, 'tape.mp4'), { frames, size: '64x48' })
  const opened = await open()
  await ended(opened.host, await exportAll(opened))
  alone = picturesIn(pathOf())
  await opened.host.close()
})

test('a preview is made while the export stands aside, which goes on and makes the same film', async () => {
  const opened = await open()
  const { film, shown } = await both(opened)
  const done = await ended(opened.host, shown)
  const during = (await opened.host.api.jobs.list()).find((job) => job.id === film)
  expect([done.state, during?.state]).toEqual(['done', 'running'])
  expect(during?.framesDone).toBeLessThan(frames)
  expect((await ended(opened.host, film)).state).toBe('done')
  expect(picturesIn(pathOf())).toBe(alone)
})

test('an engine that dies while the export stands aside costs both nothing but time', async () => {
  const opened = await open()
  const { film, shown } = await both(opened)
  process.kill(opened.pids[0]!, 'SIGKILL')
  const ends = await Promise.all([ended(opened.host, shown), ended(opened.host, film)])
  expect(ends.map((job) => job.state)).toEqual(['done', 'done'])
  expect(opened.pids).toHaveLength(2)
  expect(picturesIn(pathOf())).toBe(alone)
})

test('an export that is cancelled while it stands aside ends at once, and the preview goes on', async () => {
  const opened = await open()
  const { film, shown } = await both(opened)
  await opened.host.api.jobs.cancel(film)
  expect((await ended(opened.host, film)).state).toBe('cancelled')
  expect((await ended(opened.host, shown)).state).toBe('done')
})

test('a preview that is cancelled lets the export go on', async () => {
  const opened = await open()
  const { film, shown } = await both(opened)
  await opened.host.api.jobs.cancel(shown)
  expect((await ended(opened.host, shown)).state).toBe('cancelled')
  expect((await ended(opened.host, film)).state).toBe('done')
  expect(picturesIn(pathOf())).toBe(alone)
})

test('closing ends both', async () => {
  const opened = await open()
  const { film, shown } = await both(opened)
  const ends = [ended(opened.host, film), ended(opened.host, shown)]
  await opened.host.close()
  expect((await Promise.all(ends)).map((job) => job.state)).toEqual(['cancelled', 'cancelled'])
})

test('where there is no memory for both, the preview comes at the end of the unit', async () => {
  const { host, source } = await open()
  const answer = await host.api.render.memoryPlan(source.id, enhance, null)
  if (answer.state !== 'planned') throw new Error(answer.state)
  process.env.HEIRLOOM_MEMORY_LIMIT = String(Math.round(answer.plan.total * 1.5))
  afterAll(() => void delete process.env.HEIRLOOM_MEMORY_LIMIT)
  const opened = await open()
  const begun = told(opened.host, 'export', shows)
  const film = await exportAll(opened)
  await begun
  const seen = told(opened.host, 'preview', shows)
  const shown = await preview(opened)
  await seen
  expect((await opened.host.api.jobs.list()).find((job) => job.id === film)?.framesDone).toBe(frames)
  const ends = await Promise.all([ended(opened.host, shown), ended(opened.host, film)])
  expect(ends.map((job) => job.state)).toEqual(['done', 'done'])
  expect(picturesIn(pathOf())).toBe(alone)
})
