// What the film shows of a clip with a motion, as the viewer fetches it.
import { expect, test } from 'vitest'
import { layOut } from '../../renderer/stores/laidOut.js'
import { source, table } from '../shared/sources.js'
import { timing } from '../shared/planning/timed.js'

test('a picture belongs to the frame in whose time it is asked for, though it shows the next, a fraction of a millisecond behind', () => {
  const rounded = table(30, [33, 34, 33], 1000) // whole milliseconds: frame 2 begins at 67, and is asked for at 66.73
  const found = { timing: timing(30), table: rounded }
  const clip = { from: 0, to: 2, motion: { kind: 'smooth' as const, rate: { num: 60_000, den: 1001 } } }
  const laidOut = layOut(clip, source(), rounded, found)
  expect(laidOut?.frames.map(({ key, way, during }) => [key, way > 0, during])).toEqual([
    [0, false, 0],
    [0, true, 0],
    [1, false, 1],
    [1, true, 1],
    [2, false, 1],
  ])
})
