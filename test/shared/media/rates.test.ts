// Rates and losses by timestamps: rounding is none, a missing frame is one where the rate is constant, and phones that show frames when they have them are uneven.
import { expect, test } from 'vitest'
import { tableOf } from '../../../electron/shared/media/frameTable.js'
import { lossesIn, nominalRate, ratesOf } from '../../../electron/shared/media/rates.js'
import type { FrameTable } from '../../../electron/shared/media/source.js'

/** A film whose frames are so many ticks apart, in ticks of a second's `den`th. */
function film(steps: readonly number[], den: number): FrameTable {
  let tick = 0
  const ticks = [0, ...steps.map((step) => (tick += step))]
  return tableOf({ timeBase: { num: 1, den }, ticks, lastTicks: steps.at(-1) ?? 1, start: 0, keyFrames: [0] })
}
const steps = (count: number, ...turn: number[]): number[] =>
  Array.from({ length: count }, (_, i) => turn[i % turn.length] ?? 0)

test.each([
  ['25', 25, steps(99, 1), 25],
  ['30000/1001 in milliseconds', 1000, steps(99, 33, 33, 34), 30],
  ['59.94 in milliseconds', 1000, steps(99, 17, 17, 16), 60],
  ['12 in milliseconds', 1000, steps(99, 83, 83, 84), 12],
  ['30 in milliseconds, in ticks of a 90,000th', 90_000, steps(99, 2970, 2970, 3060), 30],
])('%s is one constant rate', (_, den, made, rate) => {
  const table = film(made, den)
  const [section, ...others] = ratesOf(table)
  expect(others).toEqual([])
  expect(section).toMatchObject({ from: 0, to: 100, isConstant: true })
  expect(section?.mean).toBeCloseTo(rate, 1)
  expect(lossesIn(table)).toEqual([])
})

test('steps that are whole times longer leave so many frames out', () => {
  const made = steps(99, 33, 33, 34)
  made[40] = 67
  made[70] = 133
  expect(lossesIn(film(made, 1000))).toEqual([
    { after: 40, missing: 1 },
    { after: 70, missing: 3 },
  ])
  expect(ratesOf(film(made, 1000))).toMatchObject([{ from: 0, to: 100, isConstant: true }])
})

test('a picture that stands for seconds is no loss', () => {
  const made = steps(99, 1)
  made[50] = 75
  expect(lossesIn(film(made, 25))).toEqual([])
})

test('frames that come when a phone has them are uneven, and none of them is lost', () => {
  const table = film(steps(120, 66, 100, 71, 83, 133, 67, 90), 1000)
  expect(lossesIn(table)).toEqual([])
  const [section, ...others] = ratesOf(table)
  expect(others).toEqual([])
  expect(section).toMatchObject({ from: 0, to: 121, isConstant: false })
  expect(section?.least).toBeCloseTo(1000 / 133)
  expect(section?.most).toBeCloseTo(1000 / 66)
})

test('a phone that goes over to half the rate in the dark has two constant rates', () => {
  const sections = ratesOf(film([...steps(60, 33, 33, 34), ...steps(60, 67, 66, 67)], 1000))
  expect(sections.map(({ isConstant, mean }) => [isConstant, Math.round(mean)])).toEqual([
    [true, 30],
    [true, 15],
  ])
  expect(sections[0]?.to).toBe(sections[1]?.from)
  expect(Math.abs((sections[0]?.to ?? 0) - 60)).toBeLessThanOrEqual(6)
})

test('one frame and two have a rate', () => {
  expect(ratesOf(film([], 1))).toMatchObject([{ from: 0, to: 1, mean: 1 }])
  expect(ratesOf(film([40], 1000))).toMatchObject([{ from: 0, to: 2, mean: 25 }])
})

test('an uneven film has the rate that most of its frames keep to; an even one, and one without any rhythm, none but its average', () => {
  const rate = (all: number[], perSecond: number): number | undefined => {
    const found = nominalRate(film(all, perSecond))
    return found && found.num / found.den
  }
  expect(rate(steps(100, 33, 34, 33, 33, 67, 33, 34, 100), 1000)).toBeCloseTo(30, 0)
  expect(rate(steps(120, 3000, 3003, 2998, 6000), 90_000)).toBeCloseTo(30, 1)
  expect(rate([...steps(60, 33, 33, 34), ...steps(60, 67, 66, 67)], 1000)).toBeCloseTo(30, 5)
  expect(rate(steps(100, 33, 33, 34), 1000)).toBeUndefined()
  expect(rate(steps(100, 1001), 30_000)).toBeUndefined()
  expect(rate([...steps(300, 33, 33, 34), 1500], 1000)).toBeUndefined() // one picture that stands
  expect(rate(steps(100, 20, 30, 45, 70, 100, 150), 1000)).toBeUndefined()
  expect([rate([], 1), rate([40], 1000)]).toEqual([undefined, undefined])
})
