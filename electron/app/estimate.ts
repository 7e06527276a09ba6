// What an export will be and cost: size on disk by encoding pieces of it, time by what this computer did before or does in a second.
import { join } from 'node:path'
import { z } from 'zod'
import type { Estimate, ExportRequest } from '../shared/api.js'
import { isLarge, processorMsPerMegapixel, worksOnProcessor } from '../shared/cost.js'
import { Quality, VideoCodec, writtenSize } from '../shared/output.js'
import type { Plan, Segment } from '../shared/plan.js'
import { type Said, said } from '../shared/sentences.js'
import { secondsOf } from '../shared/frameTable.js'
import { isInterlaced, outputRate } from '../shared/source.js'
import type { Engine } from '../engine/client.js'
import { audioPlan } from '../ffmpeg/audio.js'
import { bytesPerPicture } from '../ffmpeg/sampleSize.js'
import { findTools } from '../ffmpeg/resolve.js'
import { checkSpec, planProject } from './exporter.js'
import { inTurn, readJson, writeAtomic } from './files.js'
import type { Media } from './media.js'
import type { FoundModel, Models } from './models.js'
import { freeBytes } from './outputs.js'
import { modelFor } from './render.js'

/** Bits per output pixel. H.264, H.265 and AV1 at CRF depend on the picture by a factor of three either way; these are middles. */
const bitsPerPixel: Record<VideoCodec, Record<Quality, number>> = {
  h264: { small: 0.06, good: 0.13, best: 0.3 },
  h265: { small: 0.04, good: 0.08, best: 0.2 },
  av1: { small: 0.03, good: 0.06, best: 0.15 },
  prores: { small: 2.1, good: 4.2, best: 6.3 },
  ffv1: { small: 5.5, good: 5.5, best: 5.5 },
}
const audioBytesPerSecond = 24_000

/** Decoding and encoding without a model, per output megapixel: the middle of what the pipeline's benchmark prints. */
const untouchedMsPerMegapixel = 25

const megapixels = (segment: Segment): number =>
  (segment.output.width * segment.output.height * segment.ticks.length) / 1e6

export interface Measurements {
  /**
   * Milliseconds per output megapixel; measures (about a second) when nothing is known and `mayMeasure`. A large model on a
   * processor would take many minutes to measure: arithmetic says enough.
   */
  of(model: FoundModel, segment: Segment, mayMeasure: boolean): Promise<number | undefined>
  /** An export's segment took this long. */
  learn: (model: FoundModel, segment: Segment, totalMs: number) => Promise<void>
}

const Known = z.record(z.string(), z.number().positive())

export function createMeasurements(dataFolder: string, engine: Engine): Measurements {
  const file = join(dataFolder, 'measurements.json')
  const turn = inTurn()
  const keyOf = (model: FoundModel, { enhance }: Segment): string =>
    [model.info.hash, enhance.scale, enhance.device].join('/')
  const read = async (): Promise<z.infer<typeof Known>> => (await readJson(file, Known)) ?? {}
  const measuring = new Map<string, Promise<number>>()
  const write = (key: string, value: number): Promise<void> =>
    turn(async () => writeAtomic(file, JSON.stringify({ ...(await read()), [key]: value })))
  async function expected({ info }: FoundModel, device: string): Promise<number | undefined> {
    if (!isLarge(info)) return undefined
    const devices = await engine.run({ kind: 'devices' })
    return worksOnProcessor(device, devices)
      ? processorMsPerMegapixel(info.parameters, devices[0]?.threads ?? 1)
      : undefined
  }
  async function measure(model: FoundModel, { enhance }: Segment, key: string): Promise<number> {
    const { device, scale } = enhance
    const measured = await engine.run({ kind: 'measure', model: { folder: model.folder, device }, scale })
    await write(key, measured.msPerMegapixel).catch(() => undefined) // it serves now; kept, it would save a second the next time
    return measured.msPerMegapixel
  }
  return {
    async of(model, segment, mayMeasure) {
      const key = keyOf(model, segment)
      const known = (await read())[key] ?? (await expected(model, segment.enhance.device))
      if (known !== undefined || !mayMeasure) return known
      const running = measuring.get(key) ?? measure(model, segment, key)
      measuring.set(key, running)
      return running.finally(() => measuring.delete(key))
    },
    async learn(model, segment, totalMs) {
      const key = keyOf(model, segment)
      const latest = totalMs / megapixels(segment)
      const known = (await read())[key]
      await write(key, known === undefined ? latest : 0.5 * known + 0.5 * latest)
    },
  }
}

export interface EstimateParts {
  media: Media
  models: Models
  measurements: Measurements
  /** Something is running: measuring now would disturb it and measure wrongly. */
  isBusy: () => boolean
}

