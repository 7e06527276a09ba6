// The one error type that crosses borders: a code from a closed list, a sentence for people, detail for the log.
import { z } from 'zod'
import type { Filling } from '../words/catalogue.js'
import { Message, type SentenceKey, type Value, type Values, say, sayIn } from '../words/sentences.js'
import { isDiskFull, isSystemError, systemReason } from '../words/systemReason.js'

export const ErrorCode = z.enum([
  'bad-argument',
  'not-a-video',
  'no-video-stream',
  'truncated-file',
  'source-unreadable',
  'source-vanished',
  'empty-range',
  'output-not-writable',
  'output-exists',
  'output-is-source',
  'disk-full',
  'ffmpeg-missing',
  'ffmpeg-too-old',
  'ffmpeg-failed',
  'weights-missing',
  'weights-corrupt',
  'weights-unsupported',
  'download-failed',
  'out-of-memory',
  'engine-missing',
  'engine-crashed',
  'engine-failed',
  'cancelled',
  'not-allowed',
  'not-found',
  'port-taken',
  'project-corrupt',
  'project-damaged',
  'project-newer',
  'project-changed',
  'project-kept',
  'keepsake-damaged',
  'keepsake-photo-damaged',
  'some-failed',
  'internal',
])
export type ErrorCode = z.infer<typeof ErrorCode>

/** What crosses the contract when something fails. `detail` is for the log, never needed to understand `message`. */
export const Failure = z.object({
  code: ErrorCode,
  message: z.string(),
  /** Which sentence `message` is, so that a window of another language can say it in its own. */
  sentence: Message.optional(),
  detail: z.unknown().optional(),
  /** Where it was thrown, and what caused it: for the log. */
  trace: z.string().optional(),
})
export type Failure = z.infer<typeof Failure>

export class AppError extends Error {
  readonly code: ErrorCode
  readonly detail: unknown
  readonly sentence: Message | undefined
  /** Of one that was thrown in another process: `stack` is of this one. */
  readonly trace: string | undefined

  constructor(
    code: ErrorCode,
    message: string,
    options: ErrorOptions & { sentence?: Message; trace?: string } = {},
  ) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause })
    this.name = 'AppError'
    this.code = code
    this.detail = options.detail
    this.sentence = options.sentence
    this.trace = options.trace
  }
}

interface ErrorOptions {
  detail?: unknown
  cause?: unknown
}

/** An error whose sentence is in the table of sentences.ts. */
export function failing<Key extends SentenceKey>(
  code: ErrorCode,
  key: Key,
  ...[filled, options]: Filling<Key, Value, ErrorOptions>
): AppError {
  const values = { ...filled } as Values
  return new AppError(code, sayIn('en', { key, values }), { ...options, sentence: { key, values } })
}

/** What must not be: a tool, or Heirloom, contradicts itself. Said around the technical words, which are for a report. */
export const fault = (code: ErrorCode, what: string, options: ErrorOptions = {}): AppError =>
  failing(code, 'fault', { what: what.replace(/\.$/, '') }, options)

/** The sentence of a failure in this language; in English where it has not been translated. */
export const sentenceOf = (failure: Failure, language: string): string =>
  failure.sentence ? say(failure.sentence, language) : failure.message

/** What a system call refused and nobody has told in words of its own. */
function fromSystem(error: Error & { path?: unknown }): AppError {
  const { path } = error
  const name = typeof path === 'string' ? path.split(/[\\/]/).findLast((part) => part !== '') : undefined
  const code = isDiskFull(error) ? 'disk-full' : 'internal'
  const detail = { message: error.message }
  const reason = systemReason(error)
  return name === undefined
    ? failing(code, 'systemFailedNameless', { reason }, { detail, cause: error })
    : failing(code, 'systemFailed', { name, reason }, { detail, cause: error })
}

/** Its stack, and those of its causes. */
function traceOf(error: Error): string {
  const own = (error instanceof AppError ? error.trace : undefined) ?? error.stack ?? error.message
  return error.cause instanceof Error ? `${own}\ncaused by ${traceOf(error.cause)}` : own
}

/** Any thrown value as a Failure: AppErrors keep their code, everything else becomes `internal`. */
export function toFailure(error: unknown): Failure {
  if (error instanceof AppError)
    return {
      ...{ code: error.code, message: error.message, sentence: error.sentence, detail: error.detail },
      trace: traceOf(error),
    }
  if (error instanceof Error && isSystemError(error)) return toFailure(fromSystem(error))
  const parsed = Failure.safeParse(error)
  if (parsed.success) return parsed.data
  return toFailure(
    fault('internal', error instanceof Error ? error.message : String(error), { cause: error }),
  )
}

export const fromFailure = (failure: Failure): AppError =>
  new AppError(failure.code, failure.message, {
    ...{ detail: failure.detail, sentence: failure.sentence, trace: failure.trace },
  })

export const isCancelled = (error: unknown): boolean =>
  error instanceof AppError && error.code === 'cancelled'
