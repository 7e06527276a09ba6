import { expect, test } from 'vitest'
import type { ClipMotion } from '../../../electron/shared/document/motion.js'
import type { Timing } from '../../../electron/shared/media/timing.js'
import { repeatsIn } from '../../../electron/shared/media/timing.js'
import { filmFrames, filmedInFields } from '../../../electron/shared/planning/filmFrames.js'
import {
  type Laid,
  baseOfRate,
  filmedRate,
  laid,
  readingOf,
  usualRate,
} from '../../../electron/shared/planning/motion.js'
import { random } from '../random.js'
import { source, table } from '../sources.js'
import { section, timing } from './timed.js'

const repeats = (unique: number, of: number) => ({ kind: 'repeats' as const, unique, of })
const pulldown = { kind: 'pulldown' as const, fields: [2, 3], first: 'top' as const }
const smooth = (num: number, den = 1): ClipMotion => ({ kind: 'smooth', rate: { num, den } })
const tempo = (rate: number | 'found'): ClipMotion => ({
  ...{ kind: 'tempo', sound: 'kept' },
  rate: rate === 'found' ? rate : { num: rate, den: 1 },
})

/** A film of 25 per second by default, as it is laid out. */
function lay(
  motion: ClipMotion,
  found: Timing,
  { from = 0, to = found.frames, steps = [512], video = {} } = {},
): Laid {
  const isApart = 'fieldOrder' in video
  const frames = table(isApart ? 2 * found.frames : found.frames, steps)
  return laid(motion, {
    source: source('a', video),
    table: frames,
    timing: found,
    from,
    to: isApart ? 2 * to : to,
  })
}
/** "3" for a frame itself, "3>4 0.5" for an estimate. */
const words = ({ shown }: Laid): string[] =>
  shown.map(({ key, next, t }) => (next === undefined ? `${key}` : `${key}>${next} ${Number(t.toFixed(3))}`))

const isWhole = (seconds: number, { num, den }: { num: number; den: number }): boolean =>
  Math.abs((seconds * den) / num - Math.round((seconds * den) / num)) < 1e-6

test('16 stored as 25: the frames that do not repeat, at the sixteenths of a second at which they were filmed', () => {
  for (const phase of [0, 7, 24]) {
    const found = timing(250, { sections: [section(0, 250, repeats(16, 25), phase)] })
    const frames = filmFrames({ table: table(250), timing: found, fields: undefined })
    const again = new Set(repeatsIn(found))
    expect(frames.map(({ frame }) => frame)).toEqual(
      [...Array(250).keys()].filter((f) => f === 0 || !again.has(f)),
    )
    const steps = frames.slice(2).map(({ at }, i) => at - frames[i + 1]!.at)
    for (const step of steps) expect(step / 12800).toBeCloseTo(1 / 16, 9)
    for (const { frame, at } of frames) expect(Math.abs(frame * 512 - at)).toBeLessThanOrEqual(512)
  }
})

test('pulldown, taken apart: every frame of film once, by a field with its own kind on both sides where it has three', () => {
  const found = timing(10, { sections: [section(0, 10, pulldown)] })
  const frames = filmFrames({ table: table(20), timing: found, fields: 'top' })
  // A A | B B | B C | C D | D D, twice
  expect(frames.map(({ frame }) => frame)).toEqual([0, 3, 5, 8, 10, 13, 15, 18])
  expect(frames.map(({ at }) => at / 512)).toEqual([0, 2.5, 5, 7.5, 10, 12.5, 15, 17.5])
})

test('pulldown of frames that stay whole: what lies in two fields only is not shown, and counted', () => {
  const found = timing(10, { sections: [section(0, 10, pulldown)] })
  const reading = { table: table(10), timing: found, fields: undefined }
  expect(filmFrames(reading).map(({ frame }) => frame)).toEqual([0, 1, 4, 5, 6, 9])
  expect(filmedInFields(reading, 0, 10)).toBe(2)
  expect(filmedInFields(reading, 0, 4)).toBe(1)
  expect(filmedInFields({ ...reading, fields: 'top' }, 0, 10)).toBe(0)
})

