// What an export made outlives it: segments and frames are found again after an edit, in another container and at another quality, and never cost a film.
import {
  existsSync,
  mkdirSync,
  readFileSync,
  readdirSync,
  rmSync,
  truncateSync,
  utimesSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Host } from '../../../electron/app/host/host.js'
import { tidyCache } from '../../../electron/app/host/tidyCache.js'
import { openJobRecords } from '../../../electron/app/jobs/records.js'
import { lostInside } from '../../../electron/app/render/pieces.js'
import { beyondBudget } from '../../../electron/app/render/segments.js'
import { forkEngine } from '../../../electron/engine/client.js'
import type { ExportRequest } from '../../../electron/shared/contract/render.js'
import { type Clip, type EnhanceSettings, defaultEnhance } from '../../../electron/shared/document/project.js'
import type { Source } from '../../../electron/shared/media/source.js'
import { type Message, message } from '../../../electron/shared/words/sentences.js'
import { bundle, countFrames, film, tool } from '../../engine/bundle.js'
import { placeAble } from '../able.js'
import { folder } from '../folder.js'
import { ended, hostIn, outputAt, projectOf } from '../hosting.js'
import { storing } from '../storing.js'

const at = folder()
/** A frame a second: four units of ten frames. */
const frames = 40
const enhance: EnhanceSettings = { ...defaultEnhance, model: 'able', look: 'gentle' }
let serial = 0

interface Work {
  host: Host
  source: Source
  cache: string
  /** What the engine was asked to do with units, in order. */
  tasks: string[]
}

async function open(name = `host${++serial}`): Promise<Work> {
  const home = join(at, name)
  placeAble(join(home, 'data', 'models'))
  const tasks: string[] = []
  const host = await hostIn(home, {
    grants: { files: [], folders: [at] },
    launchEngine: (entry, env) => {
      const started = forkEngine(entry, env)
      return {
        ...started,
        send(message) {
          const { task } = message as { task?: { kind: string } }
          if (task && ['segment', 'encode', 'pictures'].includes(task.kind)) tasks.push(task.kind)
          started.send(message)
        },
      }
    },
  })
  const cache = join(home, 'cache')
  return { host, source: await host.api.sources.open(join(at, 'tape.mp4')), cache, tasks }
}

function requestOf(
  { source }: Work,
  ranges: [from: number, to: number][],
  over: Partial<ExportRequest['output']> = {},
): ExportRequest {
  const project = projectOf(source, frames, undefined, enhance)
  const [first] = project.clips as [Clip]
  project.clips = ranges.map(([from, to], i) => ({ ...first, id: `c${i}`, from, to }))
  const path = join(at, `out${++serial}.${over.container ?? 'mp4'}`)
  return { project, output: outputAt(path, over) }
}

/** What the engine had to do for this export, its file and what is said of it. */
async function made(
  work: Work,
  ranges: [from: number, to: number][],
  over: Partial<ExportRequest['output']> = {},
): Promise<{ tasks: string[]; path: string; notes: Message[] }> {
  const { host, tasks } = work
  tasks.length = 0
  const request = requestOf(work, ranges, over)
  const { path } = request.output
  const job = await ended(host, await host.api.render.export(request))
  expect(job.failure).toBeUndefined()
  expect(countFrames(path)).toBe(ranges.reduce((sum, [from, to]) => sum + to - from, 0))
  return { tasks: [...tasks], path, notes: job.notes }
}

const whole: [number, number][] = [[0, frames]]
const four = (kind: string): string[] => [kind, kind, kind, kind]
const picturesIn = (path: string): string =>
  tool('ffmpeg', ['-v', 'error', '-i', path, '-an', '-f', 'framemd5', '-'])

beforeAll(async () => {
  await bundle()
  film(join(at, 'tape.mp4'), { frames, rate: '1', size: '64x48' })
})

test('after a cut, a swap and in another container only what was cut is made', async () => {
  const work = await open()
  expect((await made(work, whole)).tasks).toEqual(four('segment'))
  expect((await made(work, [[1, frames]])).tasks).toEqual(['encode'])
  expect(
    (
      await made(work, [
        [20, frames],
        [0, 20],
      ])
    ).tasks,
  ).toEqual([])
  expect((await made(work, whole, { container: 'mkv' })).tasks).toEqual([])
})

test.each([
  { codec: 'h264', quality: 'best' },
  { codec: 'h265', quality: 'small' },
] as const)(
  '$codec, $quality, from kept frames: nothing is made anew, and the film is the same to the bit',
  async (over) => {
    const [one, other] = [await open(), await open()]
    await made(one, whole)
    const kept = await made(one, whole, over)
    const fresh = await made(other, whole, over)
    expect([kept.tasks, fresh.tasks]).toEqual([four('encode'), four('segment')])
    expect(picturesIn(kept.path)).toBe(picturesIn(fresh.path))
    const segments = join(other.cache, 'segments')
    const names = readdirSync(segments).filter((name) => name.endsWith('.mov'))
    expect(names).toHaveLength(4)
    for (const name of names)
      expect(readFileSync(join(one.cache, 'segments', name))).toEqual(readFileSync(join(segments, name)))
  },
)

