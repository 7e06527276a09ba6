// A film's clock made whole, from the timestamps that its file carries. Pure. Wrong timestamps are replaced where they stand and
// move nothing that follows; a clock that starts over goes on where its last frame ended. Refuses to invent gaps or frames.

/** Timestamps that are not there are NaN. */
export type Stamp = number

/** How many timestamps after a step say whether the clock has gone over to another count or one of them was wrong. */
const witnesses = 8
/** As far as they are looked for: some streams carry a timestamp every half second only. */
const farthest = 2000

const median = (values: readonly number[]): number => {
  const sorted = Float64Array.from(values).sort()
  return sorted[Math.floor(sorted.length / 2)] ?? 0
}

/** The usual step between neighbours that rise; `nominal` when there are too few of them to say. */
export function usualStep(stamps: readonly Stamp[], nominal: number): number {
  const steps: number[] = []
  let [before, at] = [NaN, 0]
  for (let i = 0; i < stamps.length; i++) {
    const stamp = stamps[i] ?? NaN
    if (stamp > before) steps.push((stamp - before) / (i - at))
    if (!Number.isNaN(stamp)) [before, at] = [stamp, i]
  }
  const isSparse = steps.length < witnesses && steps.length < stamps.length / 2
  return (isSparse ? 0 : median(steps)) || nominal
}

export const isRising = (stamps: readonly Stamp[]): boolean => {
  for (let i = 0; i < stamps.length; i++)
    if (!((stamps[i] ?? NaN) > (i === 0 ? -Infinity : (stamps[i - 1] ?? NaN)))) return false
  return true
}

/** Of the timestamps after number `at`, more go on from it than from what was `expected` in its place. */
function goesOn(stamps: readonly Stamp[], at: number, expected: Stamp, usual: number): boolean {
  const from = stamps[at] ?? NaN
  let [here, there] = [0, 0]
  for (let k = 1; k <= farthest && here + there < witnesses && at + k < stamps.length; k++) {
    const stamp = stamps[at + k] ?? NaN
    const [near, far] = [Math.abs(stamp - (from + k * usual)), Math.abs(stamp - (expected + k * usual))]
    if (near < far) here++
    else if (far <= near) there++
  }
  return here > there
}

/** Steps of a clock that say that it has been set anew, in ticks. */
export interface Leaps {
  /** Back by at least this. */
  back: number
  /** Forward by more than this; Infinity: a long step is a picture that is shown long. */
  forward: number
}

/**
 * Where the clock goes over to another count: it leaps and stays there. Numbers of the first timestamps of the new counts.
 * Less than a leap is a wrong timestamp, however long it lasts: sound does not follow it.
 */
export function discontinuities(stamps: readonly Stamp[], usual: number, leaps: Leaps): number[] {
  const found: number[] = []
  const good: number[] = [] // the last numbers whose timestamps belong to the count
  let [before, at] = [NaN, 0]
  for (let i = 0; i < stamps.length; i++) {
    const stamp = stamps[i] ?? NaN
    const expected = before + (i - at) * usual
    const isStep = before - stamp >= leaps.back || stamp - expected > leaps.forward
    // One wrong timestamp: the next is held against the last good one.
    if (Number.isNaN(stamp) || (isStep && !goesOn(stamps, i, expected, usual))) continue
    // Back to where the count was a few frames ago: those frames were wrong, not the clock.
    const isReturn = good.some((k) => {
      const step = stamp - (stamps[k] ?? NaN)
      return step > 0 && step < 3 * (i - k) * usual
    })
    if (isStep && !isReturn) {
      found.push(i)
      good.length = 0
    }
    ;[before, at] = [stamp, i]
    good.push(i)
    if (good.length > witnesses) good.shift()
  }
  return found
}

/**
 * Of the places at which a clock is set anew, those at which it really is. Where it leaps on, later, to where it was when it went
 * back, it is one count whose pieces stand in the wrong order.
 */
export function setAnew(stamps: readonly Stamp[], usual: number, restarts: readonly number[]): number[] {
  if (restarts.length > mostRestarts) return [...restarts] // a broken clock: nothing is to be learnt from it
  const left: number[] = []
  let until = -1
  for (const restart of restarts) {
    if (restart < until) continue
    let last = -Infinity // of the whole count: a piece may have been taken out of it before
    for (let i = left.at(-1) ?? 0; i < restart; i++) if ((stamps[i] ?? NaN) > last) last = stamps[i] ?? NaN
    let before = stamps[restart] ?? NaN
    const back = stamps.findIndex((stamp, i) => {
      if (i <= restart || Number.isNaN(stamp)) return false
      const isLeap = before < last && stamp - before > leapSteps * usual
      before = stamp
      return isLeap && stamp > last && stamp < last + lostSteps * usual
    })
    if (back < 0) left.push(restart)
    else until = back
  }
  return left
}
/** Longer than reordering and rounding make a step. */
const leapSteps = 4
/** So much later a count may go on: at the seam of two pieces a decoder gives nothing until it has found its way again. */
const lostSteps = 16
const mostRestarts = 200

