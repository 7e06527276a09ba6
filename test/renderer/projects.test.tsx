// @vitest-environment jsdom
// Projects in the window: new, open, save as, recent; what is edited goes into the file it belongs to, and nothing is lost on the way.
import { clipsOf } from './dom.js'
import { act, fireEvent, render, screen, waitFor, within } from '@testing-library/react'
import { beforeEach, expect, test, vi } from 'vitest'
import { failing, toFailure } from '../../electron/shared/contract/errors.js'
import type { JobState } from '../../electron/shared/contract/job.js'
import { App } from '../../renderer/App.js'
import { type Fake, createFake } from '../../renderer/api/fake.js'
import { actions } from '../../renderer/stores/actions.js'
import { receiveJob } from '../../renderer/stores/jobs.js'
import { openFiles, openPaths } from '../../renderer/stores/open.js'
import { useProject } from '../../renderer/stores/project.js'
import { refreshRecentProjects, useProjectFile } from '../../renderer/stores/projectFile.js'
import { newProject, openProject, saveProjectIn, suggestedPath } from '../../renderer/stores/projectFiles.js'
import { saveNow } from '../../renderer/stores/saving.js'
import { setSession, useSession } from '../../renderer/stores/session.js'
import { useSources } from '../../renderer/stores/sources.js'
import { start } from '../../renderer/stores/start.js'

beforeEach(() => {
  sessionStorage.clear()
  useProjectFile.setState({ file: undefined, recent: [] })
})

/** A window with the sample in it, saved. */
async function show(fake: Fake = createFake()): Promise<Fake> {
  await start(fake)
  render(<App />)
  await screen.findByText(/frames per second/)
  await saveNow()
  return fake
}

const lake = '/films/Lake.heirloom'
const clipsIn = async (fake: Fake) => clipsOf((await fake.api.project.load(lake)).project ?? undefined)
const clips = () => useProject.getState().project.clips
const file = () => useProjectFile.getState().file
const keys = (): (string | undefined)[] =>
  useSession
    .getState()
    .notices.map((notice) => ('failure' in notice ? notice.failure.sentence?.key : notice.information))

function split(): void {
  setSession({ playhead: 100 })
  actions.split()
}

test('a project without a name is given one in the dialog; edits go into that file from then on', async () => {
  const fake = await show()
  actions.saveProject()
  const dialog = await screen.findByRole('dialog')
  const name = await within(dialog).findByRole('textbox')
  expect(name).toHaveProperty('value', 'Summer by the lake 1994')
  fireEvent.change(name, { target: { value: 'Lake' } })
  const save = within(dialog).getByRole('button', { name: 'Save' })
  await waitFor(() => expect(save).toHaveProperty('disabled', false))
  fireEvent.click(save)
  await waitFor(() => expect(file()).toEqual({ path: lake, name: 'Lake' }))
  expect(document.title).toBe('Lake – Heirloom')
  expect(screen.getByTitle(lake).textContent).toBe('Lake')
  split()
  await saveNow()
  expect(await clipsIn(fake)).toHaveLength(2)
  actions.saveProject() // it has a name: no dialog
  await waitFor(() => expect(keys()).toContain('projectSaved'))
  expect(screen.queryByRole('dialog')).toBeNull()
})

/** The host answers what it is asked of `method` only when it is let go. */
function holding(fake: Fake, method: 'checkOutput' | 'suggestProject') {
  const answer = fake.api.files[method] as (...args: unknown[]) => Promise<unknown>
  const waiting: (() => void)[] = []
  const asked = vi.spyOn(fake.api.files, method).mockImplementation((async (...args: unknown[]) => {
    await new Promise<void>((go) => waiting.push(go))
    return answer(...args)
  }) as never)
  return { asked, letGo: () => waiting.splice(0).forEach((go) => go()) }
}

test('Enter that is quicker than the check of the name counts once the check is there; a change takes it back', async () => {
  const fake = await show()
  const check = holding(fake, 'checkOutput')
  const saved = vi.spyOn(fake.api.project, 'saveAs')
  actions.saveProject()
  const dialog = within(await screen.findByRole('dialog'))
  const name = await dialog.findByRole('textbox')
  const save = dialog.getByRole('button', { name: 'Save' })
  const type = async (value: string): Promise<void> => {
    fireEvent.change(name, { target: { value } })
    await waitFor(() => expect(check.asked).toHaveBeenLastCalledWith(`/films/${value}.heirloom`))
  }
  const enter = (): boolean => fireEvent.keyDown(name, { key: 'Enter' })

  await type('Sea')
  enter()
  await type('Ocean')
  check.letGo()
  await waitFor(() => expect(save).toHaveProperty('disabled', false))

  await type('exists')
  enter()
  check.letGo()
  fireEvent.click(await dialog.findByRole('switch')) // what is there may be replaced: that is for another Enter
  await waitFor(() => expect(save).toHaveProperty('disabled', false))
  expect(saved).not.toHaveBeenCalled()

  await type('Lake')
  enter()
  expect(saved).not.toHaveBeenCalled()
  check.letGo()
  await waitFor(() => expect(file()?.path).toBe(lake))
  expect(saved).toHaveBeenCalledTimes(1)
  await waitFor(() => expect(screen.queryByRole('dialog')).toBeNull())
})

