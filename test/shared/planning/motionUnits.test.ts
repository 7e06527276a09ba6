import { expect, test } from 'vitest'
import type { ClipMotion } from '../../../electron/shared/document/motion.js'
import { type Clip, defaultEnhance } from '../../../electron/shared/document/project.js'
import { isRange } from '../../../electron/ffmpeg/reportLength.js'
import type { Timing } from '../../../electron/shared/media/timing.js'
import { laid } from '../../../electron/shared/planning/motion.js'
import { changesNothing } from '../../../electron/shared/planning/motionNotes.js'
import { type Plan, makePlan } from '../../../electron/shared/planning/plan.js'
import { keysBefore, shownCount } from '../../../electron/shared/planning/motionUnits.js'
import { sayIn } from '../../../electron/shared/words/sentences.js'
import { contract } from '../contracts.js'
import { source, table } from '../sources.js'
import { section, timing } from './timed.js'

const off = { ...defaultEnhance, isEnabled: false }
const clip = (motion: ClipMotion | undefined, over: Partial<Clip> = {}): Clip => ({
  ...{ id: 'c', sourceId: source().id, name: 'tape', from: 0, to: 1000, enhance: off, ...over },
  ...(motion ? { motion } : {}),
})
const audio = [{ index: 1, codec: 'aac', channels: 2, sampleRate: 48_000, roles: [] }]
const plan = (clips: Clip[], found: Timing = timing(1000)): Plan =>
  makePlan(clips, [{ source: { ...source(), audio }, table: table(1000), timing: found }], {
    [defaultEnhance.model]: { contract: contract() },
  })
const smooth: ClipMotion = { kind: 'smooth', rate: { num: 50, den: 1 } }
const slow: ClipMotion = { kind: 'slow', factor: 4, sound: 'stretched' }

test('units are cut where they always are; the gap behind the last frame of one belongs to it, and reaches into the next', () => {
  const { segments } = plan([clip(smooth)])
  expect(segments.map(({ from, to, motion }) => [from, to, motion?.from, motion?.to])).toEqual([
    [0, 250, 0, 251],
    [250, 500, 244, 501],
    [500, 750, 494, 751],
    [750, 1000, 744, 1000],
  ])
  const [, second] = segments
  expect(second?.motion?.shown[0]).toEqual({ key: 250, t: 0 })
  expect(second?.motion?.shown.at(-1)).toEqual({ key: 499, next: 500, t: 0.5 })
  // The first estimate is between 250 and 251: eight keys up to the later one.
  expect(second?.motion?.keys.slice(0, 9).indexOf(251)).toBe(keysBefore)
  expect(segments.map(shownCount)).toEqual([500, 500, 500, 500])
})

test('what is remembered ends at a cut', () => {
  const [, second] = plan([clip(smooth)], timing(1000, { cuts: [249] })).segments
  expect([second?.motion?.from, second?.motion?.cuts]).toEqual([249, [249]])
})

test('frames are the same, and seen the same, in one piece, in two and in seven', () => {
  const found = timing(1000, { sections: [section(0, 1000, { kind: 'repeats', unique: 16, of: 25 }, 3)] })
  const shownIn = (edges: number[]): unknown[] => {
    const clips = edges.slice(1).map((to, i) => clip(smooth, { id: `${i}`, from: edges[i]!, to }))
    return plan(clips, found).segments.flatMap(({ motion }) =>
      (motion?.shown ?? []).map((shown) => {
        const place = motion?.keys.indexOf(shown.next ?? -1) ?? -1
        const seen = motion?.keys.slice(Math.max(0, place - keysBefore), place + 1)
        return { shown, seen: shown.next === undefined ? [] : seen }
      }),
    )
  }
  const whole = shownIn([0, 1000])
  expect(shownIn([0, 433, 1000])).toEqual(whole)
  expect(shownIn([0, 11, 12, 250, 433, 700, 999, 1000])).toEqual(whole)
})

