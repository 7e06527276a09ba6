// Runs one unit in this process: ffmpeg decodes, the model (or nothing) enhances, an encoder or the preview's writer takes.
import { stat } from 'node:fs/promises'
import { failing, fault } from '../shared/contract/errors.js'
import { secondsOf } from '../shared/media/frameTable.js'
import { FrameTable, type Source } from '../shared/media/source.js'
import { formatTenths } from '../shared/media/timecode.js'
import { type FrameTimes, timesByTable } from '../shared/document/frames.js'
import { nameIn, usedFrames } from '../shared/planning/motionUnits.js'
import type { EnhanceUnit } from '../shared/planning/plan.js'
import { type Frame, drawsGrain } from '../shared/document/project.js'
import type { Keepsake } from '../shared/media/keepsake/keepsake.js'
import type { Time } from '../shared/document/time.js'
import { type DecodedFrame, type Reading, decodedFormat } from '../ffmpeg/decode.js'
import { readerOf } from '../ffmpeg/readers.js'
import { type FrameFormat, bytesPerFrame } from '../ffmpeg/format.js'
import { openPreviewWriter } from '../ffmpeg/pictures.js'
import { readText } from '../ffmpeg/openFile.js'
import { type Tools, findTools } from '../ffmpeg/resolve.js'
import { type Interpolation, type StreamOptions, fromNative } from './addon.js'
import { fileSink } from './deliver.js'
import { limitBesideEstimates } from './estimatesRoom.js'
import { drawnAt, grainSink, keepsakeFor, quantisersOf } from './keepsake.js'
import { interpolatorIn, modelIn } from './models.js'
import { type MotionStage, motionStage } from './motion.js'
import { outputFormat } from './outputFormat.js'
import { type FrameStream, type Sink, type TimedFrame, identity, runPipeline } from './pipeline.js'
import type { Lost, ModelOnDevice, OnProgress, SegmentResult, SegmentTask, SinkSpec } from './protocol.js'
import { settle } from './reading.js'
import { streamOptions } from './streamOptions.js'
import type { Step } from './turns.js'
import { type Watch, createWatch } from './watch.js'

/** For tests: a machine whose memory runs out in the middle, though the plan fitted (bytes). */
const refuseAbove = Number(process.env.HEIRLOOM_REFUSE_ABOVE ?? 0)

let table: { path: string; writtenMs: number; value: FrameTable } | undefined

/** The segments of one source follow each other: the last table is remembered, until another is written in its place. */
export async function readTable(path: string): Promise<FrameTable> {
  const { mtimeMs: writtenMs } = await stat(path)
  if (table?.path !== path || table.writtenMs !== writtenMs)
    table = { path, writtenMs, value: FrameTable.parse(JSON.parse(await readText(path))) }
  return table.value
}

/** A model's stream whose failures have our codes. */
export async function openStream(place: ModelOnDevice, options: StreamOptions): Promise<FrameStream> {
  const model = await modelIn(place)
  const native = await model.stream(options).catch((error: unknown) => {
    throw fromNative(error)
  })
  const { out } = model.info.contract.time
  const translated = (call: Promise<number>): Promise<number> =>
    call.catch((error: unknown) => {
      throw fromNative(error)
    })
  return {
    push: (frame, time) => translated(native.push(frame, time)),
    finish: () => translated(native.finish()),
    pull: (into) => native.pull(into),
    cancel: () => native.cancel(),
    close: () => native.close(),
    inputBytes: native.inputBytes,
    outputBytes: native.outputBytes,
    out,
  }
}

/** What is told when a model gives no pictures. `first`: the number in the table of the first one that goes in. */
export async function watchOf(
  place: ModelOnDevice,
  { source, table, first }: { source: Source; table: FrameTable; first: number },
  input: FrameFormat,
  output: FrameFormat,
): Promise<Watch> {
  const { info } = await modelIn(place)
  return createWatch(input, output, (fault, frame) =>
    failing('engine-failed', fault === 'flat' ? 'modelFlat' : 'modelFrozen', {
      ...{ model: info.name, name: source.name, at: formatTenths(secondsOf(table, first + frame)) },
    }),
  )
}

