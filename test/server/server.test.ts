// The browser host's door, knocked on from outside: who is let in, what is served, what is refused and how.
import { mkdir, mkdtemp, readFile, readdir, rm, symlink, writeFile } from 'node:fs/promises'
import { request } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { WebSocket } from 'ws'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { startServer } from '../../electron/server/index.js'
import type { RunningServer } from '../../electron/server/index.js'
import { contentPolicy } from '../../electron/shared/policy.js'
import type { JobState } from '../../electron/shared/job.js'
import { testHost } from './host.js'
import type { TestHost } from './host.js'

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
    preferences: () => Promise.resolve({ language: 'ja', theme: 'dark' }),
    jobs: () => Promise.resolve([{ not: 'a job' }] as never),
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

const token = (): string => new URL(server.url).searchParams.get('token') ?? ''
const key = (): Record<string, string> => ({ cookie: `heirloom-${server.port}=${token()}` })
const origin = (): string => `http://127.0.0.1:${server.port}`

test('the opened address holds 256 random bits, sets a strict cookie and leaves the key behind', async () => {
  expect(Buffer.from(token(), 'base64url').length).toBe(32)
  const answer = await ask(new URL(server.url).pathname + new URL(server.url).search)
  expect(answer.status).toBe(303)
  expect(answer.headers['location']).toBe('/')
  const cookie = String(answer.headers['set-cookie'])
  expect(cookie).toMatch(/HttpOnly/)
  expect(cookie).toMatch(/SameSite=Strict/)
  expect((await ask('/', { cookie: cookie.split(';')[0] ?? '' })).text).toContain('<title>Heirloom')
})

test('without the key nothing is served, not even the page', async () => {
  for (const path of ['/', '/index.html', '/assets/main.js', '/media/0123456789abcdef'])
    expect((await ask(path)).status, path).toBe(401)
  expect(host.served).toEqual([])
})

test('a wrong key is refused with a sentence', async () => {
  const answer = await ask('/?token=wrong')
  expect(answer.status).toBe(403)
  expect(answer.text).toMatch(/Open the address that Heirloom printed last/)
  expect((await ask('/', { cookie: `heirloom-${server.port}=wrong` })).status).toBe(401)
})

test('pages of other addresses and names that only point here are refused, key or not', async () => {
  expect((await ask('/', { ...key(), origin: 'http://evil.example' })).status).toBe(403)
  expect((await ask('/', { ...key(), origin: 'null' })).status).toBe(403)
  expect((await ask('/', { ...key(), host: `evil.example:${server.port}` })).status).toBe(403)
  expect((await ask('/', { ...key(), 'sec-fetch-site': 'cross-site' })).status).toBe(403)
  expect((await ask('/', { ...key(), 'sec-fetch-site': 'same-site' })).status).toBe(403)
  expect((await ask('/', { ...key(), 'sec-fetch-site': 'same-origin', origin: origin() })).status).toBe(200)
})

test('every answer carries the policy, refusals too', async () => {
  for (const answer of [await ask('/', key()), await ask('/'), await ask('/nothing', key())]) {
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
    const answer = await ask(path, key())
    expect(answer.status, path).toBeGreaterThanOrEqual(400)
    expect(answer.text, path).not.toContain('secret')
  }
  expect((await ask('http://other/assets/main.js', key())).status).toBe(400)
  expect((await ask('/assets/main.js', key())).text).toBe('let a = 1')
})

test('a range of media reaches the host and comes back as asked', async () => {
  const whole = await ask('/media/0123456789abcdef', key())
  expect([whole.status, Buffer.byteLength(whole.text, 'utf8') > 0]).toEqual([200, true])
  const part = await ask('/media/0123456789abcdef', { ...key(), range: 'bytes=10-19' })
  expect(part.status).toBe(206)
  expect(part.headers['content-range']).toBe('bytes 10-19/1000')
  expect(part.text).toBe(String.fromCharCode(...Array.from({ length: 10 }, (_, i) => i + 10)))
  expect((await ask('/media/not-an-id', key())).status).toBe(404)
})

test('methods other than reading are refused, and posting needs our own page', async () => {
  expect((await ask('/', { ...key(), origin: origin() }, 'DELETE')).status).toBe(405)
  expect((await ask('/upload?name=a.mp4', key(), 'POST', 'x')).status).toBe(403)
})

test('a dropped file lands whole in the inbox under a harmless name and is granted', async () => {
  const headers = { ...key(), origin: origin(), 'content-length': '5' }
  const answer = await ask(`/upload?name=${encodeURIComponent('../../tape 1.mp4')}`, headers, 'POST', 'hello')
  expect(answer.status).toBe(200)
  const path = String((JSON.parse(answer.text) as { result: string }).result)
  expect(path.startsWith(join(folder, 'inbox'))).toBe(true)
  expect(path.endsWith('/tape 1.mp4')).toBe(true)
  expect(await readFile(path, 'utf8')).toBe('hello')
  expect(host.granted).toEqual([path])
})

test('a file larger than the disk is refused before it is sent, and leaves nothing', async () => {
  const headers = { ...key(), origin: origin(), 'content-length': String(2 ** 52), expect: '100-continue' }
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
  const headers = { ...key(), origin: origin(), 'content-length': '1000000' }
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

function dial(headers: Record<string, string>): Promise<WebSocket> {
  return new Promise((resolve, reject) => {
    const socket = new WebSocket(`ws://127.0.0.1:${server.port}/api`, { headers })
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
  await expect(dial({ origin: origin() })).rejects.toThrow('401')
  await expect(dial(key())).rejects.toThrow('403')
  await expect(dial({ ...key(), origin: 'http://evil.example' })).rejects.toThrow('403')
  await expect(dial({ cookie: `heirloom-${server.port}=wrong`, origin: origin() })).rejects.toThrow('401')
  const socket = await dial({ ...key(), origin: origin() })
  socket.terminate()
})

test('a call is answered under its number; what is not agreed is refused by code', async () => {
  const socket = await dial({ ...key(), origin: origin() })
  expect(await call(socket, '{"id":7,"name":"preferences","args":[]}')).toEqual({
    id: 7,
    result: { language: 'ja', theme: 'dark' },
  })
  const code = async (text: string) =>
    ((await call(socket, text)) as { failure?: { code: string } }).failure?.code
  expect(await code('{"id":8,"name":"constructor","args":[]}')).toBe('bad-argument')
  expect(await code('{"id":8,"name":"formatDisk","args":[]}')).toBe('bad-argument')
  expect(await code('{"id":8,"name":"openSource","args":[5]}')).toBe('bad-argument')
  expect(await code('{"id":8,"name":"openSource","args":["a\\u0000b"]}')).toBe('bad-argument')
  expect(await code('{"id":8,"name":"preferences","args":[1]}')).toBe('bad-argument')
  expect(await code('not json')).toBe('bad-argument')
  expect(await code('{"id":8,"name":"waveform","args":["0123456789abcdef"]}')).toBe('not-found')
  expect(await code('{"id":8,"name":"jobs","args":[]}')).toBe('internal')
  socket.terminate()
})

test('a message that is too large ends the connection, not the server', async () => {
  const socket = await dial({ ...key(), origin: origin() })
  const closed = new Promise<number>((resolve) => socket.on('close', resolve))
  socket.send('x'.repeat(9 << 20))
  expect(await closed).toBe(1009)
  expect((await ask('/', key())).status).toBe(200)
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
  const socket = await dial({ ...key(), origin: origin() })
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
