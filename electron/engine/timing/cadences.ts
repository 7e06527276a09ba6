// Which cadence a film follows, and where it begins anew: Viterbi's path over all cadences at all phases. A cadence holds through stills, where nothing is
// seen, and a new one must explain enough frames to pay for the change.
import { type Cadence, type CadenceSection, type Step, stepsOf } from '../../shared/media/timing.js'
import type { Evidence } from './evidence.js'

/** Frames a second that films were made with, and cameras with a slow processor, and those that they are stored at; 24000/1001 counts as 24. */
const filmRates = [10, 12, 12.5, 15, 16, 18, 20, 24, 25, 30]
const storedRates = [15, 20, 24, 25, 30, 48, 50, 60]
/** Stored frames to a turn of a cadence. */
const longestTurn = 25
const pulldowns = [[2, 3], [2, 3, 3, 2], [3], [3, 3, 4]]

/** Log odds that a cadence is there at all, and that it changes at a frame. */
const startCost = 20
const changeCost = 25
/** Of a frame shown again outside of any cadence both fields are so sure, in log odds, and change by so many logarithms less than what moves. */
const [sure, alone] = [1.8, 1.4]
/** ... and to be told as one, it changed by so much less. Under it nearly as many are slow movement as repeats. */
const replaced = 2.2
/** So many in a row at most: what is held longer may as well stand still. */
const longestHold = 4

const whole: Cadence = { kind: 'whole' }

/** Of a film that was stored at a lower rate than its own, one step in so many is as long as two (30 as 24, 30 as 25 and 60 as 50, 7 as 6): the others look like repeats beside it. */
const leftOut = [4, 5, 6]
/** By twice as far a frame changes by at most so many logarithms more: the square of it, and what a picture has of one kind. */
const mostOfTwo = 1.6
/** Where both explain a frame a repeat is the likelier. */
const leftOutShare = 0.9

const greatestDivisor = (a: number, b: number): number => (b === 0 ? a : greatestDivisor(b, a % b))

function repeatsFrom(film: number, stored: number): Cadence[] {
  const divisor = greatestDivisor(2 * film, 2 * stored)
  const [unique, of] = [(2 * film) / divisor, (2 * stored) / divisor]
  return film < stored && of <= longestTurn ? [{ kind: 'repeats', unique, of }] : []
}

/** Those that lead from a rate of film to `rate`, stored frames a second; every frame new comes first. */
export function cadencesAt(rate: number): Cadence[] {
  const stored = storedRates.find((one) => Math.abs(rate / one - 1) < 0.01) ?? Math.round(rate)
  const repeats = filmRates.flatMap((film) => repeatsFrom(film, stored))
  if (stored === 25) for (const unique of [1, 2]) repeats.push({ kind: 'repeats', unique, of: 3 })
  const fields = pulldowns.flatMap((fields): Cadence[] =>
    (['top', 'bottom'] as const).map((first) => ({ kind: 'pulldown', fields, first })),
  )
  return [whole, ...repeats, ...fields]
}

/** A cadence at one of its frames. */
interface State {
  cadence: Cadence
  phase: number
  step: Step
  /** Every frame is new, and this one beside a longer step. */
  isShort: boolean
  /** State of the next frame. */
  next: number
}

function statesOf(cadences: readonly Cadence[]): State[] {
  const states: State[] = []
  for (const cadence of cadences) {
    const [first, steps] = [states.length, stepsOf(cadence)]
    for (const [phase, step] of steps.entries())
      states.push({ cadence, phase, step, isShort: false, next: first + ((phase + 1) % steps.length) })
  }
  const [step] = stepsOf(whole)
  for (const turn of leftOut) {
    const first = states.length
    for (let at = 0; step && at < turn; at++)
      states.push({ cadence: whole, phase: 0, step, isShort: at > 0, next: first + ((at + 1) % turn) })
  }
  return states
}

/** Both fields of a film. */
export interface FilmEvidence {
  top: Evidence
  bottom: Evidence
}

/** Of the field that changed less plainly. */
const dipAt = ({ top, bottom }: FilmEvidence, at: number): number =>
  Math.min(top.dip[at] ?? Infinity, bottom.dip[at] ?? Infinity)

