// What a window of the browser host holds to be let in, and how it shows it. Neither key is ambient: a browser sends cookies to
// every port of a computer, but a header, a protocol name and a path only where our own page puts them (docs/decisions/0005).
import { z } from 'zod'
import { type Route, toPath } from './routes.js'

const Key = z.string().regex(/^[\w-]{43}$/) // 256 bits

export const SessionKeys = z.object({
  /** Makes calls and takes files in. Never in an address. */
  secret: Key,
  /** Reads pictures and media: plain tags load them, so it stands in their addresses. */
  media: Key,
})
export type SessionKeys = z.infer<typeof SessionKeys>

/** Carries the token of an address to `/session`, once. */
export const tokenHeader = 'x-heirloom-token'
/** Carries the secret of a session. */
export const secretHeader = 'x-heirloom-session'

/** The WebSocket's protocols: a browser lets a page add no header there. The host answers with the first one only. */
export const socketProtocol = 'heirloom'
export const socketProtocols = ({ secret }: SessionKeys): string[] => [
  socketProtocol,
  `${socketProtocol}.${secret}`,
]

/** Where the browser host serves a route to this session. */
export const sessionPath = ({ media }: SessionKeys, route: Route): string => `/s/${media}${toPath(route)}`
