// Why the operating system refused something, in words: no code of the system is ever shown to a person.
import type { Phrase, SentenceKey } from './sentences.js'

/** The system's code, what C libraries (and so ffmpeg) call it, our words. */
const reasons: readonly [codes: readonly string[], words: RegExp, key: SentenceKey][] = [
  [['ENOSPC'], /no space left on device/i, 'reasonFull'],
  [['EDQUOT'], /disk quota exceeded/i, 'reasonQuota'],
  [['EACCES', 'EPERM'], /permission denied|operation not permitted/i, 'reasonNotAllowed'],
  [['EROFS'], /read-only file system/i, 'reasonReadOnly'],
  [['ENOENT'], /no such file or directory/i, 'reasonNotThere'],
  [['ENOTDIR'], /not a directory/i, 'reasonNoFolder'],
  [['EISDIR'], /is a directory/i, 'reasonFolder'],
  [['ENOTREG'], /not a regular file/i, 'reasonNotFile'],
  [['ENAMETOOLONG'], /file ?name too long/i, 'reasonNameTooLong'],
  [['EINVAL', 'EILSEQ'], /invalid or incomplete multibyte/i, 'reasonNameOdd'],
  [['EMFILE', 'ENFILE'], /too many open files/i, 'reasonTooManyOpen'],
  [['EBUSY', 'ETXTBSY'], /resource busy|text file busy/i, 'reasonBusy'],
  [['EIO'], /input\/output error/i, 'reasonDevice'],
  [['ENODEV', 'ENXIO', 'ENOTCONN'], /no such device|not connected/i, 'reasonDeviceGone'],
  [['EFBIG'], /file too large/i, 'reasonTooLarge'],
  [['ENOMEM', 'EAGAIN'], /cannot allocate memory|temporarily unavailable/i, 'reasonMemory'],
  [['ELOOP'], /too many levels of symbolic links/i, 'reasonLoop'],
  [['EXDEV', 'ENOTSUP', 'ENOSYS'], /operation not supported|function not implemented/i, 'reasonNotAble'],
  [
    ['ESTALE', 'ETIMEDOUT', 'EHOSTDOWN', 'EHOSTUNREACH', 'ECONNRESET', 'ENETDOWN', 'ENETUNREACH'],
    /stale (nfs )?file handle|connection (timed out|reset)|host is (down|unreachable)|no route to host/i,
    'reasonNetwork',
  ],
]

/** The system's own code of a failure, for decisions. */
export const codeOf = (cause: unknown): string | undefined => {
  const { code } = (cause ?? {}) as { code?: unknown }
  return typeof code === 'string' && /^E[A-Z0-9]+$/.test(code) ? code : undefined
}

/** An error of a system call, as Node throws it. */
export const isSystemError = (cause: unknown): boolean =>
  cause instanceof Error && codeOf(cause) !== undefined

export const isDiskFull = (cause: unknown): boolean => ['ENOSPC', 'EDQUOT'].includes(codeOf(cause) ?? '')

/** For a sentence of its own: the blank for it takes it in the language of the sentence around it. */
export function systemReason(cause: unknown): Phrase {
  const code = codeOf(cause)
  const known = code === undefined ? undefined : reasons.find(([codes]) => codes.includes(code))
  return { key: known?.[2] ?? 'reasonUnknown', values: {} }
}

/** The reason that a tool's own line names in the words of the system; undefined when it speaks of something else. */
export function reasonIn(line: string): Phrase | undefined {
  const known = reasons.find(([, words]) => words.test(line))
  return known && { key: known[2], values: {} }
}