test('the first frame of a shot is one of film, whatever its cadence says, and given twice is none', () => {
  const found = timing(50, { sections: [section(0, 50, repeats(16, 25))], cuts: [25], repeated: [30] })
  const frames = filmFrames({ table: table(50), timing: found, fields: undefined })
  expect(repeatsIn(found)).toContain(25)
  expect(frames).toContainEqual({ frame: 25, at: 25 * 512 })
  expect(frames.some(({ frame }) => frame === 30)).toBe(false)
  frames.slice(1).forEach(({ at }, i) => expect(at).toBeGreaterThan(frames[i]!.at))
})

test('duplicates left out: all others at their times, held for longer', () => {
  const film = lay({ kind: 'unique' }, timing(6, { repeated: [1, 4, 5] }))
  expect(words(film)).toEqual(['0', '2', '3'])
  expect([...film.seconds, film.endSeconds]).toEqual([0, 0.08, 0.12, 0.24])
})

test('a range that begins with a repeat shows it: nothing is dark', () => {
  expect(words(lay({ kind: 'unique' }, timing(6, { repeated: [1, 2] }), { from: 1 }))).toEqual([
    '1',
    '3',
    '4',
    '5',
  ])
  const all = timing(6, { repeated: [1, 2, 3, 4, 5] })
  const film = lay({ kind: 'unique' }, all, { from: 2 })
  expect([words(film), film.endSeconds]).toEqual([['2'], 0.16])
  expect(words(lay(tempo(16), all, { from: 2 }))).toEqual(['2'])
})

test('true tempo: evenly at the rate that was found, or at one that was asked for', () => {
  const found = timing(250, { sections: [section(0, 250, repeats(16, 25), 24)] })
  const film = lay(tempo('found'), found)
  expect(film.shown.length).toBe(160)
  film.seconds.forEach((second, i) => expect(second).toBeCloseTo(i / 16, 9))
  expect(film.endSeconds).toBeCloseTo(10, 9)
  for (const second of film.seconds) expect(isWhole(second, film.timeBase)).toBe(true)
  expect(lay(tempo(20), found).endSeconds).toBeCloseTo(8, 9)
  expect(filmedRate(found, source().video)).toEqual({ num: 16, den: 1 })
  expect(filmedRate(timing(9), source().video)).toBeUndefined()
})

test('true tempo of a film with two cadences: each part at its own', () => {
  const sections = [
    section(0, 100, repeats(16, 25), 24),
    section(100, 200, repeats(18, 25), 24),
    section(200, 250),
  ]
  const film = lay(tempo('found'), timing(250, { sections, cuts: [100, 200] }))
  const steps = [...film.seconds.slice(1), film.endSeconds].map((second, i) => second - film.seconds[i]!)
  expect(steps[10]).toBeCloseTo(1 / 16, 9)
  expect(steps[90]).toBeCloseTo(1 / 18, 9)
  expect(steps.at(-1)).toBeCloseTo(1 / 25, 9)
  expect(film.endSeconds).toBeCloseTo(10, 1)
})

test('25 to 50: every frame itself, and one estimate between each two; the last one holds', () => {
  const film = lay(smooth(50), timing(4))
  expect(words(film)).toEqual(['0', '0>1 0.5', '1', '1>2 0.5', '2', '2>3 0.5', '3', '3'])
  expect([film.seconds[1], film.endSeconds]).toEqual([0.02, 0.16])
})

test('16 stored as 25, shown at 48: three to each frame of film, at even thirds', () => {
  const found = timing(100, { sections: [section(0, 100, repeats(16, 25), 24)] })
  const ts = lay(smooth(48), found)
    .shown.slice(0, 180)
    .map(({ t }) => t)
  expect(new Set(ts.map((t) => t.toFixed(3)))).toEqual(new Set(['0.000', '0.333', '0.667']))
  expect(ts.filter((t) => t === 0).length).toBe(60)
})

test('times in whole milliseconds are near enough: frames are shown themselves', () => {
  const steps = Array.from(
    { length: 30 },
    (_, i) => Math.round(((i + 1) * 1001) / 30) - Math.round((i * 1001) / 30),
  )
  const film = laid(smooth(60000, 1001), {
    ...{ source: source('a', { isVariable: false }), from: 0, to: 300 },
    ...{ table: table(300, steps, 1000), timing: timing(300) },
  })
  const itself = film.shown.filter(({ t }) => t === 0)
  expect(itself.length).toBe(301) // the last one holds
  expect(new Set(itself.map(({ key }) => key)).size).toBe(300)
  expect(film.endSeconds).toBeCloseTo((600 * 1001) / 60000, 9)
})

