// Names for what is written: never a source, never over something unasked, beside the source unless told otherwise.
import { lstat, statfs } from 'node:fs/promises'
import { basename, dirname, extname, join } from 'node:path'
import { OutputCheck, type OutputName } from '../../shared/contract/files.js'
import { projectEnding } from '../../shared/contract/project.js'
import { toFailure } from '../../shared/contract/errors.js'
import type { PhotoName } from '../../shared/contract/photo.js'
import { type SentenceKey, say, message } from '../../shared/words/sentences.js'
import { fitted } from '../../ffmpeg/names.js'
import { checkPlace } from '../../ffmpeg/target.js'
import { realPath, realPaths } from './grants.js'

/** A link that leads nowhere takes a name too. */
const isThere = (path: string): Promise<boolean> =>
  lstat(path).then(
    () => true,
    () => false, // a free name
  )

/** As much of a name as a file can have, with its ending. */
export function fittingName(name: string): string {
  const ending = extname(name)
  return ending.length > 16 ? fitted(name, '') : fitted(basename(name, ending), ending)
}

/** Bytes free for us where this file would lie; undefined when the system does not say. */
export async function freeBytes(path: string): Promise<number | undefined> {
  try {
    const { bavail, bsize } = await statfs(dirname(path))
    return bavail * bsize
  } catch {
    return undefined // the folder is not there, or the file system does not tell
  }
}

/** Of one file, on systems where names that differ only in case are one. */
const sameName = (path: string): string =>
  process.platform === 'win32' || process.platform === 'darwin' ? path.normalize('NFC').toLowerCase() : path

/** Is a job going to write this file? Both are real paths. */
export const isIn = (writing: readonly string[], path: string): boolean =>
  writing.some((other) => sameName(other) === sameName(path))

export async function checkOutput(
  path: string,
  sources: readonly string[],
  writing: readonly string[],
): Promise<OutputCheck> {
  const real = await realPath(path)
  const realSources = await realPaths(sources)
  const refusal = await checkPlace(real).then(
    () => undefined,
    (error: unknown) => toFailure(error).sentence,
  )
  const [exists, isSource, isInWork] = [await isThere(real), realSources.includes(real), isIn(writing, real)]
  return {
    ...{ exists, isSource, refusal, isInWork },
    freePath: exists || isInWork ? await numbered(real, writing) : undefined,
    freeBytes: await freeBytes(real),
  }
}

/** Behind a name that is taken: "", " (2)", " (3)" and so on. */
const counted = (n: number): string => (n === 1 ? '' : ` (${n})`)

const outputNames: Readonly<Record<OutputName, SentenceKey>> = {
  ...{ exported: 'nameExported', enhanced: 'nameEnhanced', unique: 'nameUnique', tempo: 'nameTempo' },
  ...{ smooth: 'nameSmooth', slow: 'nameSlow', repair: 'nameRepaired', cuts: 'nameCuts' },
}

/** "Tape 3.avi" -> "Tape 3 (enhanced).mp4", "Tape 3 (enhanced) (2).mp4" and so on if that is taken. */
export async function suggestOutput(
  sourcePath: string,
  extension: string,
  done: OutputName,
  writing: readonly string[] = [],
  language = 'en',
): Promise<string> {
  const ending = extension.replace(/^\.+/, '').replace(/[^a-z0-9]/gi, '') || 'mp4'
  const name = basename(sourcePath, extname(sourcePath))
  const what = say(message(outputNames[done]), language)
  const nameOf = (n: number): string => fitted(name, ` (${what})${counted(n)}.${ending}`)
  return freeName((n) => join(dirname(sourcePath), nameOf(n)), writing)
}

/** "Tape 3.mp4" -> "Tape 3 (2).mp4", "Tape 3 (3).mp4" and so on. */
export function numbered(path: string, writing: readonly string[]): Promise<string> {
  const ending = extname(path)
  const name = basename(path, ending).replace(/ \(\d+\)$/, '')
  return freeName((n) => join(dirname(path), fitted(name, `${counted(n + 1)}${ending}`)), writing)
}

const momentNames: Readonly<Record<PhotoName, SentenceKey>> = {
  ...{ photo: 'nameMoment', before: 'nameMomentBefore', after: 'nameMomentAfter' },
}

/** "Tape 3.avi" at 75 seconds -> "Tape 3 at 0-01-15.png" or "Tape 3 at 0-01-15 before.png", with " (2)" and so on if that is taken. */
export async function suggestPhoto(
  sourcePath: string,
  seconds: number,
  ending: string,
  kind: PhotoName,
  writing: readonly string[] = [],
  language = 'en',
): Promise<string> {
  const name = basename(sourcePath, extname(sourcePath))
  const [hours, rest] = [Math.floor(seconds / 3600), Math.floor(seconds % 3600)]
  const two = (n: number): string => String(n).padStart(2, '0')
  const time = `${hours}-${two(Math.floor(rest / 60))}-${two(rest % 60)}`
  const what = say(message(momentNames[kind], { time }), language)
  const nameOf = (n: number): string => fitted(name, ` ${what}${counted(n)}.${ending}`)
  return freeName((n) => join(dirname(sourcePath), nameOf(n)), writing)
}

/** "Tape 3.avi" -> "Tape 3.heirloom", "Tape 3 (2).heirloom" and so on if that is taken. */
export function suggestProject(sourcePath: string, writing: readonly string[] = []): Promise<string> {
  const name = basename(sourcePath, extname(sourcePath))
  const nameOf = (n: number): string => fitted(name, `${counted(n)}.${projectEnding}`)
  return freeName((n) => join(dirname(sourcePath), nameOf(n)), writing)
}

async function freeName(nameOf: (n: number) => string, writing: readonly string[]): Promise<string> {
  for (let n = 1; ; n++) {
    const real = await realPath(nameOf(n))
    if (!(await isThere(real)) && !isIn(writing, real)) return nameOf(n)
  }
}
