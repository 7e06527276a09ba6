// The window's edits, in frames of sources, over documents of exact time: counted, and of known and uneven times.
import { expect, test } from 'vitest'
import { Project, emptyProject } from '../../electron/shared/document/document.js'
import { settle } from '../../electron/shared/document/edits/media.js'
import { parseDocument } from '../../electron/shared/document/formats/read.js'
import { KnownTimes, cutListOf } from '../../electron/shared/document/cutList.js'
import { timesByTable } from '../../electron/shared/document/frames.js'
import { ClipMotion, speedOf } from '../../electron/shared/document/motion.js'
import { SourceReference, defaultEnhance } from '../../electron/shared/document/project.js'
import { problemsOf } from '../../electron/shared/document/problems.js'
import { addSource } from '../../renderer/commands/addSource.js'
import { chooseFilm } from '../../renderer/commands/chooseFilm.js'
import { Command } from '../../renderer/commands/command.js'
import { moveClip } from '../../renderer/commands/moveClip.js'
import { removeClip } from '../../renderer/commands/removeClip.js'
import { reread } from '../../renderer/commands/reread.js'
import { setEnhance } from '../../renderer/commands/setEnhance.js'
import { setMotion } from '../../renderer/commands/setMotion.js'
import { splitClip } from '../../renderer/commands/splitClip.js'
import { TrimRange, trimClip } from '../../renderer/commands/trimClip.js'
import { random } from '../shared/random.js'
import { table } from '../shared/sources.js'

const lengths = [200, 30, 1, 500]
const reference = (n: number, frames = lengths[n]!): SourceReference => ({
  ...{ id: String(n).padStart(16, '0'), path: `/videos/${n}.mp4`, name: `${n}.mp4`, frames },
})
const uneven: KnownTimes = Object.fromEntries(
  lengths.map((frames, n) => [reference(n).id, timesByTable(table(frames, [33, 34, 33, 250, 1], 1000))]),
)

const edited = (document: Project, known: KnownTimes, ...commands: Command[]): Project =>
  commands.reduce((before, { apply }) => apply(before, known), document)
const film = (known: KnownTimes, ...sources: SourceReference[]): Project =>
  edited(emptyProject, known, ...sources.map((source, i) => addSource(source, `c${i}`, defaultEnhance)))
const ranges = (document: Project, known: KnownTimes = {}): [string, number, number][] =>
  cutListOf(document, known).clips.map((c) => [c.id, c.from, c.to])

test.each([
  ['counted', {}],
  ['of known times', uneven],
])('frames stay frames, %s', (_, known) => {
  const before = film(known, reference(0), reference(1))
  const after = (...commands: Command[]) => ranges(edited(before, known, ...commands), known)
  expect(ranges(before, known)).toEqual([
    ['c0', 0, 200],
    ['c1', 0, 30],
  ])
  expect(after(splitClip('c0', 40, 'new'))).toEqual([
    ['c0', 0, 40],
    ['new', 40, 200],
    ['c1', 0, 30],
  ])
  for (const at of [0, 200, 500]) expect(splitClip('c0', at, 'new').apply(before, known)).toBe(before)
  const trimmed = (...trims: TrimRange[]) => after(...trims.map((range) => trimClip('c0', range)))[0]
  expect(trimmed({ from: 250 })).toEqual(['c0', 199, 200])
  expect(trimmed({ to: 0 })).toEqual(['c0', 0, 1])
  expect(trimmed({ from: 60, to: 30 })).toEqual(['c0', 29, 30])
  expect(trimmed({ to: 50 }, { from: 120 })).toEqual(['c0', 120, 121])
  expect(trimmed({ from: 150 }, { from: 10, to: 20 })).toEqual(['c0', 10, 20])
  expect(after(moveClip('c1', 0)).map(([id]) => id)).toEqual(['c1', 'c0'])
  for (const command of [trimClip('c0', { from: 0 }), setEnhance('c0', { scale: 2 }), moveClip('c1', 7)])
    expect(command.apply(before, known)).toBe(before)
})

test('a source that no clip shows leaves with its clip; one that is shown twice is listed once', () => {
  const twice = edited(film({}, reference(0)), {}, addSource(reference(0), 'again', defaultEnhance))
  expect(twice.media).toHaveLength(1)
  expect(edited(twice, {}, removeClip('c0')).media).toHaveLength(1)
  expect(edited(twice, {}, removeClip('c0'), removeClip('again'))).toEqual(emptyProject)
})

