// @vitest-environment jsdom
// Walking through the host's folders: a folder that cannot be listed says why in the language of the window, and the way up stays open.
import './dom.js'
import { cleanup, fireEvent, render, screen, waitFor } from '@testing-library/react'
import { expect, test } from 'vitest'
import { failing } from '../../electron/shared/contract/errors.js'
import { phrase } from '../../electron/shared/words/sentences.js'
import { OpenDialog } from '../../renderer/features/open/OpenDialog.js'
import { createFake } from '../../renderer/api/fake.js'
import { setLanguage } from '../../renderer/stores/words.js'
import { emptyProject } from '../../electron/shared/document/document.js'
import { openDropped } from '../../renderer/stores/dropped.js'
import { replaceProject, useProject } from '../../renderer/stores/project.js'
import { useSession } from '../../renderer/stores/session.js'
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
  setLanguage('en')
  const fake = createFake()
  fake.api.sources.recent = () => Promise.resolve([])
  fake.api.files.list = (path) => Promise.resolve(listing(path))
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
  const tape = (): HTMLElement => screen.getByRole('checkbox', { name: 'tape.avi' }) // nothing is said of what is not known
  await waitFor(() => expect(document.activeElement).toBe(tape()))
  screen.getByRole('button', { name: 'Up' }).focus()
  fireEvent.click(screen.getByRole('button', { name: 'Up' }))
  await screen.findByRole('button', { name: '1998' })
  expect(inFocus()).toBe('Up') // it may be pressed again
})

test('a folder that cannot be listed says so in Japanese, and one step up is there again', async () => {
  setLanguage('ja')
  const fake = createFake()
  fake.api.sources.recent = () => Promise.resolve([])
  fake.api.files.list = (path) =>
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
  setLanguage('en')
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
  const files = ['tape 10.avi', 'tape 9.avi'].map((name) => new File(['a'], name))
  if (input) fireEvent.change(input, { target: { files } })
  await waitFor(() => expect(asked).toEqual(['tape 9.avi', 'tape 10.avi']))
})

const film = (name: string, isFolder = false) => ({ name, path: `/films/${name}`, isFolder, bytes: 1000 })

test('only films and pictures are listed; several are chosen by clicks, with Shift, by keys, and open in the order in which they were chosen', async () => {
  setLanguage('en')
  const fake = createFake({ project: emptyProject })
  const names = ['1.avi', '2.mp4', '3.MOD', '4.jpg', 'letter.txt']
  const entries = [film('older', true), ...names.map((name) => film(name))]
  fake.api.sources.recent = () => Promise.resolve([])
  fake.api.files.list = () => Promise.resolve({ path: '/films', entries })
  const opened: string[] = []
  fake.api.sources.open = (path) => (opened.push(path), Promise.reject(new Error('not now')))
  await start(fake)
  render(<OpenDialog />)
  const box = (name: string): HTMLInputElement =>
    screen.getByRole('checkbox', { name: new RegExp(`^${name}`) })
  await screen.findByRole('button', { name: 'older' })
  expect(screen.getAllByRole('checkbox')).toHaveLength(4)
  expect(screen.getByRole<HTMLButtonElement>('button', { name: 'Open' }).disabled).toBe(true)
  fireEvent.click(box('2.mp4'))
  fireEvent.mouseDown(box('4.jpg'), { shiftKey: true })
  fireEvent.click(box('4.jpg'))
  fireEvent.mouseDown(box('3.MOD'))
  fireEvent.click(box('3.MOD'))
  expect(screen.getByRole('button', { name: 'Open 2 films' })).toBeTruthy()
  screen.getByRole('button', { name: 'older' }).focus()
  fireEvent.keyDown(document.activeElement!, { key: 'ArrowDown' })
  expect(document.activeElement).toBe(box('1.avi'))
  fireEvent.keyDown(document.activeElement!, { key: 'Enter' })
  const wanted = ['2.mp4', '4.jpg', '1.avi'].map((name) => `/films/${name}`)
  await waitFor(() => expect(opened).toEqual(wanted))
  fireEvent.click(screen.getByRole('switch', { name: 'Show all files' }))
  expect(await screen.findByRole('checkbox', { name: /^letter.txt/ })).toBeTruthy()
  fireEvent.doubleClick(screen.getByText('letter.txt'))
  await waitFor(() => expect(opened.at(-1)).toBe('/films/letter.txt'))
})

