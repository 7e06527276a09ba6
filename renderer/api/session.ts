// How this window is let in by the browser host: the token of its address is exchanged once for keys, which stay with this tab and
// this origin, port included, so that loading the page again needs no token. No cookie: browsers send those to every port.
import { failing } from '../../electron/shared/contract/errors.js'
import { SessionKeys, secretHeader, tokenHeader } from '../../electron/shared/contract/session.js'

const place = 'heirloom-session'

/** The token of the address, which leaves it at once: nothing of it is to be bookmarked or shown. */
function takeToken(): string | undefined {
  const token = new URLSearchParams(location.hash.slice(1)).get('token')
  if (token !== null) history.replaceState(null, '', location.pathname)
  return token ?? undefined
}

function kept(): SessionKeys | undefined {
  try {
    return SessionKeys.safeParse(JSON.parse(sessionStorage.getItem(place) ?? 'null')).data
  } catch {
    return undefined // not ours, or storage is switched off: a token is needed
  }
}

function keep(keys: SessionKeys): void {
  try {
    sessionStorage.setItem(place, JSON.stringify(keys))
  } catch {
    // Storage is switched off: this window works, loading it again needs another token.
  }
}

/** Failing to reach the host at all is the connection's to tell. */
const ask = (method: 'GET' | 'POST', headers: Record<string, string>): Promise<Response | undefined> =>
  fetch('/session', { method, headers }).catch(() => undefined)

export async function enter(): Promise<SessionKeys> {
  const token = takeToken()
  const answer = token === undefined ? undefined : await ask('POST', { [tokenHeader]: token })
  if (answer?.ok) {
    const keys = SessionKeys.parse(await answer.json())
    keep(keys)
    return keys
  }
  const known = kept()
  const isShut = known !== undefined && (await ask('GET', { [secretHeader]: known.secret }))?.status === 401
  if (known && !isShut) return known
  if (known === undefined && token === undefined) throw failing('not-allowed', 'windowWithoutKey')
  throw failing('not-allowed', 'windowKeyUsed')
}
