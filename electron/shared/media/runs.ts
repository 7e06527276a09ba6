// Whole numbers that mostly follow each other in even steps, held as runs: the timestamps of hours of film are a few of them. Numbers without
// any rhythm are listed by their steps, and take no more room than they would one by one. Pure.
import { z } from 'zod'

const whole = z.number().int()

/** A number and those that follow it. Steps begin again from the first when there are more numbers than steps: 33, 33, 34, 33, 33, 34 ... */
export const Run = z.object({
  start: whole,
  /** From each number to the next. */
  steps: z.array(whole),
  /** Numbers in the run; absent: one more than steps, which are then taken once. */
  count: whole.positive().optional(),
})
export type Run = z.infer<typeof Run>

/** So many numbers that are not there. */
export const Absent = z.object({ absent: whole.positive() })
/** Of numbers some of which are not there. */
export const SparseRun = z.union([Run, Absent])
export type SparseRun = z.infer<typeof SparseRun>

const lengthOf = (run: SparseRun): number =>
  'absent' in run ? run.absent : (run.count ?? run.steps.length + 1)

/** Where each run begins among the numbers, and how many there are. */
interface Places {
  firsts: number[]
  count: number
}

/** Runs never change, so what was added up once stays true. */
const places = new WeakMap<readonly SparseRun[], Places>()
const sums = new WeakMap<Run, readonly number[]>()

function placesOf(runs: readonly SparseRun[]): Places {
  const known = places.get(runs)
  if (known) return known
  const found: Places = { firsts: [], count: 0 }
  for (const run of runs) {
    found.firsts.push(found.count)
    found.count += lengthOf(run)
  }
  places.set(runs, found)
  return found
}

/** sums[k]: of the first k steps. */
function sumsOf(run: Run): readonly number[] {
  const known = sums.get(run)
  if (known) return known
  let sum = 0
  const found = [0, ...run.steps.map((step) => (sum += step))]
  sums.set(run, found)
  return found
}

/** The last place of rising `values` whose value is at most `value`; -1 when all are above. */
function lastPlace(values: { length: number; at: (place: number) => number }, value: number): number {
  let [low, high] = [-1, values.length - 1]
  while (low < high) {
    const middle = (low + high + 1) >> 1
    if (values.at(middle) <= value) low = middle
    else high = middle - 1
  }
  return low
}

const listed = (values: readonly number[]): { length: number; at: (place: number) => number } => ({
  length: values.length,
  at: (place) => values[place] ?? Infinity,
})

export const countIn = (runs: readonly SparseRun[]): number => placesOf(runs).count

/** Number k of a run. */
function within(run: Run, k: number): number {
  const { length } = run.steps
  if (length === 0) return run.start
  const sums = sumsOf(run)
  return run.start + Math.floor(k / length) * (sums[length] ?? 0) + (sums[k % length] ?? 0)
}

function find<T extends SparseRun>(runs: readonly T[], index: number): { run: T; k: number } | undefined {
  const { firsts, count } = placesOf(runs)
  if (index < 0 || index >= count) return undefined
  const place = lastPlace(listed(firsts), index)
  const run = runs[place]
  return run && { run, k: index - (firsts[place] ?? 0) }
}

/** The number at a place; undefined outside. */
export function numberAt(runs: readonly Run[], index: number): number | undefined {
  const found = find(runs, index)
  return found && within(found.run, found.k)
}

/** The number at a place; null where there is none, undefined outside. */
export function sparseAt(runs: readonly SparseRun[], index: number): number | null | undefined {
  const found = find(runs, index)
  return found && ('absent' in found.run ? null : within(found.run, found.k))
}

/** Of numbers that rise: the place of the last one that is at most `value`; -1 when there is none. */
export function lastAtMost(runs: readonly Run[], value: number): number {
  const place = lastPlace({ length: runs.length, at: (i) => runs[i]?.start ?? Infinity }, value)
  const run = runs[place]
  if (!run) return -1
  const inside = lastPlace({ length: lengthOf(run), at: (k) => within(run, k) }, value)
  return (placesOf(runs).firsts[place] ?? 0) + inside
}