test('nothing lies between two shots: the nearer frame is shown', () => {
  expect(words(lay(smooth(75), timing(4, { cuts: [2] })))).toEqual([
    ...['0', '0>1 0.333', '0>1 0.667', '1', '1', '2', '2', '2>3 0.333', '2>3 0.667', '3', '3', '3'],
  ])
})

test('a clip that ends at a cut shows nothing of the next shot; one that ends inside of a shot is estimated with what follows', () => {
  expect(words(lay(smooth(75), timing(4, { cuts: [2] }), { to: 2 })).at(-1)).toBe('1')
  expect(words(lay(smooth(75), timing(4), { to: 2 })).at(-1)).toBe('1>2 0.667')
})

test('200 random cuts: no estimate reaches across one, at whatever rate', () => {
  for (let seed = 1; seed <= 200; seed++) {
    const r = random(seed)
    const cut = r.whole(0, 39)
    const sections = [
      section(0, 40, r.whole(0, 1) === 0 ? repeats(16, 25) : { kind: 'whole' }, r.whole(0, 24)),
    ]
    const rate = r.whole(1, 240)
    const repeated = r.whole(0, 2) === 0 ? [r.whole(1, 39)] : []
    const found = timing(40, { sections, cuts: [cut], repeated })
    for (const motion of [
      smooth(rate),
      { kind: 'repair' as const },
      { kind: 'slow' as const, factor: 4 as const, sound: 'silent' as const },
    ]) {
      const { shown } = lay(motion, found)
      const across = shown.filter(({ key, next }) => next !== undefined && key < cut && next >= cut)
      expect(across).toEqual([])
      shown.slice(1).forEach(({ key }, i) => expect(key).toBeGreaterThanOrEqual(shown[i]!.key))
    }
  }
})

test('a picture that stands is not bent towards the next one; a variable rate is evened out', () => {
  const film = lay(smooth(25), timing(4), { steps: [512, 12800, 512, 1024] })
  expect(words(film).slice(0, 4)).toEqual(['0', '1', '1', '1'])
  expect(words(film).slice(25, 29)).toEqual(['1', '2', '3', '3'])
})

test('slow: the rate stays, the film is as many times as long, every frame is there', () => {
  const film = lay({ kind: 'slow', factor: 4, sound: 'silent' }, timing(3))
  expect(words(film)).toEqual([
    ...['0', '0>1 0.25', '0>1 0.5', '0>1 0.75', '1', '1>2 0.25', '1>2 0.5', '1>2 0.75', '2', '2', '2', '2'],
  ])
  expect([film.seconds[1], film.endSeconds]).toEqual([0.04, 0.48])
  expect(film.sound).toEqual({ from: 0, to: 0.12 })
})

test('slow: a clip that lacks frames is slowed at the rate that most of them keep to, not at their average', () => {
  const uneven = { steps: [512, 512, 1024, 512, 1536], video: { frameRate: { num: 125, den: 8 } } }
  const film = lay({ kind: 'slow', factor: 2, sound: 'silent' }, timing(20), uneven)
  expect([film.seconds[1], film.timeBase]).toEqual([0.04, { num: 1, den: 90_000 }])
  expect(words(film).slice(0, 8)).toEqual([
    ...['0', '0>1 0.5', '1', '1>2 0.5', '2', '2>3 0.25', '2>3 0.5', '2>3 0.75'],
  ])
})

test('another in point changes no frame, and the parts of a film are its whole', () => {
  const found = timing(100, { sections: [section(0, 100, repeats(18, 25), 3)], cuts: [61] })
  for (const motion of [
    smooth(60),
    smooth(60000, 1001),
    { kind: 'slow', factor: 8, sound: 'silent' } as const,
  ]) {
    const whole = lay(motion, found)
    for (const cut of [1, 33, 61, 99]) {
      const [left, right] = [lay(motion, found, { to: cut }), lay(motion, found, { from: cut })]
      expect([...words(left), ...words(right)]).toEqual(
        cut === 61 ? words(whole).map((w, i) => (i < left.shown.length ? words(left)[i] : w)) : words(whole),
      )
      expect(left.endSeconds + right.endSeconds).toBeCloseTo(whole.endSeconds, 9)
      expect(left.sound.to).toBe(right.sound.from)
    }
  }
})