async function* timed(frames: AsyncIterable<DecodedFrame>, times: FrameTimes): AsyncGenerator<TimedFrame> {
  for await (const { data, frame } of frames) yield { data, time: times.timeOf(frame) }
}

/** Opened where the unit has estimates; its failures have our codes. */
async function openInterpolation(
  { unit: { motion }, motionModel, ...limits }: SegmentTask,
  format: FrameFormat,
): Promise<Interpolation | undefined> {
  if (!motion || motion.keys.length === 0) return undefined
  if (!motionModel)
    throw fault('internal', 'The engine was not told which model makes frames between others.')
  const { threads, memoryLimit } = limits
  const model = await interpolatorIn(motionModel)
  const told = (error: unknown): never => {
    throw fromNative(error)
  }
  const native = await model.open({ format, threads, memoryLimit }).catch(told)
  return {
    key: (frame, isCut) => native.key(frame, isCut).catch(told),
    between: (t, into) => native.between(t, into).catch(told),
    cancel: () => native.cancel(),
    close: () => native.close(),
    frameBytes: native.frameBytes,
  }
}

interface Pictures {
  unit: EnhanceUnit
  times: FrameTimes
  format: FrameFormat
}

/**
 * Pictures are asked for by the frame of their source: what is shown between two of these is not written; of a motion by their place in it. `shown`
 * hears how many are there.
 */
async function pictureSink(
  tools: Tools,
  folder: string,
  { unit, times, format }: Pictures,
  shown: (count: number) => void,
): Promise<Sink> {
  let number = unit.from
  let count = 0
  const writer = await openPreviewWriter(tools, {
    ...{ folder, format, size: unit.output, onPicture: () => shown(++count) },
  })
  return {
    async write(frame, time) {
      if (unit.motion) return writer.write(frame, nameIn(unit.motion, time))
      while (number < unit.to && times.timeOf(number) < time) number++
      if (times.timeOf(number) === time) await writer.write(frame, number)
    },
    finish: () => writer.finish(),
    abort: () => writer.abort().catch(() => undefined),
  }
}

const counter: Sink = {
  write: () => Promise.resolve(),
  finish: () => Promise.resolve(),
  abort: () => Promise.resolve(),
}

async function openSink(
  tools: Tools,
  spec: SinkSpec,
  pictures: Pictures,
  onProgress: OnProgress,
): Promise<Sink> {
  if (spec.kind === 'file') return fileSink(tools, pictures.unit, spec)
  return spec.kind === 'pictures' ? pictureSink(tools, spec.folder, pictures, onProgress) : counter
}

/** The frame of the source that begins at a time. */
const frameAtTime =
  (times: FrameTimes) =>
  (time: Time): Frame | undefined => {
    const frame = times.frameAt(time)
    return times.timeOf(frame) === time ? frame : undefined
  }

interface Opened {
  stream: FrameStream
  sink: Sink
  motion: MotionStage | undefined
  interpolation: Interpolation | undefined
}

