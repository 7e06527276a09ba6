// A file that was dropped on the browser's window: streamed into the inbox, complete or not at all, then granted like
// a file chosen in a dialog. A computer without room for it is said so before the first byte.
import { randomBytes } from 'node:crypto'
import { createWriteStream } from 'node:fs'
import { chmod, mkdir, rename, rm, statfs } from 'node:fs/promises'
import type { IncomingMessage } from 'node:http'
import { join } from 'node:path'
import { pipeline } from 'node:stream/promises'
import type { Host } from '../app/host/host.js'
import { fittingName } from '../app/access/outputs.js'
import { failing } from '../shared/contract/errors.js'
import { isDiskFull } from '../shared/words/systemReason.js'

/** Left free, so that a copy never takes the room the rest of the computer needs to run. */
const reserveBytes = 512 * 2 ** 20

/** The last part of a name without anything a file system gives a meaning to; undefined when nothing is left. */
export function safeName(name: string): string | undefined {
  const last = name.split(/[/\\]/).at(-1) ?? ''
  const plain = last.replace(/[\u0000-\u001f\u007f<>:"|?*]/g, '_').replace(/^[.\s]+|[.\s]+$/g, '')
  return plain === '' ? undefined : fittingName(plain)
}

export async function receiveUpload(
  host: Host,
  inbox: string,
  name: string,
  request: IncomingMessage,
): Promise<string> {
  const fileName = safeName(name)
  if (!fileName) throw failing('bad-argument', 'droppedNameless')
  const bytes = Number(request.headers['content-length'] ?? NaN)
  if (!Number.isSafeInteger(bytes)) throw failing('bad-argument', 'droppedUnsized', { name: fileName })
  const folder = join(inbox, randomBytes(8).toString('hex'))
  await mkdir(folder, { recursive: true, mode: 0o700 })
  await chmod(inbox, 0o700) // it may be older than this rule
  try {
    const { bavail, bsize } = await statfs(folder)
    if (bytes > bavail * bsize - reserveBytes)
      throw failing('disk-full', 'droppedNoRoom', { name: fileName, megabytes: Math.ceil(bytes / 1e6) })
    const part = join(folder, 'part')
    await pipeline(request, createWriteStream(part, { flags: 'wx', mode: 0o600 })).catch((cause: unknown) => {
      if (isDiskFull(cause))
        throw failing('disk-full', 'droppedNoRoom', { name: fileName, megabytes: Math.ceil(bytes / 1e6) })
      throw failing('internal', 'droppedInterrupted', { name: fileName }, { cause })
    })
    const path = join(folder, fileName)
    await rename(part, path)
    await host.grant(path)
    return path
  } catch (error) {
    await rm(folder, { recursive: true, force: true })
    throw error
  }
}
