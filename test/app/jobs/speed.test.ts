// How fast a job is said to be: by its work alone.
import { expect, test } from 'vitest'
import { createPace } from '../../../electron/app/jobs/pace.js'
import { createSpeed } from '../../../electron/app/jobs/speed.js'
import type { JobState } from '../../../electron/shared/contract/job.js'

const state = { framesDone: 0, framesTotal: 100 } as JobState

test('the time in which others went first is no work', () => {
  let ms = 0
  const speed = createSpeed(25, () => ms)
  speed.of({ framesDone: 0 }, state)
  ms = 1000
  speed.of({ framesDone: 4 }, state)
  ms = 63_000 // a preview of a minute, and then two seconds of work
  const { change } = speed.of({ framesDone: 8, asideMs: 60_000 }, state)
  expect(change.framesPerSecond).toBeCloseTo(2)
  expect(change.leftMs).toBe(46_000)
  expect(change.elapsedMs).toBe(63_000)
  ms = 65_000
  expect(speed.of({ framesDone: 12 }, state).change.framesPerSecond).toBeCloseTo(2)
})

test('work on files counts the bytes of a step, each step from its own beginning', () => {
  let ms = 0
  const pace = createPace(() => ms)
  const first = pace({ step: 'fetch', bytesDone: 1000, bytesTotal: 9000, file: 'a' }, undefined)
  expect(first).toMatchObject({
    isTold: true,
    change: { step: { name: 'fetch', file: 'a', bytesPerSecond: 0 } },
  })
  ms = 100
  expect(pace({ step: 'fetch', bytesDone: 1100, bytesTotal: 9000 }, first.change.step).isTold).toBe(false)
  ms = 4000
  const later = pace({ step: 'fetch', bytesDone: 5000, bytesTotal: 9000 }, first.change.step)
  expect(later).toMatchObject({ isTold: true, change: { step: { bytesPerSecond: 1000 }, leftMs: 4000 } })
  ms = 5000
  const check = pace({ step: 'check', bytesDone: 10, bytesTotal: 9000 }, later.change.step)
  expect(check).toMatchObject({ isTold: true, change: { step: { bytesPerSecond: 0 }, leftMs: undefined } })
})
