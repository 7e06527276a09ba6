// What an export will be and cost: size on disk by encoding pieces of it, time by what this computer did before or does in a second.
import { join } from 'node:path'
import { z } from 'zod'
import { isCancelled } from '../../shared/contract/errors.js'
import type { Estimate, ExportRequest } from '../../shared/contract/render.js'
import { drawsGrain } from '../../shared/document/project.js'
import { isLarge, processorMsPerMegapixel, worksOnProcessor } from '../../shared/planning/cost.js'
import { writtenSize } from '../../shared/contract/output.js'
import { isEstimate } from '../../shared/planning/motionUnits.js'
import type { Plan, Segment } from '../../shared/planning/plan.js'
import { type Message, message } from '../../shared/words/sentences.js'
import { isInterlaced, sizeWords } from '../../shared/media/source.js'
import { deviceChoice } from '../../shared/planning/device.js'
import type { Engine } from '../../engine/client.js'
import type { Jobs } from '../jobs/jobs.js'
import { type AudioPlan, audioPlan } from '../../ffmpeg/audio.js'
import { otherWords } from '../../ffmpeg/otherTracks.js'
import { findTools } from '../../ffmpeg/resolve.js'
import {
  type Made,
  type PlanParts,
  checkSpec,
  codingOf,
  framesMade,
  piecesOf,
  planProject,
} from './exporter.js'
import { fittedNotes } from './fitted.js'
import type { Piece } from './pieces.js'
import type { SegmentStore } from './segments.js'
import { type FilmSizes, frameworkBytes, pictureBytes } from './filmSize.js'
import type { Resolver } from './resolver.js'
import { inTurn, readJson, writeAtomic } from '../access/files.js'
import type { FoundModel } from '../models/models.js'
import { freeBytes } from '../access/outputs.js'

/** Decoding and encoding without a model, per output megapixel: the middle of what the pipeline's benchmark prints. */
const untouchedMsPerMegapixel = 25

/** An estimate of 640x480 and its share of a key take about 100 ms of one thread (docs/SPEED.md), so half of that on two. */
const estimateMsPerMegapixel = 170

/** Grain of a Keepsake takes about 18 ms of one thread (docs/SPEED.md), so half of that on two. */
const grainMsPerMegapixel = 9

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

export interface MeasurementsParts {
  dataFolder: string
  engine: Engine
  jobs: Jobs
  resolver: Resolver
}

