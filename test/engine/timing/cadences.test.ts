// Cadences, from the changes of made fields: every one at a drawn phase is found as a whole, films without any give none, and edits are kept apart.
import { describe, expect, test } from 'vitest'
import { cadencesAt, repeatedFrames, sectionsOf } from '../../../electron/engine/timing/cadences.js'
import type { FieldChange } from '../../../electron/engine/timing/changes.js'
import { cutsOf } from '../../../electron/engine/timing/cuts.js'
import { type Evidence, evidenceOf } from '../../../electron/engine/timing/evidence.js'
import { type Cadence, filmedShare, repeatsIn, stepsOf } from '../../../electron/shared/media/timing.js'

/** Numbers in [0, 1) that hang on the seed alone. */
function drawn(seed: number): () => number {
  let state = seed
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0
    return state / 2 ** 32
  }
}

interface Made {
  cadence: Cadence
  phase: number
  frames: number
}

/** Changes of both fields: movement that comes and goes by a factor of five, and noise of a twentieth of it. */
function film(parts: readonly Made[], seed: number): { top: Evidence; bottom: Evidence } {
  const next = drawn(seed)
  const [top, bottom]: [FieldChange[], FieldChange[]] = [[], []]
  for (const { cadence, phase, frames } of parts) {
    const steps = stepsOf(cadence)
    for (let n = 0; n < frames; n++) {
      const moved = 20 * Math.exp(0.8 * (next() + next() - 1))
      const change = (isNew: boolean | undefined): FieldChange => {
        const noise = 1 + 0.2 * next()
        return { fine: (isNew ? moved : 0) + noise, coarse: ((isNew ? moved : 0) + noise) / 4 }
      }
      const step = steps[(phase + n) % steps.length]
      top.push(change(step?.top))
      bottom.push(change(step?.bottom))
    }
  }
  return { top: evidenceOf(top), bottom: evidenceOf(bottom) }
}

const nameOf = (cadence: Cadence): string => JSON.stringify(cadence)
const rates = [25, 30000 / 1001, 50]
const cases = rates.flatMap((rate) => cadencesAt(rate).map((cadence) => ({ rate, cadence })))

test.each(cases.map((one) => ({ ...one, name: nameOf(one.cadence) })))(
  '$name at $rate is found, with its phase',
  ({ rate, cadence }) => {
    const phase = 3 % stepsOf(cadence).length
    const [section, ...others] = sectionsOf(film([{ cadence, phase, frames: 500 }], 7), rate)
    expect(others).toEqual([])
    expect(section).toMatchObject({ from: 0, to: 500, cadence, phase })
  },
)

test('films of which every frame is new have no cadence, whatever moves in them', () => {
  for (let seed = 1; seed <= 40; seed++) {
    const seen = film([{ cadence: { kind: 'whole' }, phase: 0, frames: 200 }], seed)
    const sections = sectionsOf(seen, 25)
    expect(sections.map(({ cadence }) => cadence.kind)).toEqual(['whole'])
    expect(repeatedFrames(seen, sections)).toEqual([])
  }
})

test.each([4, 5, 6])('one frame of %i left out makes the others no repeats', (turn) => {
  const next = drawn(turn)
  const changes = Array.from({ length: 200 }, (_, n): FieldChange => {
    const moved = 20 * (n % turn === 1 ? 2.5 : 1) * Math.exp(0.1 * (next() + next() - 1))
    return { fine: moved + 1, coarse: moved / 4 + 1 }
  })
  const seen = { top: evidenceOf(changes), bottom: evidenceOf(changes) }
  for (const rate of [24, 25, 50]) {
    const sections = sectionsOf(seen, rate)
    expect(sections).toMatchObject([{ from: 0, to: 200, cadence: { kind: 'whole' } }])
    expect(repeatedFrames(seen, sections)).toEqual([])
  }
})

test('behind an edit the cadence begins anew', () => {
  const cadence: Cadence = { kind: 'repeats', unique: 16, of: 25 }
  const sections = sectionsOf(
    film(
      [
        { cadence, phase: 0, frames: 120 },
        { cadence, phase: 3, frames: 120 },
      ],
      3,
    ),
    25,
  )
  expect(sections.map((section) => section.cadence)).toEqual([cadence, cadence])
  expect(Math.abs((sections[0]?.to ?? 0) - 120)).toBeLessThanOrEqual(2) // phases agree in some frames
})