/** The numbers at [from, to), still as runs. */
export function cut<T extends SparseRun>(runs: readonly T[], from: number, to: number): T[] {
  const { firsts } = placesOf(runs)
  return runs.flatMap((run, i) => {
    const first = firsts[i] ?? 0
    const [begin, end] = [Math.max(0, from - first), Math.min(lengthOf(run), to - first)]
    return begin < end ? [part(run, begin, end)] : []
  })
}

function part<T extends SparseRun>(run: T, begin: number, end: number): T {
  if (begin === 0 && end === lengthOf(run)) return run
  if ('absent' in run) return { ...run, absent: end - begin }
  const { steps, count } = run
  const start = within(run, begin)
  if (count === undefined) return { ...run, start, steps: steps.slice(begin, end - 1) }
  const turned = steps.map((_, k) => steps[(begin + k) % steps.length] ?? 0)
  return { ...run, start, steps: turned, count: end - begin }
}

/** The numbers at [from, to), one by one. */
export function numbersOf(runs: readonly Run[], from = 0, to = Infinity): number[] {
  const numbers: number[] = []
  for (const run of cut(runs, from, to)) for (let k = 0; k < lengthOf(run); k++) numbers.push(within(run, k))
  return numbers
}

/** The same numbers, each by so much less. */
export const lessBy = (runs: readonly Run[], offset: number): Run[] =>
  runs.map((run) => ({ ...run, start: run.start - offset }))

/** Longer rhythms are not looked for: 1001/60 of a second in whole milliseconds has one of 60. */
const longestRhythm = 64
/** So many numbers a rhythm must save, to be worth a run. */
const worth = 8

/** For each place the rhythm from there on, 0 for none, and how many numbers follow it. A longer one must save twice as much as a shorter one. */
function rhythms(steps: readonly number[]): { length: Uint8Array; count: Int32Array } {
  const { length: last } = steps
  const [length, count, saved] = [new Uint8Array(last), new Int32Array(last), new Int32Array(last)]
  for (let rhythm = 1; rhythm <= longestRhythm && rhythm < last; rhythm++) {
    let repeats = 0
    for (let i = last - rhythm - 1; i >= 0; i--) {
      repeats = steps[i + rhythm] === steps[i] ? repeats + 1 : 0
      if (repeats < Math.max(worth, 2 * (saved[i] ?? 0))) continue
      saved[i] = repeats
      length[i] = rhythm
      count[i] = rhythm + repeats + 1
    }
    if (count[0] === last + 1) break // one rhythm for all of them
  }
  return { length, count }
}

/** Numbers as runs. Never holds more numbers than it is given. */
export function runsOf(numbers: readonly number[]): Run[] {
  const steps = numbers.slice(1).map((number, i) => number - (numbers[i] ?? 0))
  const { length, count } = rhythms(steps)
  const runs: Run[] = []
  let done = 0
  const listUpTo = (end: number): void => {
    if (end > done) runs.push({ start: numbers[done] ?? 0, steps: steps.slice(done, end - 1) })
  }
  for (let i = 0; i < numbers.length; i++) {
    const rhythm = length[i] ?? 0
    if (rhythm === 0) continue
    listUpTo(i)
    const covered = count[i] ?? 0
    runs.push({ start: numbers[i] ?? 0, steps: steps.slice(i, i + rhythm), count: covered })
    done = i + covered
    i = done - 1
  }
  listUpTo(numbers.length)
  return runs
}

/** Numbers and nulls as runs. */
export function sparseRunsOf(numbers: readonly (number | null)[]): SparseRun[] {
  const runs: SparseRun[] = []
  for (let from = 0; from < numbers.length;) {
    const isAbsent = numbers[from] === null
    let to = from
    while (to < numbers.length && (numbers[to] === null) === isAbsent) to++
    if (isAbsent) runs.push({ absent: to - from })
    else runs.push(...runsOf(numbers.slice(from, to).map(Number)))
    from = to
  }
  return runs
}
