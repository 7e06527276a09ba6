import { frameCount, ticksIn } from '../../../electron/shared/media/frameTable.js'
import { expect, test } from 'vitest'
import {
  commonTimeBase,
  gridOf,
  makePlan,
  unitRanges,
  unitSeconds,
} from '../../../electron/shared/planning/plan.js'
import { type Clip, defaultEnhance } from '../../../electron/shared/document/project.js'
import type { ModelTime } from '../../../electron/shared/document/modelContract.js'
import { random } from '../random.js'
import { contract, planModels } from '../contracts.js'
import { source, table } from '../sources.js'

const { warmup, lookahead } = contract().time

const clip = (over: Partial<Clip> = {}): Clip => ({
  id: 'c',
  sourceId: source().id,
  name: 'tape',
  from: 0,
  to: 100,
  enhance: defaultEnhance,
  ...over,
})
const known = (
  frames = 1000,
  step: number | number[] = 512,
): { source: ReturnType<typeof source>; table: ReturnType<typeof table> }[] => [
  { source: source(), table: table(frames, step) },
]
const codeOf = (work: () => unknown): unknown => {
  try {
    work()
  } catch (error) {
    return (error as { code?: unknown }).code
  }
  return undefined
}

test('a clip inside of one unit is one segment, warmed up with frames from before it and looking at those after it', () => {
  const plan = makePlan([clip({ from: 100, to: 150 })], known(), planModels)
  expect(plan.segments.map(({ warmFrom, from, to, lookTo }) => [warmFrom, from, to, lookTo])).toEqual([
    [100 - warmup, 100, 150, 150 + lookahead],
  ])
  expect(plan.frames).toBe(50)
  expect(plan.seconds).toBeCloseTo(2)
})

test('what a model states decides how much is decoded around a clip, and at which frames that may begin', () => {
  const seen = (time: Partial<ModelTime>): number[] => {
    const models = { [defaultEnhance.model]: { contract: contract(time) } }
    const [one] = makePlan([clip({ from: 100, to: 150 })], known(), models).segments
    return [one!.warmFrom, one!.lookTo]
  }
  expect(seen({})).toEqual([84, 158])
  expect(seen({ warmup: 0, lookahead: 0 })).toEqual([100, 150])
  expect(seen({ warmup: 5, lookahead: 1 })).toEqual([95, 151])
  expect(seen({ warmup: 5, alignment: 8 })).toEqual([88, 158])
  expect(seen({ warmup: 1000, lookahead: 1000 })).toEqual([0, 1000])
})

test('frames that pass through ask for no model; an enhanced clip whose model nobody named is refused', () => {
  const off = { ...defaultEnhance, isEnabled: false }
  const [one] = makePlan([clip({ from: 100, to: 150, enhance: off })], known()).segments
  expect([one!.warmFrom, one!.lookTo]).toEqual([84, 150])
  expect(codeOf(() => makePlan([clip()], known()))).toBe('internal')
})

test('there is nothing to warm up with before the first frame', () => {
  expect(makePlan([clip({ from: 3, to: 9 })], known(), planModels).segments[0]?.warmFrom).toBe(0)
})

test('a source is cut into units of about the usual length, none shorter than half of it', () => {
  for (const frames of [1, 7, 374, 376, 1000, 4499]) {
    const grid = gridOf(table(frames))
    expect([grid[0], grid.at(-1)]).toEqual([0, frames])
    const lengths = grid.slice(1).map((cut, i) => cut - grid[i]!)
    expect(Math.min(...lengths)).toBeGreaterThanOrEqual(Math.min(frames, (25 * unitSeconds) / 2))
    expect(Math.max(...lengths)).toBeLessThanOrEqual(25 * unitSeconds * 1.5)
  }
})

