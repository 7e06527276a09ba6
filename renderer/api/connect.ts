// The renderer's end of the contract: the same Connection whether the window belongs to Electron (through the preload
// script) or to a browser that a browser host serves (through one WebSocket). Knows no request by name.
import {
  Api,
  ApiEvent,
  CallMessage,
  Namespace,
  RequestName,
  requests,
} from '../../electron/shared/contract/api.js'
import { fromFailure } from '../../electron/shared/contract/errors.js'
import { Route, toPath } from '../../electron/shared/contract/routes.js'
import { type SessionKeys, sessionPath, socketProtocols } from '../../electron/shared/contract/session.js'
import { AnswerMessage, PreloadBridge } from '../../electron/shared/contract/wire.js'
import { enter } from './session.js'
import { Socket, openSocket } from './socket.js'
import { type UploadOptions, upload } from './upload.js'

export interface Connection {
  api: Api
  /** Listen to events of the host; the answer stops listening. */
  on(listener: (event: ApiEvent) => void): () => void
  /** Address of a picture or of media, for `src` and `fetch`: of the same origin in both hosts. */
  mediaUrl(route: Route): string
  host: 'electron' | 'browser'
  /** Electron only: the path of a dropped file, which is granted with this call; empty when it has none. */
  pathForFile?(file: File): string
  /** Browser host only: sends a dropped file to the host, resolves to its path there. */
  upload?(file: File, options?: UploadOptions): Promise<string>
  /** Browser host only: hears when the host is lost, and when it is there again. */
  onState?(listener: (isConnected: boolean) => void): () => void
}

declare global {
  interface Window {
    heirloom?: PreloadBridge
  }
}

/** An Api whose every method sends its name and arguments through `call`. */
export function apiOver(call: (message: CallMessage) => Promise<AnswerMessage>): Api {
  let lastId = 0
  const method =
    (name: RequestName) =>
    async (...args: unknown[]): Promise<unknown> => {
      const answer = await call({ id: ++lastId, name, args })
      if ('failure' in answer) throw fromFailure(answer.failure)
      return answer.result
    }
  const methodsOf = (namespace: Namespace): Record<string, unknown> =>
    Object.fromEntries(
      Object.keys(requests[namespace]).map((name) => [name, method(`${namespace}.${name}` as RequestName)]),
    )
  const namespaces = Object.keys(requests) as Namespace[]
  return Object.fromEntries(namespaces.map((each) => [each, methodsOf(each)])) as unknown as Api
}

function connectElectron(bridge: PreloadBridge): Connection {
  return {
    api: apiOver((message) => bridge.call(message)),
    on: (listener) => bridge.on(listener),
    mediaUrl: toPath,
    host: 'electron',
    pathForFile: (file) => bridge.pathForFile(file),
  }
}

function connectBrowser(socket: Socket, keys: SessionKeys): Connection {
  return {
    api: apiOver((message) => socket.call(message)),
    on: (listener) => socket.on(listener),
    onState: (listener) => socket.onState(listener),
    mediaUrl: (route) => sessionPath(keys, route),
    host: 'browser',
    upload: (file, options) => upload(keys, file, options),
  }
}

/** Resolves when the host answers; rejects with a sentence when it cannot be reached. */
export async function connect(): Promise<Connection> {
  if (window.heirloom) return connectElectron(window.heirloom)
  const protocol = location.protocol === 'https:' ? 'wss:' : 'ws:'
  const keys = await enter()
  return connectBrowser(await openSocket(`${protocol}//${location.host}/api`, socketProtocols(keys)), keys)
}
