// Little memory: the plan says so before the start, an export goes through in parts, and memory that runs out in the middle
// costs a segment's time, not the film.
import { join } from 'node:path'
import { beforeAll, expect, test } from 'vitest'
import type { Host } from '../../../electron/app/host/host.js'
import { renderUnit } from '../../../electron/app/render/render.js'
import type { Engine } from '../../../electron/engine/client.js'
import { AppError } from '../../../electron/shared/contract/errors.js'
import type { ClipMotion } from '../../../electron/shared/document/motion.js'
import type { MemoryPlan } from '../../../electron/shared/contract/memory.js'
import { type EnhanceSettings, defaultEnhance } from '../../../electron/shared/document/project.js'
import type { Source } from '../../../electron/shared/media/source.js'
import { memoryWords } from '../../../electron/shared/planning/memoryWords.js'
import { lookup } from '../../../electron/shared/words/lookup.js'
import { message } from '../../../electron/shared/words/sentences.js'
import { bundle, countFrames, film } from '../../engine/bundle.js'
import { folder } from '../folder.js'
import { ended, hostIn, outputAt, projectOf, untouched } from '../hosting.js'

const at = folder()
const frames = 10
const tape = join(at, 'tape.mp4')
/** At 1280x960 the engine's pool holds 494 MB for the whole picture while frames are pushed, and 433 MB for four parts of it. */
const refused = 463_000_000
let host: Host
let source: Source

/** A host whose engine sees these variables. */
async function hostWith(variables: Record<string, string>): Promise<Host> {
  Object.assign(process.env, variables)
  const made = await hostIn(at)
  await made.api.render.memoryPlan((await made.api.sources.open(tape)).id, defaultEnhance, null) // the engine has started
  for (const name of Object.keys(variables)) delete process.env[name]
  return made
}

beforeAll(async () => {
  await bundle()
  film(tape, { frames, size: '640x480' })
  host = await hostIn(at)
  source = await host.api.sources.open(tape)
})

async function planOf(
  at: Host,
  enhance: EnhanceSettings,
  motion: ClipMotion | null = null,
): Promise<MemoryPlan> {
  const answer = await at.api.render.memoryPlan(source.id, enhance, motion)
  if (answer.state !== 'planned') throw new Error(`there is no plan: ${answer.state}`)
  return answer.plan
}

test('the plan is the whole picture where it fits, and there is none where no model is needed', async () => {
  const plan = await planOf(host, defaultEnhance)
  expect(plan).toMatchObject({ mode: 'whole', fits: true, rows: 1, columns: 1, speed: 1 })
  expect(plan.total).toBe(plan.weights + plan.state + plan.activations)
  expect(await host.api.render.memoryPlan(source.id, untouched, null)).toEqual({ state: 'untouched' })
})

test('while the engine is at work the plan is the one from before, or it is said that there is none yet', async () => {
  const before = await planOf(host, defaultEnhance)
  const project = projectOf(source, frames, undefined, defaultEnhance)
  const job = await host.api.render.export({ project, output: outputAt(join(at, 'busy.mp4')) })
  let told: unknown[] = []
  const done = await ended(host, job, ({ state }) => {
    if (state !== 'running' || told.length > 0) return
    told = [
      host.api.render.memoryPlan(source.id, defaultEnhance, null),
      host.api.render.memoryPlan(source.id, { ...defaultEnhance, scale: 1 }, null),
    ]
  })
  expect(done.failure).toBeUndefined()
  expect(await Promise.all(told)).toEqual([{ state: 'planned', plan: before }, { state: 'busy' }])
  expect((await planOf(host, { ...defaultEnhance, scale: 1 })).fits).toBe(true)
})

test('with less memory the plan is parts, says so with the numbers, and the film comes out whole', async () => {
  const whole = (await planOf(host, defaultEnhance)).total
  const poor = await hostWith({ HEIRLOOM_MEMORY_LIMIT: String(whole - 1) })
  const plan = await planOf(poor, defaultEnhance)
  expect(plan).toMatchObject({ mode: 'parts', fits: true, whole, limit: whole - 1 })
  expect(plan.speed).toBeLessThan(1)
  expect(plan.sentence).toMatch(/\d+ MB.*overlapping parts.*% of the usual speed/)
  const path = join(at, 'parts.mp4')
  const project = projectOf(source, frames, undefined, defaultEnhance)
  const job = await ended(poor, await poor.api.render.export({ project, output: outputAt(path) }))
  expect([job.failure, countFrames(path)]).toEqual([undefined, frames])
})