/** Whether a frame shows the one before once more though what is around moves: it alone, or a few that do. */
function isAlone(film: FilmEvidence, frame: number): boolean {
  const { top, bottom } = film
  const dip = (at: number): number => dipAt(film, at)
  const odds = (at: number): number => Math.min(top.odds[at] ?? 0, bottom.odds[at] ?? 0)
  const isAgain = (at: number): boolean => odds(at) > sure && dip(at) > alone
  const moves = (at: number): boolean => dip(at) < Math.min(0.8, dip(frame) / 2)
  if (!isAgain(frame)) return false
  let [from, to] = [frame, frame + 1]
  while (to - from <= longestHold && isAgain(from - 1)) from--
  while (to - from <= longestHold && isAgain(to)) to++
  return from > 1 && to - from <= longestHold && moves(from - 1) && moves(to)
}

/** What a state gains by a frame: half of what either field says. */
function gainOf(film: FilmEvidence, frame: number, { cadence, step, isShort }: State): number {
  const [top, bottom] = [(film.top.odds[frame] ?? 0) / 2, (film.bottom.odds[frame] ?? 0) / 2]
  if (isShort) {
    const dip = Math.max(film.top.dip[frame] ?? 0, film.bottom.dip[frame] ?? 0)
    return dip < mostOfTwo ? leftOutShare * Math.max(0, top + bottom) : -(top + bottom)
  }
  const gain = (step.top ? -top : top) + (step.bottom ? -bottom : bottom)
  return cadence.kind === 'whole' && gain < 0 && isAlone(film, frame) ? 0 : gain
}

const best = (scores: Float64Array): number =>
  scores.reduce((at, score, i) => (score > (scores[at] ?? 0) ? i : at), 0)

/** The states of all frames that agree best with what is seen. */
function pathOf(film: FilmEvidence, states: readonly State[]): Uint16Array {
  const frames = film.top.odds.length
  const previous = new Uint16Array(states.length)
  for (const [at, { next }] of states.entries()) previous[next] = at
  const jumped = new Uint8Array(frames * states.length)
  const leaders = new Uint16Array(frames)
  let scores = Float64Array.from(states, (_, at) => (at === 0 ? 0 : -startCost))
  for (let frame = 1; frame < frames; frame++) {
    const leader = best(scores)
    const jump = (scores[leader] ?? 0) - changeCost
    leaders[frame] = leader
    const following = new Float64Array(states.length)
    for (const [at, state] of states.entries()) {
      const own = scores[previous[at] ?? 0] ?? 0
      if (own < jump) jumped[frame * states.length + at] = 1
      following[at] = Math.max(own, jump) + gainOf(film, frame, state)
    }
    scores = following
  }
  const path = new Uint16Array(frames)
  for (let frame = frames - 1, at = best(scores); frame >= 0; frame--) {
    path[frame] = at
    at = jumped[frame * states.length + at] ? (leaders[frame] ?? 0) : (previous[at] ?? 0)
  }
  return path
}

/** `rate`: stored frames a second. */
export function sectionsOf(film: FilmEvidence, rate: number): CadenceSection[] {
  const states = statesOf(cadencesAt(rate))
  const path = pathOf(film, states)
  const sections: (CadenceSection & { agreeing: number })[] = []
  for (const [frame, at] of path.entries()) {
    const state = states[at]
    if (!state) continue
    const section = sections.at(-1)
    const isStillWhole = state.cadence === whole && section?.cadence === whole
    const goesOn = isStillWhole || (frame > 0 && states[path[frame - 1] ?? 0]?.next === at)
    const agrees = gainOf(film, frame, state) > 0 ? 1 : 0
    if (section && goesOn) {
      section.to = frame + 1
      section.agreeing += agrees
    } else
      sections.push({
        ...{ from: frame, to: frame + 1, cadence: state.cadence, phase: state.phase },
        ...{ seen: 0, agreeing: agrees },
      })
  }
  return sections.map(({ agreeing, ...section }) => ({
    ...section,
    seen: agreeing / (section.to - section.from),
  }))
}

/** Frames of stretches without a cadence that show the one before once more. They are left out or replaced, so each is asked for more than may explain a cadence. */
export function repeatedFrames(film: FilmEvidence, sections: readonly CadenceSection[]): number[] {
  const frames: number[] = []
  const isPlain = (frame: number): boolean => dipAt(film, frame) > replaced
  for (const { from, to, cadence } of sections)
    for (let frame = from; cadence.kind === 'whole' && frame < to; frame++)
      if (isPlain(frame) && isAlone(film, frame)) frames.push(frame)
  return frames
}
