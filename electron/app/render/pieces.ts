// The segments of an export: found again, encoded from kept frames, or made by the model; checked before they are joined. Frames are kept beside
// them where there is room, and are never the reason why a film fails.
import { readdir } from 'node:fs/promises'
import { dirname } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { AppError, failing, isCancelled } from '../../shared/contract/errors.js'
import type { Frame } from '../../shared/document/project.js'
import type { Segment } from '../../shared/planning/plan.js'
import type { UnitSpec } from '../../shared/planning/unitSpec.js'
import type { Message } from '../../shared/words/sentences.js'
import { isDiskFull, isSystemError } from '../../shared/words/systemReason.js'
import { canKeep, expectedBytes } from '../../ffmpeg/intermediate.js'
import { deliveryOf } from '../../ffmpeg/encode.js'
import { findTools } from '../../ffmpeg/resolve.js'
import type { Engine, OnProgress, SegmentResult } from '../../engine/client.js'
import { ownFailure } from '../access/keeping.js'
import type { JobContext } from '../jobs/jobs.js'
import type { FoundModel } from '../models/models.js'
import type { Media } from '../sources/media.js'
import type { KeptFrames } from './kept.js'
import { type Coding, shownSpecOf } from './keys.js'
import { encodeKept, notesOfLost, renderUnit } from './render.js'
import type { Measurements } from './measurements.js'
import type { Resolver } from './resolver.js'
import type { Finished, SegmentStore } from './segments.js'

export interface PieceParts {
  engine: Engine
  media: Media
  resolver: Resolver
  store: SegmentStore
  memoryLimit: number
  /** What an export's frames cost, for later estimates. */
  measurements: Pick<Measurements, 'learn' | 'learnEstimates'>
}

type Kept = Pick<KeptFrames, 'key' | 'from' | 'to'>

export interface Piece {
  segment: Segment
  model: FoundModel | undefined
  /** Of the estimates of its motion. */
  motionModel: FoundModel | undefined
  coding: Coding
  /** Of its segment. */
  key: string
  /** Of its enhanced frames, where a model makes them and they are all that it needs. */
  frames: string | undefined
  /** Kept frames of the whole unit that it is a part of. */
  within?: Kept | undefined
}

export const unitOfPiece = ({ segment, model, motionModel }: Piece): UnitSpec =>
  shownSpecOf(segment, model?.info.hash ?? '', motionModel?.info.hash ?? '')

const isFull = (error: unknown): boolean =>
  isDiskFull(error) || (error instanceof AppError && error.code === 'disk-full')

/** Undefined: the folder is there. It was made when the work began. */
const whyGone = (folder: string): Promise<unknown> =>
  readdir(folder).then(
    () => undefined,
    (cause: unknown) => cause,
  )

/** What is only kept for later makes room for what is asked for now. */
export async function withRoom<T>(store: SegmentStore, work: () => Promise<T>): Promise<T> {
  try {
    return await work()
  } catch (error) {
    if (!isFull(error) || (await store.empty()) === 0) throw error
    return work()
  }
}

/** A full disk of the cache is told apart from that of the film. */
export async function inCache<T>(
  { store }: Pick<PieceParts, 'store'>,
  keys: readonly string[],
  work: () => Promise<T>,
): Promise<T> {
  try {
    return await withRoom(store, work)
  } catch (cause) {
    const folder = dirname(store.segments.pathOf(''))
    if (isFull(cause)) {
      const isKept = (await store.segments.finished(keys)).size > 0
      throw failing('disk-full', isKept ? 'cacheDiskFull' : 'cacheDiskFullAtOnce', { folder }, { cause })
    }
    const isTold = isSystemError(cause) || isCancelled(cause)
    throw ownFailure('cache', folder, isTold ? cause : ((await whyGone(folder)) ?? cause))
  }
}

/** How often damaged segments are made again before that is a failure. */
const rounds = 3