test('an enhanced unit is begun no earlier for its motion; what is remembered is what it warms up with', () => {
  const enhanced = { enhance: defaultEnhance }
  const bounds = (motion?: ClipMotion): unknown[] =>
    plan([clip(motion, enhanced)]).segments.map(({ warmFrom, from, to }) => [warmFrom, from, to])
  expect(bounds(smooth)).toEqual(bounds())
  const twos = timing(1000, { sections: [section(0, 1000, { kind: 'repeats', unique: 1, of: 4 })] })
  const [, second] = plan([clip(smooth, enhanced)], twos).segments
  expect(second?.warmFrom).toBe(234)
  expect(second?.motion?.keys[0]).toBeGreaterThanOrEqual(234)
  const [, free] = plan([clip(smooth)], twos).segments
  expect((free?.motion?.keys ?? []).filter((key) => key < 250).length).toBe(keysBefore - 1)
})

test('without estimates no frame is looked at that is not shown, and a unit that shows none is left out', () => {
  const found = timing(1000, { repeated: Array.from({ length: 600 }, (_, i) => 240 + i) })
  const { segments, frames, seconds } = plan([clip({ kind: 'unique' })], found)
  expect(segments.map(({ from, motion }) => [from, motion?.from, motion?.to, motion?.keys])).toEqual([
    [0, 0, 240, []],
    [750, 840, 1000, []],
  ])
  expect([frames, seconds, segments[0]?.endTicks]).toEqual([400, 40, 840 * 512])
})

test('times are exact for 60, 50 and 59.94 in a row, whatever stands around them', () => {
  const rates = [
    [60, 1],
    [50, 1],
    [60000, 1001],
  ] as const
  const clips = [
    clip(undefined, { to: 100 }),
    ...rates.map(([num, den]) => clip({ kind: 'smooth', rate: { num, den } }, { from: 200, to: 300 })),
  ]
  const { segments, timeBase, seconds } = plan(clips)
  expect(timeBase.num).toBe(1)
  const at = (i: number): number[] =>
    segments.filter(({ index }) => index === i).flatMap(({ ticks }) => ticks)
  for (const [i, [num, den]] of rates.entries()) {
    const steps = new Set(
      at(2 * i + 1)
        .slice(1)
        .map((tick, k) => tick - at(2 * i + 1)[k]!),
    )
    expect([...steps]).toEqual([(timeBase.den * den) / num])
  }
  expect(segments.at(-1)?.endTicks).toBe(Math.round(seconds * timeBase.den))
  segments.slice(1).forEach(({ ticks }, i) => expect(ticks[0]).toBe(segments[i]!.endTicks))
})

test('sound: as it is, stretched, silent, or as long as the frames last', () => {
  const heard = (motion: ClipMotion, over = {}): unknown => {
    const [range] = plan([clip(motion, { from: 250, to: 500, ...over })]).audio
    const rounded = [range?.fromSeconds, range?.toSeconds, range?.filmSeconds].map(
      (s) => s && Number(s.toFixed(9)),
    )
    return [...rounded, range?.isSilent]
  }
  expect(heard(smooth)).toEqual([10, 20, undefined, undefined])
  expect(heard(slow)).toEqual([10, 20, 40, undefined])
  expect(heard({ ...slow, sound: 'silent' })).toEqual([10, 20, 40, true])
  const tempo = (sound: 'kept' | 'stretched' | 'silent'): ClipMotion => ({
    ...{ kind: 'tempo', rate: { num: 20, den: 1 }, sound },
  })
  expect(heard(tempo('kept'))).toEqual([10, 22.5, undefined, undefined])
  expect(heard(tempo('stretched'))).toEqual([10, 20, 12.5, undefined])
  expect(heard(tempo('silent'))).toEqual([10, 20, 12.5, true])
})

test('what a person should know stands in the notes', () => {
  const keys = (motion: ClipMotion, found = timing(1000)): string[] =>
    (plan([clip(motion)], found).notes ?? []).map(({ key }) => key)
  expect(keys(smooth)).toEqual(['noteEstimated'])
  expect(keys(slow)).toEqual(['noteEstimated', 'noteOtherLength', 'noteSoundStretched'])
  expect(keys({ kind: 'repair' })).toEqual(['noteNothingToRepair'])
  expect(keys({ kind: 'unique' })).toEqual(['noteNoRepeats'])
  expect(keys({ kind: 'unique' }, timing(1000, { repeated: [3] }))).toEqual(['noteLeftOut'])
  const apart: ClipMotion = { kind: 'tempo', rate: { num: 20, den: 1 }, sound: 'kept' }
  expect(keys(apart)).toEqual(['noteNoRepeats', 'noteOtherLength', 'noteSoundApart'])
  expect(plan([clip(undefined)]).notes).toBeUndefined()
})

