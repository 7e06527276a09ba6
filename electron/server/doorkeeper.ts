// Who may come in: decides from a request's headers alone, so that every rule is tested without a socket.
//
// The key of a start is 256 random bits. It is in the opened address once and becomes a cookie there: pictures and video
// are loaded by plain tags, which can carry a cookie but no header, and an address without the key can be shown, shared
// or bookmarked safely. Cookies do not know ports, so the name holds ours, and a page of another port on this computer
// is turned away by Origin and Sec-Fetch-Site. A name that merely points here (DNS rebinding) is turned away by Host.
import { createHash, randomBytes, timingSafeEqual } from 'node:crypto'

export interface RequestHead {
  method: string
  /** Path and query. */
  url: string
  headers: Readonly<Record<string, string | string[] | undefined>>
}

export type Verdict =
  | { kind: 'admit' }
  /** The key was in the address: set the cookie, go to the plain address. */
  | { kind: 'welcome'; cookie: string }
  | { kind: 'refuse'; status: 401 | 403; sentence: string }

export interface Doorkeeper {
  readonly token: string
  judge(head: RequestHead): Verdict
  /** Stricter: a WebSocket always says where it comes from. */
  judgeSocket(head: RequestHead): Verdict
}

const refuse = (status: 401 | 403, sentence: string): Verdict => ({ kind: 'refuse', status, sentence })
const digest = (text: string): Buffer => createHash('sha256').update(text).digest()
/** Takes the same time wherever two texts differ, and whatever their lengths. */
const isSame = (a: string, b: string): boolean => timingSafeEqual(digest(a), digest(b))

const one = (value: string | string[] | undefined): string | undefined =>
  Array.isArray(value) ? value[0] : value

function cookieValue(header: string | undefined, name: string): string | undefined {
  const pair = header
    ?.split(';')
    .map((text) => text.trim())
    .find((text) => text.startsWith(`${name}=`))
  return pair?.slice(name.length + 1)
}

export function createDoorkeeper(
  port: number,
  token: string = randomBytes(32).toString('base64url'),
): Doorkeeper {
  const hosts = [`127.0.0.1:${port}`, `localhost:${port}`]
  const cookieName = `heirloom-${port}`

  /** Undefined when the request comes from our own page, or from the person's own address bar. */
  const stranger = ({ headers }: RequestHead): Verdict | undefined => {
    const host = one(headers['host'])
    if (!host || !hosts.includes(host))
      return refuse(403, 'Heirloom answers only to its own address on this computer.')
    const origin = one(headers['origin'])
    const site = one(headers['sec-fetch-site'])
    if (origin !== undefined && origin !== `http://${host}`)
      return refuse(403, 'Heirloom does not answer pages of other addresses.')
    if (site !== undefined && site !== 'same-origin' && site !== 'none')
      return refuse(403, 'Heirloom does not answer pages of other addresses.')
    return undefined
  }

  const hasCookie = ({ headers }: RequestHead): boolean => {
    const value = cookieValue(one(headers['cookie']), cookieName)
    return value !== undefined && isSame(value, token)
  }

  const noKey = refuse(
    401,
    'This page needs the key of this start. Open the whole address that Heirloom printed when it started.',
  )

  return {
    token,
    judge(head) {
      const strange = stranger(head)
      if (strange) return strange
      const url = new URL(head.url, 'http://host')
      const given = url.searchParams.get('token')
      if (url.pathname === '/' && given !== null && head.method === 'GET')
        return isSame(given, token)
          ? { kind: 'welcome', cookie: `${cookieName}=${token}; HttpOnly; SameSite=Strict; Path=/` }
          : refuse(
              403,
              'The key in this address is not the one of this start. Open the address that Heirloom printed last.',
            )
      if (!hasCookie(head)) return noKey
      // Anything that changes something must say that our own page sent it; browsers always do.
      if (head.method !== 'GET' && head.method !== 'HEAD' && head.headers['origin'] === undefined)
        return refuse(403, 'Heirloom takes files only from its own page.')
      return { kind: 'admit' }
    },
    judgeSocket(head) {
      if (head.headers['origin'] === undefined)
        return refuse(403, 'Heirloom takes connections only from its own page.')
      return stranger(head) ?? (hasCookie(head) ? { kind: 'admit' } : noKey)
    },
  }
}
