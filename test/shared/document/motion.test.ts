import { expect, test } from 'vitest'
import { cutListOf, enhanceOf, motionIn, recipeOf } from '../../../electron/shared/document/cutList.js'
import type { Project } from '../../../electron/shared/document/document.js'
import { setMotion, withAskedSpeeds } from '../../../electron/shared/document/edits/motion.js'
import { split } from '../../../electron/shared/document/edits/split.js'
import { timesByRate } from '../../../electron/shared/document/frames.js'
import { ClipMotion, speedOf } from '../../../electron/shared/document/motion.js'
import { problemsOf } from '../../../electron/shared/document/problems.js'
import { Ratio } from '../../../electron/shared/media/rational.js'
import { defaultEnhance } from '../../../electron/shared/document/project.js'
import { timeOfCount } from '../../../electron/shared/document/time.js'
import { frozen, item, itemsOf, media, project, ranges, track } from './kit.js'

const ntscFilm = { num: 24000, den: 1001 }
const slow: ClipMotion = { kind: 'slow', factor: 4, sound: 'stretched' }
const every: ClipMotion[] = [
  { kind: 'unique' },
  { kind: 'tempo', rate: 'found', sound: 'kept' },
  { kind: 'tempo', rate: { num: 18, den: 1 }, sound: 'silent' },
  { kind: 'smooth', rate: { num: 60000, den: 1001 } },
  slow,
  { kind: 'repair' },
]

test('every motion is a second step of a recipe and comes back from it; switched off it is none', () => {
  for (const motion of every) {
    const content = recipeOf(defaultEnhance, motion)
    const recipe = { ...content, id: 'r' }
    expect([enhanceOf(recipe), motionIn(recipe)]).toEqual([defaultEnhance, motion])
    const steps = content.steps.map((step, i) => ({ ...step, isOn: i === 0 }))
    expect(motionIn({ ...recipe, steps })).toBeUndefined()
  }
  expect(motionIn({ ...recipeOf(defaultEnhance), id: 'r' })).toBeUndefined()
})

test('a step that is not known today switches the recipe off, not the document', () => {
  const { steps, device } = recipeOf(defaultEnhance, slow)
  const later = (model: string, settings: object) => ({
    ...{ id: 'r', device },
    steps: [...steps.slice(0, 1), { model, isOn: true, settings: { ...settings } }],
  })
  expect(motionIn(later('heirloom-motion', { kind: 'backwards' }))).toBeUndefined()
  expect(enhanceOf(later('heirloom-motion', { kind: 'backwards' }))).toEqual(defaultEnhance)
  expect(enhanceOf(later('stabilise', {})).isEnabled).toBe(false)
})

test('speed: by the factor, or by the rate that was filmed; else none', () => {
  const filmed = { num: 16, den: 1 }
  expect(every.map((motion) => speedOf(motion, filmed))).toEqual([
    ...[undefined, undefined, { num: 9, den: 8 }],
    ...[undefined, { num: 1, den: 4 }, undefined],
  ])
  expect(speedOf({ kind: 'tempo', rate: filmed, sound: 'kept' }, filmed)).toBeUndefined()
})

test('a speed is one that a document may hold, whatever the rates are', () => {
  const speed = speedOf({ kind: 'tempo', rate: { num: 17983123, den: 1000000 }, sound: 'kept' }, ntscFilm)
  expect(Ratio.safeParse(speed).success).toBe(true)
  expect((speed?.num ?? 0) / (speed?.den ?? 1)).toBeCloseTo((17.983123 * 1001) / 24000, 8)
  const least = speedOf({ kind: 'tempo', rate: { num: 1, den: 1e9 }, sound: 'kept' }, ntscFilm)
  expect(Ratio.safeParse(least).success).toBe(true)
})

const linked = (): Project =>
  frozen(
    project(
      [media('m', 200)],
      track('v', [item('a', 'm', [0, 100, 20], { link: '1' }), item('b', 'm', [100, 50])]),
      track('s', [item('as', 'm', [0, 100, 20], { link: '1' })], 'audio'),
      track('music', [item('song', 'm', [0, 150])], 'audio'),
    ),
  )

test('slow: four times as long with its sound, the next one moves, music stays; and back again', () => {
  const after = setMotion('a', slow, speedOf(slow))(linked())
  expect(ranges(after)).toEqual([
    [
      ['a', 0, 400, 20],
      ['b', 400, 450, 0],
    ],
    [['as', 0, 400, 20]],
    [['song', 0, 150, 0]],
  ])
  expect(problemsOf(after)).toEqual([])
  expect(cutListOf(after, {}).clips.map(({ motion }) => motion)).toEqual([slow, undefined])
  const back = setMotion('a', undefined, undefined)(after)
  expect(ranges(back)).toEqual(ranges(linked()))
  expect(itemsOf(back).every(({ speed }) => speed === undefined)).toBe(true)
})

