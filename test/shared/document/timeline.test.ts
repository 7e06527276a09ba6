import { expect, test } from 'vitest'
import {
  type Project,
  Project as ProjectSchema,
  defaultEnhance,
  emptyProject,
} from '../../../electron/shared/document/project.js'
import {
  type Edit,
  addSource,
  move,
  remove,
  setEnhance,
  split,
  trim,
} from '../../../electron/shared/document/timeline.js'
import { random } from '../random.js'

const reference = (n: number, frames: number): Project['sources'][number] => ({
  id: String(n).padStart(16, '0'),
  path: `/videos/${n}.mp4`,
  name: `${n}.mp4`,
  frames,
})
const film = (...lengths: number[]): Project =>
  lengths.reduce<Project>(
    (p, frames, i) => addSource(reference(i, frames), `c${i}`, defaultEnhance)(p),
    emptyProject,
  )
const ranges = (p: Project): [string, number, number][] => p.clips.map((c) => [c.id, c.from, c.to])

test('split keeps the total length and the order', () => {
  expect(ranges(split('c0', 40, 'new')(film(100, 50)))).toEqual([
    ['c0', 0, 40],
    ['new', 40, 100],
    ['c1', 0, 50],
  ])
})

test('there is nothing to split at the first frame, the end or outside', () => {
  const before = film(100)
  for (const at of [0, 100, 500]) expect(split('c0', at, 'new')(before)).toEqual(before)
})

test('in and out stay inside the source and one frame apart', () => {
  expect(ranges(trim('c0', { from: 150 })(film(100)))).toEqual([['c0', 99, 100]])
  expect(ranges(trim('c0', { to: 0 })(film(100)))).toEqual([['c0', 0, 1]])
  expect(ranges(trim('c0', { from: 60, to: 30 })(film(100)))).toEqual([['c0', 29, 30]])
})

test('a source that no clip uses leaves; one that is used twice stays and is listed once', () => {
  const twice = addSource(reference(0, 100), 'again', defaultEnhance)(film(100))
  expect(twice.sources).toHaveLength(1)
  expect(remove('c0')(twice).sources).toHaveLength(1)
  expect(remove('again')(remove('c0')(twice))).toEqual(emptyProject)
})

test('moving keeps every clip', () => {
  expect(ranges(move('c2', 0)(film(1, 2, 3))).map(([id]) => id)).toEqual(['c2', 'c0', 'c1'])
})

function randomEdit(seed: number): (project: Project, step: number) => Edit {
  const r = random(seed)
  return (project, step) => {
    const id = project.clips.length > 0 ? r.pick(project.clips).id : 'none'
    const edits: (() => Edit)[] = [
      () => {
        const n = r.whole(0, 3) // the id is the content's: the same id has the same length
        return addSource(reference(n, [200, 30, 1, 500][n]!), `n${step}`, defaultEnhance)
      },
      () => trim(id, { from: r.whole(0, 600) }),
      () => trim(id, { to: r.whole(0, 600) }),
      () => trim(id, { from: r.whole(0, 600), to: r.whole(0, 600) }),
      () => split(id, r.whole(0, 600), `n${step}`),
      () => move(id, r.whole(0, project.clips.length)),
      () => setEnhance(id, { scale: r.pick([1, 2, 4] as const) }),
      () => remove(id),
    ]
    return r.pick(edits)()
  }
}

test.each(Array.from({ length: 50 }, (_, seed) => seed + 1))(
  'random edits keep the film whole, and undo gives every state back (seed %i)',
  (seed) => {
    const next = randomEdit(seed)
    const states = [film(200, 30)]
    const texts = [JSON.stringify(states[0])]
    for (let step = 0; step < 60; step++) {
      const before = states.at(-1)!
      const after = next(before, step)(before)
      ProjectSchema.parse(after)
      for (const clip of after.clips) {
        expect(clip.from).toBeLessThan(clip.to)
        const frames = after.sources.find((s) => s.id === clip.sourceId)?.frames
        expect(frames).toBeDefined()
        expect(clip.to).toBeLessThanOrEqual(frames!)
      }
      expect(new Set(after.clips.map((c) => c.id)).size).toBe(after.clips.length)
      states.push(after)
      texts.push(JSON.stringify(after))
    }
    // Edits are pure: going back is looking back, and nothing behind us has changed.
    while (states.length > 0) expect(JSON.stringify(states.pop())).toBe(texts.pop())
  },
)
