// Starts the built app on the stand-in, in a process of its own as Electron would, and gives the test its page.
import { fork } from 'node:child_process'
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { build } from 'esbuild'
import { chromium, type Page } from 'playwright-core'
import type { ControlMessage, Order } from './control.js'

export const root = join(import.meta.dirname, '..', '..')

export interface Launched {
  page: Page
  order(order: Order): Promise<unknown>
  /** Everything main wrote to its output. */
  output(): string
  /** Resolves with the exit code. */
  ended: Promise<number | null>
  close(): Promise<void>
}

export interface LaunchOptions {
  /** The person's folder: userData and the rest lie below it. */
  folder: string
  /** Files on the command line. */
  files?: string[]
  locale?: string
  /** The built app: main/, preload/ and renderer/ below it. */
  out?: string
}

/** The stand-in as modules plain Node can load. */
async function buildStandin(): Promise<string> {
  const outdir = join(root, 'out', 'standin')
  await build({
    entryPoints: ['electron', 'utility', 'hooks'].map((name) => join(import.meta.dirname, `${name}.ts`)),
    outdir,
    bundle: true,
    platform: 'node',
    target: 'node20',
    format: 'esm',
    outExtension: { '.js': '.mjs' },
    external: ['playwright-core'],
    logLevel: 'warning',
  })
  return outdir
}

export async function launch({
  folder,
  files = [],
  locale = 'en-US',
  out = join(root, 'out'),
}: LaunchOptions): Promise<Launched> {
  const main = join(out, 'main', 'index.js')
  if (!existsSync(main)) throw new Error(`${main} is not there: run "npm run build" first`)
  const standin = await buildStandin()
  const child = fork(main, files, {
    execArgv: ['--import', join(standin, 'hooks.mjs')],
    env: {
      ...process.env,
      HEIRLOOM_ROOT: process.env['HEIRLOOM_ROOT'] ?? root,
      STANDIN_FOLDER: folder,
      STANDIN_LOCALE: locale,
    },
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
  })
  let text = ''
  for (const stream of [child.stdout, child.stderr])
    stream?.setEncoding('utf8').on('data', (chunk: string) => (text += chunk))
  const ended = new Promise<number | null>((resolve) => child.once('exit', resolve))

  const waiting = new Map<number, (message: { result?: unknown; error?: string }) => void>()
  const ready = new Promise<{ endpoint: string; url: string }>((resolve, reject) => {
    child.on('message', (message: ControlMessage) => {
      if ('ready' in message) resolve(message.ready)
      else waiting.get(message.id)?.(message)
    })
    void ended.then((code) => reject(new Error(`main ended (${code}) before its window was open:\n${text}`)))
  })
  const { endpoint, url } = await ready
  const browser = await chromium.connectOverCDP(endpoint)
  const page = browser
    .contexts()
    .flatMap((context) => context.pages())
    .find((candidate) => candidate.url() === url)
  if (!page) throw new Error(`the window at ${url} is not there`)

  let lastId = 0
  const order = (given: Order): Promise<unknown> =>
    new Promise((resolve, reject) => {
      const id = ++lastId
      waiting.set(id, ({ result, error }) =>
        error === undefined ? resolve(result) : reject(new Error(error)),
      )
      child.send({ id, order: given })
    })
  return {
    page,
    order,
    output: () => text,
    ended,
    async close() {
      await browser.close()
      if (child.connected) child.disconnect() // the stand-in ends its browser and itself
      await ended
    },
  }
}
