// Who is heard on the IPC channels, and the menu as data. `electron` is replaced by what these two modules touch.
import { beforeEach, expect, test, vi } from 'vitest'
import { commandNames, menus } from '../../electron/shared/words/commandNames.js'
import { keysWith } from '../../electron/shared/words/keys.js'
import { testHost } from '../server/host.js'

type Handler = (event: unknown, ...args: unknown[]) => unknown
const { handlers, listeners, sent } = vi.hoisted(() => ({
  handlers: new Map<string, Handler>(),
  listeners: new Map<string, Handler>(),
  sent: [] as unknown[][],
}))
vi.mock('electron', () => ({
  ipcMain: {
    handle: (channel: string, handler: Handler) => handlers.set(channel, handler),
    on: (channel: string, listener: Handler) => listeners.set(channel, listener),
    removeHandler: (channel: string) => handlers.delete(channel),
    removeAllListeners: (channel: string) => listeners.delete(channel),
  },
  BrowserWindow: {
    getAllWindows: () => [
      { isDestroyed: () => false, webContents: { send: (...args: unknown[]) => sent.push(args) } },
      { isDestroyed: () => true },
    ],
  },
}))
const { answerCalls } = await import('../../electron/main/calls.js')
const { accelerator, menuTemplate } = await import('../../electron/main/menu.js')
const { isOurs } = await import('../../electron/main/address.js')

const host = testHost({ app: { preferences: () => Promise.resolve({ language: 'en', theme: 'light' }) } })
let stop: () => void
beforeEach(() => {
  stop?.()
  stop = answerCalls(host, host.api).stop
})

const call = (senderFrame: unknown): unknown =>
  handlers.get('heirloom:call')?.({ senderFrame }, { id: 1, name: 'app.preferences', args: [] })

test('only the main frame of our own page is answered', async () => {
  expect(await call({ url: 'app://heirloom/', parent: null })).toMatchObject({
    id: 1,
    result: { theme: 'light' },
  })
  for (const frame of [
    null,
    { url: 'app://heirloom/', parent: {} },
    { url: 'app://other/', parent: null },
    { url: 'https://heirloom/', parent: null },
    { url: 'about:blank', parent: null },
    { url: '', parent: null },
  ])
    expect(await call(frame)).toMatchObject({ failure: { code: 'not-allowed' } })
})

test('only our own page grants dropped files, and the call after it waits for the grant', async () => {
  const grant = listeners.get('heirloom:grant')
  grant?.({ senderFrame: { url: 'https://evil.example/', parent: null } }, '/evil')
  grant?.({ senderFrame: { url: 'app://heirloom/', parent: null } }, 7)
  grant?.({ senderFrame: { url: 'app://heirloom/', parent: null } }, '/film.mp4')
  await call({ url: 'app://heirloom/', parent: null })
  expect(host.granted).toEqual(['/film.mp4'])
})

test('events go to every window that is there', () => {
  host.emit({ type: 'menu', command: 'open' })
  expect(sent).toEqual([['heirloom:event', { type: 'menu', command: 'open' }]])
})

test('our address is scheme and host, not a prefix', () => {
  expect(isOurs('app://heirloom/index.html')).toBe(true)
  for (const address of ['app://heirloom.evil/', 'apps://heirloom/', 'http://heirloom/', 'app:heirloom', ''])
    expect(isOurs(address), address).toBe(false)
})

const nothing = { choose: () => undefined, open: () => undefined }

test('the menu has every item of the table, in both languages, and takes no plain letter from text fields', () => {
  const chosen: string[] = []
  for (const language of ['en', 'ja'] as const) {
    const template = menuTemplate(
      language,
      { choose: (command) => chosen.push(command), open: () => undefined },
      false,
    )
    const items = template.flatMap(({ submenu }) => (Array.isArray(submenu) ? submenu : []))
    const ids = items.flatMap(({ id }) => id ?? [])
    expect(ids).toEqual(Object.values(menus).flatMap((menu) => menu.filter((name) => name !== null)))
    for (const item of items.filter(({ id }) => id !== undefined)) {
      expect(item.label).toBeTruthy()
      expect(item.registerAccelerator).toBe(false)
      item.click?.(undefined as never, undefined, undefined as never)
    }
    expect(chosen.splice(0)).toEqual(ids)
  }
  expect(
    commandNames
      .flatMap((name) => accelerator(name, keysWith()) ?? [])
      .every((key) => key.includes('CmdOrCtrl')),
  ).toBe(true)
  expect(accelerator('redo', keysWith())).toBe('CmdOrCtrl+Shift+Z')
  expect(accelerator('redo', keysWith({ redo: ['$mod+Alt+r'] }))).toBe('CmdOrCtrl+Alt+R')
  expect(accelerator('redo', keysWith({ redo: [] }))).toBeUndefined()
  expect(menuTemplate('en', nothing, true)[0]).toEqual({ role: 'appMenu' })
})

test('commands stand as in the window: what undo and redo take back, what has nothing to do, what is on', () => {
  const items = (...ids: string[]) =>
    menuTemplate('en', nothing, false, {
      commands: {
        words: { undo: 'Undo: cut in two', redo: null },
        idle: ['redo', 'split'],
        on: ['toggleLoop'],
      },
    })
      .flatMap(({ submenu }) => (Array.isArray(submenu) ? submenu : []))
      .filter(({ id }) => ids.includes(id ?? ''))
      .map(({ label, enabled, type, checked }) => [label, enabled, type, checked])
  expect(items('undo', 'redo', 'split')).toEqual([
    ['Undo: cut in two', true, undefined, undefined],
    ['Redo', false, undefined, undefined],
    ['Cut in two here', false, undefined, undefined],
  ])
  expect(items('toggleLoop', 'compareSide')).toEqual([
    ['Play over and over', true, 'checkbox', true],
    ['Compare side by side', true, 'checkbox', false],
  ])
  const untold = menuTemplate('en', nothing, false).flatMap(({ submenu }) =>
    Array.isArray(submenu) ? submenu : [],
  )
  expect(untold.find(({ id }) => id === 'undo')).toMatchObject({ label: 'Undo', enabled: true })
})

test('recent projects stand in the File menu, one without a name by what is in it, one that is gone as such', () => {
  const opened: string[] = []
  const recent = [
    { path: '/a/Oma & Opa.heirloom', name: 'Oma & Opa', openedMs: 2, isThere: true },
    { path: '/data/untitled/1.heirloom', name: null, about: 'Tape 3.avi', openedMs: 1, isThere: true },
    { path: '/b/Lake.heirloom', name: 'Lake', openedMs: 0, isThere: false },
  ]
  const choices = { ...nothing, open: (path: string) => opened.push(path) }
  const [file] = menuTemplate('ja', choices, false, { recent })
  const items = (Array.isArray(file?.submenu) ? file.submenu : []).slice(-5, -2)
  expect(items.map(({ label }) => label)).toEqual([
    'Oma && Opa',
    '名称未設定（Tape 3.avi）',
    'Lake（見つかりません）',
  ])
  for (const item of items) item.click?.(undefined as never, undefined, undefined as never)
  expect(opened).toEqual(recent.map(({ path }) => path))
})
