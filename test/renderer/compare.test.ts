// Which picture counts as the enhanced one of a frame: ready, not ready, stale; and where playing and previews begin and end.
import { expect, test } from 'vitest'
import { JobState } from '../../electron/shared/contract/job.js'
import { defaultEnhance, settingsKeyOf } from '../../electron/shared/document/project.js'
import {
  coverage,
  enhancedPicture,
  playRange,
  previewRange,
  previewsOf,
} from '../../renderer/stores/compare.js'

const sourceId = '0123456789abcdef'

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
    preview: { sourceId, from, to, width: 1280, height: 960, settingsKey: settingsKeyOf(defaultEnhance) },
    ...change,
  }) satisfies JobState

const of = (...jobs: JobState[]) => previewsOf(jobs, sourceId, defaultEnhance)

test('a frame is ready only when its own picture is', () => {
  const jobs = of(preview('p', 100, 160, 20))
  expect(enhancedPicture(jobs, 99)).toBeUndefined()
  expect(enhancedPicture(jobs, 100)).toEqual({ jobId: 'p', width: 1280, height: 960 })
  expect(enhancedPicture(jobs, 119)?.jobId).toBe('p')
  expect(enhancedPicture(jobs, 120)).toBeUndefined()
})

test('pictures of other settings or another source are stale and never shown', () => {
  const job = preview('p', 0, 10, 10)
  expect(previewsOf([job], sourceId, { ...defaultEnhance, scale: 4 })).toEqual([])
  expect(previewsOf([job], sourceId, { ...defaultEnhance, model: 'other' })).toEqual([])
  expect(previewsOf([job], sourceId, { ...defaultEnhance, isEnabled: false })).toEqual([])
  expect(previewsOf([job], 'fedcba9876543210', defaultEnhance)).toEqual([])
})

test('the device that did the work does not make a preview stale', () => {
  expect(
    previewsOf([preview('p', 0, 10, 10)], sourceId, { ...defaultEnhance, device: 'cuda:0' }),
  ).toHaveLength(1)
})

test('exports and proxies are no previews', () => {
  expect(of(preview('e', 0, 10, 10, { kind: 'export' }))).toEqual([])
})

test('where two previews overlap the newest one that is ready counts', () => {
  const jobs = of(preview('old', 0, 60, 60), preview('new', 30, 90, 5))
  expect(enhancedPicture(jobs, 32)?.jobId).toBe('new')
  expect(enhancedPicture(jobs, 40)?.jobId).toBe('old')
  expect(enhancedPicture(jobs, 70)).toBeUndefined()
})

test('a stopped preview keeps the pictures it made', () => {
  const jobs = of(preview('p', 0, 60, 12, { state: 'cancelled' }))
  expect(enhancedPicture(jobs, 11)?.jobId).toBe('p')
  expect(coverage(jobs)).toEqual([{ from: 0, to: 12, state: 'ready' }])
})

test('the bar shows what is ready and what is being made', () => {
  expect(coverage(of(preview('p', 10, 70, 24)))).toEqual([
    { from: 10, to: 34, state: 'ready' },
    { from: 34, to: 70, state: 'working' },
  ])
  expect(coverage(of(preview('p', 10, 70, 60)))).toEqual([{ from: 10, to: 70, state: 'ready' }])
})

test('more pictures than the preview has are not believed', () => {
  expect(enhancedPicture(of(preview('p', 0, 10, 25)), 12)).toBeUndefined()
})

test('playing stays inside a finished preview, else inside the clip, and goes round only when that is wished', () => {
  const clip = { from: 50, to: 300 }
  const frames = 400
  const previews = of(preview('done', 100, 160, 60), preview('half', 200, 260, 10))
  const at = (playhead: number, isLooping = false) =>
    playRange({ playhead, clip, frames, isLooping, previews })
  expect(at(120)).toEqual({ from: 100, to: 160, isLoop: false })
  expect(at(120, true)).toEqual({ from: 100, to: 160, isLoop: true })
  expect(at(205)).toEqual({ from: 50, to: 300, isLoop: false })
  expect(at(205, true)).toEqual({ from: 50, to: 300, isLoop: true })
  expect(at(20)).toEqual({ from: 0, to: 400, isLoop: false })
  expect(at(20, true)).toEqual({ from: 0, to: 400, isLoop: true })
})

test('a preview begins at the playhead and moves back where the clip ends sooner', () => {
  const clip = { from: 50, to: 300 }
  expect(previewRange(100, clip, 400, 60)).toEqual({ from: 100, to: 160 })
  expect(previewRange(290, clip, 400, 60)).toEqual({ from: 240, to: 300 })
  expect(previewRange(390, clip, 400, 60)).toEqual({ from: 340, to: 400 })
  expect(previewRange(10, { from: 5, to: 20 }, 400, 60)).toEqual({ from: 5, to: 20 })
  expect(previewRange(0, { from: 0, to: 1 }, 1, 0)).toEqual({ from: 0, to: 1 })
})