test('the dialog begins with the name to be typed over; a held key does not type into it', async () => {
  await show()
  actions.saveProject()
  const name = await screen.findByRole<HTMLInputElement>('textbox')
  await waitFor(() => expect(document.activeElement).toBe(name))
  expect(name.value.slice(name.selectionStart ?? 0, name.selectionEnd ?? 0)).toBe('Summer by the lake 1994')
  const press = (repeat: boolean): boolean => fireEvent.keyDown(name, { key: 's', repeat })
  expect([press(true), press(false), press(true)]).toEqual([false, true, true])
})

test('the focus stays where a person has moved it before there is a name', async () => {
  const fake = await show()
  const suggestion = holding(fake, 'suggestProject')
  actions.saveProject()
  const cancel = await screen.findByRole('button', { name: 'Cancel' })
  cancel.focus()
  suggestion.letGo()
  await screen.findByRole('textbox')
  expect(document.activeElement).toBe(cancel)
})

test('a new one begins empty and without history; the one before is found in the list with its last edit', async () => {
  await show()
  await saveProjectIn(lake, false)
  split()
  await newProject()
  expect([clips().length, useProject.getState().past.length, file()?.name]).toEqual([0, 0, null])
  const recent = await screen.findByRole('region', { name: 'Recent projects' })
  fireEvent.click(within(recent).getByText('Lake'))
  await waitFor(() => expect(clips()).toHaveLength(2))
  expect(useProject.getState().past).toHaveLength(0)
  expect(file()?.path).toBe(lake)
})

test('one without a name is offered again by what is in it', async () => {
  await show()
  await newProject()
  const recent = await screen.findByRole('region', { name: 'Recent projects' })
  fireEvent.click(within(recent).getByText('Untitled (Summer by the lake 1994.mp4)'))
  await waitFor(() => expect(clips()).toHaveLength(1))
})

test('what is said of a project, and what was finished in it, is no news in the next one', async () => {
  const fake = await show()
  await saveProjectIn(lake, false)
  const { load } = fake.api.project
  vi.spyOn(fake.api.project, 'load').mockImplementationOnce(async (path) => ({
    ...(await load(path)),
    notes: [toFailure(failing('project-corrupt', 'projectAside', { name: 'x', folder: '/films' }))],
  }))
  await openProject(lake)
  expect(keys()).toContain('projectAside')
  const ended: JobState = {
    ...{ id: 'e1', kind: 'export', name: 'Lake', state: 'done', outputPath: '/films/Lake.mp4' },
    ...{ framesDone: 1, framesTotal: 1, framesPerSecond: 0, speed: 0, elapsedMs: 1, notes: [] },
  }
  act(() => receiveJob(ended))
  expect(await screen.findByText('“Lake.mp4” is ready.', { selector: 'span' })).toBeTruthy()
  await newProject()
  expect(keys()).not.toContain('projectAside')
  await openPaths(['/films/second.mp4'])
  await screen.findByTestId('time')
  expect(screen.queryByText('“Lake.mp4” is ready.', { selector: 'span' })).toBeNull()
  actions.jobs() // the work list keeps it
  await waitFor(() => expect(screen.getByRole('dialog').textContent).toContain('Lake.mp4'))
})

test('one project is opened at a time: the list has no boxes to tick', async () => {
  const fake = await show()
  const entry = (name: string) => ({ name, path: `/films/${name}`, isFolder: false, bytes: 1 })
  fake.api.files.list = () =>
    Promise.resolve({ path: '/films', entries: [entry('Lake.heirloom'), entry('Sea.heirloom')] })
  actions.openProject()
  const dialog = within(await screen.findByRole('dialog'))
  const radio = (name: string): HTMLInputElement => dialog.getByRole('radio', { name })
  fireEvent.click(await dialog.findByRole('radio', { name: 'Lake.heirloom' }))
  fireEvent.click(radio('Sea.heirloom'))
  expect([radio('Lake.heirloom').checked, radio('Sea.heirloom').checked]).toEqual([false, true])
  expect(dialog.queryByRole('checkbox')).toBeNull()
  const load = vi.spyOn(fake.api.project, 'load')
  fireEvent.keyDown(radio('Lake.heirloom'), { key: 'Enter' }) // the one in focus
  await waitFor(() => expect(load).toHaveBeenCalledWith('/films/Lake.heirloom'))
})

