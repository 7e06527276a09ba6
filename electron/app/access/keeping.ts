// Heirloom's own folders, when they cannot be written: what was to be kept there is told as such, never mistaken for a person's film,
// and what only has to last as long as this process finds a second place in the system's temporary folder.
import { rmSync } from 'node:fs'
import { lstat, mkdtemp, readdir, rm, utimes } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { z } from 'zod'
import { AppError, failing } from '../../shared/contract/errors.js'
import type { SentenceKey } from '../../shared/words/sentences.js'
import { codeOf, isDiskFull, isSystemError, systemReason } from '../../shared/words/systemReason.js'
import { hold, holder } from './owners.js'

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

const placeName = 'heirloom-place-'
const ownerIn = (folder: string): string => join(folder, 'owner.json')

/** A folder of this process alone, removed when it ends; when it is killed, by another that starts later. */
export const secondPlace = (): Promise<string> =>
  (second ??= mkdtemp(join(tmpdir(), placeName)).then(
    async (folder) => {
      process.once('exit', () => rmSync(folder, { recursive: true, force: true }))
      await hold(ownerIn(folder), null).catch(() => undefined) // no room even for that: it is used all the same
      return folder
    },
    (error: unknown) => {
      second = undefined // tried anew the next time
      throw error
    },
  ))

/** Removes the second places of processes that are gone: only folders of this person that say whose they were, and no links. */
export async function sweepPlaces(parent = tmpdir()): Promise<void> {
  for (const name of await readdir(parent).catch(() => [])) {
    if (!name.startsWith(placeName)) continue
    const folder = join(parent, name)
    const isOurs = await lstat(folder).then(
      (found) => found.isDirectory() && (process.getuid === undefined || found.uid === process.getuid()),
      () => false, // gone already
    )
    const record = isOurs ? await holder(ownerIn(folder), z.null()) : undefined
    if (record && !record.isAlive) await rm(folder, { recursive: true, force: true }).catch(() => undefined)
  }
}

/** It was used: tidying goes by age. */
export async function touch(path: string): Promise<void> {
  const now = new Date()
  await utimes(path, now, now).catch(() => undefined) // read-only: then nobody tidies it either
}
