// What may pass by itself: a drive that drops out and comes back, a tool that the system ends. Such work is done once more; what stays is told.
import { setTimeout } from 'node:timers/promises'
import { AppError, type ErrorCode } from '../../shared/contract/errors.js'
import type { SentenceKey } from '../../shared/words/sentences.js'
import type { SourceId } from '../../shared/media/source.js'
import type { Media } from './media.js'

const passing: readonly (SentenceKey | undefined)[] = [
  ...(['sourceUnsteady', 'sourceReadError', 'toolKilled', 'toolStalled'] as const),
]
const isPassing = (error: unknown): boolean =>
  error instanceof AppError && (passing.includes(error.sentence?.key) || isAway(error))

/** The file is not there, or not as it was: a drive that has dropped out looks like that. */
const isAway = (error: unknown): boolean =>
  error instanceof AppError &&
  (error.code === 'source-vanished' ||
    error.sentence?.key === 'sourceAway' ||
    error.sentence?.key === 'sourceChanged')

/** Said of a film that was whole when it was opened: its drive is away, or was a moment ago. */
const noFilm: readonly ErrorCode[] = ['truncated-file', 'not-a-video', 'no-video-stream']

/** Whatever failed while a source was not there as it was opened is put down to that. */
async function mayPass(media: Media, ids: readonly SourceId[], error: unknown): Promise<boolean> {
  if (isPassing(error) || (error instanceof AppError && noFilm.includes(error.code))) return true
  return Promise.all(ids.map((id) => media.source(id))).then(
    () => false,
    () => true, // one is away
  )
}

const awayMs = 10_000
const lookEveryMs = 500

/** A drive that dropped out gets some seconds to come back with the same file; what it says last is the failure. */
async function comesBack(media: Media, id: SourceId, signal: AbortSignal): Promise<void> {
  for (let left = awayMs; ; left -= lookEveryMs) {
    try {
      await media.source(id)
      return
    } catch (error) {
      if (left <= 0 || signal.aborted) throw error
    }
    await setTimeout(lookEveryMs)
  }
}

/** Work that reads these sources, begun when they are there as they were opened, and done once more when what ended it may be over. */
export async function steadily<T>(
  media: Media,
  ids: readonly SourceId[],
  signal: AbortSignal,
  attempt: (isLastTry: boolean) => Promise<T>,
): Promise<T> {
  for (const id of ids) await comesBack(media, id, signal)
  try {
    return await attempt(false)
  } catch (error) {
    if (signal.aborted || !(await mayPass(media, ids, error))) throw error
  }
  for (const id of ids) await comesBack(media, id, signal)
  return attempt(true)
}
