// @vitest-environment jsdom
// A file with several films: the clip's own list chooses one, for that clip alone; undone, saved, and there again another day.
import './dom.js'
import { act, cleanup, fireEvent, render, screen, waitFor } from '@testing-library/react'
import { expect, test, vi } from 'vitest'
import { emptyProject } from '../../electron/shared/document/document.js'
import { App } from '../../renderer/App.js'
import { createFake } from '../../renderer/api/fake.js'
import { setLanguage } from '../../renderer/stores/words.js'
import { actions } from '../../renderer/stores/actions.js'
import { openPaths } from '../../renderer/stores/open.js'
import { replaceProject, useProject } from '../../renderer/stores/project.js'
import { setSession, useSession } from '../../renderer/stores/session.js'
import { useSources } from '../../renderer/stores/sources.js'
import { start } from '../../renderer/stores/start.js'

const project = () => useProject.getState().project
const lists = (name = 'Film in this file') => screen.getAllByRole<HTMLSelectElement>('combobox', { name })
const choose = (list: HTMLSelectElement | undefined, value: string): void =>
  void fireEvent.change(list as HTMLSelectElement, { target: { value } })

async function show(fake = createFake()) {
  await start(fake)
  render(<App />)
  await screen.findByTestId('time')
  return fake
}

test('another film of the file is chosen for one clip; moments stay, undo goes back, another day shows it again', async () => {
  const fake = await show()
  expect(screen.queryByRole('combobox', { name: 'Film in this file' })).toBeNull()
  await openPaths(['/films/several.mkv', '/films/several.mkv'])
  const [, whole, part] = project().clips
  await waitFor(() => expect(lists()).toHaveLength(2))
  expect([...(lists()[1]?.options ?? [])].map((option) => option.text)).toEqual([
    'Track 0: 640 × 480, 12 seconds',
    'Track 2: 320 × 240, 6 seconds, Behind the scenes',
  ])
  act(() => setSession({ playhead: 100 }))
  act(actions.markIn) // of the last one, which is in hand
  act(() => setSession({ playhead: 120 }))
  choose(lists()[1], '2')
  await waitFor(() => expect(project().clips[2]?.sourceId).not.toBe(whole?.sourceId))
  expect(project().clips).toMatchObject([{}, { from: 0, to: 360 }, { from: 100, to: 180 }])
  expect(project().clips[1]?.sourceId).toBe(whole?.sourceId)
  expect(project().sources.map(({ track }) => track)).toEqual([undefined, undefined, 2])
  expect(useSession.getState().playhead).toBe(120)
  choose(lists()[0], '2')
  await waitFor(() => expect(project().sources).toHaveLength(2))
  expect(project().clips[1]).toMatchObject({ from: 0, to: 180 })
  act(actions.undo)
  act(actions.undo)
  expect(project().clips[2]).toEqual({ ...part, from: 100 })
  act(actions.redo)
  const apart = project()
  const { document: saved } = useProject.getState()
  await waitFor(() => expect(fake.saved.at(-1)).toEqual(saved))

  cleanup()
  replaceProject(emptyProject)
  useSources.setState({ sources: {}, tables: {}, missing: {} })
  await show(createFake({ project: saved }))
  await waitFor(() => expect(lists().map(({ value }) => value)).toEqual(['0', '2']))
  expect(project()).toEqual(apart)
  expect(useSources.getState().missing).toEqual({})
})

test('of two wishes the last counts; one that fails leaves the clip as it was, and is told', async () => {
  const fake = await show()
  await openPaths(['/films/several.mkv'])
  const before = project()
  const { chooseFilm } = fake.api.sources
  const answers: (() => void)[] = []
  vi.spyOn(fake.api.sources, 'chooseFilm').mockImplementation(async (id, track) => {
    await new Promise<void>((resolve) => answers.push(resolve))
    return chooseFilm(id, track)
  })
  choose(lists()[0], '2')
  expect(lists()[0]?.value).toBe('2')
  choose(lists()[0], '0')
  for (const answer of answers) answer()
  await waitFor(() => expect(lists()[0]?.value).toBe('0'))
  expect(project()).toEqual(before)
  vi.spyOn(fake.api.sources, 'chooseFilm').mockRejectedValue(new Error('gone'))
  choose(lists()[0], '2')
  expect(await screen.findByText('Something went wrong')).toBeTruthy()
  expect(lists()[0]?.value).toBe('0')
  expect(project()).toEqual(before)
})

test('another film is chosen while the first is still being read', async () => {
  const fake = await show()
  const { frameTable } = fake.api.sources
  vi.spyOn(fake.api.sources, 'frameTable').mockImplementationOnce(() => new Promise(() => undefined))
  void openPaths(['/films/several.mkv'])
  await waitFor(() => expect(lists()).toHaveLength(1))
  vi.spyOn(fake.api.sources, 'frameTable').mockImplementation(frameTable)
  choose(lists()[0], '2')
  await waitFor(() => expect(project().clips[1]).toMatchObject({ from: 0, to: 180 }))
})

test('the list speaks Japanese', async () => {
  setLanguage('ja')
  await show(createFake({ preferences: { language: 'ja', theme: 'system' } }))
  await openPaths(['/films/several.mkv'])
  const [list] = lists('このファイルの中の映像')
  expect(list?.options[1]?.text).toBe('トラック2：320 × 240、6秒、Behind the scenes')
  setLanguage('en')
})
