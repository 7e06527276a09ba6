// The browser host's door, knocked on from outside: who is let in, what is served, what is refused and how.
import { mkdir, mkdtemp, readFile, readdir, rm, stat, symlink, writeFile } from 'node:fs/promises'
import { request } from 'node:http'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { WebSocket } from 'ws'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { startServer, type RunningServer } from '../../electron/server/index.js'
import { createSessions, tokenLifeMs } from '../../electron/server/sessions.js'
import { contentPolicy } from '../../electron/shared/contract/policy.js'
import {
  SessionKeys,
  secretHeader,
  sessionPath,
  socketProtocols,
  tokenHeader,
} from '../../electron/shared/contract/session.js'
import type { JobState } from '../../electron/shared/contract/job.js'
import { mostRequestBytes } from '../../electron/shared/contract/wire.js'
import { testHost, type TestHost } from './host.js'

let folder = ''
let host: TestHost
let server: RunningServer

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'heirloom-server-'))
  await mkdir(join(folder, 'renderer', 'assets'), { recursive: true })
  await writeFile(join(folder, 'secret.js'), 'secret')
  await writeFile(join(folder, 'renderer', 'index.html'), '<!doctype html><title>Heirloom</title>')
  await writeFile(join(folder, 'renderer', 'assets', 'main.js'), 'let a = 1')
  await symlink(join(folder, 'secret.js'), join(folder, 'renderer', 'assets', 'link.js'))
  host = testHost({
    app: { preferences: () => Promise.resolve({ language: 'ja', theme: 'dark' }) },
    jobs: { list: () => Promise.resolve([{ not: 'a job' }] as never) },
  })
  server = await startServer({
    host,
    rendererFolder: join(folder, 'renderer'),
    inboxFolder: join(folder, 'inbox'),
  })
})
afterEach(async () => {
  await server.close()
  await rm(folder, { recursive: true })
})

interface Answer {
  status: number
  headers: Record<string, string | string[] | undefined>
  text: string
}

/** node:http, because fetch would tidy the path and the Host header. */
function ask(
  path: string,
  headers: Record<string, string> = {},
  method = 'GET',
  body?: string,
): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const asked = request({ host: '127.0.0.1', port: server.port, path, method, headers }, (response) => {
      let text = ''
      response.setEncoding('utf8').on('data', (chunk: string) => (text += chunk))
      response.on('end', () => resolve({ status: response.statusCode ?? 0, headers: response.headers, text }))
    })
    asked.on('error', reject)
    asked.end(body)
  })
}

const origin = (): string => `http://127.0.0.1:${server.port}`
const token = (): string => new URLSearchParams(new URL(server.address()).hash.slice(1)).get('token') ?? ''
const exchange = (given: string): Promise<Answer> =>
  ask('/session', { origin: origin(), [tokenHeader]: given }, 'POST')
const enter = async (): Promise<SessionKeys> => SessionKeys.parse(JSON.parse((await exchange(token())).text))
const posting = async (): Promise<Record<string, string>> => ({
  origin: origin(),
  [secretHeader]: (await enter()).secret,
})
const source = { kind: 'media', sourceId: '0123456789abcdef' } as const

test('an address holds 256 random bits after the #, which opens one window once; no cookie is set', async () => {
  const address = new URL(server.address())
  expect([address.pathname, address.search]).toEqual(['/', '']) // what a browser sends
  const given = token()
  expect(Buffer.from(given, 'base64url').length).toBe(32)
  const first = await exchange(given)
  expect([first.status, first.headers['set-cookie']]).toEqual([200, undefined])
  expect((await exchange(given)).status).toBe(401)
  const [one, two] = [await enter(), await enter()]
  expect(new Set([one.secret, one.media, two.secret, two.media]).size).toBe(4)
})

test('a token ends after minutes, used or not', () => {
  let nowMs = 0
  const sessions = createSessions(() => nowMs)
  const [early, late] = [sessions.issue(), sessions.issue()]
  nowMs = tokenLifeMs - 1
  expect(sessions.exchange(early)).toBeDefined()
  nowMs = tokenLifeMs
  expect(sessions.exchange(late)).toBeUndefined()
})

test("without a key there are the app's own files and nothing else, with a cookie too", async () => {
  const { secret, media } = await enter()
  expect((await ask('/')).text).toContain('<title>Heirloom')
  const cookie = { cookie: `heirloom-${server.port}=${secret}; key=${media}` }
  for (const headers of [{}, cookie]) {
    expect((await ask('/media/0123456789abcdef', headers)).status).toBe(404)
    expect((await ask(`/s/${secret}/media/0123456789abcdef`, headers)).status).toBe(401) // the other key
    expect((await ask('/s/guess/media/0123456789abcdef', headers)).status).toBe(401)
    expect((await ask('/session', headers)).status).toBe(401)
    expect((await ask('/upload?name=a', { ...headers, origin: origin() }, 'POST', 'x')).status).toBe(401)
  }
  expect(host.served).toEqual([])
  expect((await ask('/session', { [secretHeader]: secret })).status).toBe(204)
  expect((await ask(sessionPath({ secret, media }, source))).status).toBe(200)
})

