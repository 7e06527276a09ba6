// Numbers as runs: the same numbers come back, wherever they are asked for; regular ones are few runs, irregular ones no more numbers than before.
import { expect, test } from 'vitest'
import {
  type Run,
  type SparseRun,
  SparseRun as SparseRunSchema,
  countIn,
  cut,
  lastAtMost,
  lessBy,
  numberAt,
  numbersOf,
  runsOf,
  sparseAt,
  sparseRunsOf,
} from '../../../electron/shared/media/runs.js'
import { random } from '../random.js'

const held = (runs: readonly SparseRun[]): number =>
  runs.reduce(
    (sum, run) => sum + ('absent' in run ? 1 : 1 + run.steps.length + (run.count === undefined ? 0 : 1)),
    0,
  )
const every = (count: number, of: (i: number) => number): number[] =>
  Array.from({ length: count }, (_, i) => of(i))

test.each([
  ['one step', every(201_600, (i) => i * 512), 3],
  ['28 a second in whole milliseconds', every(201_600, (i) => Math.round((i * 1000) / 28)), 9],
  ['29.97 in whole milliseconds', every(10_000, (i) => Math.round((i * 1001) / 30)), 32],
  ['59.94 in whole milliseconds', every(10_000, (i) => Math.round((i * 1001) / 60)), 62],
  ['two rates', every(2000, (i) => (i < 1000 ? i * 40 : 40_000 + (i - 1000) * 33)), 6],
  ['every frame a key frame', every(5000, (i) => i), 3],
  ['one number', [7], 1],
  ['none', [], 0],
])('%s: few numbers are held', (_, numbers, most) => {
  const runs = runsOf(numbers)
  expect(held(runs)).toBeLessThanOrEqual(most)
  expect(numbersOf(runs)).toEqual(numbers)
})

test('a long step between two stretches leaves both regular', () => {
  const numbers = every(100, (i) => (i < 50 ? i * 40 : 90_000 + i * 40))
  expect(runsOf(numbers)).toEqual([
    { start: 0, steps: [40], count: 50 },
    { start: 92_000, steps: [40], count: 50 },
  ])
})

/** Rising numbers with stretches of rhythm and stretches without. */
function mixed(seed: number): number[] {
  const r = random(seed)
  const numbers = [r.whole(-50, 50)]
  while (numbers.length < 400) {
    const rhythm = every(r.whole(1, 6), () => r.whole(1, 50))
    const times = r.whole(0, 1) === 0 ? 1 : r.whole(2, 30)
    for (let k = 0; k < times * rhythm.length; k++)
      numbers.push((numbers.at(-1) ?? 0) + (rhythm[k % rhythm.length] ?? 1))
  }
  return numbers
}

test.each(every(30, (seed) => seed))('numbers of any rhythm, seed %i: the same at every place', (seed) => {
  const numbers = mixed(seed)
  const runs = runsOf(numbers)
  expect(held(runs)).toBeLessThanOrEqual(numbers.length)
  expect([countIn(runs), numberAt(runs, -1), numberAt(runs, numbers.length)]).toEqual([
    ...[numbers.length, undefined, undefined],
  ])
  expect(numbers.map((_, i) => numberAt(runs, i))).toEqual(numbers)
  const r = random(seed + 1000)
  for (let n = 0; n < 20; n++) {
    const from = r.whole(0, numbers.length)
    const to = r.whole(from, numbers.length)
    expect(numbersOf(runs, from, to)).toEqual(numbers.slice(from, to))
    expect(numbersOf(lessBy(cut(runs, from, to), 5))).toEqual(numbers.slice(from, to).map((x) => x - 5))
    const value = r.whole((numbers[0] ?? 0) - 3, (numbers.at(-1) ?? 0) + 3)
    expect(lastAtMost(runs, value)).toBe(numbers.findLastIndex((number) => number <= value))
  }
})

test('nothing of a random order is lost, and none is held twice', () => {
  const r = random(4)
  const numbers = every(500, () => r.whole(-1000, 1000))
  expect(numbersOf(runsOf(numbers))).toEqual(numbers)
  expect(held(runsOf(numbers))).toBeLessThanOrEqual(500)
})

test('numbers that are not there keep their places', () => {
  const r = random(5)
  const numbers = every(300, (i) => i * 40).map((number, i) => (i > 200 || r.whole(0, 9) > 7 ? null : number))
  const runs = sparseRunsOf(numbers)
  expect(SparseRunSchema.array().parse(JSON.parse(JSON.stringify(runs)))).toEqual(runs)
  expect(numbers.map((_, i) => sparseAt(runs, i))).toEqual(numbers)
  expect([countIn(runs), sparseAt(runs, 300)]).toEqual([300, undefined])
  expect(held(runs)).toBeLessThanOrEqual(300)
  const part = cut(runs, 90, 250)
  expect(every(160, (i) => i).map((i) => sparseAt(part, i))).toEqual(numbers.slice(90, 250))
})

test('a run says what it means', () => {
  const run: Run = { start: 10, steps: [3, 4], count: 5 }
  expect(numbersOf([run])).toEqual([10, 13, 17, 20, 24])
  expect(numbersOf([{ start: 10, steps: [3, 4] }])).toEqual([10, 13, 17])
})
