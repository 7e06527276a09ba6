// The bytes of a route: sources and proxies with ranges, pictures, previews. Failures are answers too.
import type { FileHandle } from 'node:fs/promises'
import { basename } from 'node:path'
import { openFile } from '../../ffmpeg/openFile.js'
import { type ErrorCode, failing, toFailure } from '../../shared/contract/errors.js'
import type { Route } from '../../shared/contract/routes.js'
import type { Source } from '../../shared/media/source.js'
import type { Render } from '../render/handlers.js'
import type { Media } from '../sources/media.js'

export interface ServeRequest {
  /** The Range header, as it came. */
  range?: string
  signal?: AbortSignal
}

export interface ServeAnswer {
  status: number
  headers: Record<string, string>
  /** A stream is pulled by whoever sends it on: that is the back-pressure. Cancel it when the reader has gone. */
  body: ReadableStream<Uint8Array> | Uint8Array | null
}

export interface ServeParts {
  media: Media
  rendered: Render['rendered']
  looked: Render['looked']
  /** Path of the file that a job made; undefined while, or when, there is none. */
  outputPath(jobId: string): string | undefined
}

const statusOf: Partial<Record<ErrorCode, number>> = {
  'bad-argument': 400,
  'not-allowed': 403,
  'not-found': 404,
  'source-vanished': 410,
  cancelled: 499,
}

// What a browser should take the file for; the rest are played through a proxy.
const types: Record<string, string> = {
  mp4: 'video/mp4',
  m4v: 'video/mp4',
  mov: 'video/mp4', // Chromium refuses video/quicktime but plays what is in it
  '3gp': 'video/mp4',
  webm: 'video/webm',
  mkv: 'video/x-matroska',
  ogv: 'video/ogg',
}

const typeOf = (source: Source): string =>
  types[source.path.slice(source.path.lastIndexOf('.') + 1).toLowerCase()] ?? 'application/octet-stream'

/** `bytes=5-` and so on; undefined for none or for what we do not do (several ranges), null when it lies outside. */
export function parseRange(
  header: string | undefined,
  size: number,
): { from: number; to: number } | undefined | null {
  const match = /^bytes=(\d{0,15})-(\d{0,15})$/.exec(header ?? '')
  if (!match || (match[1] === '' && match[2] === '')) return undefined
  const [first, last] = [match[1] ?? '', match[2] ?? '']
  if (first === '') {
    const length = Math.min(Number(last), size)
    return length === 0 ? null : { from: size - length, to: size - 1 }
  }
  const from = Number(first)
  const to = last === '' ? size - 1 : Math.min(Number(last), size - 1)
  return from >= size || to < from ? null : { from, to }
}

const chunkBytes = 256 * 1024

/** Bytes [from, to] of a file. Nothing is read before it is asked for; the file is closed at the end, on cancel and on abort. */
function bytesOf(path: string, from: number, to: number, signal?: AbortSignal): ReadableStream<Uint8Array> {
  let file: FileHandle | undefined
  let at = from
  const close = async (): Promise<void> => {
    signal?.removeEventListener('abort', onAbort)
    await file?.close().catch(() => undefined) // closed already: what we wanted
    file = undefined
  }
  const onAbort = (): void => void close()
  signal?.addEventListener('abort', onAbort)
  return new ReadableStream<Uint8Array>(
    {
      async pull(controller) {
        if (signal?.aborted) throw failing('cancelled', 'cancelled')
        file ??= await openFile(path)
        const { bytesRead, buffer } = await file.read(new Uint8Array(Math.min(chunkBytes, to + 1 - at)), {
          position: at,
        })
        at += bytesRead
        if (bytesRead > 0) controller.enqueue(buffer.subarray(0, bytesRead))
        if (bytesRead > 0 && at <= to) return
        await close()
        controller.close()
      },
      cancel: close,
    },
    { highWaterMark: 1 },
  )
}

async function sizeOf(path: string): Promise<number> {
  const file = await openFile(path)
  try {
    return (await file.stat()).size
  } finally {
    await file.close()
  }
}

async function file(path: string, type: string, { range, signal }: ServeRequest): Promise<ServeAnswer> {
  const size = await sizeOf(path)
  const part = parseRange(range, size)
  const headers = { 'content-type': type, 'accept-ranges': 'bytes', 'cache-control': 'no-store' }
  if (part === null)
    return { status: 416, headers: { ...headers, 'content-range': `bytes */${size}` }, body: null }
  const { from, to } = part ?? { from: 0, to: size - 1 }
  const length = { 'content-length': String(to - from + 1) }
  const where = part ? { 'content-range': `bytes ${from}-${to}/${size}` } : undefined
  if (size === 0) return { status: 200, headers: { ...headers, ...length }, body: new Uint8Array() }
  return {
    status: part ? 206 : 200,
    headers: { ...headers, ...length, ...where },
    body: bytesOf(path, from, to, signal),
  }
}

/** A picture never changes: its address holds the identity of the source. */
const picture = (type: 'image/jpeg' | 'image/png', body: Uint8Array, cache: string): ServeAnswer => ({
  status: 200,
  headers: {
    'content-type': type,
    'content-length': String(body.byteLength),
    'cache-control': cache,
  },
  body,
})
const jpeg = (body: Uint8Array, cache: string): ServeAnswer => picture('image/jpeg', body, cache)
const forever = 'private, max-age=31536000, immutable'

async function answer(parts: ServeParts, route: Route, request: ServeRequest): Promise<ServeAnswer> {
  const { media } = parts
  switch (route.kind) {
    case 'media': {
      const source = await media.source(route.sourceId)
      return file(source.path, typeOf(source), request)
    }
    case 'proxy':
      return file(media.proxyPath(route.sourceId), 'video/mp4', request)
    case 'frame': {
      const { frame, width } = route
      return jpeg(await media.picture(route.sourceId, { frame, width, signal: request.signal }), forever)
    }
    case 'thumbnail': {
      const { frame, height } = route
      return jpeg(await media.picture(route.sourceId, { frame, height, signal: request.signal }), forever)
    }
    case 'rendered':
      return jpeg(await parts.rendered(route.sourceId, route.recipe, route.frame, route.way ?? 0), 'no-store')
    case 'look':
      return picture('image/png', await parts.looked(route.id, route.side), 'no-store')
    case 'output': {
      const path = parts.outputPath(route.jobId)
      if (!path) throw failing('not-found', 'outputGone')
      const answer = await file(path, 'application/octet-stream', request)
      const name = encodeURIComponent(basename(path)).replace(
        /['()]/g,
        (c) => `%${c.charCodeAt(0).toString(16)}`,
      )
      return {
        ...answer,
        headers: { ...answer.headers, 'content-disposition': `attachment; filename*=UTF-8''${name}` },
      }
    }
  }
}

export async function serve(parts: ServeParts, route: Route, request: ServeRequest): Promise<ServeAnswer> {
  try {
    return await answer(parts, route, request)
  } catch (error) {
    const isMissing = (error as NodeJS.ErrnoException | null)?.code === 'ENOENT'
    const failure = toFailure(isMissing ? failing('not-found', 'pictureGone') : error)
    return {
      status: statusOf[failure.code] ?? 500,
      headers: { 'content-type': 'application/json', 'cache-control': 'no-store' },
      body: new TextEncoder().encode(JSON.stringify(failure)),
    }
  }
}
