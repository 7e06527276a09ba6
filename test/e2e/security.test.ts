// What the built app's window may not do, tried from inside a real page through both doors, and what a stranger's page or
// program may not do to the browser host. The rules one by one are in test/server and test/main.
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { existsSync } from 'node:fs'
import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { chromium, type Browser, type BrowserContext, type Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { contentPolicy } from '../../electron/shared/contract/policy.js'
import { SessionKeys, sessionPath } from '../../electron/shared/contract/session.js'
import type { AnswerMessage } from '../../electron/shared/contract/wire.js'
import { chromiumArguments, chromiumPath } from '../standin/browser.js'
import { browserDoor, serve, standinDoor, type Door, type Served } from './doors.js'
import { waitForFilm } from './window.js'

/** What a window of the browser host was given. */
const keysOf = async (page: Page): Promise<SessionKeys> =>
  SessionKeys.parse(JSON.parse((await page.evaluate(() => sessionStorage.getItem('heirloom-session'))) ?? ''))

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
        const { secret } = JSON.parse(sessionStorage.getItem('heirloom-session') ?? '') as SessionKeys
        const socket = new WebSocket(`ws://${location.host}/api`, ['heirloom', `heirloom.${secret}`])
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
    expect(await codeOf('sources.open', path)).toBe('not-allowed')
    expect(await codeOf('sources.open', join(door.films, '..', 'own', 'diary.txt'))).toBe('not-allowed')
    expect(await codeOf('files.checkOutput', path)).toBe('not-allowed')
    expect(await codeOf('files.list', '/')).toBe('not-allowed')
    expect(await codeOf('files.reveal', path)).toBe('not-allowed')
  })

  test('what is not in the contract is refused', async () => {
    expect(await codeOf('runProgram', 'rm')).toBe('bad-argument')
    expect(await codeOf('toString')).toBe('bad-argument')
    expect(await codeOf('sources.open')).toBe('bad-argument')
    expect(await codeOf('sources.open', { path: '/etc/passwd' })).toBe('bad-argument')
    expect(await codeOf('jobs.cancel', 'x'.repeat(65))).toBe('bad-argument')
    expect(await codeOf('sources.waveform', '../../etc/passwd')).toBe('bad-argument')
  })

  test('no address of the page leads out of the app', async () => {
    const status = (path: string): Promise<number> =>
      door.page.evaluate((address) => fetch(address).then((response) => response.status), path)
    const base = door.kind === 'browser' ? `/s/${(await keysOf(door.page)).media}` : ''
    for (const path of [
      '/%2e%2e/main/index.js',
      '/..%2f..%2fpackage.json',
      '/main/index.js',
      `${base}/media/x`,
      `${base}/frame/0/0.jpg`,
      `${base}/../package.json`,
      `${base}/%2e%2e/package.json`,
    ])
      expect(await status(path), path).toBe(404)
    expect(await status(`${base}/media/0123456789abcdef0123456789abcdef`)).toBe(404) // a source nobody opened
  })
})

