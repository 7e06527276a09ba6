// A small Host for the tests of doors: every request fails as "not-found" unless the test says otherwise.
import { requests, type Api, type ApiEvent, type Namespace } from '../../electron/shared/contract/api.js'
import { AppError } from '../../electron/shared/contract/errors.js'
import type { Host, ServeAnswer, ServeRequest } from '../../electron/app/host/host.js'
import type { Route } from '../../electron/shared/contract/routes.js'

export interface TestHost extends Host {
  granted: string[]
  opened: string[][]
  served: { route: Route; request: ServeRequest }[]
  isClosed: boolean
  emit(event: ApiEvent): void
}

const bytes = new Uint8Array(1000).map((_, i) => i % 251)

function answer(asked: string | undefined): ServeAnswer {
  const range = /^bytes=(\d+)-(\d+)$/.exec(asked ?? '')
  const headers = { 'content-type': 'video/mp4' }
  if (!range) return { status: 200, headers, body: new Blob([bytes]).stream() }
  const [from, to] = [Number(range[1]), Number(range[2])]
  const contentRange = `bytes ${from}-${to}/${bytes.length}`
  return {
    status: 206,
    headers: { ...headers, 'content-range': contentRange },
    body: bytes.slice(from, to + 1),
  }
}

/** Some methods of some namespaces. */
type Some = { [N in Namespace]?: Partial<Api[N]> }

export function testHost(methods: Some = {}): TestHost {
  const listeners = new Set<(event: ApiEvent) => void>()
  const refuse = (name: string) => () => Promise.reject(new AppError('not-found', `nothing behind ${name}`))
  const api = Object.fromEntries(
    (Object.keys(requests) as Namespace[]).map((namespace) => {
      const names = Object.keys(requests[namespace])
      return [namespace, { ...Object.fromEntries(names.map((n) => [n, refuse(n)])), ...methods[namespace] }]
    }),
  )
  const host: TestHost = {
    api: api as Api,
    granted: [],
    opened: [],
    served: [],
    isClosed: false,
    emit: (event) => listeners.forEach((listener) => listener(event)),
    on(listener) {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    grant: (path) => Promise.resolve(void host.granted.push(path)),
    openFromOutside: (paths) => Promise.resolve(void host.opened.push([...paths])),
    serve(route, request) {
      host.served.push({ route, request })
      return Promise.resolve(answer(request.range))
    },
    close: () => Promise.resolve(void (host.isClosed = true)),
  }
  return host
}