test('a token is taken from our own page only', async () => {
  const given = { [tokenHeader]: token() }
  expect((await ask('/session', given, 'POST')).status).toBe(403) // no origin
  expect((await ask('/session', { ...given, origin: 'http://127.0.0.1:9' }, 'POST')).status).toBe(403)
  expect((await ask('/session', { ...given, origin: origin() }, 'GET')).status).toBe(401)
  expect((await ask('/session', { ...given, origin: origin() }, 'POST')).status).toBe(200) // not used up by them
})

test('wrong keys are answered slowly and only so many at a time; a right one is let in meanwhile', async () => {
  const answered: string[] = []
  const guesses = Array.from({ length: 40 }, (_, i) =>
    exchange(`guess ${i}`).then(({ status }) => {
      answered.push('guess')
      return status
    }),
  )
  const right = await exchange(token()).then((answer) => (answered.push('right'), answer))
  expect(right.status).toBe(200)
  const statuses = await Promise.all(guesses)
  expect(statuses.filter((status) => status === 401).length).toBe(32)
  expect(statuses.filter((status) => status === 429).length).toBe(8)
  expect(answered.indexOf('right')).toBeLessThan(9) // before every one that was held back
})

test('pages of other addresses and names that only point here are refused, key or not', async () => {
  const path = sessionPath(await enter(), source)
  expect((await ask(path, { origin: 'http://evil.example' })).status).toBe(403)
  expect((await ask(path, { origin: 'null' })).status).toBe(403)
  expect((await ask(path, { host: `evil.example:${server.port}` })).status).toBe(403)
  for (const site of ['cross-site', 'same-site']) {
    expect((await ask(path, { 'sec-fetch-site': site })).status).toBe(403)
    // A link leads to the page, as the file that opens the window does; it can be shown in no frame and read by nobody.
    const visit = { 'sec-fetch-site': site, 'sec-fetch-mode': 'navigate' }
    expect((await ask('/', { ...visit, 'sec-fetch-dest': 'document' })).status).toBe(200)
    expect((await ask('/', { ...visit, 'sec-fetch-dest': 'iframe' })).status).toBe(403)
    expect((await ask(path, { ...visit, 'sec-fetch-dest': 'document' })).status).toBe(403)
    expect((await ask('/', { 'sec-fetch-site': site, 'sec-fetch-mode': 'no-cors' })).status).toBe(403)
  }
  expect((await ask(path, { 'sec-fetch-site': 'same-origin', origin: origin() })).status).toBe(200)
})

test('every answer carries the policy, refusals too', async () => {
  for (const answer of [await ask('/'), await ask('/s/guess/media/0'), await ask('/nothing')]) {
    expect(answer.headers['content-security-policy']).toBe(contentPolicy)
    expect(answer.headers['x-content-type-options']).toBe('nosniff')
    expect(answer.headers['referrer-policy']).toBe('no-referrer')
    expect(answer.headers['cross-origin-resource-policy']).toBe('same-origin')
  }
  expect(contentPolicy).not.toMatch(/unsafe/)
})

test('no path leads out of the renderer folder, and no link either', async () => {
  const paths = [
    '/../secret.js',
    '/assets/../../secret.js',
    '/%2e%2e/secret.js',
    '/..%2fsecret.js',
    '/assets/link.js',
    '/assets\\..\\..\\secret.js',
    '/assets/main.js%00',
    '//secret.js',
  ]
  for (const path of paths) {
    const answer = await ask(path)
    expect(answer.status, path).toBeGreaterThanOrEqual(400)
    expect(answer.text, path).not.toContain('secret')
  }
  expect((await ask('http://other/assets/main.js')).status).toBe(400)
  expect((await ask('/assets/main.js')).text).toBe('let a = 1')
})

test('a range of media reaches the host and comes back as asked', async () => {
  const keys = await enter()
  const path = sessionPath(keys, source)
  const whole = await ask(path)
  expect([whole.status, Buffer.byteLength(whole.text, 'utf8') > 0]).toEqual([200, true])
  const part = await ask(path, { range: 'bytes=10-19' })
  expect(part.status).toBe(206)
  expect(part.headers['content-range']).toBe('bytes 10-19/1000')
  expect(part.text).toBe(String.fromCharCode(...Array.from({ length: 10 }, (_, i) => i + 10)))
  expect((await ask(`/s/${keys.media}/media/not-an-id`)).status).toBe(404)
})