test('settings are each clip’s own; what a person has not set is not there', () => {
  const before = film({}, reference(0), reference(1))
  const after = edited(before, {}, setEnhance('c1', { scale: 4, strength: 0.5 }))
  expect(cutListOf(after, {}).clips.map(({ enhance }) => enhance)).toEqual([
    defaultEnhance,
    { ...defaultEnhance, scale: 4, strength: 0.5 },
  ])
  expect(edited(after, {}, setEnhance('c1', { scale: 2, strength: undefined }))).toEqual(before)
  expect(
    cutListOf(edited(after, {}, setEnhance('c1', { isEnabled: false })), {}).clips[1]?.enhance,
  ).toMatchObject({
    ...{ isEnabled: false, scale: 4, strength: 0.5 },
  })
})

test('a clip is the same object as long as nothing of it is another', () => {
  const before = film({}, reference(0), reference(1))
  const [first, second] = cutListOf(before, {}).clips
  const after = cutListOf(edited(before, {}, setEnhance('c1', { scale: 4 })), {}).clips
  expect(after[0]).toBe(first)
  expect(after[1]).not.toBe(second)
})

const told = { ...reference(0, 100), id: 'a'.repeat(32) }
const apart = { ...told, id: `${told.id}f1`, frames: 200, fields: 'tff' as const }
const other = { ...reference(1, 70), id: 'b'.repeat(32) }
const readings: KnownTimes = {
  [told.id]: timesByTable(table(100)),
  [apart.id]: timesByTable(table(200, 256)),
  [other.id]: timesByTable(table(70)),
}
const twoSources = (known: KnownTimes): Project =>
  edited(
    ...([emptyProject, known] as const),
    addSource(told, 'first', defaultEnhance),
    trimClip('first', { from: 11, to: 99 }),
    splitClip('first', 40, 'second'),
    addSource(other, 'other', defaultEnhance),
  )

test.each([
  ['counted', {}],
  ['of known times', readings],
])('clips of a source that is read otherwise keep their moments, and come back: %s', (_, known) => {
  const before = twoSources(known)
  const after = edited(before, known, reread(told.id, apart))
  expect(cutListOf(after, known).sources).toEqual([apart, other])
  expect(ranges(after, known)).toEqual([
    ['first', 22, 80],
    ['second', 80, 198],
    ['other', 0, 70],
  ])
  expect(edited(after, known, reread(apart.id, told))).toEqual(before)
  expect(parseDocument(JSON.stringify(after))).toEqual({ state: 'ok', project: after, format: 3 })
  // A clip of a single field becomes one frame.
  const single = edited(after, known, trimClip('second', { from: 199, to: 200 }), reread(apart.id, told))
  expect(ranges(single, known)[1]).toEqual(['second', 99, 100])
  const both = edited(after, known, addSource(told, 'again', defaultEnhance), reread(told.id, apart))
  expect(both.media.map(({ id }) => id).sort()).toEqual([apart.id, other.id])
  expect(reread('c'.repeat(32), apart).apply(before, known)).toBe(before)
})

test('another film for one clip: all of it, or the same moments as far as it reaches', () => {
  const before = twoSources(readings)
  const third = { ...reference(2, 60), id: 'd'.repeat(32), track: 2 }
  const choose = (id: string) =>
    edited(
      before,
      readings,
      chooseFilm(id, third, (frame) => frame * 2),
    )
  expect(ranges(choose('other'), readings)[2]).toEqual(['other', 0, 60])
  expect(cutListOf(choose('other'), readings).sources.map(({ id, track }) => [id, track])).toEqual([
    [told.id, undefined],
    [third.id, 2],
  ])
  expect(ranges(choose('first'), readings)[0]).toEqual(['first', 22, 60])
  expect(ranges(choose('second'), readings)[1]).toEqual(['second', 59, 60])
  expect(chooseFilm('first', told, (frame) => frame).apply(before, readings)).toBe(before)
})

