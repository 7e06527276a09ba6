// A server of weights on this computer that behaves as badly as a test asks: breaks off, lies about sizes, sends elsewhere.
import { createHash } from 'node:crypto'
import { type IncomingMessage, type Server, type ServerResponse, createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterAll } from 'vitest'

export interface Mirror {
  /** With the slash at its end. */
  address: string
  /** What was asked for: path and, where there was one, range. */
  asked: { path: string; range: string | undefined; headers: IncomingMessage['headers'] }[]
  files: Map<string, Buffer>
  /** Answers instead of the files, where it says true. */
  instead: (request: IncomingMessage, response: ServerResponse) => boolean
  /** After so many bytes of an answer the connection breaks. */
  breakAfter: number
  /** Milliseconds between pieces of 16 KB. */
  pauseMs: number
  server: Server
}

export const sha256 = (bytes: Buffer): string => createHash('sha256').update(bytes).digest('hex')

async function send(mirror: Mirror, bytes: Buffer, response: ServerResponse): Promise<void> {
  const end = Math.min(bytes.length, mirror.breakAfter)
  for (let at = 0; at < end && !response.destroyed; at += 16384) {
    response.write(bytes.subarray(at, Math.min(end, at + 16384)))
    if (mirror.pauseMs > 0) await new Promise((resolve) => setTimeout(resolve, mirror.pauseMs))
  }
  // What was written reaches the other side before the connection breaks.
  if (end < bytes.length) setTimeout(() => response.destroy(), 20)
  else response.end()
}

export async function startMirror(files: Record<string, Buffer>): Promise<Mirror> {
  const server = createServer((request, response) => {
    const path = request.url ?? ''
    const { range } = request.headers
    mirror.asked.push({ path, range, headers: request.headers })
    if (mirror.instead(request, response)) return
    const bytes = mirror.files.get(path.slice(1))
    if (!bytes) return void response.writeHead(404).end()
    const etag = `"${sha256(bytes).slice(0, 16)}"`
    const asked = /^bytes=(\d+)-$/.exec(range ?? '')
    const isSame = request.headers['if-range'] === undefined || request.headers['if-range'] === etag
    const from = asked && isSame ? Number(asked[1]) : 0
    if (from >= bytes.length) return void response.writeHead(416).end()
    const rest = bytes.subarray(from)
    response.writeHead(from > 0 ? 206 : 200, {
      ...{ etag, 'content-length': rest.length },
      ...(from > 0 ? { 'content-range': `bytes ${from}-${bytes.length - 1}/${bytes.length}` } : {}),
    })
    void send(mirror, rest, response)
  })
  const mirror: Mirror = {
    ...{ address: '', asked: [], files: new Map(Object.entries(files)), instead: () => false },
    ...{ breakAfter: Infinity, pauseMs: 0, server },
  }
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  mirror.address = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`
  afterAll(() => {
    server.closeAllConnections()
    server.close()
  })
  return mirror
}