test('moving an in or out point moves no boundary: only the first and the last unit are other ones', () => {
  const cuts = (from: number, to: number): [number, number][] =>
    makePlan([clip({ from, to })], known(), planModels).segments.map((s) => [s.from, s.to])
  expect(cuts(0, 1000)).toEqual([
    [0, 250],
    [250, 500],
    [500, 750],
    [750, 1000],
  ])
  expect(cuts(1, 999)).toEqual([
    [1, 250],
    [250, 500],
    [500, 750],
    [750, 999],
  ])
  expect(cuts(250, 750)).toEqual([
    [250, 500],
    [500, 750],
  ])
})

test.each(Array.from({ length: 20 }, (_, seed) => seed + 1))(
  'ranges on a grid follow each other without a gap, whole but for the first and the last (seed %i)',
  (seed) => {
    const r = random(seed)
    const grid = gridOf(table(r.whole(1, 3000), [r.whole(1, 900), r.whole(1, 900)]))
    const from = r.whole(0, grid.at(-1)! - 1)
    const to = r.whole(from + 1, grid.at(-1)!)
    const ranges = unitRanges(grid, from, to).map(({ range }) => range)
    expect([ranges[0]!.from, ranges.at(-1)!.to]).toEqual([from, to])
    ranges.slice(1).forEach((range, i) => expect(range.from).toBe(ranges[i]!.to))
    for (const range of ranges.slice(1, -1)) expect(grid.indexOf(range.to) - grid.indexOf(range.from)).toBe(1)
  },
)

test('the output starts at 0 and keeps every timestamp of a varying rate', () => {
  const steps = [512, 300, 900]
  const plan = makePlan([clip({ from: 10, to: 40 })], known(1000, steps), planModels)
  const ticks = ticksIn(known(1000, steps)[0]!.table)
  expect(plan.segments.flatMap((s) => s.ticks)).toEqual(ticks.slice(10, 40).map((tick) => tick - ticks[10]!))
})

test('sizes: enlarged when enhancement is on, as shown when it is off, pixels made square', () => {
  const wide = {
    source: source('a', { width: 720, height: 576, sampleAspect: { num: 16, den: 15 } }),
    table: table(50),
  }
  const on = makePlan([clip({ to: 50 })], [wide], planModels)
  const off = makePlan(
    [clip({ to: 50, enhance: { ...defaultEnhance, isEnabled: false } })],
    [wide],
    planModels,
  )
  expect([on.width, on.height]).toEqual([1536, 1152])
  expect([off.width, off.height]).toEqual([768, 576])
})

test('refuses an empty film, an empty range and an unknown source', () => {
  expect(codeOf(() => makePlan([], known(), planModels))).toBe('empty-range')
  expect(codeOf(() => makePlan([clip({ from: 5, to: 5 })], known(), planModels))).toBe('empty-range')
  expect(codeOf(() => makePlan([clip({ from: 2000, to: 3000 })], known(), planModels))).toBe('empty-range')
  expect(codeOf(() => makePlan([clip({ sourceId: 'f'.repeat(16) })], known(), planModels))).toBe('not-found')
})

test('the film has the size of its first clip after its recipe, or the one that is asked for, even', () => {
  const small = { source: source('b', { width: 320, height: 240 }), table: table(100) }
  const clips = [clip(), clip({ id: 'd', sourceId: small.source.id, fit: 'fill' })]
  const plan = makePlan(clips, [...known(), small], planModels)
  expect([plan.width, plan.height]).toEqual([1280, 960])
  expect(plan.segments.map(({ output, fit }) => [output.width, fit])).toEqual([
    [1280, 'fit'],
    [640, 'fill'],
  ])
  const sized = makePlan(clips, [...known(), small], planModels, { width: 1921, height: 1079 })
  expect([sized.width, sized.height]).toEqual([1922, 1080])
})

