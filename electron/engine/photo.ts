// One photo in this process: a moment is decoded with what lies around it, its neighbours are laid over it and merged with it, the model enhances it in
// its place in the film, and it is written.
import { timesByTable } from '../shared/document/frames.js'
import { framesOut } from '../shared/document/modelContract.js'
import { decodedFormat } from '../ffmpeg/decode.js'
import { readerOf } from '../ffmpeg/readers.js'
import type { FrameFormat } from '../ffmpeg/format.js'
import { photoLayout, writePhoto } from '../ffmpeg/photo.js'
import { findTools } from '../ffmpeg/resolve.js'
import { cancelled } from '../ffmpeg/run.js'
import { failing, fault } from '../shared/contract/errors.js'
import { type FrameRange, lengthOf, photoNote } from '../shared/planning/photo.js'
import { type Source, displaySize } from '../shared/media/source.js'
import type { Keepsake } from '../shared/media/keepsake/keepsake.js'
import { fromNative, loadAddon } from './addon.js'
import { drawGrain, keepsakeFor, quantisersOf } from './keepsake.js'
import type { Lost, PhotoResult, PhotoTask } from './protocol.js'
import { settle } from './reading.js'
import { packPhoto } from './still.js'
import { openStream, readTable, watchOf } from './segment.js'
import { streamOptions } from './streamOptions.js'

/** Frames [from, to) of the source, all held at once: those around one moment are few. And what the chosen one lacks. */
async function collect(
  { source, tablePath, frame, isLastTry }: PhotoTask,
  { from, to }: FrameRange,
  signal: AbortSignal,
): Promise<{ frames: Uint8Array[]; lost: Lost }> {
  const tools = await findTools()
  const range = { table: await readTable(tablePath), from, to }
  const frames: Uint8Array[] = []
  const decoding = readerOf(source).decode(tools, source, { ...range, signal })
  for await (const { data } of decoding.frames) frames.push(Uint8Array.from(data))
  const unit = { source, from: frame, to: frame + 1 }
  const lost = await settle(tools, { unit, range, reading: decoding.reading, isLastTry, signal })
  return { frames, lost }
}

/** The chosen picture, merged with its neighbours; how many were, and how many found nothing of themselves in it. */
interface Moment {
  picture: Uint8Array
  merged: number
  dropped: number
}

async function merge(
  frames: readonly Uint8Array[],
  chosen: number,
  format: FrameFormat,
  signal: AbortSignal,
  onProgress: (frames: number) => void,
): Promise<Moment> {
  const work = loadAddon().mergeFrames(format, [...frames], chosen, ({ done }) => onProgress(done))
  const cancel = (): void => work.cancel()
  signal.addEventListener('abort', cancel)
  if (signal.aborted) cancel()
  try {
    const { merged, neighbours } = await work.done
    const used = neighbours.filter((neighbour) => neighbour.isUsed).length
    return { picture: merged, merged: used + 1, dropped: neighbours.length - used }
  } catch (error) {
    throw fromNative(error)
  } finally {
    signal.removeEventListener('abort', cancel)
  }
}

/** Of those that come out of the model the one that is shown when picture `wanted` of those that go in is. */
async function enhanced(
  task: PhotoTask,
  frames: readonly Uint8Array[],
  wanted: number,
  {
    input,
    output,
    first,
    keepsake,
  }: { input: FrameFormat; output: FrameFormat; first: number; keepsake: Keepsake | undefined },
  signal: AbortSignal,
  onProgress: (frames: number) => void,
): Promise<Uint8Array> {
  if (!task.model) throw fault('internal', 'There is no model to enhance with.')
  const { enhance, threads, memoryLimit } = task
  const table = await readTable(task.tablePath)
  const seen = { source: task.source, table, first }
  const times = timesByTable(table)
  const range = { from: first, to: first + frames.length }
  const options = {
    ...streamOptions(enhance, input, output, { threads, memoryLimit }),
    ...(keepsake ? { quantisers: quantisersOf(keepsake, times, range) } : {}),
  }
  const timeWanted = times.timeOf(first + wanted)
  const watch = await watchOf(task.model, seen, input, output)
  const stream = await openStream(task.model, options)
  const cancel = (): void => stream.cancel()
  signal.addEventListener('abort', cancel)
  try {
    let count = 0
    const picture = new Uint8Array(stream.outputBytes)
    const drain = (): boolean => {
      for (let time = stream.pull(picture); time !== undefined; time = stream.pull(picture)) {
        count++
        watch.produced(picture, time, time === timeWanted)
        if (time !== timeWanted) continue
        watch.finish()
        return true
      }
      return false
    }
    for (const [i, frame] of frames.entries()) {
      if (signal.aborted) throw cancelled()
      const time = times.timeOf(first + i)
      watch.pushed(frame, time)
      await stream.push(frame, time)
      if (drain()) return picture
      onProgress(i + 1)
    }
    await stream.finish()
    if (!drain())
      throw failing('engine-failed', 'engineCount', { found: count, wanted: framesOut(stream, wanted + 1) })
    return picture
  } finally {
    signal.removeEventListener('abort', cancel)
    stream.close()
  }
}

