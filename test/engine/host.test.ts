// The real engine host with real ffmpeg: segments, its death, its refusals.
import { existsSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type Engine, type SegmentTask, createEngine } from '../../electron/engine/client.js'
import { frameTable } from '../../electron/ffmpeg/frameTable.js'
import { probe } from '../../electron/ffmpeg/probe.js'
import { findTools } from '../../electron/ffmpeg/resolve.js'
import { makePlan } from '../../electron/shared/planning/plan.js'
import { defaultEnhance } from '../../electron/shared/document/project.js'
import { planModels } from '../shared/contracts.js'
import { folder } from '../app/folder.js'
import { bundle, countFrames, film, hostEntry } from './bundle.js'

const at = folder()
let engine: Engine
let task: SegmentTask
const output = join(at, 'segment.nut')

beforeAll(async () => {
  await bundle()
  engine = createEngine(hostEntry)
  const tools = await findTools()
  const source = await probe(tools, film(join(at, 'film.mp4'), { frames: 120 }))
  const table = await frameTable(tools, source)
  const tablePath = join(at, 'table.json')
  writeFileSync(tablePath, JSON.stringify(table))
  const enhance = { ...defaultEnhance, isEnabled: false }
  const clip = { id: 'c', sourceId: source.id, name: 'film', from: 30, to: 100, enhance }
  const [unit] = makePlan([clip], [{ source, table }], planModels).segments
  const sink = {
    kind: 'file',
    path: output,
    codec: 'h264',
    quality: 'good',
    frameRate: { num: 25, den: 1 },
  } as const
  task = { kind: 'segment', unit: unit!, tablePath, sink, threads: 0, memoryLimit: 0 }
})
afterAll(() => engine.close())

test('a segment has exactly its frames, and appears under its name when it is whole', async () => {
  const seen: number[] = []
  const result = await engine.run(task, { onProgress: (frames) => seen.push(frames) })
  expect(result.frames).toBe(70)
  expect(seen).toEqual(Array.from({ length: 70 }, (_, i) => i + 1))
  expect(countFrames(output)).toBe(70)
  expect(readdirSync(at).filter((name) => name.includes('partial'))).toEqual([])
})

test('a host killed in the middle of a segment costs nothing but time', async () => {
  const path = join(at, 'killed.nut')
  let killed = 0
  const result = await engine.run(
    { ...task, sink: { ...task.sink, path } as SegmentTask['sink'] },
    {
      onProgress: (frames) => {
        if (frames === 5 && killed++ === 0) process.kill(engine.pid!, 'SIGKILL')
      },
    },
  )
  expect(killed).toBe(2) // five frames were seen twice: the segment was done again
  expect(result.frames).toBe(70)
  expect(countFrames(path)).toBe(70)
})

// Windows has no such signal.
test.skipIf(process.platform === 'win32')(
  'a host that is stopped in the middle is noticed, ended and its segment done again',
  async () => {
    const path = join(at, 'stopped.nut')
    let stopped: number | undefined
    const work = { ...task, sink: { ...task.sink, path } as SegmentTask['sink'] }
    const onProgress = (frames: number): void => {
      if (frames < 5 || stopped !== undefined) return
      stopped = engine.pid!
      process.kill(stopped, 'SIGSTOP')
    }
    expect((await engine.run(work, { onProgress })).frames).toBe(70)
    expect(countFrames(path)).toBe(70)
    expect(engine.pid).not.toBe(stopped)
  },
)

test('a host killed twice is a failure of this segment, and the next one works', async () => {
  const path = join(at, 'twice.nut')
  const sink = { ...task.sink, path } as SegmentTask['sink']
  const running = engine.run(
    { ...task, sink },
    { onProgress: (frames) => void (frames === 5 && process.kill(engine.pid!, 'SIGKILL')) },
  )
  await expect(running).rejects.toMatchObject({ code: 'engine-crashed' })
  expect(existsSync(path)).toBe(false)
  expect((await engine.run(task)).frames).toBe(70)
})

test('a cancelled segment leaves no file', async () => {
  const controller = new AbortController()
  const path = join(at, 'cancelled.nut')
  const running = engine.run(
    { ...task, sink: { ...task.sink, path } as SegmentTask['sink'] },
    { signal: controller.signal, onProgress: () => controller.abort() },
  )
  await expect(running).rejects.toMatchObject({ code: 'cancelled' })
  expect(readdirSync(at).filter((name) => name.startsWith('cancelled'))).toEqual([])
})

test('pictures are counted as they become visible', async () => {
  const pictures = join(at, 'pictures')
  const seen: number[] = []
  mkdirSync(pictures)
  await engine.run(
    { ...task, sink: { kind: 'pictures', folder: pictures } },
    {
      onProgress: (frames) => {
        seen.push(frames)
        expect(existsSync(join(pictures, `${30 + frames - 1}.jpg`))).toBe(true)
      },
    },
  )
  expect(seen.at(-1)).toBe(70)
  expect(readdirSync(pictures).filter((name) => name.endsWith('.jpg'))).toHaveLength(70)
})

test('a model that is not there is said by its code', async () => {
  const model = { folder: join(at, 'nowhere'), device: { id: 'cpu', precision: 'auto' } }
  await expect(engine.run({ kind: 'model', model })).rejects.toMatchObject({
    code: expect.stringMatching(/weights-missing|engine-missing/) as string,
  })
})
