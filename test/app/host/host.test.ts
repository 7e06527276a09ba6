// Heirloom without a window, with real ffmpeg: what it does, and what it says when it cannot.
import { mediaOf } from '../../../electron/shared/document/cutList.js'
import { emptyProject } from '../../../electron/shared/document/document.js'
import { spawnSync } from 'node:child_process'
import {
  appendFileSync,
  chmodSync,
  copyFileSync,
  existsSync,
  mkdirSync,
  readFileSync,
  readdirSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { basename, dirname, join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { ApiEvent } from '../../../electron/shared/contract/api.js'
import type { Host } from '../../../electron/app/host/host.js'
import { tidyCache } from '../../../electron/app/host/tidyCache.js'
import { filmsFolder } from '../../../electron/app/access/resources.js'
import { forkEngine } from '../../../electron/engine/client.js'
import { type Api, requests } from '../../../electron/shared/contract/api.js'
import { type AppError, toFailure } from '../../../electron/shared/contract/errors.js'
import { message } from '../../../electron/shared/words/sentences.js'
import type { Source } from '../../../electron/shared/media/source.js'
import { bundle, countFrames, film, root, tool } from '../../engine/bundle.js'
import { folder } from '../folder.js'
import { ended, hostIn, outputAt, projectOf, untouched } from '../hosting.js'
import { storeIn } from '../storing.js'

const at = folder()
const pids: number[] = [] // engine hosts that were started
let host: Host
let api: Api
let source: Source
const frames = 600 // two segments and a bit
let serial = 0
const fresh = (ending = 'mp4'): string => join(at, `out-${++serial}.${ending}`)
const codeOf = (work: Promise<unknown>): Promise<unknown> =>
  work.then(
    () => undefined,
    (error: { code?: unknown }) => error.code,
  )
const leftovers = (): string[] =>
  readdirSync(join(at, 'cache', 'segments')).filter((name) => name.includes('partial'))

beforeAll(async () => {
  await bundle()
  film(join(at, 'tape.mp4'), { frames })
  host = await hostIn(at, {
    launchEngine: (entry, env) => {
      const started = forkEngine(entry, env)
      pids.push(started.pid!)
      return started
    },
  })
  api = host.api
  source = await api.sources.open(join(at, 'tape.mp4'))
})

test('says what it is, truthfully, in the form of the contract', async () => {
  const about = requests.app.info.result.parse(await api.app.info())
  expect(about.ffmpeg?.version).toMatch(/^\d/)
  expect(about.version).toBe(
    (JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { version: string }).version,
  )
  expect(about.devices.length > 0).toBe(about.engineFailure === undefined)
})

test('a range goes out with its exact frames, its sound, its segments kept with their checksums', async () => {
  const path = fresh()
  const id = await api.render.export({
    project: projectOf(source, frames, { from: 50, to: 350 }),
    output: outputAt(path),
  })
  const seen: number[] = []
  const job = await ended(host, id, (state) => seen.push(state.framesDone))
  expect(job).toMatchObject({ state: 'done', framesDone: 300, framesTotal: 300, outputPath: path })
  expect(seen).toEqual(seen.toSorted((a, b) => a - b))
  expect(countFrames(path)).toBe(300)
  const written = await api.sources.open(path)
  expect(written.audio).toHaveLength(1)
  expect(written.durationSeconds).toBeCloseTo(12, 1)
  const kept = readdirSync(join(at, 'cache', 'segments')).map((name) => name.split('.')[1])
  expect(kept.sort()).toEqual(['mov', 'mov'])
})

test('two clips become one film', async () => {
  const project = projectOf(source, frames, { from: 0, to: 40 })
  project.clips.push({ ...project.clips[0]!, id: 'd', from: 100, to: 130 })
  const path = fresh('mkv')
  const job = await ended(
    host,
    await api.render.export({ project, output: outputAt(path, { container: 'mkv' }) }),
  )
  expect(job.failure).toBeUndefined()
  expect(countFrames(path)).toBe(70)
})

test('a second export waits its turn, and both are made', async () => {
  const paths = [fresh(), fresh()]
  const ids: string[] = []
  for (const path of paths)
    ids.push(
      await api.render.export({
        project: projectOf(source, frames, { from: 0, to: 60 }),
        output: outputAt(path),
      }),
    )
  expect((await api.jobs.list()).find((job) => job.id === ids[1])?.state).toBe('waiting')
  const jobs = await Promise.all(ids.map((id) => ended(host, id)))
  expect(jobs.map((job) => job.state)).toEqual(['done', 'done'])
  expect(paths.map(countFrames)).toEqual([60, 60])
})

test('cancelling leaves neither output nor half a segment', async () => {
  const path = fresh()
  const id = await api.render.export({ project: projectOf(source, frames), output: outputAt(path) })
  const job = await ended(host, id, (state) => {
    if (state.framesDone > 10) void api.jobs.cancel(id)
  })
  expect(job.state).toBe('cancelled')
  expect(readdirSync(at).filter((name) => name.startsWith('out-') && name.includes(`out-${serial}`))).toEqual(
    [],
  )
  expect(leftovers()).toEqual([])
})

test('an engine host killed in the middle is started again and the film is whole', async () => {
  const path = fresh()
  let isKilled = false
  const id = await api.render.export({ project: projectOf(source, frames), output: outputAt(path) })
  const job = await ended(host, id, (state) => {
    if (state.framesDone < 20 || isKilled) return
    isKilled = true
    process.kill(pids.at(-1)!, 'SIGKILL')
  })
  expect(isKilled).toBe(true)
  expect(job.state).toBe('done')
  expect(countFrames(path)).toBe(frames)
  expect(leftovers()).toEqual([])
})

test('an engine host that dies again and again fails the job with a sentence; the app lives', async () => {
  const path = fresh()
  const range = { from: 0, to: 200 }
  const id = await api.render.export({ project: projectOf(source, frames, range), output: outputAt(path) })
  const killed = new Set<number>()
  const timer = setInterval(() => {
    const pid = pids.at(-1)!
    const isRunning = host.api.jobs
      .list()
      .then((jobs) => jobs.some((job) => job.id === id && job.framesDone > 0))
    void isRunning.then((is) => {
      if (!is || killed.has(pid)) return
      killed.add(pid)
      process.kill(pid, 'SIGKILL')
    })
  }, 5)
  const job = await ended(host, id)
  clearInterval(timer)
  expect(job).toMatchObject({ state: 'failed', failure: { code: 'engine-crashed' } })
  expect(job.failure?.message).toContain('Your files are safe')
  expect(existsSync(path)).toBe(false)
  expect(leftovers()).toEqual([])
  const again = await api.render.export({
    project: projectOf(source, frames, { from: 0, to: 30 }),
    output: outputAt(fresh()),
  })
  expect((await ended(host, again)).state).toBe('done')
})

test('a preview becomes pictures in order, and is found again at once', async () => {
  const request = { sourceId: source.id, from: 100, to: 130, enhance: untouched }
  const id = await api.render.preview(request)
  const job = await ended(host, id)
  expect(job).toMatchObject({
    state: 'done',
    framesDone: 30,
    preview: { from: 100, to: 130, width: 160, height: 120 },
  })
  const shown = (frame: number) =>
    ({ kind: 'rendered', sourceId: source.id, recipe: 'untouched', frame }) as const
  const picture = await host.serve(shown(129), {})
  expect([picture.status, picture.headers['content-type']]).toEqual([200, 'image/jpeg'])
  expect((await host.serve(shown(131), {})).status).toBe(404)
  const before = pids.length
  const again = await ended(host, await api.render.preview(request))
  expect(again).toMatchObject({ state: 'done', framesDone: 30 })
  expect(again.framesPerSecond).toBe(0) // nothing was worked on
  expect(pids).toHaveLength(before)
})

test('what was rendered is found again by another host, and an event tells of it', async () => {
  const told: ApiEvent[] = []
  const stop = host.on((event) => event.type === 'coverage' && told.push(event))
  const request = { sourceId: source.id, from: 10, to: 14, enhance: untouched }
  await ended(host, await api.render.preview(request))
  stop()
  const range = { from: 10, to: 14 }
  await expect.poll(() => told).toHaveLength(1)
  expect(told).toMatchObject([{ coverage: { sourceId: source.id, recipe: 'untouched' } }])
  const other = await hostIn(at)
  await other.api.sources.open(source.path)
  const { pictures, kept } = await other.api.render.coverage(source.id, untouched, null)
  expect([pictures, kept]).toEqual([expect.arrayContaining([range]), []])
  const route = { kind: 'rendered', sourceId: source.id, recipe: 'untouched' } as const
  expect((await other.serve({ ...route, frame: 13 }, {})).status).toBe(200)
  expect((await other.serve({ ...route, frame: 14 }, {})).status).toBe(404)
  expect((await other.serve({ ...route, recipe: 'other', frame: 13 }, {})).status).toBe(404)
})

test('media is served by ranges, frames and thumbnails as pictures, everything else as a failure', async () => {
  const whole = readFileSync(source.path)
  const bytes = async (body: ReadableStream<Uint8Array> | Uint8Array | null): Promise<Buffer> =>
    Buffer.from(await new Response(body as BodyInit).arrayBuffer())
  const part = await host.serve({ kind: 'media', sourceId: source.id }, { range: 'bytes=10-19' })
  expect([part.status, part.headers['content-range']]).toEqual([206, `bytes 10-19/${whole.length}`])
  expect(await bytes(part.body)).toEqual(whole.subarray(10, 20))
  const all = await bytes((await host.serve({ kind: 'media', sourceId: source.id }, {})).body)
  expect(all.equals(whole)).toBe(true)
  const slow = (await host.serve({ kind: 'media', sourceId: source.id }, {}))
    .body as ReadableStream<Uint8Array>
  const reader = slow.getReader()
  expect((await reader.read()).value?.length).toBeLessThan(whole.length) // a piece, not all of it
  await reader.cancel()
  const outside = await host.serve(
    { kind: 'media', sourceId: source.id },
    { range: `bytes=${whole.length}-` },
  )
  expect(outside.status).toBe(416)
  const frame = await host.serve({ kind: 'frame', sourceId: source.id, frame: 599 }, {})
  expect((await bytes(frame.body)).subarray(0, 2)).toEqual(Buffer.of(0xff, 0xd8))
  const thumbnail = await host.serve({ kind: 'thumbnail', sourceId: source.id, frame: 0, height: 32 }, {})
  expect(thumbnail.status).toBe(200)
  expect((await host.serve({ kind: 'frame', sourceId: source.id, frame: 600 }, {})).status).toBe(404)
  for (const width of [16, 16384])
    expect((await host.serve({ kind: 'frame', sourceId: source.id, frame: 0, width }, {})).status).toBe(200)
  const unknown = await host.serve({ kind: 'media', sourceId: 'f'.repeat(16) }, {})
  expect([unknown.status, unknown.headers['content-type']]).toEqual([404, 'application/json'])
})

test('what the browser cannot play gets a proxy', async () => {
  const path = film(join(at, 'old.avi'), { frames: 25, more: ['-c:v', 'mjpeg', '-pix_fmt', 'yuvj420p'] })
  const old = await api.sources.open(path)
  const first = await api.sources.playable(old.id, false)
  expect(first.kind).toBe('pending')
  expect((await api.sources.playable(old.id, false)).jobId).toBe(first.jobId)
  expect((await ended(host, first.jobId!)).state).toBe('done')
  expect(await api.sources.playable(old.id, false)).toEqual({ kind: 'proxy', route: `/proxy/${old.id}.mp4` })
  expect((await host.serve({ kind: 'proxy', sourceId: old.id }, { range: 'bytes=0-9' })).status).toBe(206)
  expect(await api.sources.playable(source.id, false)).toEqual({ kind: 'file', route: `/media/${source.id}` })
})

test('the sound has a curve', async () => {
  const { peaks, peaksPerSecond } = await api.sources.waveform(source.id)
  expect(Math.abs(peaks.length / peaksPerSecond - 24)).toBeLessThan(0.5)
  expect(Math.max(...peaks)).toBeGreaterThan(0.05)
})

test('an estimate has the size, the frames and the room there is', async () => {
  // Of this quality nothing has been made before.
  const request = { project: projectOf(source, frames), output: outputAt(fresh(), { quality: 'best' }) }
  const estimate = requests.render.estimate.result.parse(await api.render.estimate(request))
  expect(estimate).toMatchObject({ width: 160, height: 120, frames: 600 })
  expect(estimate.seconds).toBeCloseTo(24)
  expect(estimate.bytes).toBeGreaterThan(1000)
  expect(estimate.freeBytes).toBeGreaterThan(0)
  expect(estimate.workMs).toBeGreaterThan(0)
})

test('names for outputs are suggested, and then allowed', async () => {
  const path = await api.files.suggestOutput(source.id, 'mp4', 'enhanced')
  expect(path).toBe(join(at, 'tape (enhanced).mp4'))
  expect(await api.files.checkOutput(path)).toMatchObject({
    exists: false,
    isSource: false,
    refusal: undefined,
  })
  expect(await api.files.checkOutput(source.path)).toMatchObject({ exists: true, isSource: true })
})

test('the result of a dropped film is suggested where people look, not beside the copy that Heirloom keeps of it', async () => {
  const inboxFolder = join(at, 'inbox')
  mkdirSync(join(inboxFolder, 'a1'), { recursive: true })
  copyFileSync(source.path, join(inboxFolder, 'a1', 'dropped.mp4'))
  const dropped = await hostIn(join(at, 'dropping'), { kind: 'browser', inboxFolder })
  await dropped.grant(join(inboxFolder, 'a1', 'dropped.mp4'))
  const { id } = await dropped.api.sources.open(join(inboxFolder, 'a1', 'dropped.mp4'))
  const path = await dropped.api.files.suggestOutput(id, 'mp4', 'enhanced')
  expect(dirname(path)).toBe(filmsFolder())
  expect(basename(path)).toMatch(/^dropped \(enhanced.*\)\.mp4$/)
  expect(await dropped.api.files.checkOutput(path)).toMatchObject({ isSource: false })
  await dropped.close()
  expect(filmsFolder(at)).toBe(at)
  mkdirSync(join(at, 'Movies'))
  expect(filmsFolder(at)).toBe(join(at, 'Movies'))
})

test('the project is kept, and comes back', async () => {
  const first = await api.project.load(null)
  expect(first).toMatchObject({ file: { name: null }, project: null, revision: '', notes: [], isFirst: true })
  const { file } = first
  const of = { id: source.id, path: source.path, name: source.name, frames }
  const project = { ...emptyProject, media: [mediaOf(of, {})] }
  const { revision } = await api.project.save(file.path, project, '')
  expect(await api.project.load(null)).toEqual({ file, project, revision, notes: [], isFirst: false })
})

// ---- what cannot be done ----

test('not a video', async () => {
  for (const name of ['letter.txt', 'letter.mp4']) writeFileSync(join(at, name), 'Dear family, '.repeat(500))
  expect(await codeOf(api.sources.open(join(at, 'letter.txt')))).toBe('not-a-video')
  // By its name it should be an MP4, so it may as well be a damaged one.
  expect(await codeOf(api.sources.open(join(at, 'letter.mp4')))).toMatch(/not-a-video|truncated-file/)
})

test('truncated: the list of contents is missing', async () => {
  writeFileSync(join(at, 'cut.mp4'), readFileSync(source.path).subarray(0, 20_000))
  expect(await codeOf(api.sources.open(join(at, 'cut.mp4')))).toMatch(/truncated-file|not-a-video/)
})

test('no picture in it', async () => {
  const path = join(at, 'song.m4a')
  tool('ffmpeg', ['-v', 'error', '-f', 'lavfi', '-i', 'sine=duration=1', '-c:a', 'aac', path])
  expect(await codeOf(api.sources.open(path))).toBe('no-video-stream')
})

test('not there', async () => {
  expect(await codeOf(api.sources.open(join(at, 'nowhere.mp4')))).toMatch(
    /source-vanished|source-unreadable|not-found/,
  )
})

test('a range of nothing', async () => {
  const empty = projectOf(source, frames, { from: 10, to: 10 })
  expect(await codeOf(api.render.export({ project: empty, output: outputAt(fresh()) }))).toBe('empty-range')
  const none = { ...empty, clips: [] }
  expect(await codeOf(api.render.export({ project: none, output: outputAt(fresh()) }))).toBe('empty-range')
  expect(await codeOf(api.render.preview({ sourceId: source.id, from: 5, to: 5, enhance: untouched }))).toBe(
    'empty-range',
  )
})

test('a source that vanished or changed since it was opened', async () => {
  const path = join(at, 'lent.mp4')
  copyFileSync(source.path, path)
  appendFileSync(path, '\0\0\0\x08free') // an empty box: a film of its own, for which no copy can stand in
  const lent = await api.sources.open(path)
  const request = { project: projectOf(lent, frames), output: outputAt(fresh()) }
  await api.sources.frameTable(lent.id)
  appendFileSync(path, 'x')
  expect(await codeOf(api.render.export(request))).toBe('source-vanished')
  rmSync(path)
  expect(await codeOf(api.render.export(request))).toBe('source-vanished')
  expect((await host.serve({ kind: 'media', sourceId: lent.id }, {})).status).toBe(410)
})

test('an output that exists, that is a source, that is in no folder, that was not granted', async () => {
  const project = projectOf(source, frames)
  const taken = fresh()
  writeFileSync(taken, 'precious')
  const exportTo = (path: string, mayOverwrite = false): Promise<unknown> =>
    codeOf(api.render.export({ project, output: outputAt(path, { mayOverwrite }) }))
  expect(await exportTo(taken)).toBe('output-exists')
  expect(readFileSync(taken, 'utf8')).toBe('precious')
  expect(await exportTo(source.path, true)).toBe('output-is-source')
  expect(await exportTo(join(at, 'no', 'folder', 'out.mp4'))).toBe('output-not-writable')
  expect(await exportTo('/out-of-reach.mp4')).toBe('not-allowed')
  expect(await codeOf(api.sources.open('/etc/passwd'))).toBe('not-allowed')
})

test('one name, one job: a second is refused before any work, by whatever way the name is written, and told a free one', async () => {
  const path = join(at, 'twice.mp4')
  symlinkSync(at, join(at, 'same-folder'))
  const project = projectOf(source, frames)
  const exportTo = (to: string): Promise<string> => api.render.export({ project, output: outputAt(to) })
  const [one, other] = await Promise.allSettled([
    exportTo(path),
    exportTo(join(at, 'same-folder', 'twice.mp4')),
  ])
  expect([one.status, other.status].sort()).toEqual(['fulfilled', 'rejected'])
  expect(await codeOf(api.render.export({ project, output: outputAt(path, { mayOverwrite: true }) }))).toBe(
    'output-exists',
  )
  expect(await api.files.checkOutput(path)).toMatchObject({
    isInWork: true,
    freePath: join(at, 'twice (2).mp4'),
  })
  const id = one.status === 'fulfilled' ? one.value : (other as PromiseFulfilledResult<string>).value
  expect((await ended(host, id)).state).toBe('done')
  expect(await api.files.checkOutput(path)).toMatchObject({ isInWork: false, exists: true })
})

test('a name that is taken while the film is made: it lies beside it under another, and says so', async () => {
  const path = join(at, 'late.mp4')
  const id = await api.render.export({ project: projectOf(source, frames), output: outputAt(path) })
  writeFileSync(path, 'precious')
  const job = await ended(host, id)
  expect(job).toMatchObject({ state: 'done', outputPath: join(at, 'late (2).mp4') })
  expect(job.notes).toContainEqual(message('noteRenamed', { wanted: 'late.mp4', name: 'late (2).mp4' }))
  expect(readFileSync(path, 'utf8')).toBe('precious')
  expect(countFrames(join(at, 'late (2).mp4'))).toBe(frames)
})

test.each([
  ['h264', 'good', 'mp4'],
  ['h265', 'small', 'mkv'],
] as const)(
  'the size is told beforehand, for this film and not for films in general: %s',
  async (codec, quality, container) => {
    for (const [name, picture] of [
      ['calm', 'color=teal:s=160x120:r=25:d=8,noise=alls=2'],
      ['busy', 'color=teal:s=160x120:r=25:d=8,noise=alls=60:allf=t'],
    ] as const) {
      const path = join(at, `${name}.mkv`)
      tool('ffmpeg', [
        '-v',
        'error',
        '-f',
        'lavfi',
        '-i',
        picture,
        '-c:v',
        'ffv1',
        '-pix_fmt',
        'yuv420p',
        '-y',
        path,
      ])
      const film = await api.sources.open(path)
      const output = outputAt(fresh(container), { codec, quality, container })
      const request = { project: projectOf(film, 200), output }
      const estimate = () => api.render.estimate(request)
      // A busy machine first answers without a look.
      await expect.poll(async () => (await estimate()).bytesTo, { timeout: 120_000 }).toBeDefined()
      const { bytes, bytesFrom = 0, bytesTo = 0 } = await estimate()
      const job = await ended(host, await api.render.export(request))
      const real = statSync(job.outputPath ?? '').size - 4000 // what a file of one picture takes besides
      expect(bytesFrom).toBeLessThanOrEqual(bytes)
      expect(bytesTo).toBeGreaterThanOrEqual(bytes)
      if (name === 'busy') expect(bytes / real).toBeGreaterThan(1 / 1.5)
      if (name === 'busy') expect(bytes / real).toBeLessThan(1.5)
      else expect(bytes).toBeLessThan(200_000)
    }
  },
)

test('a folder that cannot be written to', async (context) => {
  const locked = join(at, 'locked')
  mkdirSync(locked)
  chmodSync(locked, 0o555)
  afterAll(() => chmodSync(locked, 0o755))
  if (process.getuid?.() === 0) return context.skip('root may write anywhere')
  const output = outputAt(join(locked, 'out.mp4'))
  expect(await codeOf(api.render.export({ project: projectOf(source, frames), output }))).toBe(
    'output-not-writable',
  )
})

test('a name that does not end as its container is called', async () => {
  const project = projectOf(source, frames)
  for (const name of ['film.exe', 'film', 'film.mkv', 'film.mp4.']) {
    const failed = api.render.export({ project, output: outputAt(join(at, name)) })
    expect(await failed.catch((error: AppError) => error.sentence?.key)).toBe('outputEnding')
  }
})

test('a container that cannot hold the codec', async () => {
  const output = outputAt(fresh(), { codec: 'ffv1' })
  expect(await codeOf(api.render.export({ project: projectOf(source, frames), output }))).toBe('bad-argument')
})

test('a full disk: said so, nothing left, and the app lives', async (context) => {
  const small = join(at, 'small')
  mkdirSync(small)
  const mounted = spawnSync('mount', ['-t', 'tmpfs', '-o', 'size=600k', 'tmpfs', small])
  if (mounted.status !== 0) return context.skip('a small disk cannot be mounted here')
  try {
    const project = projectOf(source, frames)
    const output = outputAt(join(small, 'out.mkv'), { codec: 'ffv1', container: 'mkv' })
    const job = await ended(host, await api.render.export({ project, output }))
    expect(job).toMatchObject({ state: 'failed', failure: { code: 'disk-full' } })
    expect(readdirSync(small)).toEqual([])
  } finally {
    spawnSync('umount', [small])
  }
})

test('a full disk under the cache: said so, nothing half-written left', async (context) => {
  const small = join(at, 'small-cache')
  mkdirSync(small)
  const mounted = spawnSync('mount', ['-t', 'tmpfs', '-o', 'size=600k', 'tmpfs', small])
  if (mounted.status !== 0) return context.skip('a small disk cannot be mounted here')
  try {
    const other = await hostIn(at, { cacheFolder: small })
    const opened = await other.api.sources.open(source.path)
    const output = outputAt(fresh('mkv'), { codec: 'ffv1', container: 'mkv' })
    const job = await ended(
      other,
      await other.api.render.export({ project: projectOf(opened, frames), output }),
    )
    expect(job).toMatchObject({ state: 'failed', failure: { code: 'disk-full' } })
    expect(readdirSync(join(small, 'segments')).filter((name) => name.includes('partial'))).toEqual([])
    await other.close()
  } finally {
    spawnSync('umount', ['-l', small])
  }
})

test('a model that is not there', async () => {
  const enhance = { ...untouched, isEnabled: true, model: 'heirloom-xxl' }
  const project = projectOf(source, frames, { from: 0, to: 10 }, enhance)
  expect(await codeOf(api.render.export({ project, output: outputAt(fresh()) }))).toBe('weights-missing')
  expect(await codeOf(api.render.preview({ sourceId: source.id, from: 0, to: 9, enhance }))).toBe(
    'weights-missing',
  )
})

test('a clip that goes on behind its film, a film at a track where there is none, a name with NUL: refused, not guessed', async () => {
  const project = projectOf(source, frames, { from: 0, to: 1e15 })
  const keyOf = (work: Promise<unknown>): Promise<unknown> =>
    work.then(
      () => undefined,
      (error: unknown) => toFailure(error).sentence?.key,
    )
  const [first] = project.sources
  if (!first) throw new Error('no source')
  const elsewhere = { ...projectOf(source, frames), sources: [{ ...first, track: 77 }] }
  const output = outputAt(fresh())
  expect(await keyOf(api.render.export({ project, output }))).toBe('clipBeyond')
  expect(await keyOf(api.render.export({ project: elsewhere, output }))).toBe('noSuchFilm')
  const named = { ...output, path: `${at}/a\0b.mp4` }
  expect(await keyOf(api.render.export({ project: projectOf(source, frames), output: named }))).toBe(
    'outputNameNul',
  )
})

test('what needs a desktop says so', async () => {
  for (const call of [
    api.files.chooseSources(),
    api.files.chooseOutput('x.mp4'),
    api.files.reveal(source.path),
  ])
    expect(await codeOf(call)).toBe('not-allowed')
})

test('a shared folder shows what is in it and nothing above', async () => {
  const top = await api.files.list(null)
  expect(top.entries.map((entry) => entry.path)).toEqual([at])
  const listing = requests.files.list.result.parse(await api.files.list(at))
  expect(listing.parent).toBeUndefined()
  expect(listing.entries.map((entry) => entry.name)).toContain('tape.mp4')
  expect(await codeOf(api.files.list(join(at, '..')))).toBe('not-allowed')
})

test('the cache is tidied of what nobody used for long, not of what is young', async () => {
  const cache = join(at, 'old-cache')
  for (const name of ['segments', 'previews']) mkdirSync(join(cache, name), { recursive: true })
  writeFileSync(join(cache, 'segments', 'a.mov'), '')
  writeFileSync(join(cache, 'segments', 'b.9.partial.mov'), '')
  mkdirSync(join(cache, 'previews', 'p'))
  const day = 24 * 3600 * 1000
  await tidyCache(cache, storeIn(cache), 14, Date.now() + 2 * day)
  expect(readdirSync(join(cache, 'segments'))).toEqual(['a.mov'])
  await tidyCache(cache, storeIn(cache), 14, Date.now() + 15 * day)
  expect([...readdirSync(join(cache, 'segments')), ...readdirSync(join(cache, 'previews'))]).toEqual([])
})
