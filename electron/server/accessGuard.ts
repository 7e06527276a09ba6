// Who may come in: decides from a request's headers alone, so that every rule is tested without a socket.
//
// The app's own files hold no secret and are for everybody on this computer who asks as a person does; all else needs a key of
// sessions.ts, which no browser adds by itself. Origin and Sec-Fetch-Site turn away pages of other addresses, other ports of
// this computer among them; a name that merely points here (DNS rebinding) is turned away by Host.
import { secretHeader, socketProtocol, tokenHeader, type SessionKeys } from '../shared/contract/session.js'
import type { Sessions } from './sessions.js'

export interface RequestHead {
  method: string
  /** Path and query. */
  url: string
  headers: Readonly<Record<string, string | string[] | undefined>>
}

export type Refusal = {
  kind: 'refuse'
  status: 401 | 403 | 405
  sentence: string
  /** It named a key that is none: answered slowly. */
  isGuess?: boolean
}
export type Verdict =
  | { kind: 'page' }
  /** A token was exchanged. */
  | { kind: 'enter'; keys: SessionKeys }
  /** Is this window still let in? */
  | { kind: 'known' }
  | { kind: 'upload' }
  /** A route of media, without the session's part of the path. */
  | { kind: 'route'; path: string }
  | Refusal

export interface AccessGuard {
  judge(head: RequestHead): Verdict
  /** Stricter: a WebSocket always says where it comes from. */
  judgeSocket(head: RequestHead): { kind: 'admit' } | Refusal
}

const refuse = (status: Refusal['status'], sentence: string): Refusal => ({
  kind: 'refuse',
  status,
  sentence,
})
const noKey = (isGuess: boolean): Refusal => ({
  ...refuse(
    401,
    'This needs a key of this start. Open Heirloom by the address or the file that it named when it started.',
  ),
  isGuess,
})

const one = (value: string | string[] | undefined): string | undefined =>
  Array.isArray(value) ? value[0] : value

/** Undefined when the request comes from our own page, or from the person's own address bar. */
function stranger(hosts: readonly string[], { method, url, headers }: RequestHead): Refusal | undefined {
  const host = one(headers['host'])
  if (!host || !hosts.includes(host))
    return refuse(403, 'Heirloom answers only to its own address on this computer.')
  const origin = one(headers['origin'])
  const site = one(headers['sec-fetch-site'])
  // The file that opens the window is of no site. Its link, like any, shows the page without a key and hands nothing out.
  const isVisit =
    method === 'GET' &&
    url === '/' &&
    one(headers['sec-fetch-mode']) === 'navigate' &&
    one(headers['sec-fetch-dest']) === 'document'
  if (isVisit) return undefined
  if (
    (origin !== undefined && origin !== `http://${host}`) ||
    (site !== undefined && site !== 'same-origin' && site !== 'none')
  )
    return refuse(403, 'Heirloom does not answer pages of other addresses.')
  return undefined
}

const holdsSecret = (sessions: Sessions, secret: string | undefined): boolean =>
  secret !== undefined && sessions.isSecret(secret)

function judgePost(sessions: Sessions, { url, headers }: RequestHead): Verdict {
  // Anything that changes something must say that our own page sent it; browsers always do.
  if (headers['origin'] === undefined) return refuse(403, 'Heirloom takes orders only from its own page.')
  const { pathname } = new URL(url, 'http://host')
  if (pathname === '/session') {
    const token = one(headers[tokenHeader])
    const keys = token === undefined ? undefined : sessions.exchange(token)
    return keys ? { kind: 'enter', keys } : noKey(token !== undefined)
  }
  const secret = one(headers[secretHeader])
  if (!holdsSecret(sessions, secret)) return noKey(secret !== undefined)
  return pathname === '/upload' ? { kind: 'upload' } : refuse(405, 'Heirloom does not know this method.')
}

function judgeGet(sessions: Sessions, { url, headers }: RequestHead): Verdict {
  if (url === '/session') {
    const secret = one(headers[secretHeader])
    return holdsSecret(sessions, secret) ? { kind: 'known' } : noKey(secret !== undefined)
  }
  const [, media, path] = /^\/s\/([\w-]{1,64})(\/.*)$/.exec(url) ?? []
  if (media === undefined || path === undefined) return { kind: 'page' }
  return sessions.isMedia(media) ? { kind: 'route', path } : noKey(true)
}

/** The secret that a WebSocket brings as one of its protocols. */
function secretIn(protocols: string | undefined): string | undefined {
  const prefix = `${socketProtocol}.`
  return protocols
    ?.split(',')
    .map((text) => text.trim())
    .find((text) => text.startsWith(prefix))
    ?.slice(prefix.length)
}

export function createAccessGuard(port: number, sessions: Sessions): AccessGuard {
  const hosts = [`127.0.0.1:${port}`, `localhost:${port}`]
  return {
    judge(head) {
      const strange = stranger(hosts, head)
      if (strange) return strange
      if (head.method === 'POST') return judgePost(sessions, head)
      if (head.method !== 'GET' && head.method !== 'HEAD')
        return refuse(405, 'Heirloom does not know this method.')
      return judgeGet(sessions, head)
    },
    judgeSocket(head) {
      if (head.headers['origin'] === undefined)
        return refuse(403, 'Heirloom takes connections only from its own page.')
      const strange = stranger(hosts, head)
      if (strange) return strange
      const secret = secretIn(one(head.headers['sec-websocket-protocol']))
      return holdsSecret(sessions, secret) ? { kind: 'admit' } : noKey(secret !== undefined)
    },
  }
}
