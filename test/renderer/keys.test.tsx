// @vitest-environment jsdom
// The application's keys while a list, a group or a slider has the focus; and the way back from where a key has led.
import './dom.js'
import { act, fireEvent, render, screen, waitFor, within } from '@testing-library/react'
import { expect, test } from 'vitest'
import { App } from '../../renderer/App.js'
import { type Fake, createFake } from '../../renderer/api/fake.js'
import { openPaths } from '../../renderer/stores/open.js'
import { useProject } from '../../renderer/stores/project.js'
import { inform, setSession, useSession } from '../../renderer/stores/session.js'
import { start } from '../../renderer/stores/start.js'

const session = useSession.getState
const clips = () => useProject.getState().project.clips

async function show(fake: Fake = createFake()): Promise<void> {
  await start(fake)
  render(<App />)
  await screen.findByTestId('time')
}

/** Presses a key where the focus is; answers whether the browser was left to do what it does with it. */
const press = (key: string, more: KeyboardEventInit = {}): boolean =>
  fireEvent.keyDown(document.activeElement ?? document.body, {
    key,
    code: key === ' ' ? 'Space' : key,
    ...more,
  })

const motionList = (): HTMLElement => screen.getByRole('combobox', { name: 'What is done to the motion' })

/** By its key; the section is open only after the next paint. */
async function goToMotion(): Promise<void> {
  press('m')
  await waitFor(() => expect(document.activeElement).toBe(motionList()))
}

test('a list in focus keeps the keys that choose in it; all others are the application’s', async () => {
  await show()
  await goToMotion()
  setSession({ playhead: 100 })
  for (const key of ['ArrowDown', 'ArrowUp', 'ArrowLeft', 'ArrowRight', 'Home', 'End', ' ', 'Enter'])
    expect(press(key), key).toBe(true)
  expect(press('ArrowDown', { altKey: true })).toBe(true) // opens it
  expect(session()).toMatchObject({ playhead: 100, isPlaying: false })

  press(',', { ctrlKey: true })
  expect(session().dialog).toBe('settings')
  setSession({ dialog: undefined })
  motionList().focus()
  press('e')
  await waitFor(() => expect(session().dialog).toBe('export'))
  setSession({ dialog: undefined })
  motionList().focus()
  press('i')
  expect(clips()[0]?.from).toBe(100)
  press('z', { ctrlKey: true })
  expect(clips()[0]?.from).toBe(0)
  press('\\')
  expect(session().isHoldingOriginal).toBe(true)
})

test('no letter chooses in a list in the window, be it a command’s or not', async () => {
  await show()
  await goToMotion()
  expect(press('r')).toBe(false)
  expect(press('t')).toBe(false)
  expect(press('s')).toBe(false)
  expect(press('Tab')).toBe(true)
})

test('Escape leads out of the motion section to where the focus was, and only then puts a message away', async () => {
  await show()
  const loop = screen.getByRole('button', { name: 'Play over and over' })
  loop.focus()
  await goToMotion()
  press('m') // from there it is no other place
  await waitFor(() => expect(document.activeElement).toBe(motionList()))
  act(() => inform('projectSaved', { name: 'a' }))
  const { length } = session().notices
  fireEvent.change(motionList(), { target: { value: 'slow' } })
  const factor = within(await screen.findByRole('radiogroup', { name: 'How slow' })).getAllByRole('radio')[0]
  factor?.focus()
  press('Escape')
  expect(document.activeElement).toBe(loop)
  expect(session().notices).toHaveLength(length)
  press('Escape')
  expect(session().notices).toHaveLength(length - 1)
})

test('Escape leads out of the motion section where nothing had the focus, or what had it is gone', async () => {
  await show()
  await goToMotion()
  press('Escape')
  expect(document.activeElement).toBe(document.body)

  await act(() => openPaths(['/films/second.mp4']))
  const piece = document.querySelectorAll<HTMLElement>('li [data-face]')[1]
  piece?.focus()
  await goToMotion()
  act(() => setSession({ selectedClipId: clips()[0]?.id }))
  piece?.remove()
  press('Escape')
  expect(document.activeElement).toBe(document.body)
})

test('a time that was typed, or not, gives the focus back', async () => {
  await show()
  const loop = screen.getByRole('button', { name: 'Play over and over' })
  for (const key of ['Enter', 'Escape']) {
    loop.focus()
    press('g')
    const field = await screen.findByRole('textbox')
    expect(document.activeElement).toBe(field)
    fireEvent.change(field, { target: { value: '0:02' } })
    press(key)
    expect(document.activeElement, key).toBe(loop)
  }
  for (const key of ['Enter', 'Escape']) {
    screen.getByTestId('time').focus()
    fireEvent.click(screen.getByTestId('time'))
    expect(document.activeElement).toBe(await screen.findByRole('textbox'))
    press(key)
    expect(document.activeElement, key).toBe(screen.getByTestId('time'))
  }
  // From nowhere it leads nowhere: Space is the film's again.
  screen.getByTestId('time').blur()
  press('g')
  await screen.findByRole('textbox')
  press('Escape')
  expect(document.activeElement).toBe(document.body)
})

test('a group of choices keeps its arrow keys alone: Home, End and arrows with another key are the film’s', async () => {
  await show()
  const radio = screen.getByRole('radio', { name: '×2' })
  radio.focus()
  setSession({ playhead: 100 })
  press('Home')
  expect(session().playhead).toBe(0)
  press('End')
  expect(session().playhead).toBe(359)
  press('ArrowLeft', { shiftKey: true })
  expect(session().playhead).toBe(329)
  press('ArrowLeft', { shiftKey: true, ctrlKey: true })
  expect(session().playhead).toBe(29)
  expect(radio.getAttribute('aria-checked')).toBe('true')
  press('ArrowLeft')
  expect(session().playhead).toBe(29)
  expect(radio.getAttribute('aria-checked')).toBe('false')
})

test('a slider and the menu bar keep their arrows, and not those with Ctrl or Alt', async () => {
  const [model] = await createFake().api.models.list()
  if (!model) throw new Error('the fake has no model')
  await show(createFake({ info: { models: [{ ...model, hasStrength: true }] } }))
  await act(() => openPaths(['/films/second.mp4']))
  const [first, second] = clips()
  screen.getByRole('slider', { name: 'Strength' }).focus()
  press('ArrowUp', { altKey: true })
  expect(clips().map(({ id }) => id)).toEqual([second?.id, first?.id])
  screen.getAllByRole('menuitem')[0]?.focus()
  press('ArrowDown', { altKey: true })
  expect(clips().map(({ id }) => id)).toEqual([first?.id, second?.id])
  expect(screen.queryByRole('menu')).toBeNull()
})
