import { expect, test } from 'vitest'
import type { Interpolation } from '../../electron/engine/addon.js'
import { motionStage } from '../../electron/engine/motion.js'
import type { Sink } from '../../electron/engine/pipeline.js'
import type { ShownFrame } from '../../electron/shared/planning/motion.js'
import type { UnitMotion } from '../../electron/shared/planning/motionUnits.js'

const itself = (key: number): ShownFrame => ({ key, t: 0 })
const motion = (shown: ShownFrame[], keys: number[] = [], cuts: number[] = []): UnitMotion => ({
  ...{ by: { kind: 'repair' }, from: 0, to: 100, keys, cuts, shown },
})

/** Frames are one byte; an estimate is the sum of its two keys and ten times t. */
function model(): Interpolation & { told: string[] } {
  const told: string[] = []
  let last: [number, number] = [0, 0]
  return {
    told,
    key: (frame, isCut) => {
      told.push(`${frame[0]}${isCut ? ' cut' : ''}`)
      last = [last[1], frame[0]!]
      return Promise.resolve()
    },
    between: (t, into) => {
      into[0] = last[0] + last[1] + 10 * t
      return Promise.resolve({ need: t, unsure: t / 2 })
    },
    cancel: () => undefined,
    close: () => undefined,
    frameBytes: 1,
  }
}

function recorder(): Sink & { written: [number, number][]; ends: string[] } {
  const written: [number, number][] = []
  const ends: string[] = []
  return {
    written,
    ends,
    write: (frame, number) => Promise.resolve(void written.push([frame[0]!, number])),
    finish: () => Promise.resolve(void ends.push('finished')),
    abort: () => Promise.resolve(void ends.push('aborted')),
  }
}

const never = new AbortController().signal
/** Frames `numbers` come, each of them its own number as its byte, shown at ten times that. */
async function run(of: UnitMotion, numbers: number[], interpolation?: Interpolation) {
  const sink = recorder()
  const frameOf = (time: number): number | undefined => (time % 10 === 0 ? time / 10 : undefined)
  const stage = motionStage(sink, { motion: of, frameOf, interpolation, signal: never })
  for (const number of numbers) await stage.sink.write(Uint8Array.of(number), 10 * number)
  await stage.sink.write(Uint8Array.of(255), 10 * numbers.at(-1)! + 5) // between two frames of the source
  await stage.sink.finish()
  return { ...sink, made: stage.made(), count: stage.written() }
}

test('frames that repeat are left out, all others are handed on as they are, numbered as they are shown', async () => {
  const { written, ends, count } = await run(
    motion([itself(0), itself(2), itself(2), itself(5)]),
    [0, 1, 2, 3, 4, 5],
  )
  expect([written, ends, count]).toEqual([
    [
      [0, 0],
      [2, 1],
      [2, 2],
      [5, 3],
    ],
    ['finished'],
    4,
  ])
})

test('keys are written in order, cuts said; estimates come when the later key is there', async () => {
  const shown = [
    itself(3),
    { key: 3, next: 4, t: 0.5 },
    itself(4),
    { key: 4, next: 6, t: 0.2 },
    { key: 4, next: 6, t: 0.8 },
  ]
  const native = model()
  const { written, made } = await run(motion(shown, [2, 3, 4, 6], [2]), [2, 3, 4, 5, 6], native)
  expect(native.told).toEqual(['2 cut', '3', '4', '6'])
  expect(written.map(([byte]) => byte)).toEqual([3, 12, 4, 12, 18])
  expect(made.frames).toBe(3)
  expect([made.need, made.unsure]).toEqual([expect.closeTo(0.5, 9), expect.closeTo(0.25, 9)])
  expect(made.gaps).toEqual([
    { from: 3, to: 4, unsure: 0.25 },
    { from: 4, to: 6, unsure: 0.4 },
  ])
})

test('between two keys that are the same to the bit lies the same: no model is asked', async () => {
  const shown = [itself(3), { key: 3, next: 4, t: 0.5 }, itself(4), { key: 4, next: 5, t: 0.5 }]
  const sink = recorder()
  const asked = motion(shown, [3, 4, 5])
  const frameOf = (time: number): number => time / 10
  const stage = motionStage(sink, { motion: asked, frameOf, interpolation: model(), signal: never })
  for (const [frame, byte] of [
    [3, 7],
    [4, 7],
    [5, 9],
  ] as const)
    await stage.sink.write(Uint8Array.of(byte), 10 * frame)
  await stage.sink.finish()
  expect(sink.written.map(([byte]) => byte)).toEqual([7, 7, 7, 21])
  expect(stage.made()).toMatchObject({ frames: 2, need: 0.25 })
})

test('a frame that never came fails the unit; nothing is shown for it', async () => {
  await expect(run(motion([itself(0), itself(7)]), [0, 1, 2])).rejects.toMatchObject({
    code: 'engine-failed',
  })
})
