// app://heirloom/: the renderer's files and the routes of media, by one handler with the same headers as the browser host.
import { Readable } from 'node:stream'
import type { ReadableStream } from 'node:stream/web'
import type { Host, ServeAnswer } from '../app/host/host.js'
import type { Pages } from '../app/host/pages.js'
import { securityHeaders } from '../shared/contract/policy.js'
import { parseRoute } from '../shared/contract/routes.js'
import { isOurs } from './address.js'

const text = (status: number, sentence: string): Response =>
  new Response(`${sentence}\n`, {
    status,
    headers: { ...securityHeaders, 'content-type': 'text/plain; charset=utf-8' },
  })

/** What the answer of a route becomes for fetch: a stream is pulled by the window, and cancelled when it loses interest. */
function toResponse(served: ServeAnswer): Response {
  const { status, headers, body } = served
  return new Response(body as BodyInit | null, {
    status,
    headers: { 'cache-control': 'no-store', ...headers, ...securityHeaders },
  })
}

export const answerPages =
  (pages: Pages, host: Host) =>
  async (request: Request): Promise<Response> => {
    if (!isOurs(request.url)) return text(403, 'This is not an address of Heirloom.')
    if (request.method !== 'GET' && request.method !== 'HEAD')
      return text(405, 'Heirloom does not know this method.')
    const url = new URL(request.url)
    const page = pages.get(url.pathname)
    if (page) {
      const body =
        request.method === 'HEAD' ? null : (Readable.toWeb(page.open()) as ReadableStream<Uint8Array>)
      const headers = { 'content-type': page.type, 'content-length': String(page.bytes) }
      return toResponse({ status: 200, headers, body: body as ServeAnswer['body'] })
    }
    const route = parseRoute(url.pathname + url.search)
    if (!route) return text(404, 'There is nothing at this address.')
    const range = request.headers.get('range') ?? undefined
    return toResponse(await host.serve(route, { range, signal: request.signal }))
  }
