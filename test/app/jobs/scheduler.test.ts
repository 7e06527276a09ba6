import { expect, test } from 'vitest'
import { type Scheduler, type WorkKind, createScheduler } from '../../../electron/app/jobs/scheduler.js'

const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve))

interface Work {
  /** How often it was begun. */
  begun: number
  ended: string
  end(result: string): void
  stop: AbortController
}

function start(scheduler: Scheduler, kind: WorkKind): Work {
  const work: Work = { begun: 0, ended: '', end: () => undefined, stop: new AbortController() }
  const run = (signal: AbortSignal): Promise<string> => {
    work.begun++
    return new Promise((resolve, reject) => {
      work.end = resolve
      signal.addEventListener('abort', () => reject(new Error('stopped')))
    })
  }
  scheduler.run(kind, run, work.stop.signal).then(
    (result) => (work.ended = result),
    (error: { code?: string; message: string }) => (work.ended = error.code ?? error.message),
  )
  return work
}

test('lanes run beside each other, in a lane the highest rank comes first, then the first', async () => {
  const scheduler = createScheduler()
  const [film, photo] = [start(scheduler, 'export'), start(scheduler, 'photo')]
  await turn()
  const [second, damage, shown] = (['photo', 'damage', 'preview'] as const).map((kind) =>
    start(scheduler, kind),
  )
  await turn()
  expect([film, photo, second, damage, shown].map((work) => work!.begun)).toEqual([1, 1, 0, 0, 0])
  photo.end('photo')
  await turn()
  expect([second, damage, shown].map((work) => work!.begun)).toEqual([0, 0, 1])
  shown!.end('shown')
  await turn()
  expect([second, damage].map((work) => work!.begun)).toEqual([1, 0])
  expect([photo.ended, shown!.ended]).toEqual(['photo', 'shown'])
})

test('a look ends for a preview and begins again after it; what asked for it hears only its end', async () => {
  const scheduler = createScheduler()
  const look = start(scheduler, 'damage')
  await turn()
  const preview = start(scheduler, 'preview')
  await turn()
  expect([look.begun, look.ended, preview.begun]).toEqual([1, '', 1])
  preview.end('')
  await turn()
  expect(look.begun).toBe(2)
  look.end('seen')
  await turn()
  expect(look.ended).toBe('seen')
})

test('a look does not end for another of its rank', async () => {
  const scheduler = createScheduler()
  const [look, measurement] = [start(scheduler, 'damage'), start(scheduler, 'measurement')]
  await turn()
  expect([look.begun, measurement.begun, look.ended]).toEqual([1, 0, ''])
})

test('who waits and is cancelled never begins, who runs is told, and the next one comes', async () => {
  const scheduler = createScheduler()
  const [first, second, third] = [1, 2, 3].map(() => start(scheduler, 'export'))
  await turn()
  second!.stop.abort()
  await turn()
  expect([second!.begun, second!.ended]).toEqual([0, 'cancelled'])
  first!.stop.abort()
  await turn()
  expect([first!.ended, third!.begun]).toEqual(['stopped', 1])
})

test('what is used and wanted is said by kind', async () => {
  const scheduler = createScheduler()
  const said = (): boolean[] => [
    scheduler.isUsed('memory'),
    scheduler.isUsed('processor'),
    scheduler.isWanted('memory'),
  ]
  const [look, proxy] = [start(scheduler, 'damage'), start(scheduler, 'proxy')]
  await turn()
  expect(said()).toEqual([false, true, false])
  const film = start(scheduler, 'export')
  expect(said()).toEqual([false, true, true])
  await turn()
  expect(said()).toEqual([true, true, true])
  for (const work of [look, proxy, film]) work.end('')
  await turn()
  expect(said()).toEqual([false, false, false])
})