describe('a stranger at the browser host', () => {
  let folder = ''
  let served: Served
  let browser: Browser
  let context: BrowserContext
  let stranger: Server
  let owner: Page
  let page: Page
  let keys: SessionKeys
  /** All that the owner's browser told the stranger's server. */
  const heard: string[] = []
  const lost = 'main[role=alert]'
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'heirloom-stranger-'))
    served = await serve(folder, folder)
    browser = await chromium.launch({ executablePath: chromiumPath, args: chromiumArguments })
    stranger = createServer((request, response) => {
      heard.push(JSON.stringify([request.url, request.headers]))
      if (request.url === '/back') return void response.writeHead(302, { location: base() }).end()
      response.writeHead(200, { 'content-type': 'text/html' }).end('<!doctype html><title>A stranger</title>')
    })
    await new Promise<void>((resolve) => stranger.listen(0, '127.0.0.1', resolve))
    context = await browser.newContext({ locale: 'en-US' })
    owner = await context.newPage()
    await owner.goto(served.url)
    await owner.waitForFunction(() => sessionStorage.getItem('heirloom-session'))
    keys = await keysOf(owner)
    page = await context.newPage() // beside the owner's window, in the same browser: the strongest position a stranger can have
    await page.goto(strange())
  })
  afterAll(async () => {
    await browser?.close()
    stranger?.close()
    await served?.stop()
    await rm(folder, { recursive: true, force: true })
  })
  const base = (): string => new URL(served.url).origin
  const strange = (): string => `http://127.0.0.1:${(stranger.address() as AddressInfo).port}/`

  test('the token leaves the address at once, no cookie is there, and loading the page again works', async () => {
    expect(owner.url()).toBe(`${base()}/`)
    expect(await context.cookies()).toEqual([])
    await owner.reload()
    await waitForFilm(owner)
    expect(await keysOf(owner)).toEqual(keys)
  })

  test("a page of another port is told nothing, and can open, read, show and post nothing, even in the person's own browser", async () => {
    const attempts = {
      address: base(),
      // What it could do if it knew everything but the keys.
      media: sessionPath({ ...keys, media: 'g'.repeat(43) }, { kind: 'media', sourceId: '0123456789abcdef' }),
      secret: 'g'.repeat(43),
    }
    const seen = await page.evaluate(async ({ address, media, secret }) => {
      const outcome = <T>(work: Promise<T>): Promise<T | 'refused'> => work.catch(() => 'refused' as const)
      const socket = (protocols: string[]): Promise<unknown> =>
        new Promise((resolve, reject) => {
          const opened = new WebSocket(`${address.replace('http', 'ws')}/api`, protocols)
          opened.onopen = () => resolve('open')
          opened.onerror = reject
        })
      const load = (made: HTMLElement & { src: string }, src: string): Promise<unknown> =>
        new Promise((resolve, reject) => {
          made.onload = () => resolve('loaded')
          made.onerror = reject
          made.src = src
          document.body.append(made)
        })
      const post = (path: string, headers?: Record<string, string>): Promise<number> =>
        fetch(address + path, { method: 'POST', body: 'x', credentials: 'include', headers }).then(
          (r) => r.status,
        )
      const frame = document.createElement('iframe')
      await load(frame, address).catch(() => undefined)
      return {
        socket: await outcome(socket([])),
        guessed: await outcome(socket(['heirloom', `heirloom.${secret}`])),
        read: await outcome(fetch(`${address}/`, { credentials: 'include' }).then((r) => r.text())),
        posted: await outcome(post('/upload?name=a')),
        exchanged: await outcome(post('/session', { 'x-heirloom-token': secret })),
        image: await outcome(load(new Image(), address + media)),
        icon: await outcome(load(new Image(), `${address}/favicon.ico`)),
        script: await outcome(load(document.createElement('script'), `${address}/index.html`)),
        frame: await outcome(Promise.resolve(frame.contentDocument === null ? 'closed' : 'open')),
      }
    }, attempts)
    expect(seen).toEqual({
      ...{ socket: 'refused', guessed: 'refused', read: 'refused', posted: 'refused', exchanged: 'refused' },
      ...{ image: 'refused', icon: 'refused', script: 'refused', frame: 'closed' },
    })
    await owner.evaluate((address) => fetch(address, { mode: 'no-cors' }).catch(() => undefined), strange())
    await page.goto(`${strange()}again`)
    expect(heard.length).toBeGreaterThan(1)
    for (const told of heard)
      for (const key of [keys.secret, keys.media, new URL(served.url).hash.slice(7), 'cookie'])
        expect(told).not.toContain(key)
  })

  test('a page that leads a window to Heirloom gets neither a key for it nor a hand on it', async () => {
    const opened = context.waitForEvent('page')
    const handle = await page.evaluateHandle((address) => window.open(address), base())
    const shown = await opened
    await shown.waitForSelector(lost)
    expect(await shown.textContent(lost)).toContain('This window has no key to Heirloom')
    expect(
      await shown.evaluate(() => ({ isCut: window.opener === null, kept: sessionStorage.length })),
    ).toEqual({ isCut: true, kept: 0 })
    expect(await handle.evaluate((other) => other?.closed)).toBe(true) // cut off
    await shown.close()
    await page.goto(`${strange()}back`)
    await page.waitForSelector(lost)
    await page.goto(strange())
  })

  test('a name that merely points here is refused', async () => {
    const { port } = new URL(served.url)
    const answer = await page.goto(`http://rebound.localhost:${port}/`)
    expect(answer?.status()).toBe(403)
    expect(await page.textContent('body')).toContain('only to its own address')
    await page.goto(strange())
  })

  test('without a key, with a wrong one and with a used one there is a sentence that helps and nothing else', async () => {
    const own = await browser.newContext({ locale: 'en-US' })
    const fresh = await own.newPage()
    for (const [address, sentence] of [
      [base(), 'This window has no key to Heirloom'],
      [`${base()}/#token=guess`, 'was used before, is too old or belongs to another start'],
      [served.url, 'was used before, is too old or belongs to another start'],
    ] as const) {
      await fresh.goto('about:blank')
      await fresh.goto(address)
      await fresh.waitForSelector(lost)
      expect(await fresh.textContent(lost)).toContain(sentence)
    }
    await own.close()
  })

  test('the page on disk opens a window each time, and only its owner can read it', async () => {
    const file = fileURLToPath(served.launcher)
    expect((await stat(file)).mode & 0o777).toBe(0o600)
    expect((await stat(dirname(file))).mode & 0o777).toBe(0o700)
    const own = await browser.newContext()
    for (let n = 0; n < 2; n++) {
      const before = await readFile(file, 'utf8')
      const another = await own.newPage()
      await another.goto(served.launcher)
      await another.waitForURL(`${base()}/`)
      await another.waitForFunction(() => sessionStorage.getItem('heirloom-session'))
      expect((await keysOf(another)).secret).not.toBe(keys.secret)
      await expect.poll(() => readFile(file, 'utf8')).not.toBe(before)
    }
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
    expect(existsSync(fileURLToPath(other.launcher))).toBe(true)
    expect([0, 130]).toContain(await other.stop())
    expect(existsSync(fileURLToPath(other.launcher))).toBe(false)
  })
})