test('a part of what was a part itself comes out of its frames', async () => {
  const work = await open()
  await made(work, [[3, 27]])
  const split = await made(
    work,
    [
      [3, 6],
      [6, 27],
    ],
    { quality: 'best' },
  )
  expect(split.tasks).not.toContain('segment')
  await work.host.close()
})

test('kept frames that are damaged or gone are made again', async () => {
  const work = await open()
  const before = await made(work, whole)
  const folder = join(work.cache, 'frames')
  const [a = '', b = '', c = ''] = readdirSync(folder).filter((name) => name.endsWith('.mkv'))
  truncateSync(join(folder, a), 200)
  const bytes = readFileSync(join(folder, b))
  bytes[bytes.length >> 1]! ^= 1
  writeFileSync(join(folder, b), bytes)
  rmSync(join(folder, c))
  const after = await made(work, whole, { quality: 'good' })
  expect(after.tasks.sort()).toEqual(['encode', 'segment', 'segment', 'segment'])
  rmSync(join(work.cache, 'segments'), { recursive: true })
  const again = await made(work, whole)
  expect(again.tasks).toEqual(four('encode'))
  expect(picturesIn(again.path)).toBe(picturesIn(before.path))
})

/** Of each frame, without loss. */
const frameHashes = (path: string): string[] =>
  picturesIn(path)
    .split('\n')
    .filter((line) => line !== '' && !line.startsWith('#'))
    .map((line) => line.split(',').at(-1)!.trim())

test('a part of a unit comes out of its kept frames, and is the same where these cannot be read', async () => {
  const lossless = { codec: 'ffv1', container: 'mkv' } as const
  const work = await open()
  await made(work, whole)
  const all = frameHashes((await made(work, whole, lossless)).path)
  const cut = await made(work, [[13, 18]], lossless)
  expect(cut.tasks).toEqual(['encode'])
  expect(frameHashes(cut.path)).toEqual(all.slice(13, 18))
  const frames = join(work.cache, 'frames')
  for (const name of readdirSync(frames).filter((one) => one.endsWith('.mkv'))) {
    const bytes = readFileSync(join(frames, name))
    bytes[bytes.length >> 1]! ^= 1
    writeFileSync(join(frames, name), bytes)
  }
  rmSync(join(work.cache, 'segments'), { recursive: true })
  const again = await made(work, [[13, 18]], lossless)
  expect(again.tasks).toEqual(['segment'])
  expect(frameHashes(again.path)).toEqual(all.slice(13, 18))
})

test('a preview of what an export has made is what its film shows, and no model works for it', async () => {
  const work = await open()
  const { host, source, tasks } = work
  const { path } = await made(work, whole, { codec: 'ffv1', container: 'mkv' })
  expect((await host.api.render.coverage(source.id, enhance, null)).kept).toEqual([]) // it keeps no second copy
  await made(work, whole)
  const { kept, recipe } = await host.api.render.coverage(source.id, enhance, null)
  expect(kept).toEqual([0, 10, 20, 30].map((from) => ({ from, to: from + 10 })))
  tasks.length = 0
  const range = { sourceId: source.id, from: 8, to: 14, enhance }
  const job = await ended(host, await host.api.render.preview(range))
  expect([job.failure, job.framesDone, tasks]).toEqual([undefined, 6, ['pictures', 'pictures']])
  for (const frame of [8, 13]) {
    const { status, body } = await host.serve({ kind: 'rendered', sourceId: source.id, recipe, frame }, {})
    expect(status).toBe(200)
    const jpeg = join(at, `shown-${frame}.jpg`)
    writeFileSync(jpeg, body as Uint8Array)
    const words = tool('sh', [
      '-c',
      `ffmpeg -hide_banner -i ${path} -i ${jpeg} -lavfi "[0:v]select=eq(n\\,${frame}),format=yuv444p[a];[1:v]scale=out_range=tv,format=yuv444p[b];[a][b]psnr" -f null - 2>&1`,
    ])
    expect(Number(/average:([\d.]+|inf)/.exec(words)?.[1])).toBeGreaterThan(32)
  }
})

test('a preview inside a part of a part is made of kept frames', async () => {
  const work = await open()
  const { host, source, tasks } = work
  await made(work, [[3, 27]])
  await made(work, [[4, 9]])
  tasks.length = 0
  const shown = async (from: number, to: number): Promise<unknown> => {
    const job = await ended(host, await host.api.render.preview({ sourceId: source.id, from, to, enhance }))
    return [job.failure, job.framesDone, ...tasks.splice(0)]
  }
  expect(await shown(5, 8)).toEqual([undefined, 3, 'pictures'])
  expect(await shown(21, 26)).toEqual([undefined, 5, 'pictures'])
  expect(await shown(1, 5)).toEqual([undefined, 4, 'segment']) // two of them were never made
})

