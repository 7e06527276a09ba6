// What an export will be and cost: size on disk by encoding pieces of it, time by what this computer did before or does in a second.
import type { Estimate, ExportRequest } from '../../shared/contract/render.js'
import { drawsGrain } from '../../shared/document/project.js'
import { writtenSize } from '../../shared/contract/output.js'
import type { Plan } from '../../shared/planning/plan.js'
import { type Message, message } from '../../shared/words/sentences.js'
import { isInterlaced, sizeWords } from '../../shared/media/source.js'
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
import { type Measurements, type Pace, estimatedMegapixels, megapixels } from './measurements.js'
import { freeBytes } from '../access/outputs.js'

/** Decoding and encoding without a model, per output megapixel: the middle of what the pipeline's benchmark prints. */
const untouchedMsPerMegapixel = 25

/** Grain of a Keepsake takes about 18 ms of one thread (docs/SPEED.md), so half of that on two. */
const grainMsPerMegapixel = 9

export interface EstimateParts extends PlanParts {
  store: SegmentStore
  measurements: Measurements
  sizes: FilmSizes
  /** Something is running: measuring now would disturb it and measure wrongly. */
  isBusy: () => boolean
}

interface Work {
  ms: number
  /** This computer has not done the like of it yet. */
  isGuess: boolean
}

const untouched: Pace = { msPerMegapixel: untouchedMsPerMegapixel, isGuess: false }

/** What estimates of a piece cost. */
async function estimatesWork(
  { measurements }: EstimateParts,
  { segment, motionModel }: Piece,
): Promise<Work> {
  const size = estimatedMegapixels(segment)
  if (size === 0 || !motionModel) return { ms: 0, isGuess: false }
  const { msPerMegapixel, isGuess } = await measurements.ofEstimates(motionModel, segment)
  return { ms: size * msPerMegapixel, isGuess }
}

/** Of a piece of a film so large: what is kept of it is only encoded, or not even that. */
async function pieceWork(
  parts: EstimateParts,
  piece: Piece,
  made: Made,
  { width, height }: Plan,
): Promise<Work | undefined> {
  const { segment, model, coding } = piece
  if (made === 'segment') return { ms: 0, isGuess: false }
  const frames = segment.ticks.length
  // Where they are composed they are scaled and encoded besides what the clip's own size costs.
  const composed = coding.composition ? (untouchedMsPerMegapixel * frames * width * height) / 1e6 : 0
  if (made === 'frames')
    return { ms: composed + untouchedMsPerMegapixel * megapixels(segment), isGuess: false }
  const pace = model ? await parts.measurements.of(model, segment, !parts.isBusy()) : untouched
  if (!pace) return undefined
  const each = (pace.msPerMegapixel * megapixels(segment)) / frames
  const grain = drawsGrain(segment.enhance) ? grainMsPerMegapixel * megapixels(segment) : 0
  const estimates = await estimatesWork(parts, piece)
  return {
    ms: composed + each * (segment.lookTo - segment.warmFrom) + estimates.ms + grain,
    isGuess: pace.isGuess || estimates.isGuess,
  }
}

/** Of all that is left to do, and how many of its frames were made before. */
async function workOf(
  parts: EstimateParts,
  plan: Plan,
  output: ExportRequest['output'],
): Promise<Pick<Estimate, 'workMs' | 'isGuess' | 'framesKept'>> {
  const { pieces, made } = await piecesOf(parts, plan, codingOf(plan, output))
  const framesKept = framesMade(pieces, made)
  const total = { ms: 0, isGuess: false }
  for (const [i, piece] of pieces.entries()) {
    const work = await pieceWork(parts, piece, made[i] ?? 'nothing', plan)
    if (!work) return { framesKept, isGuess: false }
    total.ms += work.ms
    total.isGuess ||= work.isGuess
  }
  return { workMs: Math.round(total.ms), isGuess: total.isGuess, framesKept }
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
