// Whether what was read of a source can be kept: the disk's fault (tried again), or the file's own (told). Changes nothing.
import { type Gap, type Reading } from '../ffmpeg/decode.js'
import { readerOf } from '../ffmpeg/readers.js'
import type { Tools } from '../ffmpeg/resolve.js'
import { cancelled } from '../ffmpeg/run.js'
import { checkUnchanged, readThrough } from '../ffmpeg/unchanged.js'
import { type AppError, failing } from '../shared/contract/errors.js'
import type { EnhanceUnit } from '../shared/planning/plan.js'
import type { FrameTable, Source } from '../shared/media/source.js'
import { formatTenths } from '../shared/media/timecode.js'
import { secondsOf, frameCount } from '../shared/media/frameTable.js'
import type { Lost } from './protocol.js'

interface Read {
  unit: Pick<EnhanceUnit, 'source' | 'from' | 'to'>
  range: { table: FrameTable; from: number; to: number }
  reading: Reading
  isLastTry?: boolean | undefined
  signal: AbortSignal
}

const isClean = ({ gaps, isDamaged, hasReadError }: Reading): boolean =>
  gaps.length === 0 && !isDamaged && !hasReadError

const isSame = (a: Reading, b: Reading): boolean =>
  JSON.stringify(a.gaps) === JSON.stringify(b.gaps) &&
  a.isDamaged === b.isDamaged &&
  a.hasReadError === b.hasReadError

/** The same frames decoded once more, for how that goes. */
async function again(tools: Tools, source: Source, { range, signal }: Read): Promise<Reading> {
  const decoding = readerOf(source).decode(tools, source, { ...range, signal })
  const frames = decoding.frames[Symbol.asyncIterator]()
  while (!(await frames.next()).done);
  return decoding.reading
}

/**
 * What the wanted frames lack. A reading that did not go well is repeated: what differs the second time was the disk's or the network's doing and
 * fails with `sourceUnsteady` (the whole is worth another try), an error of the disk that stays fails with `sourceReadError`, and what
 * is missing both times although every byte can be read is damage of the file itself: that is told and lived with.
 */
export async function settle(tools: Tools, read: Read): Promise<Lost> {
  const { unit, range, reading, signal } = read
  const { source, from, to } = unit
  await checkUnchanged(source)
  if (isClean(reading)) return { repeated: [], isDamaged: false, damaged: [], surplus: reading.surplus }
  const second = await again(tools, source, read)
  await checkUnchanged(source)
  const name = source.name
  const gap = reading.gaps.find((one) => one.to > from)
  const at = formatTenths(secondsOf(range.table, gap?.from ?? from))
  const readError = (cause?: unknown): AppError =>
    failing('source-unreadable', 'sourceReadError', { name, at }, { cause })
  if (!isSame(reading, second) && (!read.isLastTry || reading.hasReadError))
    throw failing('source-unreadable', 'sourceUnsteady', { name })
  // A file whose bytes are all there does not end early, but for a picture or two that its list has too many: only a disk that stops
  // giving them makes it.
  const isInside = range.to < frameCount(range.table) - 2
  const endsEarly = second.gaps.some((one) => one.to === range.to && (isInside || one.to - one.from > 2))
  if (second.hasReadError && endsEarly) throw readError()
  await readThrough(source, signal).catch((cause: unknown) => {
    throw signal.aborted ? cancelled() : readError(cause)
  })
  const inside = (places: readonly Gap[]): Gap[] =>
    places
      .map((one) => ({ from: Math.max(one.from, from), to: Math.min(one.to, to) }))
      .filter((one) => one.from < one.to)
  // A file that was cut off ends with an error of reading too, after pictures that are all whole: by itself it is no damage of them.
  const isDamaged = reading.isDamaged || (reading.hasReadError && reading.gaps.length > 0)
  return {
    repeated: inside(reading.gaps),
    isDamaged,
    damaged: inside(reading.damaged),
    surplus: reading.surplus,
  }
}
