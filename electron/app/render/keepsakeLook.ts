// A look at a Keepsake before hours are spent on it: a short piece around one frame is encoded as the film will be, and that frame is shown beside the
// one that the encoder was given. Pictures lie in the cache, named by what they show.
import { createHash } from 'node:crypto'
import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { failing } from '../../shared/contract/errors.js'
import type { KeepsakeLook, KeepsakeLookRequest } from '../../shared/contract/render.js'
import type { LookSide } from '../../shared/contract/routes.js'
import type { Clip, CutList } from '../../shared/document/project.js'
import type { VideoStream } from '../../shared/media/source.js'
import type { Plan } from '../../shared/planning/plan.js'
import { deliveryOf } from '../../ffmpeg/encode.js'
import type { FrameFormat } from '../../ffmpeg/format.js'
import { readIntermediate } from '../../ffmpeg/intermediate.js'
import { writePhoto } from '../../ffmpeg/photo.js'
import { probe } from '../../ffmpeg/probe.js'
import { readerOf } from '../../ffmpeg/readers.js'
import { decodedFormat } from '../../ffmpeg/decode.js'
import { type Tools, findTools } from '../../ffmpeg/resolve.js'
import { inOwn } from '../access/keeping.js'
import { version } from '../access/resources.js'
import type { JobContext } from '../jobs/jobs.js'
import { type PlanParts, checkSpec, codingOf, piecesOf, planProject } from './exporter.js'
import type { Coding } from './keys.js'
import { type Piece, type PieceParts, inCache, renderPieces } from './pieces.js'

/** A key frame and what the slowest of the encoders hangs on it (SVT-AV1: groups of 32). */
const lookFrames = 33

export interface LookParts extends PieceParts, PlanParts {
  cacheFolder: string
}

/** Frames around the one that is looked at, inside of its clip. */
export function framesAround(
  { from, to }: Pick<Clip, 'from' | 'to'>,
  frame: number,
): { from: number; to: number } {
  const first = Math.max(from, Math.min(frame - Math.floor(lookFrames / 2), to - lookFrames))
  return { from: first, to: Math.min(to, first + lookFrames) }
}

/** How many frames a look makes. */
export function framesOfLook({ project, clipId, frame }: KeepsakeLookRequest): number {
  const clip = project.clips.find(({ id }) => id === clipId)
  const range = clip && framesAround(clip, frame)
  return range ? Math.max(0, range.to - range.from) : 0
}

/** The film cut down to a few frames of one clip, in the size that it has as a whole. */
function cutDown(project: CutList, { width, height }: Plan, { clipId, frame }: KeepsakeLookRequest): CutList {
  const clip = project.clips.find(({ id }) => id === clipId)
  const [{ name, from, to }] = clip ? [clip] : [{ name: '', from: 0, to: 0 }]
  if (!clip || frame < from || frame >= to)
    throw failing('empty-range', 'noSuchPicture', { name, count: to - from, frame })
  return {
    ...{ sources: project.sources, size: project.size ?? { width, height } },
    clips: [{ ...clip, ...framesAround(clip, frame) }],
  }
}

/** The piece that shows a frame, and which of its frames that is: with a motion the one at about that time. */
function pieceAt(pieces: readonly Piece[], frame: number): { piece: Piece; index: number } {
  const piece = pieces.find(({ segment: { from, to } }) => frame >= from && frame < to) ?? pieces.at(-1)
  if (!piece) throw failing('empty-range', 'filmEmpty')
  const { from, to, ticks } = piece.segment
  const index = Math.floor((ticks.length * (frame - from)) / Math.max(1, to - from))
  return { piece, index: Math.max(0, Math.min(ticks.length - 1, index)) }
}

interface Picture {
  data: Uint8Array
  format: FrameFormat
  colour: Pick<VideoStream, 'primaries' | 'transfer' | 'bits'>
}

