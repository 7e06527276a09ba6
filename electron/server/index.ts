// The browser host: the same Api as Electron's windows have, over HTTP and WebSocket on this computer's loopback
// address. Everything, static files included, needs the key of this start (doorkeeper.ts). Knows no request by name.
import { createServer } from 'node:http'
import type { IncomingMessage, Server, ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Duplex } from 'node:stream'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import type { Host } from '../app/host.js'
import { AppError, toFailure } from '../shared/errors.js'
import { securityHeaders } from '../shared/policy.js'
import { parseRoute } from '../shared/routes.js'
import { createDoorkeeper } from './doorkeeper.js'
import type { Doorkeeper } from './doorkeeper.js'
import { readPages } from '../app/pages.js'
import type { Page, Pages } from '../app/pages.js'
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
  /** With the key: the address to open, and to show to nobody else. */
  readonly url: string
  readonly port: number
  close(): Promise<void>
}

const loopback = '127.0.0.1'
const base = `http://${loopback}`

/** Fails with `port-taken` when another program listens there. */
export async function startServer(options: ServerOptions): Promise<RunningServer> {
  const pages = await readPages(options.rendererFolder)
  const server = createServer()
  server.requestTimeout = 0 // a long film may take its time; the time for the headers stays limited
  const port = await listen(server, options.port ?? 0)
  const doorkeeper = createDoorkeeper(port)
  const sockets = createSockets(options.host)
  const { host, inboxFolder } = options

  server.on(
    'request',
    (request, response) => void answer({ doorkeeper, pages, host, inboxFolder }, request, response),
  )
  server.on('upgrade', (request: IncomingMessage, socket: Duplex, head: Buffer) => {
    const verdict = doorkeeper.judgeSocket(headOf(request))
    if (verdict.kind === 'admit' && request.url === '/api') sockets.accept(request, socket, head)
    else
      socket.end(
        `HTTP/1.1 ${verdict.kind === 'refuse' ? verdict.status : 404} Refused\r\nconnection: close\r\n\r\n`,
      )
  })

  return {
    url: `http://${loopback}:${port}/?token=${doorkeeper.token}`,
    port,
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
  doorkeeper: Doorkeeper
  pages: Pages
  host: Host
  inboxFolder: string
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
  const verdict = door.doorkeeper.judge(head)
  if (verdict.kind === 'refuse') return sendText(response, verdict.status, verdict.sentence)
  if (verdict.kind === 'welcome') {
    response.writeHead(303, { location: '/', 'set-cookie': verdict.cookie }).end()
    return
  }
  const url = new URL(head.url, base)
  if (head.method === 'POST' && url.pathname === '/upload') return upload(door, url, request, response)
  if (head.method !== 'GET' && head.method !== 'HEAD')
    return sendText(response, 405, 'Heirloom does not know this method.')
  const page = door.pages.get(url.pathname)
  if (page) return sendPage(response, page, head.method)
  return sendRoute(door.host, head.url, request, response)
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
