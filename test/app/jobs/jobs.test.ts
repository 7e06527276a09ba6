import { expect, test } from 'vitest'
import {
  type JobContext,
  type JobFacts,
  type JobResult,
  createJobs,
  prepared,
} from '../../../electron/app/jobs/jobs.js'
import { createScheduler } from '../../../electron/app/jobs/scheduler.js'
import { JobSpec } from '../../../electron/app/jobs/spec.js'
import { AppError } from '../../../electron/shared/contract/errors.js'
import type { JobState } from '../../../electron/shared/contract/job.js'
import { message } from '../../../electron/shared/words/sentences.js'

const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve))

interface Piece {
  spec: JobSpec
  facts: JobFacts
  context?: JobContext
  finish(result?: JobResult): void
  fail(error: unknown): void
}
let serial = 0
/** A job whose only data is a number, by which its runner finds it. */
function piece(kind: JobSpec['kind'] = 'export', framesTotal = 100): Piece {
  const request = { number: ++serial }
  return {
    spec: { kind, request } as unknown as JobSpec,
    facts: { name: 'tape', framesTotal, filmRate: 25 },
    finish: () => undefined,
    fail: () => undefined,
  }
}

function queue() {
  const told: JobState[] = []
  const written: [id: string, state: string][] = []
  const clock = { ms: 1000 }
  const jobs = createJobs(
    (job) => told.push(job),
    {
      add: (id) => void written.push([id, 'waiting']),
      change: (id, state) => void written.push([id, state]),
    },
    createScheduler(),
    () => clock.ms,
  )
  const pieces = new Map<unknown, Piece>()
  const run = (request: unknown, context: JobContext): Promise<JobResult> => {
    const work = pieces.get(request)!
    work.context = context
    return new Promise((resolve, reject) => {
      work.finish = (result = {}) => resolve(result)
      work.fail = reject
      context.signal.addEventListener('abort', () => reject(new AppError('cancelled', 'Cancelled.')))
    })
  }
  for (const kind of ['export', 'preview', 'photo', 'proxy'] as const) jobs.register(kind, run)
  const add = (work: Piece): string => {
    pieces.set(work.spec.request, work)
    return jobs.add(work.spec, work.facts)
  }
  return { jobs, add, told, written, clock }
}

test('a second export waits for the first', async () => {
  const { jobs, add } = queue()
  const [first, second] = [piece(), piece()]
  const a = add(first)
  const b = add(second)
  await turn()
  expect([jobs.find(a)?.state, jobs.find(b)?.state]).toEqual(['running', 'waiting'])
  expect(second.context).toBeUndefined()
  first.finish({ outputPath: '/out.mp4', notes: [message('noteMkv')] })
  expect(await jobs.ended(a)).toMatchObject({
    state: 'done',
    outputPath: '/out.mp4',
    notes: [message('noteMkv')],
    framesDone: 100,
  })
  await turn()
  expect(jobs.find(b)?.state).toBe('running')
})

test('a preview does not wait for the running export, a second one waits for the first and goes before photos', async () => {
  const { jobs, add } = queue()
  const [film, first, photo, second] = [piece(), piece('preview'), piece('photo'), piece('preview')]
  const ids = [film, first, photo, second].map(add)
  const states = (): unknown[] => ids.map((id) => jobs.find(id)?.state)
  await turn()
  expect(states()).toEqual(['running', 'running', 'waiting', 'waiting'])
  first.finish()
  await turn()
  await turn()
  expect(states()).toEqual(['running', 'done', 'waiting', 'running'])
})

test('a proxy runs beside an export', async () => {
  const { jobs, add } = queue()
  add(piece())
  const proxy = add(piece('proxy'))
  await turn()
  expect(jobs.find(proxy)?.state).toBe('running')
})

test('progress tells speed and time left, and found frames do not count as speed', async () => {
  const { jobs, add, told, clock } = queue()
  const work = piece()
  const id = add(work)
  await turn()
  work.context?.progress({ framesDone: 50, framesFound: 50 })
  clock.ms += 1000
  work.context?.progress({ framesDone: 60, framesFound: 50 })
  expect(jobs.find(id)?.leftMs).toBeUndefined() // the first new frames came with the engine's start
  clock.ms += 1000
  work.context?.progress({ framesDone: 70, framesFound: 50 })
  expect(jobs.find(id)).toMatchObject({
    framesDone: 70,
    framesPerSecond: 10,
    speed: 0.4,
    leftMs: 3000,
    elapsedMs: 2000,
  })
  expect(told.at(-1)?.framesDone).toBe(70)
})

test('events are few while a job runs', async () => {
  const { add, told, clock } = queue()
  const work = piece('export', 1000)
  add(work)
  await turn()
  const before = told.length
  for (let n = 1; n <= 500; n++) {
    clock.ms += 1
    work.context?.progress({ framesDone: n })
  }
  expect(told.length - before).toBeLessThanOrEqual(4)
})

test('a waiting job can be cancelled, a running one ends as cancelled, an ended one stays as it is', async () => {
  const { jobs, add } = queue()
  const work = piece()
  const a = add(work)
  const b = add(piece())
  await turn()
  jobs.cancel(b)
  expect(jobs.find(b)?.state).toBe('cancelled')
  jobs.cancel(a)
  expect((await jobs.ended(a)).state).toBe('cancelled')
  jobs.cancel(a)
  expect(jobs.find(a)?.state).toBe('cancelled')
  expect(() => jobs.cancel('nobody')).toThrow()
})

