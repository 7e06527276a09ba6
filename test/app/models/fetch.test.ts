// The one module that goes to the network, against a server on this computer that misbehaves.
import { existsSync, readFileSync, readdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { beforeEach, expect, test } from 'vitest'
import {
  type FetchOptions,
  type Wanted,
  checkAddress,
  fetchFile,
} from '../../../electron/app/models/fetch.js'
import type { AppError } from '../../../electron/shared/contract/errors.js'
import { folder } from '../folder.js'
import { type Mirror, sha256, startMirror } from '../mirror.js'

const bytes = Buffer.from(Array.from({ length: 200_000 }, (_, i) => (i * 31) % 251))
const hash = sha256(bytes)
let at: string
let mirror: Mirror
beforeEach(async () => {
  at = folder()
  mirror = await startMirror({ 'weights.bin': bytes })
})

const wanted = (over: Partial<Wanted> = {}): Wanted => ({
  ...{ name: 'weights.bin', addresses: [`${mirror.address}weights.bin`], bytes: bytes.length, hash },
  ...{ least: 1, most: 1e9 },
  ...over,
})
const get = (over: Partial<Wanted> = {}, options: Partial<FetchOptions> = {}): Promise<string> =>
  fetchFile(wanted(over), join(at, 'weights.bin'), {
    signal: new AbortController().signal,
    ...{ onBytes: () => undefined, onChecked: () => undefined, retryMs: 1, silenceMs: 2000 },
    ...options,
  })
const failure = async (work: Promise<unknown>): Promise<AppError> =>
  work.then(
    () => Promise.reject(new Error('it did not fail')),
    (error: unknown) => error as AppError,
  )

test('a file arrives whole, and nothing is said beyond its address', async () => {
  expect(await get()).toBe(hash)
  expect(readFileSync(join(at, 'weights.bin')).equals(bytes)).toBe(true)
  expect(readdirSync(at)).toEqual(['weights.bin'])
  expect(Object.keys(mirror.asked[0]!.headers).sort()).toEqual(['accept-encoding', 'connection', 'host'])
})

test('a connection that breaks is taken up where it broke, as long as it brings something', async () => {
  mirror.breakAfter = 70_000
  expect(await get()).toBe(hash)
  expect(mirror.asked.map(({ range }) => range)).toEqual([undefined, 'bytes=70000-', 'bytes=140000-'])
})

test('a connection that brings nothing is given up; what came before stays and is gone on with', async () => {
  mirror.breakAfter = 50_000
  mirror.instead = (_, response) => (mirror.asked.length > 1 ? (response.destroy(), true) : false)
  expect((await failure(get())).sentence?.key).toBe('downloadUnreachable')
  expect(mirror.asked).toHaveLength(4)
  expect(readFileSync(join(at, 'weights.bin.part')).length).toBe(50_000)
  mirror.instead = () => false
  mirror.breakAfter = Infinity
  expect(await get()).toBe(hash)
  expect(mirror.asked.at(-1)?.range).toBe('bytes=50000-')
})

test('cancelling leaves a part that the next call goes on with', async () => {
  mirror.pauseMs = 20
  const stop = new AbortController()
  const onBytes = (got: number): void => {
    if (got >= 32_768) stop.abort()
  }
  expect((await failure(get({}, { signal: stop.signal, onBytes }))).code).toBe('cancelled')
  const part = readFileSync(join(at, 'weights.bin.part')).length
  expect(part).toBeGreaterThanOrEqual(32_768)
  expect(part).toBeLessThan(bytes.length)
  mirror.pauseMs = 0
  expect(await get()).toBe(hash)
  expect(mirror.asked.at(-1)?.range).toBe(`bytes=${part}-`)
})

test('a file that changed on the server meanwhile is fetched from the beginning', async () => {
  mirror.breakAfter = 50_000
  mirror.instead = (_, response) => (mirror.asked.length > 1 ? (response.destroy(), true) : false)
  await failure(get({ hash: undefined }))
  const other = Buffer.from(bytes).reverse()
  mirror.files.set('weights.bin', other)
  mirror.instead = () => false
  mirror.breakAfter = Infinity
  expect(await get({ hash: undefined })).toBe(sha256(other))
  expect(readFileSync(join(at, 'weights.bin')).equals(other)).toBe(true)
})

test('a wrong checksum is told with both, and the file is thrown away', async () => {
  const error = await failure(get({ hash: '0'.repeat(64) }))
  expect(error.code).toBe('weights-corrupt')
  expect(error.message).toContain(hash)
  expect(error.message).toContain('0'.repeat(64))
  expect(readdirSync(at)).toEqual([])
})

test.each([
  ['too small', bytes.length - 1],
  ['too large', bytes.length + 1],
])('a file that is %s is refused before a byte of it is kept', async (_, size) => {
  mirror.files.set('weights.bin', Buffer.alloc(size))
  const error = await failure(get())
  expect([error.code, error.sentence?.key]).toEqual(['download-failed', 'downloadSize'])
  expect(error.message).toContain(String(size))
  expect(readdirSync(at)).toEqual([])
})

test('where the size is known only about, far off is refused as well', async () => {
  const error = await failure(get({ bytes: undefined, hash: undefined, least: 1e6, most: 2e6 }))
  expect(error.sentence?.key).toBe('downloadSizeBetween')
})

test('an answer without a size is refused', async () => {
  mirror.instead = (_, response) => (response.write('some'), response.end(), true)
  expect((await failure(get())).sentence?.key).toBe('downloadUnsized')
})

test('404 is told as it is; a second address is tried', async () => {
  const missing = `${mirror.address}nothing.bin`
  const error = await failure(get({ addresses: [missing] }))
  expect(error.message).toMatch(/answer 404/)
  expect(await get({ addresses: [missing, `${mirror.address}weights.bin`] })).toBe(hash)
})

test.each(['file:///etc/passwd', 'ftp://127.0.0.1/x', 'http://192.0.2.1/x', 'http://user:word@127.0.0.1/x'])(
  'a redirection to %s is refused',
  async (location) => {
    mirror.instead = (_, response) => (response.writeHead(302, { location }).end(), true)
    const error = await failure(get())
    expect([error.code, error.sentence?.key]).toEqual(['download-failed', 'downloadRedirect'])
    expect(existsSync(join(at, 'weights.bin.part'))).toBe(false)
  },
)

test('a few redirections are followed, a circle is not', async () => {
  mirror.instead = (request, response) => {
    const step = Number(/^\/weights.bin\?(\d+)$/.exec(request.url ?? '')?.[1] ?? 0)
    if (step === 3) return false
    response.writeHead(307, { location: `/weights.bin?${step + 1}` }).end()
    return true
  }
  mirror.files.set('weights.bin?3', bytes)
  expect(await get()).toBe(hash)
  mirror.instead = (_, response) => (response.writeHead(302, { location: '/weights.bin' }).end(), true)
  writeFileSync(join(at, 'weights.bin'), '')
  expect((await failure(get())).sentence?.key).toBe('downloadLoop')
})

test('only https may be asked for, and http on this computer itself', () => {
  for (const good of ['https://a.example/x', 'http://localhost:8000/x', 'http://[::1]/x'])
    expect(checkAddress(good).href).toBe(good)
  for (const bad of ['http://a.example/x', 'file:///x', 'x', 'https://me:word@a.example/'])
    expect(() => checkAddress(bad)).toThrow(/https/)
})
