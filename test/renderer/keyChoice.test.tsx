// @vitest-environment jsdom
// Keys are changed in the list of them: pressed, taken from another command only when that is said, and given back.
import './dom.js'
import { act, fireEvent, render, screen, waitFor, within } from '@testing-library/react'
import { afterEach, expect, test, vi } from 'vitest'
import { App } from '../../renderer/App.js'
import { createFake, type Fake } from '../../renderer/api/fake.js'
import { actions } from '../../renderer/stores/actions.js'
import { keysNow } from '../../renderer/stores/keys.js'
import { usePreferences } from '../../renderer/stores/preferences.js'
import { useProject } from '../../renderer/stores/project.js'
import { goTo } from '../../renderer/stores/scene.js'
import { closeDialog } from '../../renderer/stores/session.js'
import { start } from '../../renderer/stores/start.js'

async function show(): Promise<Fake> {
  const fake = createFake()
  vi.spyOn(fake.api.app, 'setPreferences')
  await start(fake)
  render(<App />)
  await screen.findByTestId('time')
  act(() => actions.shortcuts())
  return fake
}
afterEach(() => usePreferences.setState({ keys: undefined }))

const row = (name: string) => within(document.querySelector<HTMLElement>(`[data-command=${name}]`)!)
const keysOf = (name: string): (string | null)[] =>
  [...document.querySelectorAll(`[data-command=${name}] kbd`)].map(({ textContent }) => textContent)
const clips = (): number => useProject.getState().project.clips.length

/** `key`: to be pressed for the command. */
function press(name: string, key: string, held: object = {}): void {
  fireEvent.click(row(name).getByRole('button', { name: /^Change/ }))
  fireEvent.keyDown(row(name).getByRole('textbox'), { key, ...held })
}

test('keys that are pressed are the command’s from then on; those it had do nothing', async () => {
  const fake = await show()
  expect(keysOf('split')).toEqual(['S', 'B'])
  press('split', 'q')
  expect(keysOf('split')).toEqual(['Q'])
  expect(fake.api.app.setPreferences).toHaveBeenLastCalledWith(
    expect.objectContaining({ keys: { split: ['q'] } }),
  )
  act(closeDialog)
  act(() => goTo(100))
  fireEvent.keyDown(document.body, { key: 's' })
  expect(clips()).toBe(1)
  fireEvent.keyDown(document.body, { key: 'q' })
  expect(clips()).toBe(2)
  expect(screen.getByTitle('Q').textContent).toContain('Cut in two here')
})

test('what another command has is said, and taken only when that is wanted', async () => {
  await show()
  press('split', 'm')
  expect(row('split').getByRole('status').textContent).toBe('M is “Motion of this clip” now.')
  fireEvent.click(row('split').getByRole('button', { name: 'Cancel' }))
  expect(keysNow().split).toEqual(['s', 'b'])
  press('split', 'o')
  fireEvent.click(row('split').getByRole('button', { name: 'Use it here' }))
  expect([keysOf('split'), keysOf('markOut')]).toEqual([['O'], []])
  screen.getByText('2 commands have other keys than at first.')
  fireEvent.change(screen.getByRole('searchbox'), { target: { value: 'undo' } })
  screen.getByText('2 commands have other keys than at first.')
  fireEvent.change(screen.getByRole('searchbox'), { target: { value: '' } })
  // The one that has it now keeps it.
  fireEvent.click(row('markOut').getByRole('button', { name: /^Change/ }))
  fireEvent.click(row('markOut').getByRole('button', { name: 'As it came' }))
  expect([keysOf('split'), keysOf('markOut')]).toEqual([['O'], []])
  fireEvent.click(screen.getByRole('button', { name: 'All as they came' }))
  expect([keysOf('split'), keysOf('markOut')]).toEqual([['S', 'B'], ['O']])
})

test('keys with a fixed meaning are refused; Escape leaves the keys and the list as they are', async () => {
  await show()
  press('split', '\\')
  expect(row('split').getByRole('status').textContent).toMatch(/^These keys do the same everywhere/)
  fireEvent.keyDown(row('split').getByRole('textbox'), { key: 'Control', ctrlKey: true })
  const escape = fireEvent.keyDown(row('split').getByRole('textbox'), { key: 'Escape' })
  expect(escape, 'the dialog never hears of it').toBe(false)
  expect(row('split').queryByRole('textbox')).toBeNull()
  expect(keysNow().split).toEqual(['s', 'b'])
})

test('a command without a key can get one, and one with keys can lose them', async () => {
  await show()
  press('openSample', 'F2')
  expect(keysOf('openSample')).toEqual(['F2'])
  fireEvent.click(row('undo').getByRole('button', { name: /^Change/ }))
  fireEvent.click(row('undo').getByRole('button', { name: 'No key' }))
  expect(keysOf('undo')).toEqual([])
  await waitFor(() => expect(usePreferences.getState().keys).toEqual({ openSample: ['F2'], undo: [] }))
})
