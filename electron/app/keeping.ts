// Heirloom's own folders, when they cannot be written: what was to be kept there is told as such, never mistaken for a person's film,
// and what only has to last as long as this process finds a second place in the system's temporary folder.
import { rmSync } from 'node:fs'
import { mkdtemp, utimes } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { AppError, failing } from '../shared/errors.js'
import type { SentenceKey } from '../shared/sentences.js'
import { codeOf, isDiskFull, isSystemError, systemReason } from '../shared/systemReason.js'

export type OwnFolder = 'cache' | 'data'
const variables: Record<OwnFolder, string> = { cache: 'HEIRLOOM_CACHE', data: 'HEIRLOOM_DATA' }

/** Some pass by themselves; from some no permission helps. */
const adviceFor: Readonly<Record<string, SentenceKey>> = {
  ...{
    EMFILE: 'ownNotNow',
    ENFILE: 'ownNotNow',
    ENOMEM: 'ownNotNow',
    EAGAIN: 'ownNotNow',
    EBUSY: 'ownNotNow',
  },
  ...{ ETXTBSY: 'ownNotNow', ESTALE: 'ownNotNow', ETIMEDOUT: 'ownNotNow', EHOSTDOWN: 'ownNotNow' },
  ...{ EIO: 'ownOtherDisk', ENODEV: 'ownOtherDisk', ENXIO: 'ownOtherDisk', EFBIG: 'ownOtherDisk' },
  ...{ EROFS: 'ownOtherDisk', ENOTSUP: 'ownOtherDisk', ENOSYS: 'ownOtherDisk' },
}

/** The failure of writing there, as a sentence that says which disk; others stay as they are. */
export function ownFailure(kind: OwnFolder, folder: string, cause: unknown): unknown {
  if (isDiskFull(cause) || (cause instanceof AppError && cause.code === 'disk-full'))
    return failing('disk-full', 'ownDiskFull', { folder }, { cause })
  if (!isSystemError(cause)) return cause
  const values = { folder, reason: systemReason(cause), variable: variables[kind] }
  return failing('output-not-writable', adviceFor[codeOf(cause) ?? ''] ?? 'ownNotWritable', values, { cause })
}

export const inOwn = <T>(kind: OwnFolder, folder: string, work: () => Promise<T>): Promise<T> =>
  work().catch((cause: unknown) => {
    throw ownFailure(kind, folder, cause)
  })

let second: Promise<string> | undefined

/** A folder of this process alone, removed when it ends. */
export const secondPlace = (): Promise<string> =>
  (second ??= mkdtemp(join(tmpdir(), 'heirloom-')).then(
    (folder) => {
      process.once('exit', () => rmSync(folder, { recursive: true, force: true }))
      return folder
    },
    (error: unknown) => {
      second = undefined // tried anew the next time
      throw error
    },
  ))

/** It was used: tidying goes by age. */
export async function touch(path: string): Promise<void> {
  const now = new Date()
  await utimes(path, now, now).catch(() => undefined) // read-only: then nobody tidies it either
}
