// Electron's main and preload, as built, on the stand-in, before a page of our own that only has window.heirloom.
// What the stand-in cannot prove stands in test/standin/electron.ts; the whole app on it is driven in test/e2e.
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { build } from 'esbuild'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { ApiEvent } from '../../electron/shared/contract/api.js'
import { contentPolicy } from '../../electron/shared/contract/policy.js'
import type { AnswerMessage, PreloadBridge } from '../../electron/shared/contract/wire.js'
import { launch, root, type Launched } from '../standin/launch.js'

declare global {
  interface Window {
    events: ApiEvent[]
    evil?: boolean
  }
}
type Page = Window & { heirloom: PreloadBridge }

// Inside the project, so that modules main leaves out of its bundle are found.
const out = join(root, 'out', 'test-main')
let folder = ''
let app: Launched

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'heirloom-main-'))
  const node = { bundle: true, platform: 'node', target: 'node20', logLevel: 'warning' } as const
  await build({
    ...node,
    entryPoints: { 'main/index': join(root, 'electron', 'main', 'index.ts') },
    outdir: out,
    format: 'esm',
    external: ['electron', 'ffmpeg-static', 'libsql', 'ws'],
  })
  await build({
    ...node,
    entryPoints: { 'preload/index': join(root, 'electron', 'preload', 'index.ts') },
    outdir: out,
    format: 'cjs',
    outExtension: { '.js': '.cjs' },
    external: ['electron'],
  })
  await mkdir(join(out, 'renderer'), { recursive: true })
  await writeFile(
    join(out, 'renderer', 'index.html'),
    '<!doctype html><title>Heirloom</title><script src="/page.js"></script><script>window.evil = true</script>',
  )
  await writeFile(
    join(out, 'renderer', 'page.js'),
    'window.events = []; window.heirloom.on((event) => window.events.push(event))',
  )
  await writeFile(join(folder, 'early.txt'), 'opened with the app')
  app = await launch({ folder, out, files: [join(folder, 'early.txt')] })
})
afterAll(async () => {
  await app?.close()
  await rm(folder, { recursive: true, force: true })
})

let lastId = 100
const call = (name: string, ...args: unknown[]): Promise<AnswerMessage> =>
  app.page.evaluate((message) => (window as Page).heirloom.call(message as never), {
    id: ++lastId,
    name,
    args,
  })
const codeOf = async (name: string, ...args: unknown[]): Promise<string | undefined> => {
  const answer = await call(name, ...args)
  return 'failure' in answer ? answer.failure.code : undefined
}
const resultOf = async (name: string, ...args: unknown[]): Promise<unknown> => {
  const answer = await call(name, ...args)
  return 'failure' in answer ? answer : answer.result
}
const events = (): Promise<ApiEvent[]> => app.page.evaluate(() => window.events)

test('the page has window.heirloom, frozen, and nothing of Node or Electron', async () => {
  const seen = await app.page.evaluate(() => ({
    keys: Object.keys((window as Page).heirloom),
    isFrozen: Object.isFrozen((window as Page).heirloom),
    others: ['require', 'process', 'module', 'Buffer', 'ipcRenderer', 'standinReceive', 'standinSend'].filter(
      (name) => name in window,
    ),
  }))
  expect(seen).toEqual({ keys: ['call', 'on', 'pathForFile'], isFrozen: true, others: [] })
})

test('calls reach the host and come back under their number', async () => {
  const answer = await call('app.info')
  expect(answer).toMatchObject({
    id: lastId,
    result: { host: 'electron', hasDialogs: true, canReveal: true },
  })
})

test('what is not in the contract is refused by code', async () => {
  expect(await codeOf('formatDisk')).toBe('bad-argument')
  expect(await codeOf('__proto__')).toBe('bad-argument')
  expect(await codeOf('sources.open', 7)).toBe('bad-argument')
  expect(await codeOf('sources.open')).toBe('bad-argument')
  expect(await app.page.evaluate(() => (window as Page).heirloom.call(5 as never))).toMatchObject({
    failure: { code: 'bad-argument' },
  })
})

test('a file that nobody chose may not be opened', async () => {
  await writeFile(join(folder, 'private.txt'), 'not chosen')
  expect(await codeOf('sources.open', join(folder, 'private.txt'))).toBe('not-allowed')
  expect(await codeOf('sources.open', '/etc/passwd')).toBe('not-allowed')
})

test('a dropped file is granted before the call that opens it', async () => {
  const path = join(folder, 'dropped.txt')
  await writeFile(path, 'this is no film')
  await app.order({ do: 'pathOfDropped', name: 'dropped.txt', path })
  const pathOfDropped = (): Promise<string> =>
    app.page.evaluate(() =>
      (window as Page).heirloom.pathForFile(new File(['this is no film'], 'dropped.txt')),
    )
  await expect.poll(pathOfDropped).toBe(path) // the stand-in's page hears of the drop a moment later
  const answer = await app.page.evaluate(async () => {
    const { heirloom } = window as Page
    const made = new File(['x'], 'made up by the page.txt')
    const dropped = heirloom.pathForFile(new File(['this is no film'], 'dropped.txt'))
    const opened = await heirloom.call({ id: 1, name: 'sources.open', args: [dropped] })
    return { made: heirloom.pathForFile(made), dropped, opened }
  })
  expect(answer).toMatchObject({ made: '', dropped: path, opened: { failure: { code: 'not-a-video' } } })
})

