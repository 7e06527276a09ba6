// @vitest-environment jsdom
// Every command by its words: found in any order of them, by menu, key and in English; done with Enter; idle ones do nothing.
import './dom.js'
import { act, fireEvent, render, screen, waitFor, within } from '@testing-library/react'
import { expect, test } from 'vitest'
import { commandNames, menuNames, menus } from '../../electron/shared/words/commandNames.js'
import { App } from '../../renderer/App.js'
import { createFake } from '../../renderer/api/fake.js'
import { useSession } from '../../renderer/stores/session.js'
import { start } from '../../renderer/stores/start.js'
import { setLanguage } from '../../renderer/stores/words.js'

async function open(): Promise<HTMLElement> {
  await start(createFake())
  render(<App />)
  await screen.findByTestId('time')
  fireEvent.keyDown(document.body, { key: 'k', code: 'KeyK', ctrlKey: true })
  const input = await screen.findByPlaceholderText('What do you want to do?')
  await waitFor(() => expect(document.activeElement).toBe(input))
  return input
}

const type = (input: HTMLElement, value: string) => fireEvent.change(input, { target: { value } })
const list = () => within(document.querySelector<HTMLElement>('dialog')!)
const shown = () =>
  [...document.querySelectorAll('dialog [role=option]')].map(({ textContent }) => textContent)

test('every command stands in a menu, so in the list', () => {
  expect(new Set(menuNames.flatMap((menu) => menus[menu]).filter((name) => name !== null))).toEqual(
    new Set(commandNames),
  )
})

test('words in any order narrow the list; Enter does the first and puts the list away', async () => {
  const input = await open()
  expect(shown()).toHaveLength(commandNames.length - 1)
  type(input, 'side COMPARE')
  await waitFor(() => expect(shown()).toEqual(['Compare side by side']))
  fireEvent.keyDown(input, { key: 'Enter', code: 'Enter' })
  await waitFor(() => expect(document.querySelector('dialog')).toBeNull())
  expect(useSession.getState()).toMatchObject({ compareMode: 'side', dialog: undefined })
})

test.each([
  ['keyboard shortcuts', 'shortcuts'],
  ['work list', 'jobs'],
  ['scenes begin', 'scenes'],
])('“%s” opens its dialog in the place of the list', async (words, dialog) => {
  const input = await open()
  type(input, words)
  await waitFor(() => expect(shown()).toHaveLength(1))
  fireEvent.keyDown(input, { key: 'Enter', code: 'Enter' })
  await waitFor(() => expect(screen.queryByPlaceholderText('What do you want to do?')).toBeNull())
  await act(() => new Promise((resolve) => setTimeout(resolve, 50)))
  expect(useSession.getState().dialog).toBe(dialog)
})

test('arrows go on; what has nothing to do is told so and does nothing; a key is found too', async () => {
  const input = await open()
  type(input, 'shift+l')
  await waitFor(() => expect(shown()).toHaveLength(1))
  type(input, 'compare')
  await waitFor(() => expect(shown().length).toBeGreaterThan(2))
  expect(list().getByRole('option', { name: /^Compare with a divider.*\(on\)/ })).toBeTruthy()
  fireEvent.keyDown(input, { key: 'ArrowDown', code: 'ArrowDown' })
  fireEvent.keyDown(input, { key: 'Enter', code: 'Enter' })
  await waitFor(() => expect(useSession.getState().compareMode).toBe('side'))
  fireEvent.keyDown(document.body, { key: 'k', code: 'KeyK', ctrlKey: true })
  await screen.findByPlaceholderText('What do you want to do?')
  type(list().getByRole('combobox'), 'stop preview')
  const stop = await list().findByRole('option')
  expect(stop.getAttribute('aria-disabled')).toBe('true')
  fireEvent.click(stop)
  fireEvent.keyDown(list().getByRole('combobox'), { key: 'Enter', code: 'Enter' })
  expect(useSession.getState().dialog).toBe('commands')
  type(list().getByRole('combobox'), 'penguin')
  await screen.findByText('No command is called like that.')
})

test('in Japanese commands are found by their Japanese and by their English words', async () => {
  const input = await open()
  act(() => setLanguage('ja'))
  type(input, 'full screen')
  await waitFor(() => expect(shown()).toHaveLength(1))
  type(input, '全画面')
  await waitFor(() => expect(shown()).toHaveLength(1))
  act(() => setLanguage('en'))
})
