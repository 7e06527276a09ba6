// What the built app's window may not do, tried from inside a real page through both doors, and what a stranger's page or
// program may not do to the browser host. The rules one by one are in test/server and test/main.
import { createServer } from 'node:http'
import type { Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { chromium } from 'playwright-core'
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { contentPolicy } from '../../electron/shared/policy.js'
import type { AnswerMessage } from '../../electron/shared/wire.js'
import { chromiumArguments, chromiumPath } from '../standin/browser.js'
import { browserDoor, serve, standinDoor } from './doors.js'
import type { Door, Served } from './doors.js'
import { waitForFilm } from './window.js'

const errorText = (error: unknown): string => (error instanceof Error ? error.message : String(error))

describe.each([
  ['browser host', browserDoor],
  ['Electron main and preload on the stand-in', standinDoor],
] as const)('%s', (_, open) => {
  let door: Door
  beforeAll(async () => {
    door = await open()
    await waitForFilm(door.page)
  })
  afterAll(() => door?.close())

  /** A call as any script in the page could make it. */
  const call = (name: string, ...args: unknown[]): Promise<AnswerMessage> =>
    door.page.evaluate(
      async (message): Promise<AnswerMessage> => {
        if (window.heirloom) return window.heirloom.call(message as never)
        const socket = new WebSocket(`ws://${location.host}/api`)
        await new Promise((resolve, reject) => {
          socket.onopen = resolve
          socket.onerror = reject
        })
        socket.send(JSON.stringify(message))
        return new Promise((resolve) => {
          socket.onmessage = ({ data }) => {
            const answer = JSON.parse(String(data)) as AnswerMessage
            if (answer.id !== message.id) return
            socket.close()
            resolve(answer)
          }
        })
      },
      { id: 1_000_000, name, args },
    )
  const codeOf = async (name: string, ...args: unknown[]): Promise<string | undefined> => {
    const answer = await call(name, ...args)
    return 'failure' in answer ? answer.failure.code : undefined
  }

  test('the policy is on the page, and inline scripts, eval and other addresses are blocked', async () => {
    const seen = await door.page.evaluate(async () => {
      const world = window as Window & { evil?: boolean }
      const script = document.createElement('script')
      script.textContent = 'window.evil = true'
      document.body.append(script)
      document.body.insertAdjacentHTML('beforeend', '<img src="/none.png" onerror="window.evil = true">')
      await new Promise((resolve) => setTimeout(resolve, 200))
      let evaluated: unknown
      try {
        evaluated = (0, eval)('6 * 7')
      } catch {
        evaluated = 'blocked'
      }
      const refused = (work: Promise<unknown>): Promise<string> =>
        work.then(
          () => 'reached',
          () => 'refused',
        )
      return {
        policy: (await fetch('/')).headers.get('content-security-policy'),
        evil: world.evil ?? false,
        evaluated,
        elsewhere: await refused(fetch('http://127.0.0.1:9/', { mode: 'no-cors' })),
      }
    })
    expect(seen).toEqual({ policy: contentPolicy, evil: false, evaluated: 'blocked', elsewhere: 'refused' })
  })

  test('the page has nothing of Node', async () => {
    const found = await door.page.evaluate(() =>
      ['require', 'process', 'module', 'exports', 'Buffer', 'global', '__dirname'].filter(
        (name) => name in window,
      ),
    )
    expect(found).toEqual([])
  })

  test('a file that was not chosen or shared cannot be named', async () => {
    const path = join(door.own, 'diary.txt')
    await writeFile(path, 'private')
    expect(await codeOf('openSource', path)).toBe('not-allowed')
    expect(await codeOf('openSource', join(door.films, '..', 'own', 'diary.txt'))).toBe('not-allowed')
    expect(await codeOf('checkOutput', path)).toBe('not-allowed')
    expect(await codeOf('listFolder', '/')).toBe('not-allowed')
    expect(await codeOf('reveal', path)).toBe('not-allowed')
  })

  test('what is not in the contract is refused', async () => {
    expect(await codeOf('runProgram', 'rm')).toBe('bad-argument')
    expect(await codeOf('toString')).toBe('bad-argument')
    expect(await codeOf('openSource')).toBe('bad-argument')
    expect(await codeOf('openSource', { path: '/etc/passwd' })).toBe('bad-argument')
    expect(await codeOf('cancelJob', 'x'.repeat(65))).toBe('bad-argument')
    expect(await codeOf('waveform', '../../etc/passwd')).toBe('bad-argument')
  })

  test('no address of the page leads out of the app', async () => {
    const status = (path: string): Promise<number> =>
      door.page.evaluate((address) => fetch(address).then((response) => response.status), path)
    for (const path of [
      '/%2e%2e/main/index.js',
      '/..%2f..%2fpackage.json',
      '/main/index.js',
      '/media/x',
      '/frame/0/0.jpg',
    ])
      expect(await status(path), path).toBe(404)
    expect(await status('/media/0123456789abcdef0123456789abcdef')).toBe(404) // a source nobody opened
  })
})

describe('a stranger at the browser host', () => {
  let folder = ''
  let served: Served
  let browser: Browser
  let stranger: Server
  let page: Page
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'heirloom-stranger-'))
    served = await serve(folder, folder)
    browser = await chromium.launch({ executablePath: chromiumPath, args: chromiumArguments })
    stranger = createServer((_, response) =>
      response
        .writeHead(200, { 'content-type': 'text/html' })
        .end('<!doctype html><title>A stranger</title>'),
    )
    await new Promise<void>((resolve) => stranger.listen(0, '127.0.0.1', resolve))
    page = await browser.newPage()
    await page.goto(served.url) // the browser has the cookie now: the strongest position a stranger can have
    await page.goto(`http://127.0.0.1:${(stranger.address() as AddressInfo).port}/`)
  })
  afterAll(async () => {
    await browser?.close()
    stranger?.close()
    await served?.stop()
    await rm(folder, { recursive: true, force: true })
  })
  const base = (): string => new URL(served.url).origin

  test("a page of another port cannot open the socket, read anything or show it, even in the person's own browser", async () => {
    const seen = await page.evaluate(async (heirloom) => {
      const outcome = <T>(work: Promise<T>): Promise<T | 'refused'> => work.catch(() => 'refused' as const)
      const socket = new Promise((resolve, reject) => {
        const opened = new WebSocket(`${heirloom.replace('http', 'ws')}/api`)
        opened.onopen = () => resolve('open')
        opened.onerror = reject
      })
      const image = new Promise((resolve, reject) => {
        const shown = new Image()
        shown.onload = () => resolve('shown')
        shown.onerror = reject
        shown.src = `${heirloom}/thumbnail/0123456789abcdef/0.jpg?height=64`
      })
      const script = new Promise((resolve, reject) => {
        const made = document.createElement('script')
        made.onload = () => resolve('ran')
        made.onerror = reject
        made.src = `${heirloom}/index.html`
        document.head.append(made)
      })
      return {
        socket: await outcome(socket),
        read: await outcome(fetch(`${heirloom}/`, { credentials: 'include' }).then((r) => r.text())),
        posted: await outcome(
          fetch(`${heirloom}/upload?name=a`, { method: 'POST', body: 'x', credentials: 'include' }).then(
            (r) => r.status,
          ),
        ),
        image: await outcome(image),
        script: await outcome(script),
      }
    }, base())
    expect(seen).toEqual({
      socket: 'refused',
      read: 'refused',
      posted: 'refused',
      image: 'refused',
      script: 'refused',
    })
  })

  test('without the key, or with a wrong one, there is a sentence and nothing else', async () => {
    const own = await browser.newContext()
    const fresh = await own.newPage()
    expect((await fresh.goto(base()))?.status()).toBe(401)
    expect(await fresh.textContent('body')).toMatch(/Open the whole address/)
    expect((await fresh.goto(`${base()}/?token=guess`))?.status()).toBe(403)
    expect(await fresh.textContent('body')).toMatch(/not the one of this start/)
    await own.close()
  })

  test('a taken port ends a second start with a sentence', async () => {
    const { port } = new URL(served.url)
    const second = await serve(folder, folder, ['--port', port]).then(() => 'started', errorText)
    expect(second).toContain(`Port ${port} is not free`)
    expect(second).toContain('ended with 1')
  })

  test('stopping it with Ctrl+C is a clean end', async () => {
    const other = await serve(folder, folder)
    expect([0, 130]).toContain(await other.stop())
  })
})