/** How much merging took away: the mean change of luma, in codes of 8 bits. */
export function changeOf(before: Uint8Array, after: Uint8Array, format: FrameFormat): number {
  const samples = format.width * format.height
  const [a, b] = [before, after].map((data) =>
    format.bits > 8 ? new Uint16Array(data.buffer, data.byteOffset, samples) : data,
  )
  let sum = 0
  for (let i = 0; i < samples; i++) sum += Math.abs((a?.[i] ?? 0) - (b?.[i] ?? 0))
  return sum / samples / 2 ** (format.bits - 8)
}

/** 16-bit pictures: a * (1 - share) + b * share. */
export function mixed(a: Uint8Array, b: Uint8Array, share: number): Uint8Array {
  const [from, to] = [a, b].map((data) => new Uint16Array(data.buffer, data.byteOffset, data.length / 2))
  const sum = new Uint16Array(a.length / 2)
  for (let i = 0; i < sum.length; i++) {
    const code = from?.[i] ?? 0
    sum[i] = Math.round(code + share * ((to?.[i] ?? 0) - code))
  }
  return new Uint8Array(sum.buffer)
}

/**
 * How much of a photo is the merged picture enhanced on its own; the rest is the same picture enhanced in its place in the film. The two err
 * apart: on its own it is not held back by noisier neighbours, in its place the model knows what moves. Measured in docs/PHOTO.md.
 */
export const shareAlone = (change: number): number => 0.2 + 0.15 * Math.min(change, 2)

/** Frames have even sizes of 16 at least; a photo is as large as its picture, without the columns and rows that were added. */
function shownSize(video: Source['video'], scale: number): { width: number; height: number } {
  const { sampleAspect, rotation, isMirrored } = video
  const isAsStored = sampleAspect.num === sampleAspect.den && rotation === 0 && !isMirrored
  const { width, height } = isAsStored ? video : displaySize(video)
  return { width: width * scale, height: height * scale }
}

/** Of what the model makes of it. */
export function photoFormat({ enhance }: PhotoTask, input: FrameFormat): FrameFormat {
  const { width, height } = input
  return { ...photoLayout(input), width: width * enhance.scale, height: height * enhance.scale }
}

/**
 * The merged picture goes through the model in the chosen one's place among the pictures around it, and on its own; the photo is a mixture of
 * both (shareAlone). `onProgress` hears how many pictures were merged and pushed.
 */
export async function runPhoto(
  task: PhotoTask,
  signal: AbortSignal,
  onProgress: (frames: number) => void,
): Promise<PhotoResult> {
  const { source, frame, merged, streamed, enhance, model, output } = task
  const input = decodedFormat(source)
  const from = Math.min(merged.from, streamed.from)
  const { frames, lost } = await collect(task, { from, to: Math.max(merged.to, streamed.to) }, signal)
  const part = (range: FrameRange): Uint8Array[] => frames.slice(range.from - from, range.to - from)
  const [alone] = part({ from: frame, to: frame + 1 })
  if (!alone) throw fault('internal', 'No picture was read.')
  const moment =
    lengthOf(merged) > 1
      ? await merge(part(merged), frame - merged.from, input, signal, onProgress)
      : { picture: alone, merged: 1, dropped: 0 }
  const keepsake = await keepsakeFor(source, enhance)
  const scale = model ? enhance.scale : 1
  const layout = model ? photoFormat(task, input) : input
  const place = frame - streamed.from
  const through = (
    pictures: readonly Uint8Array[],
    wanted: number,
    onPushed: (pushed: number) => void,
  ): Promise<Uint8Array> => {
    const formats = { input, output: layout, first: frame - wanted, keepsake }
    return enhanced(task, pictures, wanted, formats, signal, onPushed)
  }
  let { picture } = moment
  if (model)
    picture = await through(part(streamed).with(place, moment.picture), place, (pushed) =>
      onProgress(lengthOf(merged) + pushed),
    )
  if (model && moment.merged > 1) {
    const onItsOwn = await through([moment.picture], 0, () => undefined)
    picture = mixed(picture, onItsOwn, shareAlone(changeOf(alone, moment.picture, input)))
  }
  await drawGrain(picture, keepsake, enhance, { format: layout, threads: task.threads, frame })
  const facts = {
    ...task.facts,
    ...shownSize(source.video, scale),
    description: photoNote(enhance, moment.merged, task.detail),
  }
  const { width, height, description: note } = facts
  const pack = (pixels: Uint8Array): Promise<Uint8Array> =>
    packPhoto(task, { pixels, width, height, note }, signal)
  await writePhoto(await findTools(), picture, layout, {
    ...output,
    facts,
    colour: source.video,
    signal,
    pack,
  })
  return { width: facts.width, height: facts.height, merged: moment.merged, dropped: moment.dropped, ...lost }
}
