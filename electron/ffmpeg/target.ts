// Where a result is written: checked before any work, made beside its name, renamed when it is whole. Originals are never a target.
import { randomBytes } from 'node:crypto'
import { constants } from 'node:fs'
import { access, link, lstat, open, realpath, rename, rm, stat, unlink } from 'node:fs/promises'
import { basename, dirname, extname, join } from 'node:path'
import { AppError, failing } from '../shared/contract/errors.js'
import type { SentenceKey } from '../shared/words/sentences.js'
import { codeOf, isDiskFull, systemReason } from '../shared/words/systemReason.js'
import { type HeldFolder, holdFolder } from './folder.js'
import { fitted } from './names.js'

/** What helps is another name, or another moment; else another folder. */
const adviceFor: Readonly<Record<string, SentenceKey>> = {
  ...{ ENAMETOOLONG: 'outputNameTooLong', EINVAL: 'outputNameOdd', EILSEQ: 'outputNameOdd' },
  ...{ EMFILE: 'outputNotNow', ENFILE: 'outputNotNow', ENOMEM: 'outputNotNow', EAGAIN: 'outputNotNow' },
  ...{ EBUSY: 'outputNotNow', ETXTBSY: 'outputNotNow' },
  ...{ EACCES: 'outputNotAllowed', EPERM: 'outputNotAllowed' },
  ...{ ENOENT: 'outputFolderGone', ENOTDIR: 'outputFolderGone', ENODEV: 'outputFolderGone' },
  ...{
    EROFS: 'outputOtherDisk',
    EIO: 'outputOtherDisk',
    EFBIG: 'outputOtherDisk',
    ENOTSUP: 'outputOtherDisk',
  },
}

/** The name itself, or the moment, is at fault: a trial under another name would not show it. */
const isOfName = (cause: unknown): boolean =>
  ['outputNameTooLong', 'outputNameOdd', 'outputNotNow'].includes(adviceFor[codeOf(cause) ?? ''] ?? '')

/** Why a file cannot be written, as a sentence. */
export function notWritable(path: string, cause: unknown): AppError {
  if (isDiskFull(cause)) return diskFull(path, cause)
  return failing(
    'output-not-writable',
    adviceFor[codeOf(cause) ?? ''] ?? 'outputNotWritable',
    { name: basename(path), folder: dirname(path), reason: systemReason(cause) },
    { cause },
  )
}

export const diskFull = (path: string, cause: unknown): AppError =>
  failing('disk-full', 'outputDiskFull', { name: basename(path), folder: dirname(path) }, { cause })

/** The same file, whether by name or through links. */
async function isSameFile(a: string, b: string): Promise<boolean> {
  const [one, other] = await Promise.all([a, b].map((path) => stat(path).catch(() => undefined)))
  if (!one || !other) return false
  return (
    (one.dev === other.dev && one.ino === other.ino && one.ino !== 0) ||
    (await realpath(a)) === (await realpath(b))
  )
}

/** A new name beside the target, with its extension: the muxers go by it. However long the target's own is, it fits. The number of the process tells later who left it. */
export function partPath(target: string): string {
  const extension = extname(target)
  const ending = `.part-${process.pid}-${randomBytes(3).toString('hex')}${extension}`
  return join(dirname(target), fitted(basename(target, extension), ending))
}

/** Throws output-not-writable where no file can have this name, as far as that is seen without writing. */
export async function checkPlace(path: string): Promise<void> {
  if (path.includes('\0')) throw failing('output-not-writable', 'outputNameNul', { name: basename(path) })
  await lstat(path).catch((cause: unknown) => {
    if (isOfName(cause)) throw notWritable(path, cause) // a trial has another name
  })
  const behind = await stat(path).catch(() => undefined) // nothing, or a link that leads nowhere
  if (behind?.isDirectory()) throw failing('output-not-writable', 'outputIsFolder', { path })
  if (behind && !behind.isFile())
    throw failing('output-not-writable', 'outputNotFile', { name: basename(path), folder: dirname(path) })
  await access(dirname(path), constants.W_OK).catch((cause: unknown) => {
    throw notWritable(path, cause)
  })
}

/** Throws output-exists, output-is-source, output-not-writable, disk-full. Leaves nothing behind. */
export async function checkTarget(
  path: string,
  sources: readonly string[],
  mayOverwrite: boolean,
): Promise<void> {
  for (const source of sources)
    if (await isSameFile(path, source))
      throw failing('output-is-source', 'outputIsSource', { name: basename(path) })
  await checkPlace(path)
  // A link is something too, wherever it leads: it is the name that is taken.
  const there = await lstat(path).catch(() => undefined)
  if (there && !mayOverwrite)
    throw failing('output-exists', 'outputExists', { name: basename(path), folder: dirname(path) })
  const folder = await holdFolder(path)
  const trial = folder.at(basename(partPath(path)))
  try {
    await (await open(trial, 'wx')).close()
  } catch (cause) {
    throw notWritable(path, cause)
  } finally {
    await rm(trial, { force: true }).catch(() => undefined) // it was never made; the error above says why
    await folder.close()
  }
}

/** Under its name only now, in the folder that was held since before the part was made: flushed to disk, then renamed. Without mayOverwrite an existing file always wins. */
export async function place(
  part: string,
  path: string,
  mayOverwrite: boolean,
  held: HeldFolder,
): Promise<void> {
  await held.check()
  const target = held.at(basename(path))
  const file = await open(part, 'r+')
  await file.sync()
  await file.close()
  if (mayOverwrite) await rename(part, target)
  else {
    try {
      await link(part, target)
      await unlink(part)
    } catch (cause) {
      const { code } = cause as NodeJS.ErrnoException
      const exists = code === 'EEXIST' || (await lstat(target).catch(() => undefined)) !== undefined
      if (exists) throw failing('output-exists', 'outputAppeared', { name: basename(path) }, { cause })
      await rename(part, target) // a file system without hard links
    }
  }
  // The new name itself must survive a power cut; Windows cannot open folders.
  const folder = await open(dirname(target), 'r').catch(() => undefined)
  await folder?.sync().catch(() => undefined)
  await folder?.close()
}

/** `write` makes it beside its name, which it gets when it is whole. On any failure nothing is left beside the target, and the target is as it was. */
export async function writePlaced(
  path: string,
  mayOverwrite: boolean,
  write: (part: string) => Promise<void>,
): Promise<void> {
  const folder = await holdFolder(path)
  const part = folder.at(basename(partPath(path)))
  try {
    await write(part)
    await place(part, path, mayOverwrite, folder)
  } catch (cause) {
    throw cause instanceof AppError ? cause : notWritable(path, cause)
  } finally {
    await rm(part, { force: true })
    await folder.close()
  }
}

/**
 * Under its name, or, where a file has appeared there while the film was made, under the next free one beside it: "name (2).mp4".
 * Hours of work are not thrown away because of a name. Gives the path that it got.
 */
export async function placeSafely(
  part: string,
  target: string,
  mayOverwrite: boolean,
  folder: HeldFolder,
): Promise<string> {
  const ending = extname(target)
  for (let n = 1; ; n++) {
    const path =
      n === 1 ? target : join(dirname(target), fitted(basename(target, ending), ` (${n})${ending}`))
    try {
      await place(part, path, mayOverwrite, folder)
      return path
    } catch (error) {
      if (!(error instanceof AppError && error.code === 'output-exists')) throw error
    }
  }
}
