// @vitest-environment jsdom
// A clip is cut where its scenes begin: found once, offered with pictures, in one step that is undone in one.
import './dom.js'
import { act, fireEvent, render, screen, waitFor, within } from '@testing-library/react'
import { expect, test, vi } from 'vitest'
import { AppError } from '../../electron/shared/contract/errors.js'
import { App } from '../../renderer/App.js'
import { createFake, type Fake } from '../../renderer/api/fake.js'
import { trimClip } from '../../renderer/commands/trimClip.js'
import { actions } from '../../renderer/stores/actions.js'
import { run, useProject } from '../../renderer/stores/project.js'
import { goTo } from '../../renderer/stores/scene.js'
import { setSession, useSession } from '../../renderer/stores/session.js'
import { start } from '../../renderer/stores/start.js'

/** The fake film has 360 frames of 29.97 per second. */
async function show(cuts: number[]): Promise<Fake> {
  const fake = createFake({ timing: { cuts } })
  vi.spyOn(fake.api.sources, 'timing')
  await start(fake)
  render(<App />)
  await screen.findByTestId('time')
  return fake
}
const ranges = (): [number, number][] => useProject.getState().project.clips.map(({ from, to }) => [from, to])
const inHand = (): [number, number] | undefined => {
  const { selectedClipId } = useSession.getState()
  const clip = useProject.getState().project.clips.find(({ id }) => id === selectedClipId)
  return clip && [clip.from, clip.to]
}
const open = (): void => act(() => actions.splitAtScenes())
const press = (name: string): boolean => fireEvent.click(screen.getByRole('button', { name }))

test('every scene becomes a clip, in one step; the one that is looked at is in hand', async () => {
  await show([100, 150, 300])
  act(() => goTo(200))
  open()
  await screen.findByText(
    '3 scenes begin after the first one. Each becomes a clip of its own; nothing is removed.',
  )
  expect(screen.getAllByRole('checkbox')).toHaveLength(3)
  press('Cut in 3 places')
  expect(ranges()).toEqual([
    [0, 100],
    [100, 150],
    [150, 300],
    [300, 360],
  ])
  expect(inHand()).toEqual([150, 300])
  expect(useSession.getState()).toMatchObject({ playhead: 200, dialog: undefined })
  act(() => actions.undo())
  expect(ranges()).toEqual([[0, 360]])
  act(() => actions.redo())
  expect(ranges()).toHaveLength(4)
})

test('places that are ticked off stay whole; with none there is nothing to cut', async () => {
  await show([100, 150, 300])
  open()
  fireEvent.click(await screen.findByRole('checkbox', { name: '0:05.0' }))
  press('Choose all')
  press('Choose none')
  expect(screen.getByRole<HTMLButtonElement>('button', { name: 'Cut' }).disabled).toBe(true)
  fireEvent.click(screen.getByRole('checkbox', { name: '0:10.0' }))
  press('Cut in 1 place')
  expect(ranges()).toEqual([
    [0, 300],
    [300, 360],
  ])
})

test('only the scenes of what the clip shows are offered, and not its own beginning', async () => {
  await show([100, 150, 300])
  act(() => run(trimClip(useProject.getState().project.clips[0]!.id, { from: 100, to: 300 })))
  open()
  await screen.findByRole('button', { name: 'Cut in 1 place' })
  press('Cut in 1 place')
  expect(ranges()).toEqual([
    [100, 150],
    [150, 300],
  ])
})

test('a clip of one scene says so; a look that fails says why, and can be made again', async () => {
  const fake = await show([])
  vi.mocked(fake.api.sources.timing).mockRejectedValueOnce(
    new AppError('source-unreadable', 'The tape broke.'),
  )
  open()
  const dialog = within(await screen.findByRole('dialog'))
  await dialog.findByText('The tape broke.')
  fireEvent.click(dialog.getByRole('button', { name: 'Look again' }))
  await dialog.findByText('No place was found where another scene begins: the clip shows one.')
  expect(screen.getByRole<HTMLButtonElement>('button', { name: 'Cut' }).disabled).toBe(true)
})

test('the dialog goes with its clip', async () => {
  await show([100])
  open()
  await screen.findByRole('button', { name: 'Cut in 1 place' })
  act(() => actions.delete())
  await waitFor(() => expect(useSession.getState().dialog).toBeUndefined())
  act(() => setSession({ dialog: undefined }))
})