test('repair: frames given twice and torn ones are estimated at their own times, missing ones come in between', () => {
  const found = timing(8, { repeated: [2], torn: [4, 5], lost: [{ after: 6, missing: 2 }] })
  const film = lay({ kind: 'repair' }, found, { steps: [512, 512, 512, 512, 512, 512, 1536, 512] })
  expect(words(film)).toEqual([
    ...['0', '1', '1>3 0.5', '3', '3>6 0.333', '3>6 0.667', '6', '6>7 0.333', '6>7 0.667', '7'],
  ])
  expect(film.seconds.map((s) => Math.round(s * 25))).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9])
})

test('repair at the ends and over a cut: the nearest good frame; all bad: as it is', () => {
  expect(words(lay({ kind: 'repair' }, timing(5, { torn: [0, 4] })))).toEqual(['1', '1', '2', '3', '3'])
  const cut = timing(6, { torn: [2, 3], cuts: [3], lost: [{ after: 2, missing: 1 }] })
  expect(words(lay({ kind: 'repair' }, cut))).toEqual(['0', '1', '1', '4', '4', '5'])
  expect(words(lay({ kind: 'repair' }, timing(2, { torn: [0, 1] })))).toEqual(['0', '1'])
})

test('fields taken apart: what was found of a stored frame holds for both of its fields', () => {
  const video = { fieldOrder: 'tff' as const }
  const film = lay({ kind: 'repair' }, timing(4, { repeated: [1], cuts: [3] }), { video, steps: [256] })
  expect(words(film)).toEqual(['0', '1', '1>4 0.333', '1>4 0.667', '4', '5', '6', '7'])
  expect(
    lay({ kind: 'slow', factor: 2, sound: 'silent' }, timing(4), { video, steps: [256] }).seconds[1],
  ).toBe(0.02)
})

test('one frame, two frames, all equal, a cut at the first and the last one: every motion has a film', () => {
  const motions: ClipMotion[] = [
    ...[
      { kind: 'unique' } as const,
      tempo('found'),
      tempo(16),
      smooth(60),
      smooth(1),
      { kind: 'repair' } as const,
    ],
    { kind: 'slow', factor: 8, sound: 'stretched' },
  ]
  for (const motion of motions)
    for (const found of [
      ...[
        timing(1),
        timing(2),
        timing(2, { repeated: [1] }),
        timing(9, { repeated: [1, 2, 3, 4, 5, 6, 7, 8] }),
      ],
      ...[timing(9, { cuts: [0] }), timing(9, { cuts: [8] }), timing(1, { torn: [0] })],
    ]) {
      const film = lay(motion, found)
      expect(film.shown.length).toBeGreaterThan(0)
      expect([film.shown[0]!.key, film.seconds[0]]).toEqual([0, 0])
      expect(film.endSeconds).toBeGreaterThan(film.seconds.at(-1)!)
      for (const seconds of [...film.seconds, film.endSeconds])
        expect(isWhole(seconds, film.timeBase)).toBe(true)
    }
})

test('rates: bases in which they are whole, the usual one for an average, and what no screen shows', () => {
  for (const [num, den] of [
    [60, 1],
    [50, 1],
    [60000, 1001],
    [24000, 1001],
    [16, 1],
    [18, 1],
    [7, 3],
  ] as const)
    for (let frame = 0; frame < 200; frame++)
      expect(isWhole((frame * den) / num, baseOfRate({ num, den }))).toBe(true)
  expect([usualRate({ num: 2997, den: 100 }), usualRate({ num: 5949, den: 400 })]).toEqual([
    ...[
      { num: 30000, den: 1001 },
      { num: 15000, den: 1001 },
    ],
  ])
  for (const rate of [smooth(1000), smooth(1, 2), tempo(241)])
    expect(() => lay(rate, timing(4))).toThrow(/cannot be made/)
  expect(usualRate({ num: 1, den: 2 })).toEqual({ num: 1, den: 2 })
  expect(() => lay(smooth(1000, 1001), timing(4))).toThrow(/^0\.999 frames/)
  expect(() => lay(smooth(1, 1_000_000_000), timing(4))).toThrow(/^<0\.001 frames/)
})

test('a source that has other frames than those that were looked at is not timed by them', () => {
  expect(() => readingOf({ source: source(), table: table(5), timing: timing(4) })).toThrow(/looked at/)
})