export function createMeasurements({ dataFolder, engine, jobs, resolver }: MeasurementsParts): Measurements {
  const file = join(dataFolder, 'measurements.json')
  const turn = inTurn()
  // Unlike pictures, time depends on the device, and hardly on the numbers of a look.
  const keyOf = (model: FoundModel, { enhance }: Segment): string =>
    [model.info.hash, enhance.scale, enhance.device].join('/')
  const read = async (): Promise<z.infer<typeof Known>> => (await readJson(file, Known)) ?? {}
  /** Whoever else asks waits for the same measurement. */
  const measuring = new Map<string, Promise<number | undefined>>()
  const write = (key: string, value: number): Promise<void> =>
    turn(async () => writeAtomic(file, JSON.stringify({ ...(await read()), [key]: value })))
  async function expected({ info }: FoundModel, device: string): Promise<number | undefined> {
    if (!isLarge(info)) return undefined
    const devices = await engine.run({ kind: 'devices' })
    return worksOnProcessor(device, devices)
      ? processorMsPerMegapixel(info.parameters, devices[0]?.threads ?? 1)
      : undefined
  }
  jobs.register('measurement', async ({ model, device, scale }, { signal }) => {
    const place = { folder: await resolver.weights(model), device: deviceChoice(device) }
    const measured = await engine.run({ kind: 'measure', model: place, scale }, { signal })
    return { answer: measured.msPerMegapixel }
  })

  /** Undefined where that was cancelled. */
  async function measure(
    { info }: FoundModel,
    { enhance: { device, scale } }: Segment,
    key: string,
  ): Promise<number | undefined> {
    const request = { model: info.hash, device, scale }
    const { answer } = jobs.ask({ kind: 'measurement', request }, { name: info.name, framesTotal: 0 })
    const measured = await answer.catch((error: unknown) => {
      if (isCancelled(error)) return undefined
      throw error
    })
    if (measured !== undefined) await write(key, measured).catch(() => undefined) // it serves now; kept, it would save a second the next time
    return measured
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

export interface EstimateParts extends PlanParts {
  store: SegmentStore
  measurements: Measurements
  sizes: FilmSizes
  /** Something is running: measuring now would disturb it and measure wrongly. */
  isBusy: () => boolean
}

/** Milliseconds of a piece of a film so large: what is kept of it is only encoded, or not even that. */
async function pieceMs(
  parts: EstimateParts,
  { segment, model, coding }: Piece,
  made: Made,
  { width, height }: Plan,
): Promise<number | undefined> {
  if (made === 'segment') return 0
  const frames = segment.ticks.length
  // Where they are composed they are scaled and encoded besides what the clip's own size costs.
  const composed = coding.composition ? (untouchedMsPerMegapixel * frames * width * height) / 1e6 : 0
  if (made === 'frames') return composed + untouchedMsPerMegapixel * megapixels(segment)
  const cost = model ? await parts.measurements.of(model, segment, !parts.isBusy()) : untouchedMsPerMegapixel
  if (cost === undefined) return undefined
  const each = megapixels(segment) / frames
  const estimates = (segment.motion?.shown ?? []).filter(isEstimate).length
  const grain = drawsGrain(segment.enhance) ? grainMsPerMegapixel * frames : 0
  const worked = cost * (segment.lookTo - segment.warmFrom) + estimateMsPerMegapixel * estimates
  return composed + each * (worked + grain)
}

/** Of all that is left to do, and how many of its frames were made before. */
async function workOf(
  parts: EstimateParts,
  plan: Plan,
  output: ExportRequest['output'],
): Promise<Pick<Estimate, 'workMs' | 'framesKept'>> {
  const { pieces, made } = await piecesOf(parts, plan, codingOf(plan, output))
  const framesKept = framesMade(pieces, made)
  let total = 0
  for (const [i, piece] of pieces.entries()) {
    const ms = await pieceMs(parts, piece, made[i] ?? 'nothing', plan)
    if (ms === undefined) return { framesKept }
    total += ms
  }
  return { workMs: Math.round(total), framesKept }
}

function notesOf(plan: Plan, output: ExportRequest['output'], sound: AudioPlan): Message[] {
  const videos = new Set(plan.segments.map((segment) => segment.source))
  const facts = [...videos].flatMap(({ name, video, audio, others }): Message[] => [
    ...(isInterlaced(video)
      ? [
          message('noteInterlaced', {
            name,
            rate: (2 * Math.round((100 * video.frameRate.num) / video.frameRate.den)) / 100,
          }),
        ]
      : []),
    ...(video.bits > 8 && output.codec === 'h264' ? [message('noteBits', { name, bits: video.bits })] : []),
    ...(output.hasAudio && audio.length > 1 ? [message('noteTracks', { name, count: audio.length })] : []),
    ...(others.length > 0 ? [message('noteNotKept', { name, others: others.map(otherWords) })] : []),
  ])
  const isSaid = new Set([...videos].flatMap(({ warnings }) => warnings.map((note) => JSON.stringify(note))))
  // Its times are milliseconds, and a rate that is no slower than these is not written at all.
  const rate = plan.seconds > 0 ? plan.frames / plan.seconds : 0
  if (output.container === 'mkv' && rate > 999) facts.push(message('noteMkvFast', { rate: Math.round(rate) }))
  const size = writtenSize(output.codec, plan)
  if (size.width !== plan.width || size.height !== plan.height)
    facts.push(
      message('noteCodecSmallest', {
        ...{
          codec: output.codec.toUpperCase(),
          least: writtenSize(output.codec, { width: 0, height: 0 }).width,
        },
        ...{ size: sizeWords(size), shown: sizeWords(plan) },
      }),
    )
  const fitted = fittedNotes(plan, output.codec)
  return [
    ...(plan.notes ?? []),
    ...fitted,
    ...facts,
    ...sound.notes.filter((note) => !isSaid.has(JSON.stringify(note))),
  ]
}

/** What will be different from the sources, known without decoding. */
export async function exportNotes(parts: PlanParts, request: ExportRequest): Promise<Message[]> {
  checkSpec(request)
  const plan = await planProject(parts, request.project)
  return notesOf(plan, request.output, await audioPlan(await findTools(), plan, request.output))
}

/** Bytes of all that is not pictures: sound, framework, and what a Keepsake has behind it. */
export const besidesPictures = (
  plan: Plan,
  sound: AudioPlan,
  { keepsake }: ExportRequest['output'],
): number =>
  sound.bytesPerSecond * plan.seconds +
  frameworkBytes(plan, sound.tracks) +
  (keepsake ? 1500 + 6 * plan.frames : 0)

/** The model changes what pictures need, and pieces are not the whole. */
const spread = 1.25

export async function estimate(parts: EstimateParts, request: ExportRequest): Promise<Estimate> {
  checkSpec(request)
  const { output } = request
  const plan = await planProject(parts, request.project)
  const tools = await findTools()
  const sound = await audioPlan(tools, plan, output)
  const seen = await parts.sizes.pictures(tools, plan, output)
  const besides = besidesPictures(plan, sound, output)
  return {
    ...{ ...writtenSize(output.codec, plan), frames: plan.frames, seconds: plan.seconds },
    ...(seen
      ? {
          bytes: Math.round(seen.middle + besides),
          bytesFrom: Math.round(seen.low / spread + besides),
          bytesTo: Math.round(seen.high * spread + besides),
        }
      : { bytes: Math.round(pictureBytes(plan, output) + besides) }),
    ...(await workOf(parts, plan, output)),
    freeBytes: await freeBytes(output.path),
    notes: notesOf(plan, output, sound),
  }
}