test('methods other than reading are refused, and posting needs our own page', async () => {
  const { [secretHeader]: secret = '', ...rest } = await posting()
  expect((await ask('/', { ...rest, [secretHeader]: secret }, 'DELETE')).status).toBe(405)
  expect((await ask('/', { ...rest, [secretHeader]: secret }, 'POST')).status).toBe(405)
  expect((await ask('/upload?name=a.mp4', { [secretHeader]: secret }, 'POST', 'x')).status).toBe(403)
})

test('a dropped file lands whole in the inbox under a harmless name and is granted', async () => {
  const headers = { ...(await posting()), 'content-length': '5' }
  const answer = await ask(`/upload?name=${encodeURIComponent('../../tape 1.mp4')}`, headers, 'POST', 'hello')
  expect(answer.status).toBe(200)
  const path = (JSON.parse(answer.text) as { result: string }).result
  expect(path.startsWith(join(folder, 'inbox'))).toBe(true)
  expect(path.endsWith('/tape 1.mp4')).toBe(true)
  expect(await readFile(path, 'utf8')).toBe('hello')
  const modes = await Promise.all([path, dirname(path), join(folder, 'inbox')].map((at) => stat(at)))
  expect(modes.map(({ mode }) => mode & 0o777)).toEqual([0o600, 0o700, 0o700])
  expect(host.granted).toEqual([path])
})

test('a file larger than the disk is refused before it is sent, and leaves nothing', async () => {
  const headers = { ...(await posting()), 'content-length': String(2 ** 52), expect: '100-continue' }
  const answer = await new Promise<Answer>((resolve, reject) => {
    const asked = request(
      { host: '127.0.0.1', port: server.port, path: '/upload?name=a.mp4', method: 'POST', headers },
      (response) => {
        let text = ''
        response.setEncoding('utf8').on('data', (chunk: string) => (text += chunk))
        response.on('end', () =>
          resolve({ status: response.statusCode ?? 0, headers: response.headers, text }),
        )
      },
    )
    asked.on('error', reject)
    asked.flushHeaders()
  })
  expect(answer.status).toBe(507)
  expect(answer.text).toContain('disk-full')
  expect(await readdir(join(folder, 'inbox'))).toEqual([])
})

test('an upload that breaks off leaves nothing and grants nothing', async () => {
  const headers = { ...(await posting()), 'content-length': '1000000' }
  await new Promise<void>((resolve) => {
    const asked = request({
      host: '127.0.0.1',
      port: server.port,
      path: '/upload?name=a.mp4',
      method: 'POST',
      headers,
    })
    asked.on('error', () => resolve())
    asked.write('half')
    setTimeout(() => asked.destroy(), 100)
  })
  await expect.poll(() => readdir(join(folder, 'inbox')).catch(() => ['no inbox'])).toEqual([])
  expect(host.granted).toEqual([])
})

test('a taken port is said in a sentence', async () => {
  const second = startServer({
    host,
    port: server.port,
    rendererFolder: join(folder, 'renderer'),
    inboxFolder: join(folder, 'inbox'),
  })
  await expect(second).rejects.toMatchObject({
    code: 'port-taken',
    message: expect.stringContaining(String(server.port)) as string,
  })
})

test('only the loopback address listens', async () => {
  const other = await fetch(`http://127.0.0.2:${server.port}/`).then(
    () => 'answered',
    () => 'refused',
  )
  expect(other).toBe('refused')
})

function dial(protocols: string[], headers: Record<string, string>): Promise<WebSocket> {
  return new Promise((resolve, reject) => {
    const socket = new WebSocket(`ws://127.0.0.1:${server.port}/api`, protocols, { headers })
    socket.on('open', () => resolve(socket))
    socket.on('error', reject)
  })
}

const message = (socket: WebSocket): Promise<unknown> =>
  new Promise((resolve) => socket.once('message', (data) => resolve(JSON.parse((data as Buffer).toString()))))

async function call(socket: WebSocket, text: string): Promise<unknown> {
  const answer = message(socket)
  socket.send(text)
  return answer
}

test('the socket wants the key and its own origin', async () => {
  const keys = await enter()
  const given = socketProtocols(keys)
  await expect(dial([], { origin: origin() })).rejects.toThrow('401')
  await expect(dial(given, {})).rejects.toThrow('403')
  await expect(dial(given, { origin: 'http://evil.example' })).rejects.toThrow('403')
  await expect(dial(given, { origin: 'http://127.0.0.1:9' })).rejects.toThrow('403')
  const media = socketProtocols({ ...keys, secret: keys.media })
  await expect(dial(media, { origin: origin() })).rejects.toThrow('401')
  await expect(
    dial([], { cookie: `heirloom-${server.port}=${keys.secret}`, origin: origin() }),
  ).rejects.toThrow('401')
  const socket = await dial(given, { origin: origin() })
  expect(socket.protocol).toBe('heirloom') // the key does not come back
  socket.terminate()
})

