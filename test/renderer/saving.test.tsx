// @vitest-environment jsdom
// Two windows on one project: what the other saves is followed, and never overwritten.
import { clipsOf } from './dom.js'
import { render, screen, waitFor } from '@testing-library/react'
import { expect, test, vi } from 'vitest'
import { failing } from '../../electron/shared/contract/errors.js'
import type { Project } from '../../electron/shared/document/document.js'
import type { CutList } from '../../electron/shared/document/project.js'
import { App } from '../../renderer/App.js'
import { type Fake, createFake } from '../../renderer/api/fake.js'
import { actions } from '../../renderer/stores/actions.js'
import { useProject } from '../../renderer/stores/project.js'
import { saveNow } from '../../renderer/stores/saving.js'
import { useSession } from '../../renderer/stores/session.js'
import { start } from '../../renderer/stores/start.js'

/** A window with the sample in it, saved. */
async function show(): Promise<Fake> {
  const fake = createFake()
  await start(fake)
  render(<App />)
  await screen.findByText(/frames per second/)
  await saveNow()
  return fake
}

const shown = (): CutList => useProject.getState().project
const codes = (): string[] =>
  useSession.getState().notices.flatMap((notice) => ('failure' in notice ? [notice.failure.code] : []))

/** As another window does. */
async function saveElsewhere(fake: Fake, name: string): Promise<Project> {
  const { file, revision } = await fake.api.project.load(null)
  const { document } = useProject.getState()
  const project = { ...document, media: document.media.map((media) => ({ ...media, name })) }
  await fake.api.project.save(file.path, project, revision)
  return project
}

test('what another window saves is shown here; the next edit goes over it', async () => {
  const fake = await show()
  await saveElsewhere(fake, 'other')
  await waitFor(() => expect(shown().clips[0]?.name).toBe('other'))
  useSession.setState({ playhead: 100 })
  actions.split()
  await saveNow()
  expect(clipsOf(fake.saved.at(-1))).toHaveLength(2)
  expect(codes()).toEqual([])
})

test('what another window has changed is undone here like an edit of this one, and those before it after that', async () => {
  const fake = await show()
  useSession.setState({ playhead: 100 })
  actions.split()
  await saveNow()
  const mine = shown().clips.map(({ name }) => name)
  await saveElsewhere(fake, 'other')
  await waitFor(() => expect(shown().clips[0]?.name).toBe('other'))
  actions.undo()
  expect(shown().clips.map(({ name }) => name)).toEqual(mine)
  await saveNow()
  expect(clipsOf(fake.saved.at(-1))).toHaveLength(2)
  actions.undo()
  expect(shown().clips).toHaveLength(1)
  actions.redo()
  actions.redo()
  expect(shown().clips[0]?.name).toBe('other')
  expect(codes()).toEqual([])
})

test('edits that are not saved stay on screen; saving them over those of another window is refused and said', async () => {
  const fake = await show()
  useSession.setState({ playhead: 100 })
  actions.split()
  const theirs = await saveElsewhere(fake, 'other')
  await waitFor(() => expect(codes()).toEqual(['project-changed']))
  expect(fake.saved.at(-1)).toEqual(theirs)
  expect(shown().clips.map(({ name }) => name)).not.toContain('other')
})

test('a save whose answer was lost with the connection is no change of another window', async () => {
  const fake = await show()
  const { save } = fake.api.project
  vi.spyOn(fake.api.project, 'save').mockImplementationOnce(async (path, project, revision) => {
    await save(path, project, revision)
    throw failing('internal', 'connectionLost')
  })
  useSession.setState({ playhead: 100 })
  actions.split()
  await expect(saveNow()).rejects.toThrow()
  actions.undo()
  await saveNow()
  expect(clipsOf(fake.saved.at(-1))).toHaveLength(1)
})