test('a recent project that is not there can be taken off the list, by its button; of two films of one name the folder is told', async () => {
  const fake = await show()
  const recent = { path: '/usb/Lake.heirloom', name: 'Lake', openedMs: 0, isThere: false }
  fake.api.project.recent = () => Promise.resolve([recent])
  const forget = vi.spyOn(fake.api.project, 'forget')
  const film = (folder: string) => ({ path: `/films/${folder}/Tape.avi`, name: 'Tape.avi', openedMs: 0 })
  fake.api.sources.recent = () => Promise.resolve([film('1994'), film('1995')])
  await newProject()
  expect(await screen.findByText('Tape.avi (1994)')).toBeTruthy()
  expect(screen.getByText('Tape.avi (1995)')).toBeTruthy()
  await refreshRecentProjects()
  fireEvent.click(await screen.findByRole('button', { name: 'Take “Lake (not there)” off the list' }))
  expect(forget).toHaveBeenCalledWith('/usb/Lake.heirloom')
})

test('saving as proposes a free name beside the file that the project has', async () => {
  await show()
  await saveProjectIn(lake, false)
  expect(await suggestedPath()).toBe('/films/Lake (2).heirloom')
})

test('one that is gone is told, and what is shown stays', async () => {
  await show()
  await openProject('/films/Gone.heirloom')
  expect(keys()).toEqual(['projectGone'])
  expect([clips().length, file()?.name]).toEqual([1, null])
})

test('a tab that is loaded again shows its own project, not the one that another opened since', async () => {
  const fake = await show()
  await saveProjectIn(lake, false)
  await fake.api.project.begin() // in another window
  await start(fake)
  await waitFor(() => expect(file()?.path).toBe(lake))
  expect(clips()).toHaveLength(1)
})

test('what another window saves into another project does not concern this one', async () => {
  const fake = await show()
  await saveProjectIn(lake, false)
  const other = await fake.api.project.begin()
  const { document } = useProject.getState()
  await fake.api.project.save(other.path, { ...document, media: [], sequences: document.sequences }, '')
  expect([clips().length, file()?.path]).toEqual([1, lake])
})

test('where another window was quicker, saving as keeps what is here', async () => {
  const fake = await show()
  const { path, revision } = await fake.api.project.load(null).then((one) => ({ ...one, ...one.file }))
  split()
  await fake.api.project.save(path, { ...useProject.getState().document, recipes: [] }, revision)
  await expect(saveNow()).rejects.toMatchObject({ code: 'project-changed' })
  await newProject() // would lose what is here
  expect(file()?.path).toBe(path)
  await saveProjectIn(lake, false)
  expect(keys()).toEqual(['projectSaved'])
  expect(await clipsIn(fake)).toHaveLength(2)
})

test('a project from outside takes the place of what is shown, films beside it go into it; a browser cannot say where a dropped one lies', async () => {
  await show()
  await saveProjectIn(lake, false)
  await newProject()
  await openPaths(['/films/Grandpa tape 3.avi', lake])
  await waitFor(() => expect(clips()).toHaveLength(2))
  expect(file()?.path).toBe(lake)
  await openFiles([new File(['{}'], 'Sea.heirloom')])
  expect(keys()).toContain('projectDropped')
})

test('a film that the project misses takes its own place when it is opened from elsewhere', async () => {
  const fake = createFake()
  await show(fake)
  const { document } = useProject.getState()
  const { fingerprint, id } = await fake.api.sources.open('/films/Summer by the lake 1994.mp4')
  const media = document.media.map((one) => ({
    ...{ ...one, fingerprint, name: 'tape.avi' },
    locations: { absolute: '/gone/tape' },
  }))
  await fake.api.project.saveAs('/', lake, { ...document, media }, false)
  await openProject(lake)
  expect(useSources.getState().missing[id]).toMatchObject({ code: 'not-a-video' }) // as the fake says of what is not there
  expect(await screen.findByText('1 film of this project could not be opened: “tape.avi”.')).toBeTruthy()
  for (const name of ['Preview', /Start here/, /End here/, 'Cut in two here'])
    expect(screen.getByRole('button', { name })).toHaveProperty('disabled', true)
  expect(screen.getByRole('button', { name: 'Cut in two here' }).title).toMatch(/could not be opened/)
  actions.photo()
  expect(useSession.getState().dialog).toBeUndefined()
  await openPaths(['/films/Summer by the lake 1994.mp4'])
  expect(useSources.getState().missing[id]).toBeUndefined()
  expect(screen.queryByText(/of this project could not be opened/)).toBeNull()
  expect(clips()[0]?.name).toBe('Summer by the lake 1994.mp4') // as it is called now
  expect(screen.getByRole('button', { name: 'Cut in two here' })).toHaveProperty('disabled', false)
  expect(clips()).toHaveLength(1)
  await saveNow()
  const saved = (await fake.api.project.load(lake)).project
  expect(saved?.media[0]?.locations.absolute).toBe('/films/Summer by the lake 1994.mp4')
})