/** A folder as a browser hands it over: its entries come in pieces. */
function folderEntry(name: string, inside: readonly FileSystemEntry[]): FileSystemEntry {
  const createReader = () => {
    const pieces = [inside.slice(0, 1), inside.slice(1), []]
    return { readEntries: (give: (piece: readonly FileSystemEntry[]) => void) => give(pieces.shift() ?? []) }
  }
  return { name, isDirectory: true, isFile: false, createReader } as unknown as FileSystemEntry
}
const fileEntry = (name: string): FileSystemEntry =>
  ({
    ...{ name, isDirectory: false, isFile: true },
    file: (give: (file: File) => void) => give(new File(['x'], name)),
  }) as unknown as FileSystemEntry
const item = (entry: FileSystemEntry) => ({
  ...{ kind: 'file', getAsFile: () => new File([], entry.name), webkitGetAsEntry: () => entry },
})
const drop = (...entries: FileSystemEntry[]): Promise<void> =>
  openDropped({ items: entries.map(item), files: [] } as unknown as DataTransfer)

test('of a dropped folder its films are opened, in a browser and on the desktop; one without films says so', async () => {
  setLanguage('en')
  const fake = createFake({ project: emptyProject })
  const sent: string[] = []
  const upload = (file: File): Promise<string> => (
    sent.push(file.name),
    Promise.resolve(`/films/${file.name}`)
  )
  await start({ ...fake, upload })
  const inside = folderEntry('older', [fileEntry('b.avi'), fileEntry('.hidden.avi')])
  const tapes = folderEntry('tapes', [fileEntry('10.mp4'), fileEntry('9.mp4'), fileEntry('list.txt'), inside])
  await drop(tapes, fileEntry('single.mkv'), folderEntry('letters', [fileEntry('a.txt')]))
  expect(sent).toEqual(['single.mkv', '9.mp4', '10.mp4', 'b.avi']) // by their names, folders among them
  const told = useSession
    .getState()
    .notices.flatMap((notice) => ('failure' in notice ? [notice.failure.sentence] : []))
  expect(told).toEqual([{ key: 'folderNoFilms', values: { name: 'letters' } }])

  const desktop = createFake({ project: emptyProject })
  await start({
    ...desktop,
    host: 'electron',
    upload: undefined,
    pathForFile: (file) => `/home/${file.name}`,
  })
  replaceProject(emptyProject)
  await drop(tapes)
  expect(useProject.getState().project.sources.map(({ path }) => path)).toEqual([
    ...['/home/tapes/one.mp4', '/home/tapes/two.mp4'],
  ])
})

test('films are looked for where one was opened last; where that is not shared any more, from the top on', async () => {
  setLanguage('en')
  const fake = createFake()
  const recent = { path: '/films/1998/tape.avi', name: 'tape.avi', openedMs: 0 }
  fake.api.sources.recent = () => Promise.resolve([recent])
  fake.api.files.list = (path) => Promise.resolve(listing(path))
  await start(fake)
  await waitFor(() => expect(useSession.getState().lastFolder).toBe('/films/1998'))
  render(<OpenDialog />)
  fireEvent.click(await screen.findByRole('checkbox', { name: 'tape.avi' }))
  cleanup()
  fake.api.files.list = (path) =>
    path === null
      ? Promise.resolve(listing(null))
      : Promise.reject(failing('not-allowed', 'folderNotGiven', { name: '1998' }))
  render(<OpenDialog />)
  expect(await screen.findByRole('button', { name: 'films' })).toBeTruthy()
  expect(screen.queryByRole('alert')).toBeNull()
})