async function workMs(parts: EstimateParts, plan: Plan): Promise<number | undefined> {
  let total = 0
  for (const segment of plan.segments) {
    const model = await modelFor(parts.models, segment.enhance)
    const cost = model
      ? await parts.measurements.of(model, segment, !parts.isBusy())
      : untouchedMsPerMegapixel
    if (cost === undefined) return undefined
    const frames = segment.ticks.length
    total +=
      cost *
      megapixels(segment) *
      ((frames + segment.from - segment.warmFrom + segment.lookTo - segment.to) / frames)
  }
  return Math.round(total)
}

async function notesOf(plan: Plan, request: ExportRequest): Promise<Said[]> {
  const { output } = request
  const sound = await audioPlan(await findTools(), plan, output)
  const videos = new Set(plan.segments.map((segment) => segment.source))
  const facts = [...videos].flatMap(({ name, video, audio, others }): Said[] => [
    ...(isInterlaced(video)
      ? [
          said('noteInterlaced', {
            name,
            rate: (2 * Math.round((100 * video.frameRate.num) / video.frameRate.den)) / 100,
          }),
        ]
      : []),
    ...(video.bits > 8 && output.codec === 'h264' ? [said('noteBits', { name, bits: video.bits })] : []),
    ...(output.hasAudio && audio.length > 1 ? [said('noteTracks', { name, count: audio.length })] : []),
    ...(others.length > 0 ? [said('noteNotKept', { name, others: others.join(', ') })] : []),
  ])
  const isSaid = new Set([...videos].flatMap(({ warnings }) => warnings.map((note) => JSON.stringify(note))))
  const size = writtenSize(output.codec, plan)
  if (size.width !== plan.width || size.height !== plan.height)
    facts.push(
      said('noteCodecSmallest', {
        ...{
          codec: output.codec.toUpperCase(),
          least: writtenSize(output.codec, { width: 0, height: 0 }).width,
        },
        ...{ size: `${size.width}x${size.height}`, shown: `${plan.width}x${plan.height}` },
      }),
    )
  return [...(plan.notes ?? []), ...facts, ...sound.notes.filter((note) => !isSaid.has(JSON.stringify(note)))]
}

/** What will be different from the sources, known without decoding. */
export async function exportNotes(
  { media, models }: Pick<EstimateParts, 'media' | 'models'>,
  request: ExportRequest,
): Promise<Said[]> {
  checkSpec(request)
  return notesOf(await planProject(media, models, request.project), request)
}

/** The model changes what pictures need, and pieces are not the whole. */
const spread = 1.25

/** Of one film: enough for its quiet and its busy parts. */
const pieces = 3
/** A look at the pictures may take this long; the rule of thumb has to do then. */
const lookMs = 10_000

interface Size {
  low: number
  middle: number
  high: number
}

/** Bytes of the film's pictures, by pieces of them that were encoded; undefined where none could be. */
async function pictureBytes(
  { media }: EstimateParts,
  plan: Plan,
  { output }: ExportRequest,
): Promise<Size | undefined> {
  const tools = await findTools()
  const size: Size = { low: 0, middle: 0, high: 0 }
  for (const source of new Set(plan.segments.map((segment) => segment.source))) {
    const segments = plan.segments.filter((segment) => segment.source === source)
    const frames = segments.flatMap(({ from, to }) => Array.from({ length: to - from }, (_, i) => from + i))
    const table = await media.table(source.id)
    const at = Array.from({ length: pieces }, (_, i) =>
      secondsOf(table, frames[Math.floor(((i + 0.25) * frames.length) / pieces)] ?? 0),
    )
    const found = await bytesPerPicture(tools, source, {
      ...{ at, size: plan, codec: output.codec, quality: output.quality, rate: outputRate(source.video) },
      signal: AbortSignal.timeout(lookMs),
    }).catch(() => undefined)
    if (!found) return undefined
    const count = segments.reduce((sum, segment) => sum + segment.ticks.length, 0)
    size.low += count * found.low
    size.middle += count * found.middle
    size.high += count * found.high
  }
  return size
}

export async function estimate(parts: EstimateParts, request: ExportRequest): Promise<Estimate> {
  checkSpec(request)
  const plan = await planProject(parts.media, parts.models, request.project)
  const { codec, quality, hasAudio, path } = request.output
  const seen = await pictureBytes(parts, plan, request)
  const pixels = plan.width * plan.height * plan.frames
  const hasSound = hasAudio && plan.audio.some(({ source }) => source.audio.length > 0)
  const soundBytes = hasSound ? plan.seconds * audioBytesPerSecond : 0
  return {
    ...{ ...writtenSize(codec, plan), frames: plan.frames, seconds: plan.seconds },
    ...(seen
      ? {
          bytes: Math.round(seen.middle + soundBytes),
          bytesFrom: Math.round(seen.low / spread + soundBytes),
          bytesTo: Math.round(seen.high * spread + soundBytes),
        }
      : { bytes: Math.round((pixels * bitsPerPixel[codec][quality]) / 8 + soundBytes) }),
    workMs: await workMs(parts, plan),
    freeBytes: await freeBytes(path),
    notes: await notesOf(plan, request),
  }
}