async function nth(frames: AsyncIterable<{ data: Uint8Array }>, index: number): Promise<Uint8Array> {
  let at = 0
  for await (const { data } of frames) if (at++ === index) return Uint8Array.from(data)
  throw failing('not-found', 'pictureGone')
}

/** Of a segment as it lies there. */
async function encodedPicture(
  tools: Tools,
  path: string,
  index: number,
  signal: AbortSignal,
): Promise<Picture> {
  const source = await probe(tools, path, signal)
  const table = await readerOf(source).table(tools, source, signal)
  const range = { table, from: index, to: index + 1, signal }
  const { frames } = readerOf(source).decode(tools, source, range)
  return { data: await nth(frames, 0), format: decodedFormat(source), colour: source.video }
}

async function made(parts: LookParts, piece: Piece, context: JobContext): Promise<string> {
  await renderPieces(parts, [piece], context)
  const [path = ''] = await parts.resolver.results('segments', [piece.key])
  return path
}

interface Asked {
  plan: Plan
  request: KeepsakeLookRequest
  coding: Coding
}

/** What the encoder was given: kept frames of the model where there are any, else the piece once more without loss. */
async function givenPicture(
  parts: LookParts,
  tools: Tools,
  { piece, index }: { piece: Piece; index: number },
  { plan, request, coding }: Asked,
  context: JobContext,
): Promise<Picture> {
  const { segment, frames } = piece
  const { signal } = context
  const isKept = frames !== undefined && (await parts.store.frames.finished([frames])).has(frames)
  if (isKept && !piece.coding.composition && !segment.motion) {
    const [path = ''] = await parts.resolver.results('frames', [frames])
    const { format } = deliveryOf(segment, piece.coding)
    const data = await nth(readIntermediate(tools, path, format, signal), index)
    return { data, format, colour: { ...segment.source.video, bits: format.bits } }
  }
  const lossless = await piecesOf(parts, plan, { ...coding, codec: 'ffv1', quality: 'best' })
  const same = pieceAt(lossless.pieces, request.frame).piece
  return encodedPicture(tools, await made(parts, same, context), index, signal)
}

export const lookPath = (cacheFolder: string, id: string, side: LookSide): string =>
  join(cacheFolder, 'looks', `${id}-${side}.png`)

/** Resolves when both pictures lie there. Nothing of the film is written. */
export async function lookAtKeepsake(
  parts: LookParts,
  request: KeepsakeLookRequest,
  context: JobContext,
): Promise<KeepsakeLook> {
  const { project, output } = request
  checkSpec(request)
  if (!output.keepsake) throw failing('bad-argument', 'keepsakeForm')
  const tools = await findTools()
  const whole = await planProject(parts, project)
  const coding = codingOf(whole, output)
  const plan = await planProject(parts, cutDown(project, whole, request))
  const { pieces } = await piecesOf(parts, plan, coding)
  const at = pieceAt(pieces, request.frame)
  const { key } = at.piece
  await inCache(parts, [key], () => parts.store.prepare())
  const shown = await encodedPicture(tools, await made(parts, at.piece, context), at.index, context.signal)
  // It was counted while the film's piece was made.
  const quiet = { ...context, progress: () => undefined }
  const given = await givenPicture(parts, tools, at, { plan, request, coding }, quiet)
  const id = createHash('sha256')
    .update(JSON.stringify([key, at.index]))
    .digest('hex')
    .slice(0, 32)
  const { width, height } = given.format
  const software = `Heirloom ${version()}`
  await inOwn('cache', parts.cacheFolder, async () => {
    await mkdir(join(parts.cacheFolder, 'looks'), { recursive: true })
    for (const [side, { data, format, colour }] of [
      ['made', shown],
      ['given', given],
    ] as const)
      await writePhoto(tools, data, format, {
        ...{ path: lookPath(parts.cacheFolder, id, side), format: 'png', mayOverwrite: true },
        facts: { software, width: format.width, height: format.height },
        ...{ colour, signal: context.signal },
      })
  })
  return { id, width, height }
}
