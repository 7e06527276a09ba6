import { expect, test } from 'vitest'
import type { MemoryPlan } from '../../electron/shared/contract/memory.js'
import { leftBeside, planOfBoth, withEstimates } from '../../electron/engine/estimatesRoom.js'

test('an explicit limit is shared: what the estimates take is not given to the stream as well', () => {
  expect(leftBeside(1000, 300)).toBe(700)
  expect(leftBeside(1000, 0)).toBe(1000)
  expect(withEstimates(leftBeside(1000, 300), 300)).toBe(1000)
})

test('no limit stays none; one that the estimates use up leaves a byte, never no limit', () => {
  expect(leftBeside(0, 300)).toBe(0)
  expect(withEstimates(0, 300)).toBe(0)
  expect([leftBeside(300, 300), leftBeside(200, 300)]).toEqual([1, 1])
})

const plan = (total: number, over: Partial<MemoryPlan> = {}): MemoryPlan => ({
  ...{
    weights: 0,
    state: 0,
    cache: 0,
    activations: total,
    total,
    limit: 1000,
    fits: true,
    host: 0,
    whole: total,
  },
  ...{ mode: 'whole', rows: 1, columns: 1, speed: 1, sentence: '', ...over },
})

test('a stream and its estimates are one plan: refused where either is, else as the stream is held', () => {
  const parts = { mode: 'parts', rows: 2, columns: 1, whole: 900 } as const
  expect(planOfBoth(plan(500, parts), plan(300), 1000)).toMatchObject({
    ...{ mode: 'parts', fits: true, total: 800, whole: 1200, estimates: 300, limit: 1000 },
  })
  const tooMuch = plan(1200, { fits: false, mode: 'refused' })
  expect(planOfBoth(plan(500), tooMuch, 1000)).toMatchObject({ mode: 'refused', fits: false })
  expect(planOfBoth(tooMuch, plan(300), 1000)).toMatchObject({ mode: 'refused', fits: false, total: 1500 })
})
