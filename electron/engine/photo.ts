// One photo in this process: the moment and its neighbours are decoded, laid over each other and merged, enhanced, and written.
import { decode, decodedFormat } from '../ffmpeg/decode.js'
import type { FrameFormat } from '../ffmpeg/format.js'
import { photoLayout, writePhoto } from '../ffmpeg/photo.js'
import { findTools } from '../ffmpeg/resolve.js'
import { cancelled } from '../ffmpeg/run.js'
import { AppError, failing } from '../shared/errors.js'
import { photoNote, photoRange } from '../shared/photo.js'
import type { Source } from '../shared/source.js'
import { fromNative, loadAddon } from './addon.js'
import { modelIn } from './models.js'
import type { PhotoResult, PhotoTask } from './protocol.js'
import { openStream, readTable, streamOptions } from './segment.js'

/** Frames [from, to) of the source, all held at once: a photo's neighbours are few. */
async function collect(
  { source, tablePath }: PhotoTask,
  { from, to }: { from: number; to: number },
  signal: AbortSignal,
): Promise<Uint8Array[]> {
  const table = await readTable(tablePath)
  const frames: Uint8Array[] = []
  for await (const { data } of decode(await findTools(), source, { table, from, to, signal }).frames)
    frames.push(Uint8Array.from(data))
  return frames
}

/** The pictures in the order they go through the model, and which of them becomes the photo. */
interface Prepared {
  frames: Uint8Array[]
  wanted: number
  merged: number
  dropped: number
}

async function merge(
  frames: readonly Uint8Array[],
  chosen: number,
  format: FrameFormat,
  signal: AbortSignal,
  onProgress: (frames: number) => void,
): Promise<Prepared> {
  const work = loadAddon().mergeFrames(format, [...frames], chosen, ({ done }) => onProgress(done))
  const cancel = (): void => work.cancel()
  signal.addEventListener('abort', cancel)
  if (signal.aborted) cancel()
  try {
    const { merged, neighbours } = await work.done
    const used = neighbours.filter((neighbour) => neighbour.isUsed).length
    return { frames: [merged], wanted: 0, merged: used + 1, dropped: neighbours.length - used }
  } catch (error) {
    throw fromNative(error)
  } finally {
    signal.removeEventListener('abort', cancel)
  }
}

/** Picture `wanted` of those that come out of the model. */
async function enhanced(
  task: PhotoTask,
  { frames, wanted }: Prepared,
  input: FrameFormat,
  output: FrameFormat,
  signal: AbortSignal,
): Promise<Uint8Array> {
  if (!task.model) throw new AppError('internal', 'There is no model to enhance with.')
  const { enhance, threads, memoryLimit } = task
  const options = streamOptions(enhance, input, output, { threads, memoryLimit })
  const stream = await openStream(task.model, options)
  const cancel = (): void => stream.cancel()
  signal.addEventListener('abort', cancel)
  try {
    let count = 0
    const picture = new Uint8Array(stream.outputBytes)
    const drain = (): boolean => {
      while (stream.pull(picture)) if (count++ === wanted) return true
      return false
    }
    for (const frame of frames) {
      if (signal.aborted) throw cancelled()
      await stream.push(frame)
      if (drain()) return picture
    }
    await stream.finish()
    if (!drain()) throw failing('engine-failed', 'engineCount', { found: count, wanted: wanted + 1 })
    return picture
  } finally {
    signal.removeEventListener('abort', cancel)
    stream.close()
  }
}

/** Frames have even sizes; a photo is as large as its picture, without the column or row that was added. */
function shownSize(
  { width, height, sampleAspect, rotation, isMirrored }: Source['video'],
  size: { width: number; height: number },
  scale: number,
): { width: number; height: number } {
  const isAsStored = sampleAspect.num === sampleAspect.den && rotation === 0 && !isMirrored
  return isAsStored ? { width: width * scale, height: height * scale } : size
}

/** `onProgress` hears how many of the pictures are dealt with. */
export async function runPhoto(
  task: PhotoTask,
  signal: AbortSignal,
  onProgress: (frames: number) => void,
): Promise<PhotoResult> {
  const { source, frame, way, enhance, model, output } = task
  const input = decodedFormat(source)
  const lookAhead = model ? (await modelIn(model.folder, model.device)).info.lookAheadFrames : 0
  const { length } = (await readTable(task.tablePath)).ticks
  const isAlone = way === 'frame' && !model
  const range = isAlone ? { from: frame, to: frame + 1 } : photoRange(frame, length, way, lookAhead)
  const frames = await collect(task, range, signal)
  const chosen = frame - range.from
  const prepared =
    way === 'moment' && frames.length > 1
      ? await merge(frames, chosen, input, signal, onProgress)
      : { frames, wanted: chosen, merged: 1, dropped: 0 }
  const scale = model ? enhance.scale : 1
  const size = { width: input.width * scale, height: input.height * scale }
  const layout = model ? { ...photoLayout(input), ...size } : input
  const [first] = prepared.frames
  const picture = model ? await enhanced(task, prepared, input, layout, signal) : first
  if (!picture) throw new AppError('internal', 'No picture was read.')
  const facts = {
    ...task.facts,
    ...shownSize(source.video, size, scale),
    description: photoNote({ ...enhance, isEnabled: model !== undefined }, prepared.merged),
  }
  await writePhoto(await findTools(), picture, layout, { ...output, facts, colour: source.video, signal })
  onProgress(range.to - range.from)
  return { width: facts.width, height: facts.height, merged: prepared.merged, dropped: prepared.dropped }
}