test('a failure is told with its code, and the next job runs', async () => {
  const { jobs, add } = queue()
  const [bad, good] = [piece(), piece()]
  const a = add(bad)
  const b = add(good)
  await turn()
  bad.fail(new AppError('disk-full', 'Full.'))
  expect(await jobs.ended(a)).toMatchObject({
    state: 'failed',
    failure: { code: 'disk-full', message: 'Full.' },
  })
  await turn()
  expect(jobs.find(b)?.state).toBe('running')
})

test('closing cancels everything and waits for it', async () => {
  const { jobs, add } = queue()
  const ids = [add(piece()), add(piece()), add(piece('proxy'))]
  await turn()
  await jobs.close()
  expect(ids.map((id) => jobs.find(id)?.state)).toEqual(['cancelled', 'cancelled', 'cancelled'])
})

test('what a job was asked for is data, from which it is made again where it is no longer prepared', async () => {
  const names: string[] = []
  const runner = prepared(({ sourceId }: { sourceId: string }) => {
    names.push(sourceId)
    return Promise.resolve({ ...piece().facts, run: () => Promise.resolve({ outputPath: `/${sourceId}` }) })
  })
  const { jobs } = queue()
  jobs.register('proxy', runner.run)
  const request = { sourceId: '0123456789abcdef0123456789abcdef01234567' }
  const id = jobs.add({ kind: 'proxy', request }, await runner.prepare(request))
  expect((await jobs.ended(id)).outputPath).toBe(`/${request.sourceId}`)
  expect(names).toHaveLength(1)
  const again = JobSpec.parse(JSON.parse(JSON.stringify(jobs.spec(id))))
  expect((await jobs.ended(jobs.add(again, piece().facts))).outputPath).toBe(`/${request.sourceId}`)
  expect(names).toHaveLength(2)
})

test('each state is written down; what closing ends is told apart from what a person cancels', async () => {
  const { jobs, add, written } = queue()
  const [first, second, third] = [piece(), piece('preview'), piece('proxy')]
  const ids = [first, second, third].map(add)
  await turn()
  second.finish()
  await jobs.ended(ids[1]!)
  jobs.cancel(ids[2]!)
  await jobs.ended(ids[2]!)
  await jobs.close()
  const of = (id: string | undefined): string[] =>
    written.flatMap(([one, state]) => (one === id ? [state] : []))
  expect(ids.map(of)).toEqual([
    ['waiting', 'running', 'closed'],
    ['waiting', 'running', 'done'],
    ['waiting', 'running', 'cancelled'],
  ])
})

const measurement = {
  kind: 'measurement' as const,
  request: { model: 'ab', device: 'cpu', scale: 2 },
}
/** A queue whose measurements are what `measure` says. */
function asking(measure: (signal: AbortSignal) => Promise<number>) {
  const at = queue()
  at.jobs.register('measurement', async (_, { signal }) => ({ answer: await measure(signal) }))
  return { ...at, ...at.jobs.ask(measurement, { name: 'heirloom', framesTotal: 0 }) }
}

test('who asks hears the answer, the failure itself, or that it was cancelled', async () => {
  const known = asking(() => Promise.resolve(7))
  expect([await known.answer, known.jobs.find(known.id)?.state]).toEqual([7, 'done'])
  const error = new AppError('engine-failed', 'It broke.')
  const broken = asking(() => Promise.reject(error))
  await expect(broken.answer).rejects.toBe(error)
  expect(broken.jobs.find(broken.id)).toMatchObject({ state: 'failed', failure: { code: 'engine-failed' } })
  const ended = asking(() => new Promise(() => undefined))
  ended.jobs.cancel(ended.id)
  await expect(ended.answer).rejects.toMatchObject({ code: 'cancelled' })
})

test('what others go before waits again, is written down as such, and is run anew', async () => {
  let runs = 0
  const measure = (signal: AbortSignal): Promise<number> =>
    ++runs > 1
      ? Promise.resolve(runs)
      : new Promise((_, reject) => signal.addEventListener('abort', () => reject(new Error('stopped'))))
  const { id, answer, add, told, written } = asking(measure)
  await turn()
  const preview = piece('preview')
  add(preview)
  await turn()
  preview.finish()
  expect(await answer).toBe(2)
  const states = ['waiting', 'running', 'waiting', 'running', 'done']
  expect(told.flatMap((job) => (job.id === id ? [job.state] : []))).toEqual(states)
  expect(written.flatMap(([one, state]) => (one === id ? [state] : []))).toEqual(states)
})

test('what ends often pushes nothing of another kind out of the list', async () => {
  const { jobs, add } = queue()
  jobs.register('measurement', () => Promise.resolve({ answer: 1 }))
  const film = piece()
  const id = add(film)
  await turn()
  film.finish()
  await jobs.ended(id)
  for (let n = 0; n < 60; n++) await jobs.ask(measurement, { name: 'heirloom', framesTotal: 0 }).answer
  expect(jobs.find(id)?.state).toBe('done')
  expect(jobs.list()).toHaveLength(51)
})
