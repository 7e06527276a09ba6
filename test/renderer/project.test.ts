// Edits by random sequences, then everything undone and redone; what changes nothing leaves no step.
import { beforeEach, expect, test } from 'vitest'
import { emptyProject, Project } from '../../electron/shared/document/document.js'
import { timesByTable } from '../../electron/shared/document/frames.js'
import { problemsOf } from '../../electron/shared/document/problems.js'
import { defaultEnhance } from '../../electron/shared/document/project.js'
import { addSource } from '../../renderer/commands/addSource.js'
import { Command } from '../../renderer/commands/command.js'
import { moveClip } from '../../renderer/commands/moveClip.js'
import { removeClip } from '../../renderer/commands/removeClip.js'
import { setEnhance } from '../../renderer/commands/setEnhance.js'
import { splitClip } from '../../renderer/commands/splitClip.js'
import { trimClip } from '../../renderer/commands/trimClip.js'
import {
  clipOf,
  learnTimes,
  redo,
  replaceProject,
  run,
  undo,
  useProject,
} from '../../renderer/stores/project.js'
import { random } from '../shared/random.js'
import { table } from '../shared/sources.js'

const reference = (n: number) => ({
  id: n.toString(16).padStart(16, '0'),
  path: `/films/${n}.mp4`,
  name: `${n}.mp4`,
  frames: 50 + n * 7,
})

const now = (): Project => useProject.getState().document
const shown = () => useProject.getState().project

function randomCommand(pick: (below: number) => number, step: number): Command {
  const { clips } = shown()
  const clip = clips[pick(Math.max(1, clips.length))]
  const id = clip?.id ?? 'nothing'
  switch (pick(6)) {
    case 0:
      return addSource(reference(pick(4)), `clip-${step}`, defaultEnhance)
    case 1:
      return trimClip(id, { from: pick(80) })
    case 2:
      return trimClip(id, { to: pick(80) })
    case 3:
      return splitClip(id, pick(80), `part-${step}`)
    case 4:
      return pick(2) ? removeClip(id) : moveClip(id, pick(5))
    default:
      return setEnhance(id, { isEnabled: pick(2) === 1, scale: pick(2) === 1 ? 4 : 2 })
  }
}

beforeEach(() => replaceProject(emptyProject))

test.each([1, 2, 3, 17, 2026])(
  'seed %i: undo all gives the start, redo all the end, always valid',
  (seed) => {
    const r = random(seed)
    const pick = (below: number): number => r.whole(0, below - 1)
    for (let step = 0; step < 120; step++) {
      run(randomCommand(pick, step))
      expect(Project.parse(now())).toEqual(now())
      expect(problemsOf(now())).toEqual([])
      for (const clip of shown().clips) {
        const source = shown().sources.find((s) => s.id === clip.sourceId)
        expect(clip.from).toBeLessThan(clip.to)
        expect(clip.to).toBeLessThanOrEqual(source?.frames ?? 0)
      }
    }
    const end = now()
    expect(useProject.getState().past.length).toBeGreaterThan(40)
    while (useProject.getState().past.length > 0) undo()
    expect(now()).toEqual(emptyProject)
    while (useProject.getState().future.length > 0) redo()
    expect(now()).toEqual(end)
  },
)

test('an edit that changes nothing leaves no step', () => {
  run(addSource(reference(1), 'a', defaultEnhance))
  run(trimClip('a', { from: 0 }))
  run(splitClip('a', 0, 'b'))
  expect(useProject.getState().past.map((step) => step.label)).toEqual(['addSource'])
})

test('an edit after an undo forgets what was undone', () => {
  run(addSource(reference(1), 'a', defaultEnhance))
  run(trimClip('a', { from: 5 }))
  undo()
  run(trimClip('a', { from: 9 }))
  redo()
  expect(shown().clips[0]?.from).toBe(9)
})

test('the chosen clip is looked at; when it is gone, the first', () => {
  run(addSource(reference(1), 'a', defaultEnhance))
  run(addSource(reference(2), 'b', defaultEnhance))
  expect(clipOf(shown(), 'b')?.id).toBe('b')
  run(removeClip('b'))
  expect(clipOf(shown(), 'b')?.id).toBe('a')
  expect(clipOf({ sources: [], clips: [] }, 'b')).toBeUndefined()
})

test('a frame table that is read late gives every document of the history the times of its frames, and no step', () => {
  run(addSource(reference(1), 'a', defaultEnhance))
  run(trimClip('a', { from: 5 }))
  run(trimClip('a', { from: 9 }))
  undo()
  const frames = () => shown().clips.map(({ from, to }) => [from, to])
  expect(now().media[0]?.countedAt).toBeDefined()
  learnTimes(reference(1).id, timesByTable(table(60, [33, 250], 1000)))
  expect(now().media[0]).toMatchObject({ facts: { frames: 60 } })
  expect(now().media[0]?.countedAt).toBeUndefined()
  expect(now().sequences[0]?.tracks[0]?.items[0]?.at).toBe(0)
  expect(frames()).toEqual([[5, 60]]) // what reached the end still does
  redo()
  expect(frames()).toEqual([[9, 60]])
  undo()
  undo()
  expect(frames()).toEqual([[0, 60]])
  undo()
  expect(now()).toEqual(emptyProject)
})

test('a film that promises more than can be is taken as long as can be; after that there is no room for another', () => {
  run(addSource({ ...reference(1), frames: 1e12 }, 'a', defaultEnhance))
  expect(Project.parse(now())).toEqual(now())
  const full = now()
  run(addSource(reference(2), 'b', defaultEnhance))
  expect(now()).toBe(full)
  learnTimes(reference(1).id, timesByTable(table(60)))
  run(addSource(reference(2), 'b', defaultEnhance))
  expect(shown().clips).toHaveLength(2)
})

test('a saved film whose table says another length than it was saved with: what reached its end still does', () => {
  run(addSource(reference(1), 'a', defaultEnhance))
  learnTimes(reference(1).id, timesByTable(table(60)))
  replaceProject(now())
  expect(shown().clips[0]?.to).toBe(60)
  learnTimes(reference(1).id, timesByTable(table(50)))
  expect(shown()).toMatchObject({ sources: [{ frames: 50 }], clips: [{ from: 0, to: 50 }] })
})