/** Until all segments are there and hold what was written. Resolves to how far down it had to go to fit into memory. */
export async function renderPieces(
  parts: PieceParts,
  pieces: readonly Piece[],
  { signal, progress }: JobContext,
): Promise<number> {
  const { store } = parts
  const keys = pieces.map((piece) => piece.key)
  const framesOf = (some: readonly Piece[]): number =>
    some.reduce((sum, p) => sum + p.segment.ticks.length, 0)
  let [stepDown, asideMs] = [0, 0]
  for (let round = 1; ; round++) {
    const done = await store.segments.finished(keys)
    const framesFound = framesOf(pieces.filter((p) => done.has(p.key)))
    progress({ framesDone: framesFound, framesFound })
    let left = pieces.filter((p) => !done.has(p.key))
    while (left.length > 0) {
      const waiting: Piece[] = [] // being made by another process
      for (const piece of left) {
        const release = await inCache(parts, keys, () => store.segments.lock(piece.key))
        if (!release) {
          waiting.push(piece)
          continue
        }
        try {
          if ((await store.segments.finished([piece.key])).has(piece.key)) done.set(piece.key, noLoss)
          else {
            const before = framesOf(pieces.filter((p) => done.has(p.key)))
            const asideBefore = asideMs
            const onProgress: OnProgress = (frames, aside = 0) => {
              asideMs = asideBefore + aside
              progress({ framesDone: before + frames, framesFound, asideMs })
            }
            const how = { stepDown, signal, onProgress }
            stepDown = await inCache(parts, keys, () => renderPiece(parts, piece, how))
            done.set(piece.key, noLoss)
          }
        } finally {
          await release()
        }
      }
      left = waiting
      if (left.length > 0) await wait(waitMs, undefined, { signal }).catch(() => undefined)
      if (signal.aborted) throw failing('cancelled', 'cancelled')
      for (const key of (await store.segments.finished(left.map((p) => p.key))).keys()) done.set(key, noLoss)
      left = left.filter((p) => !done.has(p.key))
      progress({ framesDone: framesOf(pieces.filter((p) => done.has(p.key))), framesFound, asideMs })
    }
    const broken = await store.segments.removeBroken(keys)
    if (broken.length === 0) return stepDown
    if (round === rounds)
      throw failing('ffmpeg-failed', 'segmentsUnsteady', { folder: dirname(store.segments.pathOf('')) })
  }
}

const waitMs = 250
const noLoss: Finished = { frames: 0, repeated: [], isDamaged: false, damaged: [] }

/** What could not be read, by source, with its place; also of segments that an earlier run made. */
export async function lostNotes(
  { media }: Pick<PieceParts, 'media'>,
  pieces: readonly Piece[],
  known: ReadonlyMap<string, Finished>,
): Promise<Message[]> {
  const notes: Message[] = []
  for (const { segment, key } of pieces) {
    const lost = known.get(key)
    if (lost) notes.push(...notesOfLost(segment, await media.table(segment.source.id), lost))
  }
  return notes
}

interface How {
  stepDown: number
  signal: AbortSignal
  onProgress: OnProgress
}

/** Where its frames shall be kept; undefined where they cannot be, or there is no room. Lossless segments are their own frames. */
async function placeForFrames({ store, resolver }: PieceParts, piece: Piece): Promise<string | undefined> {
  const { coding } = piece
  // What goes into the encoder by a motion is not the unit's frames.
  if (piece.frames === undefined || piece.segment.motion) return undefined
  if (coding.codec === 'ffv1' && !coding.composition) return undefined
  const { format } = deliveryOf(piece.segment, coding)
  const bytes = expectedBytes(format, piece.segment.to - piece.segment.from)
  const isKept = canKeep(await findTools(), format) && (await store.hasRoomForFrames(bytes))
  return isKept ? resolver.placeFor('frames', piece.frames) : undefined
}

