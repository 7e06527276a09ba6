// What a source suffers from, asked of the real engine: films made worse on purpose are found worse in that and not in the other things.
import { join } from 'node:path'
import { beforeAll, expect, test } from 'vitest'
import { createJobs } from '../../../electron/app/jobs/jobs.js'
import { createScheduler } from '../../../electron/app/jobs/scheduler.js'
import { createDamages } from '../../../electron/app/sources/damage.js'
import type { Host } from '../../../electron/app/host/host.js'
import type { Media } from '../../../electron/app/sources/media.js'
import type { Engine, RunOptions } from '../../../electron/engine/client.js'
import { pairsOf } from '../../../electron/engine/damage.js'
import type { Damage } from '../../../electron/shared/media/damage.js'
import { requests } from '../../../electron/shared/contract/api.js'
import { AppError } from '../../../electron/shared/contract/errors.js'
import { type JobState, isEnded } from '../../../electron/shared/contract/job.js'
import { defaultEnhance } from '../../../electron/shared/document/project.js'
import type { Source } from '../../../electron/shared/media/source.js'
import { tool } from '../../engine/bundle.js'
import { openHost } from '../../formats/kit.js'
import { folder } from '../folder.js'
import { unwritten } from '../storing.js'

const at = folder()
let host: Host

beforeAll(async () => {
  host = await openHost(at)
})

/** A zoom over the engine's own picture of a landscape of shapes, changed by an ffmpeg filter. */
async function open(name: string, filter: string, frames = 12): Promise<Source> {
  const path = join(at, `${name}.mp4`)
  const picture = `mandelbrot=size=320x240:rate=25:start_scale=0.4:end_scale=0.3:end_pts=40,format=gray,${filter},format=yuv420p`
  const input = ['-f', 'lavfi', '-i', picture, '-frames:v', String(frames)]
  tool('ffmpeg', ['-v', 'error', '-y', ...input, '-c:v', 'libx264', '-qp', '1', '-preset', 'ultrafast', path])
  return host.api.sources.open(path)
}

async function damageOf(name: string, filter: string, frames?: number): Promise<Damage> {
  const { id } = await open(name, filter, frames)
  return requests.sources.damage.result.parse(await host.api.sources.damage(id))
}

test('a film is looked at in three places, a photo once', () => {
  expect(pairsOf(100)).toEqual([20, 50, 80])
  expect(pairsOf(3)).toEqual([0, 1])
  expect(pairsOf(1)).toEqual([0])
})

test('grain, softness and combs are told apart', async () => {
  const clean = await damageOf('clean', 'null')
  const grainy = await damageOf('grainy', 'noise=alls=30:allf=t')
  const soft = await damageOf('soft', 'gblur=sigma=2.5')
  const combed = await damageOf('combed', 'scroll=h=0.03,tinterlace=interleave_top')
  expect(grainy.noise).toBeGreaterThan(clean.noise + 0.2)
  expect(soft.blur).toBeGreaterThan(clean.blur + 0.2)
  expect(combed.combing).toBeGreaterThan(clean.combing + 0.2)
  expect(grainy.position).toBeGreaterThan(clean.position)
})

test('a film of one picture has an answer', async () => {
  expect((await damageOf('one', 'null', 1)).strength).toBeGreaterThanOrEqual(0)
})

test('a closed source is not looked at to the end, and one that is opened again is', async () => {
  const [first, second] = [await open('first', 'hflip'), await open('second', 'vflip')]
  const looks = [host.api.sources.damage(first.id), host.api.sources.damage(second.id)].map((look) =>
    look.then(
      () => 'known',
      (error: { code?: string }) => error.code,
    ),
  )
  await host.api.sources.cancelDamage(second.id)
  const again = host.api.sources.damage(second.id)
  expect(await Promise.all(looks)).toEqual(['known', 'cancelled'])
  expect((await again).position).toBeGreaterThanOrEqual(0)
  await host.api.sources.cancelDamage(second.id)
  expect(await host.api.sources.damage(second.id)).toEqual(await again) // what is known stays known
})

test('a preview goes before a look that was asked for earlier, and the look comes after it', async () => {
  const { id } = await open('waiting', 'hflip,vflip')
  const order: string[] = []
  const look = host.api.sources.damage(id).then((damage) => (order.push('look'), damage))
  const stop = host.on((event) => {
    if (event.type === 'job' && event.job.kind === 'preview' && isEnded(event.job))
      order.push(event.job.state)
  })
  await host.api.render.preview({ sourceId: id, from: 0, to: 3, enhance: { ...defaultEnhance, scale: 1 } })
  expect((await look).position).toBeGreaterThanOrEqual(0)
  stop()
  expect(order).toEqual(['done', 'look'])
})

const never = new AbortController().signal
/** Work of a second that is over when it is told. */
function work(): { run: () => Promise<void>; end: () => void } {
  let end = (): void => undefined
  const done = new Promise<void>((resolve) => (end = resolve))
  return { run: () => done, end: () => end() }
}

test('a look under way steps aside at once, waits for the last who wants the engine, and is taken once more', async () => {
  const tasks: RunOptions[] = []
  const answers: ((damage: Damage) => void)[] = []
  const engine = {
    run: (_: unknown, options: RunOptions) =>
      new Promise((resolve, reject) => {
        if (options.signal?.aborted) return reject(new AppError('cancelled', 'Cancelled.'))
        tasks.push(options)
        answers.push(resolve)
        options.signal?.addEventListener('abort', () => reject(new AppError('cancelled', 'Cancelled.')))
      }),
  } as unknown as Engine
  const media = { source: (id: string) => Promise.resolve({ id }), tablePath: () => Promise.resolve('') }
  const scheduler = createScheduler()
  const findings = { of: () => Promise.resolve({}), add: () => Promise.resolve() }
  const told: JobState[] = []
  const jobs = createJobs((job) => told.push(job), unwritten, scheduler)
  const damages = createDamages({ engine, media: media as unknown as Media, jobs, findings })
  const settle = (): Promise<void> => new Promise((resolve) => setImmediate(resolve))
  const look = damages.of('a')
  await settle()
  expect(tasks).toHaveLength(1)
  const preview = work()
  const shown = scheduler.run('preview', preview.run, never)
  const photo = work()
  const saved = scheduler.run('photo', photo.run, never)
  await settle()
  expect(tasks[0]?.signal?.aborted).toBe(true)
  preview.end()
  await shown
  await settle()
  expect(tasks).toHaveLength(1)
  photo.end()
  await saved
  await settle()
  expect(tasks).toHaveLength(2)
  const found = { strength: 0.5 } as Damage
  answers[1]?.(found)
  expect(await look).toBe(found)
  const states = told.map(({ state }) => state)
  expect(states).toEqual(['waiting', 'running', 'waiting', 'running', 'done'])

  const third = work()
  void scheduler.run('preview', third.run, never)
  const closed = damages.of('b').catch((error: AppError) => error.code)
  await settle()
  damages.cancel('b') // while it waits
  expect(await closed).toBe('cancelled')
  expect(jobs.list().at(-1)).toMatchObject({ kind: 'damage', state: 'cancelled' })
  third.end()
  await settle()
  expect(tasks).toHaveLength(2)
})