test('an estimate counts only what is left to do, and it and the finished film say what was made before', async () => {
  const work = await open()
  const estimated = async (...asked: [[number, number][], Partial<ExportRequest['output']>?]) => {
    const { workMs = -1, framesKept } = await work.host.api.render.estimate(requestOf(work, ...asked))
    return { workMs, framesKept }
  }
  const fresh = await estimated(whole)
  expect(fresh.framesKept).toBe(0)
  expect((await made(work, [[10, 30]])).notes).toEqual([])
  const half = await estimated(whole)
  expect(half.framesKept).toBe(20)
  expect(half.workMs).toBeGreaterThan(0)
  expect(await estimated([[10, 30]])).toEqual({ workMs: 0, framesKept: 20 })
  const encoded = { workMs: Math.round((25 * 64 * 48 * 4 * 18) / 1e6), framesKept: 18 }
  expect(await estimated([[12, 30]], { quality: 'best' })).toEqual(encoded)
  const { notes } = await made(work, whole)
  expect(notes).toContainEqual(message('noteMadeBefore', { kept: 20, total: frames }))
})

test('of what a kept unit lacks only what lies in the part is told', () => {
  const place = (from: number, to: number): { from: number; to: number } => ({ from, to })
  const known = { frames: 10, repeated: [place(1, 3), place(7, 8)], isDamaged: true, damaged: [place(0, 4)] }
  expect(lostInside(known, place(2, 6))).toEqual({
    ...{ frames: 4, repeated: [place(2, 3)], isDamaged: true, damaged: [place(2, 4)] },
  })
  expect(lostInside(known, place(5, 7))).toEqual({ frames: 2, repeated: [], isDamaged: false, damaged: [] })
  expect(lostInside({ ...known, damaged: [] }, place(5, 7)).isDamaged).toBe(true)
})

test('frames that pass through untouched are not kept a second time', async () => {
  const { host, source, cache } = await open()
  const output = outputAt(join(at, 'plain.mp4'))
  const job = await ended(host, await host.api.render.export({ project: projectOf(source, frames), output }))
  expect(job.failure).toBeUndefined()
  expect(readdirSync(join(cache, 'frames'))).toEqual([])
})

const before = { ...process.env }
afterAll(() => void (process.env = before))

test('a disk that becomes full while frames are kept costs the kept frames, not the film', async () => {
  const ffmpeg = tool('sh', ['-c', 'command -v ffmpeg']).trim()
  const full = 'echo "av_interleaved_write_frame(): No space left on device" >&2; exit 1'
  const script = `#!/bin/bash\ncase "$*" in *matroska*partial.mkv*) ${full};; esac\nexec ${ffmpeg} "$@"\n`
  writeFileSync(join(at, 'ffmpeg'), script, { mode: 0o755 })
  process.env['FFMPEG_BIN'] = join(at, 'ffmpeg')
  process.env['FFPROBE_BIN'] = tool('sh', ['-c', 'command -v ffprobe']).trim()
  try {
    const work = await open()
    expect((await made(work, [[0, 10]])).tasks).toEqual(['segment', 'segment'])
    expect(readdirSync(join(work.cache, 'frames'))).toEqual([])
  } finally {
    process.env = { ...before }
  }
})

test('above the budget what was not used for longest goes first, and nothing that is needed', () => {
  const kept = [4, 1, 3, 2].map((usedMs) => ({ key: `k${usedMs}`, bytes: 10, usedMs }))
  const gone = (budget: number, ...pinned: string[]): [string[], boolean] => {
    const { removed, isEnough } = beyondBudget(kept, new Set(pinned), budget)
    return [removed.map(({ key }) => key), isEnough]
  }
  expect(gone(40)).toEqual([[], true])
  expect(gone(25)).toEqual([['k1', 'k2'], true])
  expect(gone(25, 'k1')).toEqual([['k2', 'k3'], true])
  expect(gone(15, 'k1', 'k2')).toEqual([['k3', 'k4'], false])
})

test('what an interrupted export goes on from stays, however long ago that was', async () => {
  const cache = join(at, 'paused')
  const { database, records, store } = storing(cache)
  const request: ExportRequest = {
    project: projectOf((await open()).source, frames),
    output: outputAt(join(at, 'paused.mp4')),
  }
  const facts = { framesTotal: frames, needs: ['paused'], isOffered: true }
  records.add('paused', { kind: 'export', request }, facts)
  for (const name of ['segments', 'frames']) mkdirSync(join(cache, name))
  const files = ['segments/paused.mov', 'frames/paused.mkv', 'segments/other.mov']
  const then = new Date(Date.now() - 100 * 24 * 3600 * 1000)
  for (const name of files) {
    writeFileSync(join(cache, name), '')
    utimesSync(join(cache, name), then, then)
  }
  database.run('UPDATE jobs SET changedMs = ?', then.getTime())
  await records.sweep()
  await tidyCache(cache, store, 14)
  expect(files.map((name) => existsSync(join(cache, name)))).toEqual([true, true, false])
  expect((await openJobRecords(cache, database).left()).map(({ id }) => id)).toEqual(['paused'])
})