test('estimates are a part of the plan: alone, beside a stream, and where both do not fit together', async () => {
  const smooth: ClipMotion = { kind: 'smooth', rate: { num: 50, den: 1 } }
  const [stream, alone] = [await planOf(host, defaultEnhance), await planOf(host, untouched, smooth)]
  expect(alone).toMatchObject({ mode: 'whole', fits: true, estimates: alone.total })
  expect(await planOf(host, defaultEnhance, { kind: 'unique' })).toMatchObject({ total: stream.total })
  const both = await planOf(host, defaultEnhance, smooth)
  const { estimates = 0 } = both
  expect(estimates).toBeGreaterThan(alone.total) // at twice the size
  expect([both.total, both.whole]).toEqual([stream.total + estimates, stream.whole + estimates])

  const poor = await hostWith({ HEIRLOOM_MEMORY_LIMIT: String(both.total - 1) })
  expect(await planOf(poor, defaultEnhance)).toMatchObject({ mode: 'whole', fits: true })
  expect(await planOf(poor, defaultEnhance, smooth)).toMatchObject({
    ...{ mode: 'parts', fits: true, limit: both.total - 1, whole: both.total },
  })
  const poorer = await hostWith({ HEIRLOOM_MEMORY_LIMIT: String(alone.total - 1) })
  const refused = await planOf(poorer, untouched, smooth)
  expect(refused).toMatchObject({ mode: 'refused', fits: false, limit: alone.total - 1 })
  const words = memoryWords(refused, lookup('en'), (bytes) => `${bytes} bytes`)
  expect(words).toContain(`${alone.total} bytes are for the estimated frames of Motion`)
  const project = projectOf(source, frames)
  const clips = project.clips.map((clip) => ({ ...clip, motion: smooth }))
  const asked = { project: { ...project, clips }, output: outputAt(join(at, 'refused.mp4')) }
  expect((await ended(poorer, await poorer.api.render.export(asked))).failure?.code).toBe('out-of-memory')
})

test('memory that runs out in the middle sets the segment back, and the film says so', async () => {
  const poor = await hostWith({ HEIRLOOM_REFUSE_ABOVE: String(refused) })
  const path = join(at, 'short.mp4')
  const project = projectOf(source, frames, undefined, { ...defaultEnhance, seed: 5 })
  const job = await ended(poor, await poor.api.render.export({ project, output: outputAt(path) }))
  expect([job.failure, countFrames(path)]).toEqual([undefined, frames])
  expect(job.notes).toContainEqual(message('noteMemory'))
})

test('one step down is tried once; what does not fit then ends with its numbers', async () => {
  const steps: unknown[] = []
  const engine = {
    run: (task: { stepDown?: number }) => {
      steps.push(task.stepDown)
      return Promise.reject(new AppError('out-of-memory', 'It needs 5 GB, 3 GB may be used.'))
    },
  } as unknown as Engine
  const media = { source: () => Promise.resolve(source) } as never
  const resolver = { source: () => Promise.resolve({ source, tablePath: '' }) } as never
  const segment = { source, enhance: defaultEnhance } as never
  const models = { enhance: undefined, motion: undefined }
  const options = {
    ...{ sink: { kind: 'count' as const }, memoryLimit: 0, onProgress: () => undefined },
    signal: new AbortController().signal,
  }
  await expect(renderUnit({ engine, media, resolver }, segment, models, options)).rejects.toThrow('5 GB')
  expect(steps).toEqual([0, 1])
  const further = renderUnit({ engine, media, resolver }, segment, models, { ...options, stepDown: 1 })
  await expect(further).rejects.toThrow('5 GB')
  expect(steps).toEqual([0, 1, 1])
})