test('whatever the speed, the frames of a clip stay its frames, also of its parts', () => {
  const rate = { num: 30000, den: 1001 }
  const duration = timeOfCount(rate, 300)
  const film = media('m', duration, { facts: { duration, frames: 300 }, countedAt: rate })
  const times = timesByRate(rate, 300)
  for (const [from, to] of [
    [0, 300],
    [7, 101],
    [299, 300],
  ] as const)
    for (const speed of [{ num: 1, den: 8 }, { num: 9, den: 8 }, { num: 15000, den: 1001 }, undefined]) {
      const length = times.timeOf(to) - times.timeOf(from)
      let document = project([film], track('v', [item('a', 'm', [0, length, times.timeOf(from)])]))
      for (let i = 0; i < 3; i++)
        for (const next of [{ num: 1001, den: 997 }, speed])
          document = setMotion('a', { kind: 'repair' }, next)(document)
      const clips = (): [number, number][] => cutListOf(document, {}).clips.map((c) => [c.from, c.to])
      expect(problemsOf(document)).toEqual([])
      expect(clips()).toEqual([[from, to]])
      if (to - from === 1) continue
      const middle = Math.floor((from + to) / 2)
      const ahead = times.timeOf(middle) - times.timeOf(from)
      const at = speed ? Math.round((ahead * speed.den) / speed.num) : ahead
      document = split('a', at, 'z')(document)
      expect(clips()).toEqual([
        [from, middle],
        [middle, to],
      ])
      document = setMotion('z', undefined, undefined)(document)
      expect(clips()[1]).toEqual([middle, to])
    }
})

test('a clip that would grow too long for a film stays as it is', () => {
  const hours = 900 * 3600 * 705_600_000
  const before = frozen(project([media('m', hours)], track('v', [item('a', 'm', [0, hours])])))
  expect(setMotion('a', slow, speedOf(slow))(before)).toBe(before)
})

test('an item that plays otherwise than its recipe asks plays as that does, what is behind moves, and it is named; else nothing changes', () => {
  const recipes = [
    { ...recipeOf(defaultEnhance, slow), id: 'slow' },
    { ...recipeOf(defaultEnhance, { kind: 'smooth', rate: { num: 50, den: 1 } }), id: 'smooth' },
    { ...recipeOf(defaultEnhance, { kind: 'tempo', rate: { num: 12, den: 1 }, sound: 'kept' }), id: 'tempo' },
    { ...recipeOf(defaultEnhance), steps: [{ model: 'stabilise', isOn: true, settings: {} }], id: 'later' },
  ]
  const items = (speeds: Partial<Record<string, { num: number; den: number }>>) =>
    ['slow', 'smooth', 'tempo', 'later', 'none'].map((id, i) => {
      const speed = speeds[id]
      return item(id, 'm', [i * 100, 40], {
        ...(id === 'none' ? {} : { recipe: id }),
        ...(speed ? { speed } : {}),
      })
    })
  const made = (speeds: Parameters<typeof items>[0]): Project =>
    frozen({ ...project([media('m', 2000)], track('v', items(speeds))), recipes })
  const half = { num: 1, den: 2 }
  const quarter = { num: 1, den: 4 }
  const whole = made({ slow: quarter, tempo: half, later: half })
  expect(withAskedSpeeds(whole, {})).toEqual({ project: whole, names: [] })
  expect(withAskedSpeeds(whole, {}).project).toBe(whole)

  const { project: mended, names } = withAskedSpeeds(made({ smooth: half, tempo: half, none: quarter }), {})
  expect(names).toEqual(['m.mp4'])
  expect(itemsOf(mended).map(({ speed }) => speed)).toEqual([quarter, undefined, half, undefined, undefined])
  expect(ranges(mended)[0]).toEqual([
    ['slow', 0, 160, 0],
    ['smooth', 220, 240, 0],
    ...[
      ['tempo', 300, 340, 0],
      ['later', 400, 440, 0],
      ['none', 500, 510, 0],
    ],
  ])
  expect(problemsOf(mended)).toEqual([])

  const known = withAskedSpeeds(made({ slow: quarter, tempo: half }), { m: { num: 16, den: 1 } })
  expect(known.names).toEqual(['m.mp4'])
  expect(itemsOf(known.project)[2]?.speed).toEqual({ num: 3, den: 4 })
})
