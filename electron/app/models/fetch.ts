// The only code that goes to the network, and only when a person has agreed to a download: files over https, from where they
// broke off, with what a server says about them checked before a byte is kept. Sends nothing but the address asked for.
import { createHash } from 'node:crypto'
import { open, rename, rm, stat, writeFile } from 'node:fs/promises'
import { type IncomingMessage, get as getHttp } from 'node:http'
import { get as getHttps } from 'node:https'
import { dirname } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { readText, streamOf } from '../../ffmpeg/openFile.js'
import { AppError, failing } from '../../shared/contract/errors.js'

export interface Wanted {
  name: string
  /** Tried in order: the next one when a server answers 404. */
  addresses: readonly string[]
  /** Exactly these, where the published file is known. */
  bytes?: number
  hash?: string
  /** Otherwise between these. */
  least: number
  most: number
}

export interface FetchOptions {
  signal: AbortSignal
  /** Bytes of this file that are on disk. */
  onBytes: (bytes: number) => void
  /** Bytes of this file that were read again to compare its checksum. */
  onChecked: (bytes: number) => void
  /** How long a silent connection is waited for. */
  silenceMs?: number
  /** Before a broken connection is tried again. */
  retryMs?: number
}

const mostRedirects = 5
/** A connection that breaks this often without bringing anything is given up until the person goes on. */
const mostTries = 3

const isLoopback = (url: URL): boolean => ['127.0.0.1', 'localhost', '[::1]'].includes(url.hostname)
const isAllowed = (url: URL): boolean =>
  (url.protocol === 'https:' || (url.protocol === 'http:' && isLoopback(url))) &&
  url.username === '' &&
  url.password === ''

/** An address that may be asked: https, or http on this computer itself. */
export function checkAddress(address: string): URL {
  const url = URL.canParse(address) ? new URL(address) : undefined
  if (url && isAllowed(url)) return url
  throw failing('bad-argument', 'downloadAddress', { address: address.slice(0, 200) })
}

const reasonOf = (error: unknown): string => {
  const { code, message } = error as NodeJS.ErrnoException
  return code ?? message
}
const cancelled = (): AppError => failing('cancelled', 'cancelled')

function ask(url: URL, headers: Record<string, string>, options: FetchOptions): Promise<IncomingMessage> {
  const { signal, silenceMs = 30_000 } = options
  return new Promise((resolve, reject) => {
    const get = url.protocol === 'https:' ? getHttps : getHttp
    const request = get(url, { headers, signal, timeout: silenceMs }, resolve)
    request.on('timeout', () => request.destroy(new Error('no answer')))
    request.on('error', (cause) =>
      reject(
        signal.aborted
          ? cancelled()
          : failing(
              'download-failed',
              'downloadUnreachable',
              { host: url.host, reason: reasonOf(cause) },
              { cause },
            ),
      ),
    )
  })
}

/** Follows a few redirections, none of them away from what may be asked, and never from https back to http. */
async function follow(
  address: string,
  headers: Record<string, string>,
  options: FetchOptions,
): Promise<{ url: URL; answer: IncomingMessage }> {
  const first = checkAddress(address)
  let url = first
  for (let hops = 0; hops <= mostRedirects; hops++) {
    const answer = await ask(url, headers, options)
    const to = answer.headers.location
    if (![301, 302, 303, 307, 308].includes(answer.statusCode ?? 0) || to === undefined)
      return { url, answer }
    answer.destroy()
    const next = URL.canParse(to, url.href) ? new URL(to, url.href) : undefined
    const isDowngrade = url.protocol === 'https:' && next?.protocol !== 'https:'
    if (!next || !isAllowed(next) || isDowngrade)
      throw failing('download-failed', 'downloadRedirect', { host: url.host, to: to.slice(0, 200) })
    url = next
  }
  throw failing('download-failed', 'downloadLoop', { host: first.host })
}

/** What the first answer said of its version: a file that has changed meanwhile is not glued to what was fetched before. */
const validatorOf = ({ headers }: IncomingMessage): string | undefined =>
  headers.etag?.startsWith('"') ? headers.etag : headers['last-modified']

function checkSize(wanted: Wanted, host: string, found: number): void {
  const { name: file, bytes, least, most } = wanted
  if (bytes !== undefined ? found === bytes : found >= least && found <= most) return
  if (bytes !== undefined)
    throw failing('download-failed', 'downloadSize', { file, host, found, wanted: bytes })
  throw failing('download-failed', 'downloadSizeBetween', { file, host, found, least, most })
}

const sizeOf = (path: string): Promise<number> =>
  stat(path).then(
    ({ size }) => size,
    () => 0, // not begun
  )

/** Where the whole file's size stands: after a range's slash, or in the length of an answer with everything. */
function totalOf(answer: IncomingMessage): number | undefined {
  const text =
    answer.statusCode === 206
      ? /^bytes \d+-\d+\/(\d+)$/.exec(answer.headers['content-range'] ?? '')?.[1]
      : answer.headers['content-length']
  return text !== undefined && /^\d+$/.test(text) ? Number(text) : undefined
}