test('stills in the middle keep the cadence', () => {
  const cadence: Cadence = { kind: 'pulldown', fields: [2, 3], first: 'top' }
  const { top, bottom } = film([{ cadence, phase: 1, frames: 200 }], 5)
  for (const { odds } of [top, bottom]) odds.fill(0, 60, 140)
  const sections = sectionsOf({ top, bottom }, 30)
  expect(sections).toHaveLength(1)
  expect(sections[0]).toMatchObject({ cadence, phase: 1 })
  expect(sections[0]?.seen).toBeLessThan(0.65)
})

test('a single frame shown twice is told by its place', () => {
  const whole: Cadence = { kind: 'whole' }
  const twice: Cadence = { kind: 'repeats', unique: 1, of: 2 }
  const seen = film(
    [
      { cadence: whole, phase: 0, frames: 80 },
      { cadence: twice, phase: 0, frames: 1 },
      { cadence: whole, phase: 0, frames: 80 },
    ],
    11,
  )
  const sections = sectionsOf(seen, 25)
  expect(repeatedFrames(seen, sections)).toEqual([80])
  expect(repeatsIn({ sections, repeated: [{ start: 80, steps: [] }] })).toEqual([80])
})

test.each([2, 3, 4])('a frame that is held for %d more is told by its place', (held) => {
  const whole: Cadence = { kind: 'whole' }
  const seen = film([{ cadence: whole, phase: 0, frames: 160 }], 11)
  for (const field of [seen.top, seen.bottom]) {
    field.dip.fill(0, 79, 81 + held).fill(3, 80, 80 + held)
    field.odds.fill(2, 80, 80 + held)
  }
  const frames = Array.from({ length: held }, (_, n) => 80 + n)
  expect(repeatedFrames(seen, sectionsOf(seen, 25))).toEqual(frames)
})

describe('what cadences are', () => {
  test('2:3 by fields', () => {
    const steps = stepsOf({ kind: 'pulldown', fields: [2, 3], first: 'top' })
    expect(steps.map(({ top, bottom }) => [top, bottom].map(Number).join(''))).toEqual([
      ...['11', '11', '01', '11', '10'],
    ])
  })

  test('shares that were filmed', () => {
    expect(filmedShare({ kind: 'pulldown', fields: [2, 3], first: 'top' })).toBe(0.8)
    expect(filmedShare({ kind: 'repeats', unique: 16, of: 25 })).toBe(0.64)
  })

  test('16 of 25 shows nine frames again', () => {
    const cadence: Cadence = { kind: 'repeats', unique: 16, of: 25 }
    const section = { from: 0, to: 25, cadence, phase: 0, seen: 1 }
    const repeats = repeatsIn({ sections: [section], repeated: [] })
    // The turn begins with a frame that the last one's end may have shown already.
    expect(stepsOf(cadence).filter(({ top }) => !top)).toHaveLength(9)
    expect(repeats.length).toBeGreaterThanOrEqual(8)
  })
})

describe('cuts', () => {
  const calm = (length: number): number[] => Array<number>(length).fill(1)
  test('a jump to another picture', () => {
    const one = [...calm(20), 40, ...calm(20)]
    const three = [...calm(20), 40, 40, 40, ...calm(18)]
    expect(cutsOf({ one, three })).toEqual([20])
  })
  test('none where every second frame is shown again, up to the end', () => {
    const one = Array.from({ length: 41 }, (_, n) => (n % 2 === 0 ? 7 : 0))
    expect(cutsOf({ one, three: one.map(() => 12) })).toEqual([])
  })
  test.each([1, 2, 39, 40])('a cut at frame %d of 41', (at) => {
    const one = calm(41).map((far, n) => (n === at ? 40 : far))
    const three = one.map((_, n) => (n >= at && n < at + 3 && n > 2 ? 40 : 3))
    expect(cutsOf({ one, three })).toEqual([at])
  })
  test('a flash is none', () => {
    const one = [...calm(20), 40, 40, ...calm(20)]
    const three = [...calm(20), 40, 40, 2, ...calm(19)]
    expect(cutsOf({ one, three })).toEqual([])
  })
  test('wild movement is none', () => {
    expect(cutsOf({ one: Array<number>(40).fill(20), three: Array<number>(40).fill(30) })).toEqual([])
  })
})
