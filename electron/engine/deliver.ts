// Frames of a unit into a segment file, and into one of frames without loss beside it; and a segment out of frames that were kept.
import { open, rename, rm } from 'node:fs/promises'
import { nameIn, usedFrames } from '../shared/planning/motionUnits.js'
import type { EnhanceUnit } from '../shared/planning/plan.js'
import { deliveryOf, openEncoder } from '../ffmpeg/encode.js'
import { bytesPerFrame } from '../ffmpeg/format.js'
import { readIntermediate } from '../ffmpeg/intermediate.js'
import { openPreviewWriter } from '../ffmpeg/pictures.js'
import { type Tools, findTools } from '../ffmpeg/resolve.js'
import { type PipelineTimes, type Sink, type TimedFrame, identity, runPipeline } from './pipeline.js'
import type { EncodeTask, FileSink, OnProgress, PicturesTask } from './protocol.js'
import { motionStage } from './motion.js'
import type { Step } from './turns.js'

/** To the disk: what is written down of a file must not outlive it in a power cut. */
async function flush(path: string): Promise<void> {
  const file = await open(path, 'r+')
  try {
    await file.sync()
  } finally {
    await file.close()
  }
}

/** A file has another name until it is whole; the name is this process's own, because a killed one may still be writing. */
const partialOf = (path: string): string => path.replace(/(\.[^.]+)$/, `.${process.pid}.partial$1`)

/** All files appear when all of them are whole. */
export async function fileSink(tools: Tools, unit: EnhanceUnit, spec: FileSink): Promise<Sink> {
  const paths = spec.framesPath === undefined ? [spec.path] : [spec.framesPath, spec.path]
  const encoder = await openEncoder(tools, {
    ...deliveryOf(unit, spec),
    path: partialOf(spec.path),
    framesPath: spec.framesPath && partialOf(spec.framesPath),
  })
  return {
    write: (frame) => encoder.write(frame),
    async finish() {
      await encoder.finish()
      for (const path of paths) await flush(partialOf(path))
      for (const path of paths) await rename(partialOf(path), path)
    },
    async abort() {
      await encoder.abort().catch(() => undefined) // the first failure is the one to tell
      for (const path of paths) await rm(partialOf(path), { force: true }).catch(() => undefined)
    },
  }
}

/** A file of kept frames has no times: each is known by its number in the source, which rises as they do. */
async function* numbered(
  frames: AsyncIterable<{ data: Uint8Array }>,
  first: number,
): AsyncGenerator<TimedFrame> {
  let time = first
  for await (const { data } of frames) yield { data, time: time++ }
}

/** Which kept frames a unit shows; of a motion without estimates some are left out. */
function shownOf(unit: EnhanceUnit, inner: Sink, signal: AbortSignal) {
  const { motion } = unit
  const frameOf = (number: number): number => number
  const stage = motion && motionStage(inner, { motion, frameOf, interpolation: undefined, signal })
  return { sink: stage?.sink ?? inner, shown: usedFrames(unit), written: () => stage?.written() }
}

/** Kept frames through the encoder: the segment that the unit would have become, to the bit. Those around it are left out. */
export async function runEncode(
  { unit, kept, sink: spec }: EncodeTask,
  signal: AbortSignal,
  onProgress: OnProgress,
  step: Step,
): Promise<PipelineTimes> {
  const tools = await findTools()
  const { format } = deliveryOf(unit, spec)
  const { sink, shown, written } = shownOf(unit, await fileSink(tools, unit, spec), signal)
  const took = await runPipeline({
    decode: (stop) => numbered(readIntermediate(tools, kept.path, format, stop), kept.from),
    stream: identity(bytesPerFrame(format)),
    ...{ sink, shown },
    ...{ warmUp: shown.from - kept.from, frames: shown.to - shown.from, lookAhead: kept.to - shown.to },
    name: unit.source.name,
    ...{ signal, step, onDelivered: (count, asideMs) => onProgress(written() ?? count, asideMs) },
  })
  return { ...took, frames: written() ?? took.frames }
}

/** Kept frames as pictures named by their numbers, for a person who waits; those around the unit's are left out. */
export async function runPictures(
  { unit, kept, codec, folder }: PicturesTask,
  signal: AbortSignal,
  onProgress: OnProgress,
): Promise<PipelineTimes> {
  const tools = await findTools()
  const { format } = deliveryOf(unit, { codec, quality: 'good' })
  let count = 0
  const onPicture = (): void => onProgress(++count)
  const writer = await openPreviewWriter(tools, { folder, format, size: unit.output, onPicture })
  const pictures: Sink = {
    write: (frame, number) => writer.write(frame, unit.motion ? nameIn(unit.motion, number) : number),
    finish: () => writer.finish(),
    abort: () => writer.abort().catch(() => undefined),
  }
  const { sink, shown } = shownOf(unit, pictures, signal)
  return runPipeline({
    decode: (stop) => numbered(readIntermediate(tools, kept.path, format, stop), kept.from),
    stream: identity(bytesPerFrame(format)),
    ...{ sink, shown },
    ...{ warmUp: shown.from - kept.from, frames: shown.to - shown.from, lookAhead: kept.to - shown.to },
    name: unit.source.name,
    signal,
  })
}
