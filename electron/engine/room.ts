// Tasks that compute, each in its turn: urgent ones at once, beside the open stream of a unit that stands aside, if there is memory for both.
import { decodedFormat } from '../ffmpeg/decode.js'
import type { StreamOptions } from './addon.js'
import { runEncode } from './deliver.js'
import { estimatesBytes, leftBeside, withEstimates } from './estimatesRoom.js'
import { isLight, modelIn } from './models.js'
import { outputFormat } from './outputFormat.js'
import { photoFormat, runPhoto } from './photo.js'
import type { PipelineTimes } from './pipeline.js'
import type {
  EncodeTask,
  ModelOnDevice,
  OnProgress,
  PhotoResult,
  PhotoTask,
  SegmentResult,
  SegmentTask,
} from './protocol.js'
import { runSegment } from './segment.js'
import { streamOptions } from './streamOptions.js'
import { type UnitTurn, type UrgentTurn, createTurns } from './turns.js'

export const turns = createTurns()

const segmentStream = (task: SegmentTask): StreamOptions => {
  const input = decodedFormat(task.unit.source)
  return streamOptions(task.unit.enhance, input, outputFormat(task), task)
}
const photoStream = (task: PhotoTask): StreamOptions => {
  const input = decodedFormat(task.source)
  return streamOptions(task.enhance, input, photoFormat(task, input), task)
}

/**
 * The memory limit for a stream beside those that are held; undefined: it would not be held there in the way that it is alone, and its frames
 * would not be the same.
 */
async function limitBeside(
  place: ModelOnDevice,
  options: StreamOptions,
  held: number,
): Promise<number | undefined> {
  const { memoryLimit } = options
  if ((memoryLimit > 0 && memoryLimit <= held) || !(await isLight(place))) return undefined
  const limit = memoryLimit > 0 ? memoryLimit - held : 0
  const model = await modelIn(place)
  const beside = model.plan({ ...options, memoryLimit: limit })
  const alone = model.plan({ ...options, memoryLimit: memoryLimit || beside.limit + held })
  const isSame = beside.mode === alone.mode && beside.rows === alone.rows && beside.columns === alone.columns
  return beside.fits && isSame ? limit : undefined
}

async function limitFor(
  turn: UrgentTurn,
  place: ModelOnDevice | undefined,
  options: StreamOptions,
): Promise<number> {
  const held = turn.heldBytes()
  if (!place || held === 0) return options.memoryLimit
  const limit = await limitBeside(place, options, held)
  if (limit === undefined) await turn.alone()
  return limit ?? options.memoryLimit
}

/** Work that a person waits for. */
export async function urgently<T>(work: (turn: UrgentTurn) => Promise<T>, signal: AbortSignal): Promise<T> {
  const turn = await turns.urgent(signal)
  try {
    return await work(turn)
  } finally {
    turn.end()
  }
}

export const photoInTurn = (
  task: PhotoTask,
  signal: AbortSignal,
  onProgress: OnProgress,
): Promise<PhotoResult> =>
  urgently(async (turn) => {
    const memoryLimit = await limitFor(turn, task.model, photoStream(task))
    return runPhoto({ ...task, memoryLimit }, signal, onProgress)
  }, signal)

/** A unit's turn. `after`: tells its progress, with the time until it could begin. */
async function unitTurn(
  signal: AbortSignal,
  onProgress: OnProgress,
): Promise<{ turn: UnitTurn; after: OnProgress }> {
  const asked = performance.now()
  const turn = await turns.unit(signal)
  const waitedMs = Math.round(performance.now() - asked)
  return { turn, after: (frames, asideMs = 0) => onProgress(frames, waitedMs + asideMs) }
}

const streamBytes = async (task: SegmentTask): Promise<number> =>
  task.model ? (await modelIn(task.model)).plan(segmentStream(task)).total : 0

export async function segmentInTurn(
  task: SegmentTask,
  signal: AbortSignal,
  onProgress: OnProgress,
): Promise<SegmentResult> {
  const estimates = await estimatesBytes(task)
  const stream = { ...task, memoryLimit: leftBeside(task.memoryLimit, estimates) }
  if (task.isUrgent)
    return urgently(async (turn) => {
      const limit = await limitFor(turn, task.model, segmentStream(stream))
      return runSegment({ ...task, memoryLimit: withEstimates(limit, estimates) }, signal, onProgress)
    }, signal)
  const { turn, after } = await unitTurn(signal, onProgress)
  try {
    turn.holds((await streamBytes(stream)) + estimates)
    return await runSegment(task, signal, after, turn.step)
  } finally {
    turn.end()
  }
}

/** Like a unit that is made: it stands aside while a person waits for something. */
export async function encodeInTurn(
  task: EncodeTask,
  signal: AbortSignal,
  onProgress: OnProgress,
): Promise<PipelineTimes> {
  const { turn, after } = await unitTurn(signal, onProgress)
  try {
    return await runEncode(task, signal, after, turn.step)
  } finally {
    turn.end()
  }
}