function randomCommand(seed: number): (document: Project, step: number) => Command {
  const r = random(seed)
  return (document, step) => {
    const { clips } = cutListOf(document, {})
    const id = clips.length > 0 ? r.pick(clips).id : 'none'
    const makes: (() => Command)[] = [
      () => addSource(reference(r.whole(0, 3)), `n${step}`, defaultEnhance),
      () => trimClip(id, { from: r.whole(0, 600) }),
      () => trimClip(id, { to: r.whole(0, 600) }),
      () => trimClip(id, { from: r.whole(0, 600), to: r.whole(0, 600) }),
      () => splitClip(id, r.whole(0, 600), `n${step}`),
      () => moveClip(id, r.whole(0, clips.length)),
      () => setEnhance(id, { scale: r.pick([1, 2, 4] as const) }),
      () => removeClip(id),
    ]
    return r.pick(makes)()
  }
}

test.each([1, 2, 3, 2026])(
  'the same random edits over counted frames and over real times give the same frames (seed %i)',
  (seed) => {
    const [a, b] = [randomCommand(seed), randomCommand(seed)]
    let [counted, real] = [film({}, reference(0)), film(uneven, reference(0))]
    for (let step = 0; step < 200; step++) {
      counted = a(counted, step).apply(counted, {})
      real = b(real, step).apply(real, uneven)
      expect(ranges(real, uneven)).toEqual(ranges(counted))
      expect([...problemsOf(counted), ...problemsOf(real)]).toEqual([])
    }
    // And when the tables of what was counted are read, it is the document of real times.
    const settled = Object.entries(uneven).reduce(
      (before, [id, times]) => settle(id, times!)(before),
      counted,
    )
    expect(settled).toEqual(real)
  },
)

const slow: ClipMotion = { kind: 'slow', factor: 8, sound: 'silent' }
const tempo: ClipMotion = { kind: 'tempo', rate: { num: 12, den: 1 }, sound: 'kept' }

test.each([
  ['slow', slow, speedOf(slow)],
  ['faster', tempo, { num: 9, den: 8 }],
  ['at an odd rate', tempo, speedOf(tempo, { num: 16000, den: 1001 })],
] as const)('trims and cuts of a clip at another speed keep their frames: %s', (_, motion, speed) => {
  const r = random(7)
  let plain = film(uneven, reference(0), reference(1))
  let sped = edited(plain, uneven, setMotion('c0', motion, speed))
  for (let step = 0; step < 100; step++) {
    const { clips } = cutListOf(plain, uneven)
    const id = r.pick(clips).id
    const command = r.pick([
      () => trimClip(id, { from: r.whole(0, 200) }),
      () => trimClip(id, { to: r.whole(0, 200) }),
      () => splitClip(id, r.whole(0, 200), `n${step}`),
    ])()
    ;[plain, sped] = [command.apply(plain, uneven), command.apply(sped, uneven)]
    expect(ranges(sped, uneven)).toEqual(ranges(plain, uneven))
    expect(problemsOf(sped)).toEqual([])
  }
})

const odd = speedOf(tempo, { num: 16000, den: 1001 })

/** Of the film: when each clip begins and ends, and how long its frames take as they were filmed. */
function laidOutIn(document: Project): { at: number; end: number; filmed: number; speed: number }[] {
  const shown = new Map(cutListOf(document, uneven).clips.map((clip) => [clip.id, clip]))
  return (document.sequences[0]?.tracks[0]?.items ?? []).map(({ id, at, duration, speed }) => {
    const { sourceId, from, to } = shown.get(id)!
    const { timeOf } = uneven[sourceId]!
    return {
      ...{ at, end: at + duration, filmed: timeOf(to) - timeOf(from) },
      speed: speed ? speed.num / speed.den : 1,
    }
  })
}

