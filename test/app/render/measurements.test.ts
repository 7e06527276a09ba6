// What this computer takes for a model's frames: learnt from what was made, per model and device, and called a guess until then.
import { expect, test } from 'vitest'
import { createMeasurements } from '../../../electron/app/render/measurements.js'
import type { FoundModel } from '../../../electron/app/models/models.js'
import type { DeviceInfo } from '../../../electron/shared/contract/app.js'
import { defaultEnhance } from '../../../electron/shared/document/project.js'
import type { Segment } from '../../../electron/shared/planning/plan.js'
import { folder } from '../folder.js'

const modelOf = (hash: string, parameters = 1000): FoundModel =>
  ({ info: { hash, parameters }, folder: '' }) as unknown as FoundModel

/** Of so many estimates between `keys` keys, one megapixel each. */
function segmentOf(estimates: number, keys: number, device = 'auto'): Segment {
  const shown = Array.from({ length: estimates }, () => ({ key: 0, next: 1, t: 0.5 }))
  const motion = { keys: Array.from({ length: keys }, (_, i) => i), shown }
  const output = { width: 1000, height: 1000 }
  return {
    ...{ output, ticks: shown.map((_, i) => i), motion, enhance: { ...defaultEnhance, device } },
  } as unknown as Segment
}

const processor = { id: 'cpu', threads: 2 } as DeviceInfo
const open = () =>
  createMeasurements({
    ...{ dataFolder: folder(), jobs: { register: () => undefined } as never, resolver: undefined as never },
    engine: { run: () => Promise.resolve([processor]) } as never,
  })

test('estimates are a guess until some were made; then they take what they took, by model and device', async () => {
  const measurements = open()
  const [ours, other, work] = [modelOf('ours'), modelOf('other'), segmentOf(9, 4)]
  const guessed = { msPerMegapixel: 140, isGuess: true }
  expect(await measurements.ofEstimates(ours, work)).toEqual(guessed)
  await measurements.learnEstimates(ours, work, 1000)
  expect(await measurements.ofEstimates(ours, segmentOf(2, 2))).toEqual({
    msPerMegapixel: 100,
    isGuess: false,
  })
  await measurements.learnEstimates(ours, segmentOf(9, 4), 3000)
  expect((await measurements.ofEstimates(ours, work)).msPerMegapixel).toBe(200) // the middle of both
  expect(await measurements.ofEstimates(other, work)).toEqual(guessed)
  expect(await measurements.ofEstimates(ours, segmentOf(9, 4, 'cuda:0'))).toEqual(guessed)
})

test('of nothing nothing is learnt', async () => {
  const measurements = open()
  await measurements.learnEstimates(modelOf('ours'), segmentOf(0, 0), 0)
  expect((await measurements.ofEstimates(modelOf('ours'), segmentOf(1, 1))).isGuess).toBe(true)
})

test('what is told of a large model by arithmetic is a guess as well, until it has made something', async () => {
  const measurements = open()
  const [large, work] = [modelOf('large', 1e9), segmentOf(10, 0)]
  expect((await measurements.of(large, work, true))?.isGuess).toBe(true)
  await measurements.learn(large, work, 500)
  expect(await measurements.of(large, work, true)).toEqual({ msPerMegapixel: 50, isGuess: false })
})
