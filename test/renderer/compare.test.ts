// Which picture counts as the enhanced one of a frame: ready, not ready, stale; and where playing and previews begin and end.
import { expect, test } from 'vitest'
import { JobState } from '../../electron/shared/contract/job.js'
import { recipeOf } from '../../electron/shared/document/recipeKey.js'
import { EnhanceSettings, defaultEnhance } from '../../electron/shared/document/project.js'
import {
  coveredRanges,
  isRendered,
  playRange,
  previewRange,
  renderedOf,
} from '../../renderer/stores/compare.js'

const sourceId = '0123456789abcdef'
const models = [{ id: 'heirloom-s', hash: 'abc' }]
const recipe = recipeOf(defaultEnhance, models)

const preview = (id: string, from: number, to: number, done: number, change: Partial<JobState> = {}) =>
  ({
    id,
    kind: 'preview',
    name: 'film',
    state: done === to - from ? 'done' : 'running',
    framesDone: done,
    framesTotal: to - from,
    framesPerSecond: 5,
    speed: 0.2,
    elapsedMs: 1000,
    notes: [],
    preview: { sourceId, from, to, width: 1280, height: 960, recipe: recipe ?? '' },
    ...change,
  }) satisfies JobState

const of = (...jobs: JobState[]) => renderedOf(jobs, undefined, sourceId, recipe)
const withSettings = (job: JobState, change: Partial<EnhanceSettings>) =>
  renderedOf([job], undefined, sourceId, recipeOf({ ...defaultEnhance, ...change }, models))

test('a frame is ready only when its own picture is', () => {
  const jobs = of(preview('p', 100, 160, 20))
  expect([99, 100, 119, 120].map((frame) => isRendered(jobs, frame))).toEqual([false, true, true, false])
})

test('pictures of other settings or another source are stale and never shown', () => {
  const job = preview('p', 0, 10, 10)
  expect(withSettings(job, {})).toHaveLength(1)
  for (const change of [
    { scale: 4 as const },
    { model: 'other' },
    { isEnabled: false },
    { device: 'cuda:0 fp8' },
  ])
    expect(withSettings(job, change)).toEqual([])
  expect(renderedOf([job], undefined, 'fedcba9876543210', recipe)).toEqual([])
})

test('the device that did the work does not make a preview stale, another file of the model does', () => {
  const job = preview('p', 0, 10, 10)
  expect(withSettings(job, { device: 'cuda:0' })).toHaveLength(1)
  const other = recipeOf(defaultEnhance, [{ id: 'heirloom-s', hash: 'other' }])
  expect(renderedOf([job], undefined, sourceId, other)).toEqual([])
})

test('what was rendered at another time is there too, of the same settings only', () => {
  const coverage = {
    sourceId,
    recipe: recipe ?? '',
    pictures: [{ from: 5, to: 20 }],
    kept: [{ from: 0, to: 300 }],
    unsure: [],
  }
  const found = renderedOf([preview('p', 100, 160, 20)], coverage, sourceId, recipe)
  expect([4, 5, 19, 20, 110].map((frame) => isRendered(found, frame))).toEqual([
    false,
    true,
    true,
    false,
    true,
  ])
  expect(coveredRanges(found)).toContainEqual({ from: 5, to: 20, state: 'ready' })
  expect(renderedOf([], { ...coverage, recipe: 'other' }, sourceId, recipe)).toEqual([])
})

test('exports and proxies are no previews', () => {
  expect(of(preview('e', 0, 10, 10, { kind: 'export' }))).toEqual([])
})

test('where two previews overlap what either has is there', () => {
  const jobs = of(preview('old', 0, 60, 60), preview('new', 30, 90, 5))
  expect([32, 40, 70].map((frame) => isRendered(jobs, frame))).toEqual([true, true, false])
})

test('a stopped preview keeps the pictures it made', () => {
  const jobs = of(preview('p', 0, 60, 12, { state: 'cancelled' }))
  expect(isRendered(jobs, 11)).toBe(true)
  expect(coveredRanges(jobs)).toEqual([{ from: 0, to: 12, state: 'ready' }])
})

test('the bar shows what is ready and what is being made', () => {
  expect(coveredRanges(of(preview('p', 10, 70, 24)))).toEqual([
    { from: 10, to: 34, state: 'ready' },
    { from: 34, to: 70, state: 'working' },
  ])
  expect(coveredRanges(of(preview('p', 10, 70, 60)))).toEqual([{ from: 10, to: 70, state: 'ready' }])
})

test('more pictures than the preview has are not believed', () => {
  expect(isRendered(of(preview('p', 0, 10, 25)), 12)).toBe(false)
})

test('playing stays inside a finished preview, else inside the clip, and goes round only when that is wished', () => {
  const clip = { from: 50, to: 300 }
  const frames = 400
  const rendered = of(preview('done', 100, 160, 60), preview('half', 200, 260, 10))
  const at = (playhead: number, isLooping = false) =>
    playRange({ playhead, clip, frames, isLooping, rendered })
  expect(at(120)).toEqual({ from: 100, to: 160, isLoop: false })
  expect(at(120, true)).toEqual({ from: 100, to: 160, isLoop: true })
  expect(at(205)).toEqual({ from: 50, to: 300, isLoop: false })
  expect(at(205, true)).toEqual({ from: 50, to: 300, isLoop: true })
  expect(at(20)).toEqual({ from: 0, to: 400, isLoop: false })
  expect(at(20, true)).toEqual({ from: 0, to: 400, isLoop: true })
})

test('a preview begins at the playhead, moves back where the clip ends sooner, and never leaves the clip', () => {
  const clip = { from: 50, to: 300 }
  expect(previewRange(100, clip, 60)).toEqual({ from: 100, to: 160 })
  expect(previewRange(290, clip, 60)).toEqual({ from: 240, to: 300 })
  expect(previewRange(300, clip, 60)).toEqual({ from: 240, to: 300 })
  expect(previewRange(399, clip, 60)).toEqual({ from: 240, to: 300 })
  expect(previewRange(0, clip, 60)).toEqual({ from: 50, to: 110 })
  expect(previewRange(10, { from: 5, to: 20 }, 60)).toEqual({ from: 5, to: 20 })
  expect(previewRange(0, { from: 0, to: 1 }, 0)).toEqual({ from: 0, to: 1 })
})
