// A saved document and the files that lie at its paths now: which of them are the ones that were meant.
// @vitest-environment jsdom
import './dom.js'
import { expect, test, vi } from 'vitest'
import {
  type Project,
  type SourceReference,
  defaultEnhance,
  emptyProject,
} from '../../electron/shared/document/project.js'
import { addSource, split } from '../../electron/shared/document/timeline.js'
import { createFake } from '../../renderer/api/fake.js'
import { useProject } from '../../renderer/stores/project.js'
import { useSources } from '../../renderer/stores/sources.js'
import { start } from '../../renderer/stores/start.js'

const path = '/films/tape 3.avi'
const saved = (reference: Partial<SourceReference>): Project =>
  [
    addSource(
      { id: '1'.repeat(32), path, name: 'tape 3.avi', frames: 360, ...reference },
      'a',
      defaultEnhance,
    ),
    split('a', 100, 'b'),
  ].reduce((project, edit) => edit(project), emptyProject)

const reopened = async (project: Project) => {
  const fake = createFake({ project })
  await start(fake)
  const { sources, missing } = useSources.getState()
  await vi.waitFor(() =>
    expect(Object.keys(useSources.getState().tables).length + Object.keys(missing).length).toBe(1),
  )
  return { fake, sources, missing: () => useSources.getState().missing }
}

test('a document from when ids held the date of a file finds it by its path, and is saved with what it is called now', async () => {
  const before = saved({})
  const { fake, missing } = await reopened(before)
  const now = await fake.api.sources.open(path)
  await vi.waitFor(() => expect(fake.saved.at(-1)?.sources).toEqual([{ ...before.sources[0], id: now.id }]))
  const { project, past } = useProject.getState()
  expect(project.clips).toEqual(before.clips.map((clip) => ({ ...clip, sourceId: now.id })))
  expect([past, missing()]).toEqual([[], {}])
})

test('one with fields that a person had chosen keeps them', async () => {
  const before = saved({ id: `${'1'.repeat(32)}f2`, frames: 720, fields: 'progressive' })
  const { fake } = await reopened({ ...before, sources: [{ ...before.sources[0]!, frames: 360 }] })
  await vi.waitFor(() => expect(fake.saved.at(-1)?.sources[0]?.fields).toBe('progressive'))
})

test.each([
  ['of another length', { frames: 361 }],
  ['another by its content, of the same length', { id: '1'.repeat(40) }],
])('a file %s is said to be another, and nothing is taken for it', async (_, reference) => {
  const before = saved(reference)
  const { missing } = await reopened(before)
  await vi.waitFor(() => expect(Object.values(missing())).toMatchObject([{ said: { key: 'sourceOther' } }]))
  expect(useProject.getState().project.sources.map(({ id }) => id)).toEqual([before.sources[0]?.id])
})
