// The browser host: the same Api as Electron's windows have, over HTTP and WebSocket on this computer's loopback
// address. Everything but the app's own files needs a key (accessGuard.ts, sessions.ts). Knows no request by name.
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { type Duplex, Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import type { Host } from '../app/host/host.js'
import { AppError, toFailure } from '../shared/contract/errors.js'
import { securityHeaders } from '../shared/contract/policy.js'
import { parseRoute } from '../shared/contract/routes.js'
import { createAccessGuard, type AccessGuard, type Refusal } from './accessGuard.js'
import { readPages, type Page, type Pages } from '../app/host/pages.js'
import { createSessions } from './sessions.js'
import { createSockets } from './sockets.js'
import { receiveUpload } from './upload.js'

export interface ServerOptions {
  host: Host
  /** 0 or left out: any free port. */
  port?: number
  /** out/renderer */
  rendererFolder: string
  /** Where dropped files are kept. */
  inboxFolder: string
}

export interface RunningServer {
  readonly port: number
  /** Lets one window in, once and within minutes: to be shown to nobody else. The token comes after the #, which is never sent. */
  address(): string
  /** A window has come in by an address. */
  onEnter(listener: () => void): void
  close(): Promise<void>
}

const loopback = '127.0.0.1'
const base = `http://${loopback}`

/** Fails with `port-taken` when another program listens there. */
export async function startServer(options: ServerOptions): Promise<RunningServer> {
  const pages = await readPages(options.rendererFolder)
  const server = createServer({ headersTimeout: 10_000, connectionsCheckingInterval: 5_000 })
  server.requestTimeout = 0 // a long film may take its time; the time for the headers stays limited
  server.maxConnections = 512 // whoever may connect without a key cannot use up our file handles
  const port = await listen(server, options.port ?? 0)
  const sessions = createSessions()
  const guard = createAccessGuard(port, sessions)
  const sockets = createSockets(options.host)
  const { host, inboxFolder } = options
  const entered = new Set<() => void>()
  const onEnter = (): void => entered.forEach((listener) => listener())
  const door: Door = { guard, pages, host, inboxFolder, onEnter, guesses: { waiting: 0 } }

  server.on('request', (request, response) => void answer(door, request, response))
  server.on('upgrade', (request: IncomingMessage, socket: Duplex, head: Buffer) => {
    const verdict = guard.judgeSocket(headOf(request))
    socket.on('error', () => socket.destroy()) // the caller has hung up
    if (verdict.kind === 'admit' && request.url === '/api') sockets.accept(request, socket, head)
    else
      socket.end(
        `HTTP/1.1 ${verdict.kind === 'refuse' ? verdict.status : 404} Refused\r\nconnection: close\r\n\r\n`,
      )
  })

  return {
    port,
    address: () => `${base}:${port}/#token=${sessions.issue()}`,
    onEnter: (listener) => void entered.add(listener),
    close: () =>
      new Promise((resolve) => {
        sockets.close()
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
}

function listen(server: Server, port: number): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once('error', (cause: NodeJS.ErrnoException) =>
      reject(
        cause.code === 'EADDRINUSE' || cause.code === 'EACCES'
          ? new AppError(
              'port-taken',
              `Port ${port} is not free: another program (or another Heirloom) uses it. Close that one, or choose another port with --port.`,
              { cause },
            )
          : cause,
      ),
    )
    server.listen(port, loopback, () => resolve((server.address() as AddressInfo).port))
  })
}

interface Door {
  guard: AccessGuard
  pages: Pages
  host: Host
  inboxFolder: string
  onEnter(): void
  /** Answers to wrong keys that are held back now. */
  guesses: { waiting: number }
}

const headOf = (request: IncomingMessage) => ({
  method: request.method ?? 'GET',
  url: request.url ?? '/',
  headers: request.headers,
})

async function answer(door: Door, request: IncomingMessage, response: ServerResponse): Promise<void> {
  for (const [name, value] of Object.entries(securityHeaders)) response.setHeader(name, value)
  response.setHeader('cache-control', 'no-store')
  try {
    await route(door, request, response)
  } catch (error) {
    // The reader has gone, or the disk failed half-way: headers are out, all that is left is to hang up.
    if (response.headersSent) response.destroy()
    else sendJson(response, 500, { id: 0, failure: toFailure(error) })
  }
}

async function route(door: Door, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const head = headOf(request)
  if (!/^\/(?!\/)/.test(head.url) || !URL.canParse(head.url, base))
    return sendText(response, 400, 'This is not an address of Heirloom.')
  const verdict = door.guard.judge(head)
  switch (verdict.kind) {
    case 'refuse':
      return refuse(door, verdict, response)
    case 'enter':
      door.onEnter()
      return sendJson(response, 200, verdict.keys)
    case 'known':
      return void response.writeHead(204).end()
    case 'upload':
      return upload(door, new URL(head.url, base), request, response)
    case 'route':
      return sendRoute(door.host, verdict.path, request, response)
    case 'page': {
      const page = door.pages.get(new URL(head.url, base).pathname)
      return page
        ? sendPage(response, page, head.method)
        : sendText(response, 404, 'There is nothing at this address.')
    }
  }
}

const guessMs = 500
const maxGuesses = 32

/** A wrong key is answered slowly, and only so many at a time. A right one never waits: nobody can lock the owner out. */
async function refuse(door: Door, verdict: Refusal, response: ServerResponse): Promise<void> {
  response.setHeader('connection', 'close') // a body that came along is not read
  if (verdict.isGuess) {
    if (door.guesses.waiting >= maxGuesses)
      return sendText(response, 429, 'Too many wrong keys at once. Wait a moment.')
    door.guesses.waiting++
    await new Promise((resolve) => setTimeout(resolve, guessMs))
    door.guesses.waiting--
  }
  sendText(response, verdict.status, verdict.sentence)
}

async function sendPage(response: ServerResponse, page: Page, method: string): Promise<void> {
  response.writeHead(200, { 'content-type': page.type, 'content-length': page.bytes })
  if (method === 'HEAD') response.end()
  else await pipeline(page.open(), response)
}

async function sendRoute(
  host: Host,
  pathAndQuery: string,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const parsed = parseRoute(pathAndQuery)
  if (!parsed) return sendText(response, 404, 'There is nothing at this address.')
  const gone = new AbortController()
  response.on('close', () => gone.abort())
  const served = await host.serve(parsed, { range: request.headers.range, signal: gone.signal })
  const { body } = served
  response.writeHead(served.status, served.headers)
  if (request.method === 'HEAD' || body === null) {
    if (body instanceof ReadableStream) await body.cancel()
    response.end()
  } else if (body instanceof Uint8Array) response.end(body)
  else await pipeline(Readable.fromWeb(body as Parameters<typeof Readable.fromWeb>[0]), response)
}

async function upload(
  door: Door,
  url: URL,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  try {
    const name = url.searchParams.get('name') ?? ''
    sendJson(response, 200, {
      id: 0,
      result: await receiveUpload(door.host, door.inboxFolder, name, request),
    })
  } catch (error) {
    const failure = toFailure(error)
    response.setHeader('connection', 'close') // what is left of the body is not read
    sendJson(response, failure.code === 'disk-full' ? 507 : 400, { id: 0, failure })
  }
}

function sendText(response: ServerResponse, status: number, sentence: string): void {
  response.writeHead(status, { 'content-type': 'text/plain; charset=utf-8' }).end(`${sentence}\n`)
}

function sendJson(response: ServerResponse, status: number, value: unknown): void {
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(value))
}
