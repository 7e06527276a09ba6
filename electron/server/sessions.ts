// The keys of the browser host. A token stands in an address, works once and only for minutes; it is exchanged for the keys of a
// session, which live in one window's memory and as long as the host. Only digests are kept: finding one takes a time that
// says nothing about the key.
import { createHash, randomBytes } from 'node:crypto'
import type { SessionKeys } from '../shared/contract/session.js'

export const tokenLifeMs = 10 * 60_000

export interface Sessions {
  /** A token for one window. */
  issue(): string
  /** The keys of a new session; undefined when the token was never issued, is used up or too old. */
  exchange(token: string): SessionKeys | undefined
  isSecret(secret: string): boolean
  isMedia(key: string): boolean
}

const key = (): string => randomBytes(32).toString('base64url')
const digest = (text: string): string => createHash('sha256').update(text).digest('base64')

export function createSessions(now: () => number = () => performance.now()): Sessions {
  const tokens = new Map<string, number>() // and when each ends
  const secrets = new Set<string>()
  const media = new Set<string>()
  return {
    issue() {
      for (const [known, endsMs] of tokens) if (endsMs <= now()) tokens.delete(known)
      const token = key()
      tokens.set(digest(token), now() + tokenLifeMs)
      return token
    },
    exchange(token) {
      const known = digest(token)
      const endsMs = tokens.get(known)
      tokens.delete(known)
      if (endsMs === undefined || endsMs <= now()) return undefined
      const keys = { secret: key(), media: key() }
      secrets.add(digest(keys.secret))
      media.add(digest(keys.media))
      return keys
    },
    isSecret: (secret) => secrets.has(digest(secret)),
    isMedia: (text) => media.has(digest(text)),
  }
}
