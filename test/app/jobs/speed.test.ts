// How fast a job is said to be: by its work alone.
import { expect, test } from 'vitest'
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