/** The timestamp before once more, as it is, rounded otherwise, or made to rise by the program that wrote the file. */
const isRepeat = (before: Stamp, stamp: Stamp, usual: number): boolean =>
  Math.abs(stamp - before) <= usual / 10

/**
 * Of two neighbours with one timestamp, the one that lies further from an even step loses it, if there
 * is room for it on that side.
 */
function parted(stamps: Stamp[], usual: number): void {
  const far = (step: number): number => (Number.isNaN(step) ? usual : Math.abs(step - usual))
  for (let i = 1; i < stamps.length; i++) {
    const [before = NaN, stamp = NaN] = [stamps[i - 1], stamps[i]]
    if (!isRepeat(before, stamp, usual)) continue
    const [roomBefore, roomAfter] = [before - (stamps[i - 2] ?? NaN), (stamps[i + 1] ?? Infinity) - stamp]
    const isSecond = far(roomBefore) <= far(roomAfter)
    if (stamp <= before || (isSecond ? roomAfter : roomBefore) > 1.5 * usual)
      stamps[isSecond ? i : i - 1] = NaN
    if (isSecond) while (stamps[i + 1] === stamp) stamps[++i] = NaN
  }
}

/** A timestamp outside of its neighbours, which stand as if it were right between them, is lost. */
function unmixed(stamps: Stamp[], usual: number): void {
  for (let i = 1; i + 1 < stamps.length; i++) {
    const [before = NaN, stamp = NaN, after = NaN] = [stamps[i - 1], stamps[i], stamps[i + 1]]
    const isRoom = after - before > 1.5 * usual && after - before < 3 * usual
    if (isRoom && (stamp <= before || stamp >= after)) stamps[i] = NaN
  }
}

/** So many frames in a row may stand off an even rate and come back to it, and by so many steps. */
const longestWobble = 32
const widestWobble = 2.5

/**
 * Timestamps that leave an even rate and come back by a step that no clock makes: lost, as if there were none. At the end of a
 * recording it is enough that they leave it and keep to the rate.
 */
function unwobbled(stamps: Stamp[], usual: number): void {
  let [base, at, from] = [stamps[0] ?? NaN, 0, -1]
  let [level, isFalse, isLevel] = [0, false, true] // of the run that begins at `from`
  for (let i = 1; i < stamps.length; i++) {
    const stamp = stamps[i] ?? NaN
    if (Number.isNaN(stamp)) continue
    const off = stamp - (base + (i - at) * usual)
    const isStanding = stamp - (stamps[i - 1] ?? -Infinity) < usual / 4
    if (Math.abs(off) > usual / 4) {
      if (from < 0) [from, level, isFalse, isLevel] = [i, off, false, true]
      if (isStanding) isFalse = true
      if (Math.abs(off - level) > usual / 4) isLevel = false
      if (i - from < longestWobble && Math.abs(off) < widestWobble * usual) continue
    } else if (from >= 0 && (isFalse || isStanding)) stamps.fill(NaN, from, i)
    ;[base, at, from] = [stamp, i, -1]
  }
  if (from >= 0 && isLevel) stamps.fill(NaN, from)
}

/** Numbers of the longest run of rising timestamps: what does not fit in is wrong. */
function longestRise(stamps: readonly Stamp[]): number[] {
  const ends: number[] = [] // ends[n]: the timestamp with the smallest value that ends a run of n + 1
  const previous = new Int32Array(stamps.length).fill(-1)
  for (let i = 0; i < stamps.length; i++) {
    const stamp = stamps[i] ?? NaN
    if (Number.isNaN(stamp)) continue
    let [low, high] = [0, ends.length]
    while (low < high) {
      const middle = (low + high) >> 1
      if ((stamps[ends[middle] ?? 0] ?? 0) < stamp) low = middle + 1
      else high = middle
    }
    if (stamps[ends[low] ?? -1] === stamp) continue // the first of equals stays
    previous[i] = low === 0 ? -1 : (ends[low - 1] ?? -1)
    ends[low] = i
  }
  const run: number[] = []
  for (let i = ends.at(-1) ?? -1; i >= 0; i = previous[i] ?? -1) run.push(i)
  return run.reverse()
}

