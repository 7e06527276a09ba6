// `heirloom models ...` as a person or a script uses it: the built program, its exit codes, its words, its files.
import { type ChildProcess, spawn } from 'node:child_process'
import { existsSync, readFileSync, readdirSync, statSync, statfsSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { beforeAll, expect, test } from 'vitest'
import { parseCommand } from '../../electron/cli/arguments.js'
import { UsageError } from '../../electron/cli/options.js'
import { ModelInfo } from '../../electron/shared/contract/models.js'
import { toyFolder } from '../app/flashvsr.js'
import { folder } from '../app/folder.js'
import { bundle, cliEntry } from '../engine/bundle.js'

const at = folder()
const data = join(at, 'data')

interface Ended {
  code: number | null
  out: string
  err: string
}
function start(words: string): { child: ChildProcess; ended: Promise<Ended> } {
  const child = spawn(process.execPath, [cliEntry, ...words.split(' ')], {
    cwd: at,
    env: { ...process.env, HEIRLOOM_DATA: data, HEIRLOOM_CACHE: join(at, 'cache') },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let [out, err] = ['', '']
  child.stdout.setEncoding('utf8').on('data', (text: string) => (out += text))
  child.stderr.setEncoding('utf8').on('data', (text: string) => (err += text))
  const ended = new Promise<Ended>((resolve) => child.on('close', (code) => resolve({ code, out, err })))
  return { child, ended }
}
const heirloom = (words: string): Promise<Ended> => start(words).ended
const listed = async (): Promise<string[]> =>
  ModelInfo.array()
    .parse(JSON.parse((await heirloom('models --json')).out))
    .map(({ id }) => id)

beforeAll(async () => {
  await bundle()
  toyFolder(join(at, 'weights'))
})

test.each([
  'models dance',
  'models add',
  'models add a b',
  'models add weights --version v2',
  'models add weights --from https://a.example/',
  'models remove',
  'models download flashvsr',
])('wrong arguments are told from the words alone: %s', (words) => {
  expect(() => parseCommand(words.split(' '))).toThrow(UsageError)
})

test('wrong arguments: one sentence, 2', async () => {
  const { code, err, out } = await heirloom('models dance')
  expect([code, out]).toEqual([2, ''])
  expect(err).toBe('heirloom: "models" knows add, remove and download, not "dance". See "heirloom --help".\n')
})

test('a folder is added, listed, removed; its own files stay', async () => {
  const before = readdirSync(join(at, 'weights'))
  const unsaid = await heirloom('models add weights')
  expect([unsaid.code, unsaid.err]).toEqual([1, expect.stringMatching(/v1 or v1\.1/)])
  const added = await heirloom('models add weights --version v1.1 --json')
  expect(added.code).toBe(0)
  const lines = added.out.trim().split('\n')
  const last = JSON.parse(lines.at(-1) ?? '') as { type: string; model: { id: string } }
  expect([last.type, last.model.id]).toEqual(['done', 'flashvsr-v1.1'])
  expect(await listed()).toEqual(['heirloom-s', 'heirloom-m', 'heirloom-m-texture', 'flashvsr-v1.1'])
  expect((await heirloom('models')).out).toMatch(/flashvsr-v1\.1 .*added from .*weights/)
  const removed = await heirloom('models remove flashvsr-v1.1')
  expect([removed.code, removed.out]).toEqual([0, expect.stringContaining('untouched')])
  expect(await listed()).toEqual(['heirloom-s', 'heirloom-m', 'heirloom-m-texture'])
  expect(readdirSync(join(at, 'weights'))).toEqual(before)
})

test.each([
  ['models add nowhere', /nowhere/],
  ['models remove heirloom-s', /part of Heirloom/],
  ['models remove nobody', /nobody.*There are: heirloom-s/],
  ['models download --from ftp://a.example/ --yes', /https:\/\//],
])('a failure: one sentence, 1: %s', async (words, sentence) => {
  const { code, err } = await heirloom(words)
  expect(code).toBe(1)
  expect(err).toMatch(sentence)
})

/** The first published file, slowly: it never comes to its end. */
async function slowMirror(): Promise<{ address: string; asked: string[]; close(): void }> {
  const asked: string[] = []
  const server = createServer((request, response) => {
    asked.push(`${request.url} ${request.headers.range ?? ''}`.trim())
    const from = Number(/^bytes=(\d+)-$/.exec(request.headers.range ?? '')?.[1] ?? 0)
    const total = 5_676_070_392
    response.writeHead(from > 0 ? 206 : 200, {
      ...{ 'content-length': total - from, etag: '"one"' },
      ...(from > 0 ? { 'content-range': `bytes ${from}-${total - 1}/${total}` } : {}),
    })
    const timer = setInterval(() => response.write(Buffer.alloc(4096)), 20)
    response.on('close', () => clearInterval(timer))
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const close = (): void => {
    server.closeAllConnections()
    server.close()
  }
  return { address: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`, asked, close }
}

test('without an agreement nothing is asked of the network, and what would be done is said', async () => {
  const mirror = await slowMirror()
  try {
    const { code, err } = await heirloom(`models download --from ${mirror.address}`)
    expect(code).toBe(1)
    expect(err).toMatch(/Apache-2\.0[^]*diffusion_pytorch_model[^]*--yes/)
    expect(mirror.asked).toEqual([])
  } finally {
    mirror.close()
  }
})

const { bavail, bsize } = statfsSync(at)
test.skipIf(bavail * bsize < 11e9)(
  'Ctrl-C keeps what has come; the same command goes on there (needs 11 GB free, as the download would)',
  async () => {
    const mirror = await slowMirror()
    try {
      const part = join(
        data,
        'downloads',
        'flashvsr-v1.1',
        'diffusion_pytorch_model_streaming_dmd.safetensors.part',
      )
      const interrupt = async (least: number): Promise<Ended> => {
        const { child, ended } = start(`models download --from ${mirror.address} --yes`)
        await expect
          .poll(() => (existsSync(part) ? statSync(part).size : 0), { timeout: 60_000 })
          .toBeGreaterThan(least)
        child.kill('SIGINT')
        return ended
      }
      const first = await interrupt(8192)
      expect([first.code, first.err]).toEqual([130, expect.stringMatching(/goes on from there/)])
      const kept = readFileSync(part).length
      expect(kept).toBeGreaterThan(8192)
      expect((await interrupt(kept + 8192)).code).toBe(130)
      expect(mirror.asked).toEqual([
        '/diffusion_pytorch_model_streaming_dmd.safetensors',
        `/diffusion_pytorch_model_streaming_dmd.safetensors bytes=${kept}-`,
      ])
    } finally {
      mirror.close()
    }
  },
)
