// @vitest-environment jsdom
// What hands do at the window: keys after clicks, steps there and back, undo, and work that is under way meanwhile.
import './dom.js'
import { fireEvent, render, screen, waitFor } from '@testing-library/react'
import { expect, test } from 'vitest'
import { App } from '../../renderer/App.js'
import { type Fake, createFake } from '../../renderer/api/fake.js'
import { actions } from '../../renderer/stores/actions.js'
import { openPaths } from '../../renderer/stores/open.js'
import { useProject } from '../../renderer/stores/project.js'
import { useSession } from '../../renderer/stores/session.js'
import { start } from '../../renderer/stores/start.js'

const session = useSession.getState
const clips = () => useProject.getState().project.clips

async function show(fake: Fake = createFake()): Promise<Fake> {
  await start(fake)
  render(<App />)
  await screen.findByTestId('time')
  return fake
}

/** As a mouse does it: the focus comes with the pointer. */
function click(element: HTMLElement): void {
  fireEvent.pointerDown(element)
  element.focus()
  fireEvent.click(element)
}

/** Space as a browser does it: a button in focus is pressed by the release, unless somebody took the key. */
function space(): void {
  const target = document.activeElement ?? document.body
  const isDown = fireEvent.keyDown(target, { key: ' ', code: 'Space' })
  const isUp = fireEvent.keyUp(target, { key: ' ', code: 'Space' })
  if (isDown && isUp && target instanceof HTMLButtonElement) fireEvent.click(target)
}

test('Space plays after a click on a button; reached with Tab, the button is pressed', async () => {
  await show()
  const loop = screen.getByRole('button', { name: 'Play over and over' })
  click(loop)
  expect(session().isLooping).toBe(true)
  space()
  expect(session()).toMatchObject({ isLooping: true, isPlaying: true })
  fireEvent.keyDown(loop, { key: ' ', code: 'Space', repeat: true }) // held: neither of the two
  expect(session()).toMatchObject({ isLooping: true, isPlaying: true })
  space()
  expect(session().isPlaying).toBe(false)
  click(screen.getByRole('radio', { name: '×4' }))
  space()
  expect(session().isPlaying).toBe(true)
  actions.playPause()

  fireEvent.keyDown(loop, { key: 'Tab', code: 'Tab' })
  loop.focus()
  space()
  expect(session()).toMatchObject({ isLooping: false, isPlaying: false })
})

test('Space on a clicked "Hold for original" does not show the original; an open menu keeps it', async () => {
  const fake = await show()
  actions.preview()
  await screen.findByText('Starting…')
  fake.advance(60)
  click(await screen.findByRole('button', { name: 'Hold for original' }))
  fireEvent.pointerUp(document.activeElement as HTMLElement)
  fireEvent.keyDown(document.activeElement as HTMLElement, { key: ' ', code: 'Space' })
  expect(session()).toMatchObject({ isHoldingOriginal: false, isPlaying: true })
  actions.playPause()
  click(screen.getByRole('menuitem', { name: 'Play' }))
  const item = screen.getByRole('menuitemcheckbox', { name: /Play over and over/ })
  item.focus()
  space()
  expect(session()).toMatchObject({ isLooping: true, isPlaying: false })
})

test('keys mean nothing to the film while a dialog is open', async () => {
  await show()
  click(screen.getByRole('button', { name: 'Play over and over' }))
  actions.shortcuts()
  await screen.findByRole('dialog')
  space()
  fireEvent.keyDown(document.body, { key: 'Delete', code: 'Delete' })
  fireEvent.keyDown(document.body, { key: 'ArrowRight', code: 'ArrowRight' })
  expect(session()).toMatchObject({ isPlaying: false, playhead: 0 })
  expect(clips()).toHaveLength(1)
})

test('a held Delete removes one clip', async () => {
  await show()
  await openPaths(['/films/second.mp4', '/films/third.mp4'])
  fireEvent.keyDown(document.body, { key: 'Delete', code: 'Delete' })
  fireEvent.keyDown(document.body, { key: 'Delete', code: 'Delete', repeat: true })
  expect(clips()).toHaveLength(2)
})

test('as many seconds back as forth lead to the frame they began at; at the ends the first and last frame count', async () => {
  await show() // 29.97 frames a second, 360 frames
  for (const frame of [1, 7, 100, 191]) {
    useSession.setState({ playhead: frame })
    for (let i = 0; i < 3; i++) actions.secondForward()
    expect(session().playhead).toBe(Math.floor(frame + 3 / (1001 / 30000) + 1e-3))
    for (let i = 0; i < 3; i++) actions.secondBack()
    expect(session().playhead).toBe(frame)
  }
  useSession.setState({ playhead: 10 })
  actions.secondBack()
  expect(session().playhead).toBe(0)
  actions.secondForward()
  expect(session().playhead).toBe(29) // 0.968 s, on screen when a second is over
  actions.goToEnd()
  actions.tenSecondsForward()
  expect(session().playhead).toBe(359)
  actions.secondForward()
  actions.secondBack()
  expect(session().playhead).toBe(329)
  actions.nextFrame() // another step in between: the seconds count from there
  actions.secondForward()
  actions.secondBack()
  expect(session().playhead).toBe(330)
})

test('undo takes in hand again what the edit was made on, so that Delete takes the same clip', async () => {
  await show()
  await openPaths(['/films/second.mp4', '/films/third.mp4'])
  const [first, second, third] = clips()
  fireEvent.click(screen.getByRole('button', { name: /^1\. / }))
  useSession.setState({ playhead: 40 })
  actions.delete()
  expect(session().selectedClipId).toBe(second?.id)
  actions.undo()
  expect(session()).toMatchObject({ selectedClipId: first?.id, playhead: 40 })
  actions.delete()
  expect(clips().map((c) => c.id)).toEqual([second?.id, third?.id])
  actions.undo()
  actions.redo()
  expect(clips().map((c) => c.id)).toEqual([second?.id, third?.id])
  expect(session().selectedClipId).toBe(second?.id)
  actions.undo()
  fireEvent.click(screen.getByRole('button', { name: /^3\. / }))
  useSession.setState({ playhead: 100 })
  actions.markIn()
  fireEvent.click(screen.getByRole('button', { name: /^2\. / }))
  actions.undo()
  expect(session()).toMatchObject({ selectedClipId: third?.id, playhead: 100 })
})

test('playing ends where the preview does while loop is off', async () => {
  const fake = await show()
  actions.preview()
  await screen.findByText('Starting…')
  fake.advance(60)
  await waitFor(() => expect(screen.getByRole('button', { name: 'Preview' })).toBeTruthy())
  actions.playPause()
  expect(session().range).toEqual({ from: 0, to: 60, isLoop: false })
  actions.toggleLoop()
  expect(session().range?.isLoop).toBe(true)
})
