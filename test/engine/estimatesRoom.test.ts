import { expect, test } from 'vitest'
import { leftBeside, withEstimates } from '../../electron/engine/estimatesRoom.js'

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