/** What is open already is closed where the next cannot be opened. */
async function openStages(
  tools: Tools,
  task: SegmentTask,
  { input, times, onProgress, signal, step, keepsake }: Stages,
): Promise<Opened> {
  const { unit, threads } = task
  const output = outputFormat(task)
  const wanted = streamOptions(unit.enhance, input, output, { threads, memoryLimit: task.memoryLimit })
  const options = {
    ...{ ...wanted, memoryLimit: await limitBesideEstimates(task, wanted) },
    ...(keepsake
      ? { quantisers: quantisersOf(keepsake, times, { from: unit.warmFrom, to: unit.lookTo }) }
      : {}),
    stepDown: task.stepDown ?? 0,
    refuseAbove,
  }
  const open: { close: () => void }[] = []
  const kept = <T extends { close: () => void }>(one: T): T => (open.push(one), one)
  try {
    const interpolation = await openInterpolation(task, output)
    if (interpolation) kept(interpolation)
    const stream = kept(task.model ? await openStream(task.model, options) : identity(bytesPerFrame(input)))
    const end = await openSink(tools, task.sink, { unit, times, format: output }, onProgress)
    const layer = { format: output, threads, placeOf: drawnAt(times, unit.motion) }
    const inner = keepsake && drawsGrain(unit.enhance) ? grainSink(end, keepsake, layer) : end
    if (!unit.motion) return { stream, sink: inner, motion: undefined, interpolation }
    const beside = { motion: unit.motion, interpolation, signal, step, frameOf: frameAtTime(times) }
    const motion = motionStage(inner, beside)
    return { stream, sink: motion.sink, motion, interpolation }
  } catch (error) {
    for (const one of open) one.close()
    throw error
  }
}

interface Stages {
  input: FrameFormat
  times: FrameTimes
  onProgress: OnProgress
  signal: AbortSignal
  step: Step | undefined
  /** What is drawn by it; undefined: nothing. */
  keepsake: Keepsake | undefined
}

/** `onProgress` hears how many frames can be seen: delivered to the encoder, or lying in the folder as a picture. */
export async function runSegment(
  task: SegmentTask,
  signal: AbortSignal,
  onProgress: OnProgress,
  step?: Step,
): Promise<SegmentResult> {
  const { unit } = task
  const tools = await findTools()
  const frameTable = await readTable(task.tablePath)
  const input = decodedFormat(unit.source)
  if (input.width !== unit.input.width || input.height !== unit.input.height)
    throw fault('internal', `"${unit.source.name}" decodes to another size than was planned.`)
  const times = timesByTable(frameTable)
  const seen = { source: unit.source, table: frameTable, first: unit.warmFrom }
  const watch = task.model && (await watchOf(task.model, seen, input, outputFormat(task)))
  const keepsake = await keepsakeFor(unit.source, unit.enhance)
  const stages = { input, times, onProgress, signal, step, keepsake }
  const { stream, sink, motion, interpolation } = await openStages(tools, task, stages)
  const range = { table: frameTable, from: unit.warmFrom, to: unit.lookTo }
  let reading: Reading | undefined
  let lost: Lost = { repeated: [], isDamaged: false, damaged: [], surplus: 0 }
  // Nothing is kept before it is clear what the source gave: the reading has ended when the last picture is written.
  const checked: Sink = {
    ...sink,
    async finish() {
      if (reading) lost = await settle(tools, { ...task, range, reading, signal })
      await sink.finish()
    },
  }
  const kept = usedFrames(unit)
  const isTold = task.sink.kind !== 'pictures'
  const cancel = (): void => interpolation?.cancel()
  signal.addEventListener('abort', cancel)
  try {
    const took = await runPipeline({
      decode: (stop) => {
        const decoding = readerOf(unit.source).decode(tools, unit.source, { ...range, signal: stop })
        reading = decoding.reading
        return timed(decoding.frames, times)
      },
      ...{ stream, sink: checked, signal, watch, step },
      shown: { from: times.timeOf(kept.from), to: kept.to < times.count ? times.timeOf(kept.to) : Infinity },
      warmUp: kept.from - unit.warmFrom,
      lookAhead: unit.lookTo - kept.to,
      frames: kept.to - kept.from,
      name: unit.source.name,
      onDelivered: isTold ? (count, asideMs) => onProgress(motion?.written() ?? count, asideMs) : undefined,
    })
    const made = motion && { frames: motion.written(), motion: motion.made() }
    return { ...took, ...lost, ...made, residentBytes: process.memoryUsage.rss() }
  } finally {
    signal.removeEventListener('abort', cancel)
    interpolation?.close()
  }
}