test.each([5, 11, 2027])(
  'whatever is done to clips of speeds of their own, none loses a frame and no gap comes up (seed %i)',
  (seed) => {
    const r = random(seed)
    let plain = film(uneven, reference(0), reference(1), reference(0)) // the first one twice
    let sped = plain
    for (let step = 0; step < 150; step++) {
      const { clips } = cutListOf(plain, uneven)
      if (clips.length === 0) break
      const { id } = r.pick(clips)
      if (r.whole(0, 3) === 0) {
        const [motion, speed] = r.pick([
          [slow, speedOf(slow)],
          [tempo, odd],
          [{ kind: 'repair' } satisfies ClipMotion, undefined],
          [undefined, undefined],
        ] as const)
        sped = setMotion(id, motion, speed).apply(sped, uneven)
      } else {
        const command = r.pick([
          () => addSource(reference(r.whole(0, 3)), `n${step}`, defaultEnhance),
          () => trimClip(id, { from: r.whole(0, 200) }),
          () => trimClip(id, { to: r.whole(1, 200) }),
          () => splitClip(id, r.whole(0, 200), `n${step}`),
          () => moveClip(id, r.whole(0, clips.length)),
          () => setEnhance(id, { scale: r.pick([1, 2] as const) }),
          () => (clips.length > 2 ? removeClip(id) : moveClip(id, 0)),
        ])()
        ;[plain, sped] = [command.apply(plain, uneven), command.apply(sped, uneven)]
      }
      expect(ranges(sped, uneven)).toEqual(ranges(plain, uneven))
      expect(problemsOf(sped)).toEqual([])
      let end = 0
      for (const clip of laidOutIn(sped)) {
        expect(clip.at).toBe(end)
        expect(Math.abs((clip.end - clip.at) * clip.speed - clip.filmed)).toBeLessThan(64) // ticks
        end = clip.end
      }
    }
  },
)

test('a slowed clip keeps its motion where it is split, moved and trimmed; the same film put in again has none', () => {
  const motions = (document: Project) => cutListOf(document, uneven).clips.map((c) => [c.id, c.motion?.kind])
  let document = film(uneven, reference(0), reference(1), reference(0))
  const commands = [
    setMotion('c0', slow, speedOf(slow)),
    splitClip('c0', 80, 'tail'),
    moveClip('tail', 3),
    trimClip('tail', { to: 120 }),
  ]
  for (const command of commands) document = command.apply(document, uneven)
  expect(motions(document)).toEqual([
    ['c0', 'slow'],
    ['c1', undefined],
    ['c2', undefined],
    ['tail', 'slow'],
  ])
  // One part as filmed again: the other one stays slow.
  document = setMotion('tail', undefined, undefined).apply(document, uneven)
  expect(motions(document).map(([, motion]) => motion)).toEqual(['slow', undefined, undefined, undefined])
  expect(ranges(document, uneven)).toEqual([
    ['c0', 0, 80],
    ['c1', 0, 30],
    ['c2', 0, 200],
    ['tail', 80, 120],
  ])
})

test('the fields of a slowed clip read otherwise: the same moments, as slow as before', () => {
  const twice = { ...reference(0, 400), id: '0'.repeat(15) + 'f' }
  const fields = timesByTable(table(400, [33, 33, 34, 34, 33, 33, 250, 250, 1, 1], 2000))
  const known = { ...uneven, [twice.id]: fields }
  const before = edited(
    film(known, reference(0)),
    known,
    trimClip('c0', { to: 100 }),
    setMotion('c0', slow, speedOf(slow)),
  )
  const after = reread(reference(0).id, twice).apply(before, known)
  const [item, was] = [after, before].map(({ sequences }) => sequences[0]?.tracks[0]?.items[0])
  expect(item).toMatchObject({ at: was!.at, duration: was!.duration, speed: was!.speed! })
  expect(cutListOf(after, known).clips[0]).toMatchObject({ from: 0, to: 200, motion: slow })
})

test.each([slow, tempo])(
  'a clip that was slowed before its file was read is then as it would be had it been read before',
  (motion) => {
    const speed = speedOf(motion, { num: 16000, den: 1001 })
    const commands = [
      trimClip('c0', { from: 3, to: 150 }),
      setMotion('c0', motion, speed),
      splitClip('c0', 60, 'tail'),
    ]
    const [counted, real] = [{}, uneven].map((known) =>
      edited(film(known, reference(0), reference(1)), known, ...commands),
    )
    const settled = [reference(0), reference(1)].reduce(
      (before, { id }) => settle(id, uneven[id]!)(before),
      counted!,
    )
    expect(ranges(settled, uneven)).toEqual(ranges(real!, uneven))
    expect(laidOutIn(settled).map(({ end }) => Math.round(end / 64))).toEqual(
      laidOutIn(real!).map(({ end }) => Math.round(end / 64)),
    )
    expect(problemsOf(settled)).toEqual([])
  },
)