/** One connection: writes what comes behind what is there. Resolves with true when the file is complete. */
async function attempt(
  address: string,
  wanted: Wanted,
  part: string,
  options: FetchOptions,
): Promise<boolean> {
  const note = `${part}.version`
  const validator = await readText(note).catch(() => undefined) // the server named none
  const have = validator === undefined && wanted.hash === undefined ? 0 : await sizeOf(part)
  if (have > 0 && have === wanted.bytes) return true
  const { url, answer } = await follow(
    address,
    {
      'accept-encoding': 'identity',
      ...(have > 0 ? { range: `bytes=${have}-`, ...(validator ? { 'if-range': validator } : {}) } : {}),
    },
    options,
  )
  const { host } = url
  try {
    const status = answer.statusCode ?? 0
    if (status === 416 && have > 0) {
      await rm(part, { force: true }) // it is shorter there than what is here: from the beginning, once
      return false
    }
    if (status !== 200 && status !== 206)
      throw failing(
        'download-failed',
        'downloadStatus',
        { host, file: wanted.name, status },
        { detail: { status } },
      )
    const total = totalOf(answer)
    if (total === undefined) throw failing('download-failed', 'downloadUnsized', { host, file: wanted.name })
    checkSize(wanted, host, total)
    const isRest = status === 206 && answer.headers['content-range']?.startsWith(`bytes ${have}-`) === true
    await writeAnswer(
      answer,
      { part, note, from: isRest ? have : 0, total, host, file: wanted.name },
      options,
    )
    return true
  } finally {
    answer.destroy()
  }
}

interface OpenDownload {
  part: string
  note: string
  from: number
  total: number
  host: string
  file: string
}

async function writeAnswer(
  answer: IncomingMessage,
  download: OpenDownload,
  options: FetchOptions,
): Promise<void> {
  const { part, note, from, total, host, file } = download
  const { signal, onBytes, silenceMs = 30_000 } = options
  if (from === 0) await rm(part, { recursive: true, force: true }) // whatever bears its name, it is made anew
  const out = await open(part, from > 0 ? 'r+' : 'wx')
  let at = from
  try {
    await out.truncate(from)
    const validator = validatorOf(answer)
    await rm(note, { force: true })
    if (validator !== undefined) await writeFile(note, validator)
    answer.setTimeout(silenceMs, () => answer.destroy(new Error('no answer')))
    onBytes(at)
    for await (const chunk of answer as AsyncIterable<Buffer>) {
      if (at + chunk.length > total)
        throw failing('download-failed', 'downloadSize', {
          file,
          host,
          found: at + chunk.length,
          wanted: total,
        })
      await out.write(chunk, 0, chunk.length, at)
      at += chunk.length
      onBytes(at)
    }
    if (at < total) throw new Error('the connection was closed')
    await out.sync()
  } catch (cause) {
    if (signal.aborted) throw cancelled()
    if (cause instanceof AppError) throw cause
    if ((cause as NodeJS.ErrnoException).code === 'ENOSPC')
      throw failing('disk-full', 'diskFull', { folder: dirname(part) }, { cause })
    throw failing(
      'download-failed',
      'downloadInterrupted',
      { file, host, reason: reasonOf(cause) },
      { cause },
    )
  } finally {
    await out.close()
  }
}

const isBroken = (error: unknown): boolean =>
  error instanceof AppError &&
  (error.sentence?.key === 'downloadInterrupted' || error.sentence?.key === 'downloadUnreachable')
const isMissing = (error: unknown): boolean =>
  error instanceof AppError && (error.detail as { status?: unknown } | undefined)?.status === 404

/** Goes on over broken connections as long as each brings something. */
async function fetchPart(
  address: string,
  wanted: Wanted,
  part: string,
  options: FetchOptions,
): Promise<void> {
  for (let tries = 1; ; tries++) {
    const before = await sizeOf(part)
    try {
      if (await attempt(address, wanted, part, options)) return
    } catch (error) {
      if (!isBroken(error) || tries >= mostTries) throw error
    }
    if ((await sizeOf(part)) > before) tries = 0
    await wait(options.retryMs ?? 1000, undefined, { signal: options.signal }).catch(() => {
      throw cancelled()
    })
  }
}

export async function hashFile(
  path: string,
  signal: AbortSignal,
  onBytes: (bytes: number) => void,
): Promise<string> {
  const hash = createHash('sha256')
  let bytes = 0
  for await (const chunk of (await streamOf(path, { highWaterMark: 1 << 20 })) as AsyncIterable<Buffer>) {
    if (signal.aborted) throw cancelled()
    hash.update(chunk)
    onBytes((bytes += chunk.length))
  }
  return hash.digest('hex')
}

/**
 * Fetches one file to `path`, which appears when it is whole and its checksum, where one is known, is right. Until then
 * `path.part` grows beside it and stays when the work is stopped, so that the next call goes on there. Resolves with the SHA-256.
 */
export async function fetchFile(wanted: Wanted, path: string, options: FetchOptions): Promise<string> {
  const part = `${path}.part`
  const isThere = (await sizeOf(path)) > 0
  let from = wanted.addresses[0] ?? ''
  if (!isThere)
    for (const [i, address] of wanted.addresses.entries()) {
      from = address
      try {
        await fetchPart(address, wanted, part, options)
        break
      } catch (error) {
        if (!isMissing(error) || i === wanted.addresses.length - 1) throw error
      }
    }
  const whole = isThere ? path : part
  options.onBytes(await sizeOf(whole))
  const found = await hashFile(whole, options.signal, options.onChecked)
  if (wanted.hash !== undefined && found !== wanted.hash) {
    await rm(whole, { force: true })
    await rm(`${part}.version`, { force: true })
    const { host } = checkAddress(from)
    throw failing('weights-corrupt', 'downloadChecksum', {
      file: wanted.name,
      host,
      found,
      wanted: wanted.hash,
    })
  }
  if (!isThere) await rename(part, path)
  await rm(`${part}.version`, { force: true })
  return found
}