test('a call is answered under its number; what is not agreed is refused by code', async () => {
  const socket = await dial(socketProtocols(await enter()), { origin: origin() })
  expect(await call(socket, '{"id":7,"name":"app.preferences","args":[]}')).toEqual({
    id: 7,
    result: { language: 'ja', theme: 'dark' },
  })
  const code = async (text: string) =>
    ((await call(socket, text)) as { failure?: { code: string } }).failure?.code
  expect(await code('{"id":8,"name":"constructor","args":[]}')).toBe('bad-argument')
  expect(await code('{"id":8,"name":"formatDisk","args":[]}')).toBe('bad-argument')
  expect(await code('{"id":8,"name":"sources.open","args":[5]}')).toBe('bad-argument')
  expect(await code('{"id":8,"name":"sources.open","args":["a\\u0000b"]}')).toBe('bad-argument')
  expect(await code('{"id":8,"name":"app.preferences","args":[1]}')).toBe('bad-argument')
  expect(await code('not json')).toBe('bad-argument')
  expect(await code('{"id":8,"name":"sources.waveform","args":["0123456789abcdef"]}')).toBe('not-found')
  expect(await code('{"id":8,"name":"jobs.list","args":[]}')).toBe('internal')
  socket.terminate()
})

test('whatever is sent is answered with a sentence, and the connection stays', async () => {
  const socket = await dial(socketProtocols(await enter()), { origin: origin() })
  const odd: unknown[] = [null, true, -1.5, '', 'x'.repeat(1000), '__proto__', [], [[]], {}, { toString: 1 }]
  const calls: unknown[] = [
    ...odd,
    { id: 1e999, name: 'jobs.list' },
    { id: 'a', name: 'jobs.list', args: [] },
  ]
  for (const one of odd) {
    calls.push({ id: 1, name: one, args: [] }, { id: one, name: 'sources.open', args: [] })
    calls.push({ id: 1, name: 'sources.open', args: one }, { id: 1, name: 'sources.waveform', args: [one] })
    calls.push(
      { id: 1, name: 'project.save', args: [one] },
      { id: 1, name: 'render.export', args: [{ project: one }] },
    )
  }
  const texts = [...calls.map((one) => JSON.stringify(one)), '{', '\ud800', '['.repeat(1 << 20)]
  for (const text of texts) {
    const { failure } = (await call(socket, text)) as { failure?: { code: string; sentence?: unknown } }
    expect([text.slice(0, 80), failure?.code]).toEqual([text.slice(0, 80), 'bad-argument'])
    expect(failure?.sentence).toBeDefined()
  }
  expect(socket.readyState).toBe(socket.OPEN)
  socket.terminate()
})

test('a call that is too large is told; one that is larger still ends the connection, not the server', async () => {
  const socket = await dial(socketProtocols(await enter()), { origin: origin() })
  const large = JSON.stringify({ id: 5, name: 'project.save', args: ['x'.repeat(mostRequestBytes)] })
  expect(await call(socket, large)).toMatchObject({
    id: 5,
    failure: { sentence: { key: 'requestTooLarge' } },
  })
  const fits = JSON.stringify({ id: 6, name: 'project.save', args: ['x'.repeat(9 << 20)] })
  expect(await call(socket, fits)).toMatchObject({ id: 6, failure: { sentence: { key: 'requestForm' } } })
  const closed = new Promise<number>((resolve) => socket.on('close', resolve))
  socket.send('x'.repeat(2 * mostRequestBytes + 1))
  expect(await closed).toBe(1009)
  expect((await ask('/')).status).toBe(200)
})

const job = (id: string, framesDone: number): JobState => ({
  id,
  kind: 'export',
  name: 'film',
  state: 'running',
  framesDone,
  framesTotal: 100_000,
  framesPerSecond: 1,
  speed: 1,
  elapsedMs: 0,
  notes: [],
})

test('a window that reads slowly gets the newest state, not all of them', async () => {
  const socket = await dial(socketProtocols(await enter()), { origin: origin() })
  const states: number[] = []
  socket.on('message', (data) => {
    const { event } = JSON.parse((data as Buffer).toString()) as { event: { job: JobState } }
    states.push(event.job.framesDone)
  })
  for (let frames = 0; frames <= 100_000; frames++) host.emit({ type: 'job', job: job('a', frames) })
  await expect.poll(() => states.at(-1)).toBe(100_000)
  expect(states.length).toBeLessThan(1000)
  expect(states).toEqual([...states].sort((a, b) => a - b))
  socket.terminate()
})