/** Of what is known of kept frames, what is inside of a range. */
export function lostInside(known: Finished, { from, to }: { from: Frame; to: Frame }): Finished {
  const inside = (places: Finished['damaged']): Finished['damaged'] =>
    places
      .map((one) => ({ from: Math.max(one.from, from), to: Math.min(one.to, to) }))
      .filter((one) => one.from < one.to)
  const damaged = inside(known.damaged)
  const isDamaged = known.isDamaged && (known.damaged.length === 0 || damaged.length > 0) // no place: it may be anywhere
  return { frames: to - from, repeated: inside(known.repeated), isDamaged, damaged }
}

/** From frames that are kept; false where there are none that are whole. */
async function encodeFrom(
  parts: PieceParts,
  piece: Piece,
  { key, from, to }: Kept,
  how: How,
): Promise<boolean> {
  const { resolver, store } = parts
  const { segments, frames } = store
  const known = (await frames.finished([key])).get(key)
  if (known === undefined || (await frames.removeBroken([key])).length > 0) return false
  const sink = { kind: 'file' as const, path: resolver.placeFor('segments', piece.key), ...piece.coding }
  try {
    const [path = ''] = await resolver.results('frames', [key])
    await encodeKept(parts.engine, piece.segment, { path, from, to }, sink, how)
  } catch (error) {
    if (how.signal.aborted || isFull(error)) throw error
    await frames.remove(key) // whatever is wrong with them, the model makes others
    return false
  }
  await segments.record(piece.key, unitOfPiece(piece), lostInside(known, piece.segment))
  return true
}

/** From its own frames, or from those of the unit that it is a part of. */
async function encodeFrames(parts: PieceParts, piece: Piece, how: How): Promise<boolean> {
  const { segment, frames, within } = piece
  const own = frames === undefined ? [] : [{ key: frames, from: segment.from, to: segment.to }]
  for (const kept of [...own, ...(within ? [within] : [])])
    if (await encodeFrom(parts, piece, kept, how)) return true
  return false
}

/** With a film of another size, or with estimates, the whole time says nothing of the model; that inside the estimates' model is its own. */
async function learnFrom(
  { measurements }: PieceParts,
  { segment, model, motionModel, coding }: Piece,
  { totalMs, motion }: SegmentResult,
): Promise<void> {
  if (model && !coding.composition && !segment.motion) await measurements.learn(model, segment, totalMs)
  if (motionModel && motion) await measurements.learnEstimates(motionModel, segment, motion.ms)
}

/** By the model, or through untouched. Resolves to how far down it had to go to fit into memory. */
async function makeFrames(parts: PieceParts, piece: Piece, how: How): Promise<number> {
  const { segments, frames } = parts.store
  const room = await placeForFrames(parts, piece)
  const make = async (framesPath: string | undefined): Promise<number> => {
    const path = parts.resolver.placeFor('segments', piece.key)
    const sink = { kind: 'file' as const, path, framesPath, ...piece.coding }
    const made = { ...how, sink, memoryLimit: parts.memoryLimit }
    const result = await renderUnit(
      parts,
      piece.segment,
      { enhance: piece.model, motion: piece.motionModel },
      made,
    )
    await segments.record(piece.key, unitOfPiece(piece), result)
    if (framesPath !== undefined && piece.frames !== undefined)
      await frames.record(piece.frames, unitOfPiece(piece), result).catch(() => undefined) // they only serve later
    await learnFrom(parts, piece, result).catch(() => undefined) // it only serves later estimates
    return result.stepDown
  }
  try {
    return await make(room)
  } catch (error) {
    if (room === undefined || how.signal.aborted || !isFull(error)) throw error
    return make(undefined)
  }
}

/** Resolves to how far down it had to go to fit into memory. */
async function renderPiece(parts: PieceParts, piece: Piece, how: How): Promise<number> {
  const { segments, frames } = parts.store
  try {
    const isEncoded = await encodeFrames(parts, piece, how)
    return isEncoded ? how.stepDown : await makeFrames(parts, piece, how)
  } finally {
    // The next sweep tries again.
    await segments.removePartial(piece.key).catch(() => undefined)
    if (piece.frames !== undefined) await frames.removePartial(piece.frames).catch(() => undefined)
  }
}