test('of a part of a source is said which part is spoken of', () => {
  const said = (motion: ClipMotion, over = {}): string[] =>
    (plan([clip(motion, over)]).notes ?? []).map((note) => sayIn('en', note))
  const part = { from: 250, to: 500 }
  expect(said(slow, part)).toHaveLength(3)
  for (const motion of [smooth, slow, { kind: 'repair' }, { kind: 'unique' }] as const) {
    for (const sentence of said(motion, part)) expect(sentence).toMatch(/"[^"]+" from 0:10\.0 to 0:20\.0/)
    for (const sentence of said(motion)) expect(sentence).toMatch(/"[^"]+"(?! from)/)
  }
})

test('a motion that shows every frame once, itself, at its own time changes nothing', () => {
  const changes = (motion: ClipMotion, found = timing(1000), over = {}): boolean => {
    const asked = { source: source(), table: table(1000), timing: found, from: 0, to: 1000, ...over }
    return !changesNothing(laid(motion, asked), asked)
  }
  const twice = timing(1000, { repeated: [600] })
  for (const kind of ['repair', 'unique'] as const) {
    expect([changes({ kind }), changes({ kind }, twice)]).toEqual([false, true])
    expect(changes({ kind }, twice, { to: 500 })).toBe(false)
  }
  const tempo = (rate: number | 'found'): ClipMotion => ({
    ...{ kind: 'tempo', rate: rate === 'found' ? rate : { num: rate, den: 1 }, sound: 'kept' },
  })
  expect([changes(tempo('found')), changes(tempo('found'), twice)]).toEqual([false, true])
  expect([changes(tempo(25)), changes(tempo(20)), changes(tempo(24))]).toEqual([false, true, true])
  const rate = (num: number): ClipMotion => ({ kind: 'smooth', rate: { num, den: 1 } })
  expect([changes(rate(25)), changes(rate(50)), changes(slow)]).toEqual([false, true, true])
})

test('a clip of all of its source is no part of it, though a whole unit shows nothing', () => {
  const still = Array.from({ length: 400 }, (_, i) => 240 + i)
  const { segments, ...rest } = plan([clip({ kind: 'unique' })], timing(1000, { repeated: still }))
  expect(segments.map(({ from }) => from)).not.toContain(250)
  expect(isRange({ segments, ...rest })).toBe(false)
  const part = clip({ kind: 'unique' }, { to: 900 })
  expect(isRange(plan([part], timing(1000, { repeated: still })))).toBe(true)
})

test('a motion that nobody looked at the source for is no plan', () => {
  expect(() => makePlan([clip(smooth)], [{ source: source(), table: table(1000) }])).toThrow(/not told how/)
})

test('a pause of two hours between two frames is one of them, shown often; one of days is refused in words', () => {
  const paused = (pauseSeconds: number): Plan => {
    const frames = table(3, [512, pauseSeconds * 12_800, 512])
    return makePlan([clip(smooth, { to: 3 })], [{ source: source(), table: frames, timing: timing(3) }])
  }
  const { segments, frames } = paused(7200)
  const [first] = segments
  expect(frames).toBe(360_004)
  expect([first?.motion?.from, segments.at(-1)?.motion?.to]).toEqual([0, 3])
  expect(() => paused(3 * 86_400)).toThrow(/12960004 frames .* 10000000 can be made/)
})

test('before an export it is told which clip is shown without something that is not known here', () => {
  const { notes } = plan([clip(undefined, { hasUnknown: true }), clip(undefined, { name: 'lake' })])
  expect(notes).toMatchObject([{ key: 'noteHasUnknown', values: { name: 'tape' } }])
})