test('frames of every rate have a time of their own: a common time base where the first is too coarse', () => {
  const base = (den: number, num = 1): { num: number; den: number } => ({ num, den })
  expect(commonTimeBase([base(25), base(25)])).toEqual(base(25))
  expect(commonTimeBase([base(50), base(25)])).toEqual(base(50))
  expect(commonTimeBase([base(25), base(15360)])).toEqual(base(76800))
  expect(commonTimeBase([base(30000, 1001), base(1000)])).toEqual(base(30000))
  expect(commonTimeBase([base(12800), base(15360)])).toEqual(base(12800))
  expect(commonTimeBase([base(25), base(1000003), base(999983)])).toEqual(base(90000))
  const mixed = [base(1000), base(12288), base(90000)]
  expect(commonTimeBase(mixed)).toEqual(base(23_040_000))
  expect(commonTimeBase(mixed, () => 98)).toEqual(base(90000)) // more ticks than 31 bits
  const ntsc = { source: source('b'), table: table(90, 1001, 30000) }
  const tape = { source: source('a'), table: table(50, 1, 50) }
  const plan = makePlan(
    [clip({ to: 50 }), clip({ id: 'd', sourceId: ntsc.source.id, to: 90 })],
    [tape, ntsc],
    planModels,
  )
  const ticks = plan.segments.flatMap((segment) => segment.ticks)
  expect(new Set(ticks).size).toBe(140)
  const seconds = ticks.map((tick) => (tick * plan.timeBase.num) / plan.timeBase.den)
  for (let n = 0; n < 90; n++) expect(seconds[50 + n]).toBeCloseTo(1 + (n * 1001) / 30000, 9)
})

test.each(Array.from({ length: 40 }, (_, seed) => seed + 1))(
  'whatever the clips, every frame is there once, in time (seed %i)',
  (seed) => {
    const r = random(seed)
    const sources = ['a', 'b'].map((id) => ({
      source: source(id),
      table: table(
        r.whole(1, 1500),
        Array.from({ length: r.whole(1, 5) }, () => r.whole(1, 2000)),
        r.pick([12800, 30000, 90000]),
      ),
    }))
    const clips = Array.from({ length: r.whole(1, 5) }, (_, i) => {
      const picked = r.pick(sources)
      const from = r.whole(0, frameCount(picked.table) - 1)
      return clip({
        id: `c${i}`,
        sourceId: picked.source.id,
        from,
        to: r.whole(from + 1, frameCount(picked.table)),
      })
    })
    const plan = makePlan(clips, sources, planModels)
    const frames = clips.reduce((sum, c) => sum + c.to - c.from, 0)
    expect(plan.frames).toBe(frames)
    expect(plan.segments.map((s) => s.index)).toEqual(plan.segments.map((_, i) => i))
    const delivered = plan.segments.flatMap((s) =>
      Array.from({ length: s.to - s.from }, (_, i) => `${s.source.id} ${s.from + i}`),
    )
    expect(delivered).toEqual(
      clips.flatMap((c) => Array.from({ length: c.to - c.from }, (_, i) => `${c.sourceId} ${c.from + i}`)),
    )
    for (const s of plan.segments) {
      expect(s.ticks.length).toBe(s.to - s.from)
      expect(s.from - s.warmFrom).toBe(Math.min(warmup, s.from))
      expect(s.lookTo).toBeGreaterThanOrEqual(s.to)
    }
    const ends = plan.segments.map((s) => s.endTicks)
    const starts = plan.segments.map((s) => s.ticks[0]!)
    // Where one segment ends the next begins; other time bases round by less than one tick.
    for (let i = 1; i < starts.length; i++) expect(Math.abs(starts[i]! - ends[i - 1]!)).toBeLessThanOrEqual(1)
    const tick = plan.timeBase.num / plan.timeBase.den
    expect(Math.abs(ends.at(-1)! * tick - plan.seconds)).toBeLessThanOrEqual(2 * tick)
    const seconds = plan.audio.reduce((sum, a) => sum + a.toSeconds - a.fromSeconds, 0)
    expect(seconds).toBeCloseTo(plan.seconds, 6)
  },
)