export interface Steadied {
  /** Rising, the first one 0, in ticks `fineness` times as fine as the timestamps. */
  ticks: number[]
  fineness: number
  /** Numbers of the frames whose timestamps were replaced. */
  replaced: number[]
  /** Numbers of the frames at which the clock goes over to another count. */
  restarts: number[]
}

/** Good timestamps of one count, and between them even steps. May give fractions. */
function evened(
  stamps: readonly Stamp[],
  usual: number,
  isEven: boolean,
): { times: number[]; replaced: number[] } {
  const asked = stamps.slice()
  if (isEven) unwobbled(asked, usual)
  parted(asked, usual)
  unmixed(asked, usual)
  const good = longestRise(asked)
  if (good.length === stamps.length) return { times: asked, replaced: [] }
  const times = new Array<number>(stamps.length)
  const replaced: number[] = []
  const first = good[0]
  if (first === undefined)
    return { times: stamps.map((_, i) => i * usual), replaced: stamps.map((_, i) => i) }
  for (let i = 0; i < first; i++) times[i] = (asked[first] ?? 0) - (first - i) * usual
  good.forEach((at, n) => {
    const next = good[n + 1]
    const [from, to] = [asked[at] ?? 0, next === undefined ? NaN : (asked[next] ?? 0)]
    const end = next ?? stamps.length
    times[at] = from
    for (let i = at + 1; i < end; i++)
      times[i] = next === undefined ? from + (i - at) * usual : from + ((to - from) * (i - at)) / (next - at)
  })
  const isGood = new Uint8Array(stamps.length)
  for (const i of good) isGood[i] = 1
  for (let i = 0; i < stamps.length; i++) if (isGood[i] === 0) replaced.push(i)
  return { times, replaced }
}

/** Finest division of a tick that wrong timestamps are worth. */
const finest = 64

/** Whole ticks for times that rise, as coarse as keeps them apart. */
function whole(times: readonly number[]): { ticks: number[]; fineness: number } {
  let least = Infinity
  for (let i = 1; i < times.length; i++) least = Math.min(least, (times[i] ?? 0) - (times[i - 1] ?? 0))
  let fineness = 1
  while (fineness < finest && least * fineness < 1) fineness *= 2
  const start = times[0] ?? 0
  let last = -1
  const ticks = times.map((time) => (last = Math.max(last + 1, Math.round((time - start) * fineness))))
  return { ticks, fineness }
}

/** So many pictures behind a leap at the end are none of a new count. */
const fewest = 3

/** A leap that only the last pictures follow is a wrong timestamp of theirs: there is nothing that goes on from it. */
function withoutLastLeap(stamps: readonly Stamp[], usual: number, { forward }: Leaps): readonly Stamp[] {
  const from = stamps.length - fewest
  const leap = stamps.findIndex(
    (stamp, i) => i >= Math.max(from, witnesses) && stamp - (stamps[i - 1] ?? NaN) > usual + forward,
  )
  return leap < 0 ? stamps : stamps.map((stamp, i) => (i < leap ? stamp : NaN))
}

/**
 * Timestamps as the decoder gives its frames -> a clock that rises, right wherever a timestamp was right. `isEven`: the stream has
 * one rate, and few frames bring a timestamp of their own: what stands off the rate for a moment was read wrong.
 */
export function steadied(asTold: readonly Stamp[], nominal: number, leaps: Leaps, isEven = false): Steadied {
  const usual = usualStep(asTold, nominal)
  const stamps = withoutLastLeap(asTold, usual, leaps)
  const restarts = setAnew(stamps, usual, discontinuities(stamps, usual, leaps))
  const repeats = stamps.some((stamp, i) => isRepeat(stamps[i - 1] ?? NaN, stamp, usual))
  if (restarts.length === 0 && isRising(stamps) && !repeats && !isEven) {
    const first = stamps[0] ?? 0
    return { ticks: stamps.map((stamp) => stamp - first), fineness: 1, replaced: [], restarts: [] }
  }
  const times: number[] = []
  const replaced: number[] = []
  let end = 0
  ;[0, ...restarts].forEach((from, n) => {
    const part = stamps.slice(from, restarts[n] ?? stamps.length)
    const step = usualStep(part, usual)
    const even = evened(part, step, isEven)
    const start = even.times[0] ?? 0
    for (const time of even.times) times.push(end + time - start)
    for (const i of even.replaced) replaced.push(from + i)
    end = (times.at(-1) ?? 0) + step
  })
  return { ...whole(times), replaced, restarts }
}
