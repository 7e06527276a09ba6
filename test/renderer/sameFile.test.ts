// A saved document and the files that lie at its paths now: which of them are the ones that were meant.
// @vitest-environment jsdom
import './dom.js'
import { expect, test, vi } from 'vitest'
import type { Project } from '../../electron/shared/document/document.js'
import { readDocument } from '../../electron/shared/document/formats/read.js'
import { type SourceReference, defaultEnhance } from '../../electron/shared/document/project.js'
import { createFake } from '../../renderer/api/fake.js'
import { useProject } from '../../renderer/stores/project.js'
import { useSources } from '../../renderer/stores/sources.js'
import { start } from '../../renderer/stores/start.js'

/** A busy computer is late. */
const soon = <T>(look: () => T): Promise<T> => vi.waitFor(look, { timeout: 15_000 })

const path = '/films/tape 3.avi'

/** As format 2 was saved: two clips of one source, cut at frame 100. */
function saved(reference: Partial<SourceReference>): Project {
  const source = { id: '1'.repeat(32), path, name: 'tape 3.avi', frames: 360, ...reference }
  const clip = { sourceId: source.id, name: source.name, enhance: defaultEnhance }
  const clips = [
    { ...clip, id: 'a', from: 0, to: 100 },
    { ...clip, id: 'b', from: 100, to: 360 },
  ]
  const read = readDocument({ format: 2, sources: [source], clips })
  if (read.state !== 'ok') throw new Error(read.state)
  return read.project
}

const reopened = async (project: Project) => {
  const fake = createFake({ project })
  await start(fake)
  const { sources, missing } = useSources.getState()
  await soon(() =>
    expect(Object.keys(useSources.getState().tables).length + Object.keys(missing).length).toBe(1),
  )
  return { fake, sources, missing: () => useSources.getState().missing }
}

test('a document from when ids held the date of a file finds it by its path, and is saved with what it is called now', async () => {
  const before = saved({})
  const { fake, missing } = await reopened(before)
  const now = await fake.api.sources.open(path)
  await soon(() => expect(fake.saved.at(-1)?.media.map(({ id }) => id)).toEqual([now.id]))
  expect(fake.saved.at(-1)?.media[0]).not.toHaveProperty('countedAt')
  const { project, past } = useProject.getState()
  expect(project.clips.map(({ sourceId, from, to }) => [sourceId, from, to])).toEqual([
    ...[
      [now.id, 0, 100],
      [now.id, 100, 360],
    ],
  ])
  expect([past, missing()]).toEqual([[], {}])
})

test('one with fields that a person had chosen keeps them', async () => {
  const { fake } = await reopened(saved({ id: `${'1'.repeat(32)}f2`, fields: 'progressive' }))
  await soon(() => expect(fake.saved.at(-1)?.media[0]?.interpretation.fields).toBe('progressive'))
})

test.each([
  ['of another length', { frames: 361 }],
  ['another by its content, of the same length', { id: '1'.repeat(40) }],
])('a file %s is said to be another, and nothing is taken for it', async (_, reference) => {
  const before = saved(reference)
  const { missing } = await reopened(before)
  await soon(() => expect(Object.values(missing())).toMatchObject([{ sentence: { key: 'sourceOther' } }]))
  expect(useProject.getState().project.sources.map(({ id }) => id)).toEqual([before.media[0]?.id])
})