test('dialogs: what is chosen is granted, cancelling gives nothing', async () => {
  const path = join(folder, 'chosen.txt')
  await writeFile(path, 'this is no film either')
  expect(await codeOf('sources.open', path)).toBe('not-allowed')
  await app.order({ do: 'answerDialog', answer: { canceled: false, filePaths: [path] } })
  expect(await resultOf('files.chooseSources')).toEqual([path])
  expect(await codeOf('sources.open', path)).toBe('not-a-video')
  expect(await resultOf('files.chooseSources')).toEqual([])
  await app.order({ do: 'answerDialog', answer: { canceled: false, filePath: join(folder, 'out.mp4') } })
  expect(await resultOf('files.chooseOutput', 'film.mp4')).toBe(join(folder, 'out.mp4'))
  expect(await resultOf('files.chooseOutput', 'film.mp4')).toBeNull()
  const asked = (await app.order({ do: 'asked' })) as { what: string; with: { defaultPath?: string } }[]
  expect(asked.filter(({ what }) => what === 'save')[0]?.with.defaultPath).toBe('film.mp4')
})

test('files from outside are granted and announced: command line, second start, system', async () => {
  const [second, third] = [join(folder, 'second.txt'), join(folder, 'third.txt')]
  await writeFile(second, 'no film')
  await writeFile(third, 'no film')
  await app.order({ do: 'secondInstance', words: ['--flag', second, join(folder, 'missing.txt')] })
  const opened = async (): Promise<string[]> =>
    (await events()).flatMap((event) => (event.type === 'open' ? event.paths : []))
  await expect.poll(opened).toEqual([join(folder, 'early.txt'), second])
  await app.order({ do: 'openFile', path: third })
  await expect.poll(opened).toEqual([join(folder, 'early.txt'), second, third])
  for (const path of await opened()) expect(await codeOf('sources.open', path)).toBe('not-a-video')
})

test('a chosen menu item reaches the page by its command name', async () => {
  await app.order({ do: 'chooseMenu', id: 'markIn' })
  await expect.poll(events).toContainEqual({ type: 'menu', command: 'markIn' })
})

test('the menu speaks the chosen language', async () => {
  expect(await app.order({ do: 'menuLabels' })).toContain('File')
  expect(await resultOf('app.setPreferences', { language: 'ja', theme: 'dark' })).toBeNull()
  expect(await app.order({ do: 'menuLabels' })).toContain('ファイル')
  expect(await resultOf('app.preferences')).toEqual({ language: 'ja', theme: 'dark' })
})

test('every page carries the policy, and Chromium enforces it', async () => {
  const seen = await app.page.evaluate(async () => {
    const page = await fetch('/')
    const headers = Object.fromEntries(page.headers)
    const script = document.createElement('script')
    script.textContent = 'window.evil = true'
    document.body.append(script)
    const remote = await fetch('http://127.0.0.1:9/').then(
      () => 'reached',
      () => 'refused',
    )
    return { headers, evil: window.evil ?? false, remote }
  })
  expect(seen.headers).toMatchObject({
    'content-security-policy': contentPolicy,
    'x-content-type-options': 'nosniff',
    'referrer-policy': 'no-referrer',
  })
  expect([seen.evil, seen.remote]).toEqual([false, 'refused'])
})

test('no address leads out of the renderer folder', async () => {
  const status = (path: string): Promise<number> =>
    app.page.evaluate((address) => fetch(address).then((response) => response.status), path)
  expect(await status('/page.js')).toBe(200)
  for (const path of [
    '/%2e%2e/main/index.js',
    '/..%2fmain/index.js',
    '/main/index.js',
    '/media/0',
    '/nothing',
  ])
    expect(await status(path), path).toBe(404)
  expect(await app.page.evaluate(() => fetch('/', { method: 'POST' }).then((r) => r.status))).toBe(405)
})

test('the window opens no other and goes nowhere else', async () => {
  const before = app.page.url()
  await app.page.evaluate(() => {
    window.open('https://example.org/')
    location.href = 'https://example.org/'
  })
  await app.page.waitForTimeout(300) // nothing to wait for: the point is that nothing happens
  expect(app.page.url()).toBe(before)
  expect(
    app.page
      .context()
      .pages()
      .filter((page) => page.url().includes('example.org')),
  ).toEqual([])
})

test('no page of the app, whichever it is, goes elsewhere, opens windows or is given the camera', async () => {
  expect(await app.order({ do: 'anotherPage' })).toEqual({
    ...{ 'will-navigate': true, 'will-frame-navigate': true, 'will-redirect': true },
    ...{ 'will-attach-webview': true, opens: true },
  })
  const answer = (permission: string): Promise<unknown> => app.order({ do: 'judge', permission })
  for (const permission of ['media', 'geolocation', 'notifications', 'openExternal', 'clipboard-read'])
    expect(await answer(permission), permission).toEqual({ request: false, check: false, device: false })
  expect(await answer('clipboard-sanitized-write')).toEqual({ request: true, check: true, device: false })
  expect(await answer('fullscreen')).toEqual({ request: true, check: true, device: false })
})

test('closing the last window quits, and what was set is still there at the next start', async () => {
  await app.order({ do: 'closeWindow' })
  expect(await app.ended, app.output()).toBe(0)
  app = await launch({ folder, out })
  expect(await resultOf('app.preferences')).toEqual({ language: 'ja', theme: 'dark' })
  await app.order({ do: 'quit' })
  expect(await app.ended).toBe(0)
})
