import { expect, test } from 'vitest'
import type { ShownFrame } from '../../../electron/shared/planning/motion.js'
import type { UnitMotion } from '../../../electron/shared/planning/motionUnits.js'
import { stretchesOf, unsureFrames, worstOf } from '../../../electron/shared/planning/unsurePlaces.js'

const timeBase = { num: 1, den: 50 }
/** Twenty frames of a source at 25 per second, one estimate behind each but the last: 2 ticks from frame to frame. */
const shown = Array.from({ length: 20 }, (_, key): ShownFrame[] => [
  { key, t: 0 },
  ...(key < 19 ? [{ key, next: key + 1, t: 0.5 }] : []),
]).flat()
const motion: UnitMotion = {
  ...{ by: { kind: 'smooth', rate: { num: 50, den: 1 } }, from: 0, to: 20 },
  ...{ keys: [], cuts: [], shown },
}
/** It begins a second into the film. */
const unit = { motion, ticks: shown.map((_, place) => 50 + place), endTicks: 50 + shown.length }

test('of the gaps that are told those count in which it is seen, at the times of their estimates in the film', () => {
  const gaps = [
    { from: 3, to: 4, unsure: 0.001 },
    { from: 5, to: 6, unsure: 0.04 },
    { from: 18, to: 19, unsure: 0.3 },
  ]
  expect(unsureFrames(unit, gaps, timeBase)).toEqual([
    { from: 1.22, to: 1.24, frames: 1, unsure: 0.04 },
    { from: 1.74, to: 1.76, frames: 1, unsure: 0.3 },
  ])
  expect(unsureFrames({ ...unit, motion: undefined }, gaps, timeBase)).toEqual([])
})

test('a frame that is shown itself is never unsure, nor is anything where nothing was told', () => {
  const itself = { ...motion, shown: [{ key: 5, t: 0 }] }
  const gaps = [{ from: 5, to: 6, unsure: 0.9 }]
  expect(unsureFrames({ motion: itself, ticks: [0], endTicks: 1 }, gaps, timeBase)).toEqual([])
  expect(unsureFrames(unit, [], timeBase)).toEqual([])
})

test('places near to each other are one, with all their frames and the largest share; a list of the worst is in order of time', () => {
  const at = (from: number, unsure: number) => ({ from, to: from + 0.02, frames: 1, unsure })
  const stretches = stretchesOf([at(1, 0.1), at(1.04, 0.3), at(1.2, 0.2), at(2, 0.05), at(9, 0.4)])
  expect(stretches).toEqual([
    { from: 1, to: 1.22, frames: 3, unsure: 0.3 },
    { from: 2, to: 2.02, frames: 1, unsure: 0.05 },
    { from: 9, to: 9.02, frames: 1, unsure: 0.4 },
  ])
  expect(worstOf(stretches, 2).map(({ from }) => from)).toEqual([1, 9])
  expect(stretchesOf([])).toEqual([])
})
