// What a file is. Sees for itself whether there is a file and of what kind, and leaves the rest to its reader; a failure is the file's own
// as long as the file is there.
import { stat } from 'node:fs/promises'
import { basename, resolve } from 'node:path'
import { AppError, failing } from '../shared/contract/errors.js'
import type { Source } from '../shared/media/source.js'
import { type Phrase, phrase } from '../shared/words/sentences.js'
import { systemReason } from '../shared/words/systemReason.js'
import { fingerprintOf } from './fingerprint.js'
import { probeLimitMs } from './headers.js'
import { isNotUnicode } from './names.js'
import { isPhotoFile } from './keepsakePhoto.js'
import { listKind } from './readable.js'
import type { FoundFile, ProbeOptions } from './reader.js'
import { readerOf } from './readers.js'
import type { Tools } from './resolve.js'
import { late } from './run.js'
import { isGif, stillFormat } from './still.js'

async function fileFacts(path: string): Promise<FoundFile['facts']> {
  const name = basename(path)
  try {
    const facts = await stat(path)
    if (facts.isDirectory()) throw failing('not-a-video', 'sourceIsFolder', { name })
    if (!facts.isFile()) throw failing('not-a-video', 'sourceNotRegular', { name })
    if (facts.size === 0) throw failing('not-a-video', 'sourceEmpty', { name })
    return { fingerprint: await fingerprintOf(path, facts), bytes: facts.size, modifiedMs: facts.mtimeMs }
  } catch (cause) {
    if (cause instanceof AppError) throw cause
    const code = (cause as NodeJS.ErrnoException).code
    if (code === 'ENOENT' || code === 'ENOTDIR')
      throw (await isNotUnicode(path))
        ? failing('source-unreadable', 'sourceNameNotUnicode', { name }, { cause })
        : failing('source-vanished', 'sourceGone', { name, path }, { cause })
    throw failing('source-unreadable', 'sourceUnreadable', { name, why: systemReason(cause) }, { cause })
  }
}

/** What we see of a file ourselves, before any tool does. Fails for what is no single film or photo. */
async function foundFile(path: string, { keepsake }: ProbeOptions): Promise<FoundFile> {
  const name = basename(path)
  const facts = await fileFacts(path)
  if (await isGif(path)) throw failing('not-a-video', 'sourceGif', { name })
  if (await isPhotoFile(path)) {
    if (!keepsake) throw failing('not-a-video', 'sourceKeepsakePhoto', { name })
    return { path, facts, still: 'png_pipe' }
  }
  const kind = await listKind(path)
  if (kind !== undefined) throw failing('not-a-video', 'sourceIsList', { name, kind })
  return { path, facts, still: await stillFormat(path) }
}

/** The system's own calls cannot be ended: whoever asked hears of it, and one thread stays with the silent drive. */
async function inTime<T>(work: Promise<T>, what: Phrase): Promise<T> {
  let timer: NodeJS.Timeout | undefined
  const end = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(late(what, probeLimitMs)), probeLimitMs)
  })
  return Promise.race([work, end]).finally(() => clearTimeout(timer))
}

/** A drive that is taken away while its file is read leaves all kinds of errors behind: what was the matter is told by the file itself. */
async function whyNot(path: string, cause: unknown): Promise<unknown> {
  const key = cause instanceof AppError ? cause.sentence?.key : undefined
  if (key === 'cancelled' || key === 'toolLate') return cause
  return inTime(fileFacts(path), phrase('doRead', { name: basename(path) })).then(
    () => cause,
    (now: unknown) => now,
  )
}

export async function probe(
  tools: Tools,
  path: string,
  signal?: AbortSignal,
  options: ProbeOptions = {},
): Promise<Source> {
  const full = resolve(path)
  try {
    const file = await inTime(foundFile(full, options), phrase('doRead', { name: basename(full) }))
    return await readerOf({ container: file.still ?? '' }).probe(tools, file, options, signal)
  } catch (cause) {
    throw await whyNot(full, cause)
  }
}
