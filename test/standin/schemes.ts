// Custom schemes for a browser that has none: `app://heirloom/x` is served at `http://app--heirloom.localhost:PORT/x`
// (Chromium resolves *.localhost itself and treats it as secure) by the handler that main gave to protocol.handle.
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import type { ReadableStream } from 'node:stream/web'

export type SchemeHandler = (request: Request) => Promise<Response> | Response

export interface SchemeServer {
  /** `app://…` as the browser can load it. */
  toHttp(address: string): string
  /** The reverse; other addresses stay as they are. */
  fromHttp(address: string): string
  close(): void
}

export async function serveSchemes(handlers: ReadonlyMap<string, SchemeHandler>): Promise<SchemeServer> {
  const server = createServer((request, response) => {
    answer(handlers, request, response).catch(() => response.destroy())
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  return {
    toHttp: (address) => address.replace(/^([a-z]+):\/\/([^/]+)/, `http://$1--$2.localhost:${port}`),
    fromHttp: (address) =>
      address.replace(new RegExp(`^http://([a-z]+)--([^.]+)\\.localhost:${port}`), '$1://$2'),
    close() {
      server.closeAllConnections()
      server.close()
    },
  }
}

async function answer(
  handlers: ReadonlyMap<string, SchemeHandler>,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const [, scheme = '', host = ''] = /^([a-z]+)--([^.:]+)\.localhost:/.exec(request.headers.host ?? '') ?? []
  const handler = handlers.get(scheme)
  if (!handler) {
    response.writeHead(404).end()
    return
  }
  const gone = new AbortController()
  response.on('close', () => gone.abort())
  const headers = new Headers()
  for (const name of ['range', 'accept', 'content-type']) {
    const value = request.headers[name]
    if (typeof value === 'string') headers.set(name, value)
  }
  const served = await handler(
    new Request(`${scheme}://${host}${request.url ?? '/'}`, {
      method: request.method ?? 'GET',
      headers,
      signal: gone.signal,
    }),
  )
  response.writeHead(served.status, Object.fromEntries(served.headers))
  if (served.body) await pipeline(Readable.fromWeb(served.body as ReadableStream), response)
  else response.end()
}
