// @vitest-environment jsdom
// Walking through the host's folders: a folder that cannot be listed says why in the language of the window, and the way up stays open.
import './dom.js'
import { fireEvent, render, screen, waitFor } from '@testing-library/react'
import { expect, test } from 'vitest'
import { failing } from '../../electron/shared/errors.js'
import { phrase } from '../../electron/shared/sentences.js'
import { OpenDialog } from '../../renderer/features/open/OpenDialog.js'
import { createFake } from '../../renderer/api/fake.js'
import { startWords } from '../../renderer/i18n.js'
import { start } from '../../renderer/stores/start.js'

const listing = (path: string | null) => ({
  path: path ?? undefined,
  parent: path === null ? undefined : '/films',
  entries: (path === null ? ['films'] : path === '/films' ? ['1994', '1998'] : ['tape.avi']).map((name) => ({
    ...{ name, path: `${path ?? ''}/${name}`, isFolder: !name.includes('.') },
    bytes: name === 'tape.avi' ? undefined : 0,
  })),
})

test('the focus goes along: into a folder to its first entry, out of it to the folder; a held Enter walks one step', async () => {
  await startWords('en')
  const fake = createFake()
  fake.api.listFolder = (path) => Promise.resolve(listing(path))
  await start(fake)
  render(<OpenDialog />)
  const inFocus = (): string | null | undefined => document.activeElement?.textContent
  await waitFor(() => expect(inFocus()).toBe('films'))
  const enter = (repeat = false): boolean =>
    fireEvent.keyDown(document.activeElement ?? document.body, { key: 'Enter', repeat })
  expect(enter()).toBe(true) // the browser presses the button
  expect(enter(true)).toBe(false)
  fireEvent.click(screen.getByRole('button', { name: 'films' }))
  await waitFor(() => expect(inFocus()).toBe('1994'))
  fireEvent.click(screen.getByRole('button', { name: '1998' }))
  await waitFor(() => expect(inFocus()).toBe('tape.avi')) // nothing is said of what is not known
  screen.getByRole('button', { name: 'Up' }).focus()
  fireEvent.click(screen.getByRole('button', { name: 'Up' }))
  await screen.findByRole('button', { name: '1998' })
  expect(inFocus()).toBe('Up') // it may be pressed again
})

test('a folder that cannot be listed says so in Japanese, and one step up is there again', async () => {
  await startWords('ja')
  const fake = createFake()
  fake.api.listFolder = (path) =>
    path === null
      ? Promise.resolve({
          path: '/films',
          entries: [{ name: 'locked', path: '/films/locked', isFolder: true, bytes: 0 }],
        })
      : Promise.reject(
          failing('not-allowed', 'folderUnreadable', { name: 'locked', reason: phrase('reasonLoop') }),
        )
  await start(fake)
  render(<OpenDialog />)
  fireEvent.click(await screen.findByRole('button', { name: 'locked' }))
  expect((await screen.findByRole('alert')).textContent).toBe(
    'フォルダー「locked」を読めません（リンクが循環しています）。別のフォルダーを選ぶか、原因を取り除いてください。',
  )
  fireEvent.click(screen.getByRole('button', { name: '上へ' }))
  expect(await screen.findByRole('button', { name: 'locked' })).toBeTruthy()
  expect(screen.queryByRole('alert')).toBeNull()
})

test('files of this computer can be chosen by key and by name, several at once', async () => {
  await startWords('en')
  const fake = createFake()
  const asked: string[] = []
  await start({ ...fake, pathForFile: (file: File) => (asked.push(file.name), '') })
  render(<OpenDialog />)
  const button = screen.getByRole('button', { name: 'Choose files on this computer…' })
  const input = document.querySelector<HTMLInputElement>('input[type="file"]')
  let isAsked = false
  input?.addEventListener('click', () => (isAsked = true))
  fireEvent.click(button)
  expect(isAsked).toBe(true)
  expect(input?.multiple).toBe(true)
  const files = [new File(['a'], 'one.avi'), new File(['b'], 'two.avi')]
  if (input) fireEvent.change(input, { target: { files } })
  await waitFor(() => expect(asked).toEqual(['one.avi', 'two.avi']))
})
