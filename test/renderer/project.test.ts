// Edits by random sequences, then everything undone and redone; what changes nothing leaves no step.
import { beforeEach, expect, test } from 'vitest'
import { defaultEnhance, emptyProject, Project } from '../../electron/shared/document/project.js'
import { addSource } from '../../renderer/commands/addSource.js'
import { Command } from '../../renderer/commands/command.js'
import { moveClip } from '../../renderer/commands/moveClip.js'
import { removeClip } from '../../renderer/commands/removeClip.js'
import { setEnhance } from '../../renderer/commands/setEnhance.js'
import { splitClip } from '../../renderer/commands/splitClip.js'
import { trimClip } from '../../renderer/commands/trimClip.js'
import { clipOf, redo, replaceProject, run, undo, useProject } from '../../renderer/stores/project.js'

/** mulberry32: the same numbers for the same seed everywhere. */
function random(seed: number): (below: number) => number {
  let state = seed
  return (below) => {
    state = (state + 0x6d2b79f5) | 0
    let t = Math.imul(state ^ (state >>> 15), 1 | state)
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t
    return Math.floor((((t ^ (t >>> 14)) >>> 0) / 4294967296) * below)
  }
}

const reference = (n: number) => ({
  id: n.toString(16).padStart(16, '0'),
  path: `/films/${n}.mp4`,
  name: `${n}.mp4`,
  frames: 50 + n * 7,
})

const now = (): Project => useProject.getState().project

function randomCommand(pick: (below: number) => number, step: number): Command {
  const { clips } = now()
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
    const pick = random(seed)
    for (let step = 0; step < 120; step++) {
      run(randomCommand(pick, step))
      const project = Project.parse(now())
      for (const clip of project.clips) {
        const source = project.sources.find((s) => s.id === clip.sourceId)
        expect(clip.from).toBeLessThan(clip.to)
        expect(clip.to).toBeLessThanOrEqual(source?.frames ?? 0)
      }
      expect(new Set(project.clips.map((c) => c.id)).size).toBe(project.clips.length)
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
  expect(now().clips[0]?.from).toBe(9)
})

test('the chosen clip is looked at; when it is gone, the first', () => {
  run(addSource(reference(1), 'a', defaultEnhance))
  run(addSource(reference(2), 'b', defaultEnhance))
  expect(clipOf(now(), 'b')?.id).toBe('b')
  run(removeClip('b'))
  expect(clipOf(now(), 'b')?.id).toBe('a')
  expect(clipOf(emptyProject, 'b')).toBeUndefined()
})
