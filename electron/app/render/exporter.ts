// An export: plan, render the segments that are not finished yet, join them with the sound, tidy up.
// Nothing lies under the output's name until it is complete; an interrupted export continues where its last segment ended.
import { basename, dirname } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { AppError, failing } from '../../shared/contract/errors.js'
import type { ExportRequest } from '../../shared/contract/render.js'
import type { Looks } from '../../shared/document/looks.js'
import { containersOf } from '../../shared/contract/output.js'
import { isStill, outputRate } from '../../shared/media/source.js'
import { type Plan, type PlanSource, type Segment, makePlan } from '../../shared/planning/plan.js'
import type { Project } from '../../shared/document/project.js'
import { type Rational, toNumber } from '../../shared/media/rational.js'
import { type Said, said } from '../../shared/words/sentences.js'
import { join } from '../../ffmpeg/join.js'
import { findTools } from '../../ffmpeg/resolve.js'
import { isDiskFull } from '../../shared/words/systemReason.js'
import { checkTarget } from '../../ffmpeg/target.js'
import type { Engine } from '../../engine/client.js'
import type { JobContext, JobResult, JobWork } from '../jobs/jobs.js'
import { ownFailure, sweepPlaces } from '../access/keeping.js'
import { type Media, noSuchFilm } from '../sources/media.js'
import type { FoundModel, Models } from '../models/models.js'
import type { Leftovers } from '../access/leftovers.js'
import { type Coding, keysOf } from './keys.js'
import { modelFor, notesOfLost, renderUnit } from './render.js'
import type { Finished, SegmentStore } from './segments.js'
import { steadily } from '../sources/steady.js'

export interface ExportParts {
  engine: Engine
  media: Media
  models: Models
  store: SegmentStore
  leftovers: Leftovers
  memoryLimit: number
  /** What an export's pictures cost, for later estimates. */
  learn(model: FoundModel, segment: Segment, totalMs: number): Promise<void>
}

/** With the sources and tables of a project's clips, and the looks of their models. */
export async function planProject(media: Media, models: Models, project: Project): Promise<Plan> {
  const ids = [...new Set(project.clips.map((clip) => clip.sourceId))]
  const sources: PlanSource[] = await Promise.all(
    ids.map(async (id) => ({ source: await media.source(id), table: await media.table(id) })),
  )
  const looks: Record<string, Looks | undefined> = {}
  for (const { enhance } of project.clips)
    looks[enhance.model] ??= (await modelFor(models, enhance))?.info.looks
  return makePlan(project.clips, sources, looks)
}

export function checkSpec({ output }: ExportRequest): void {
  const able = containersOf[output.codec]
  if (!able.includes(output.container))
    throw failing('bad-argument', 'containerCannot', {
      container: output.container.toUpperCase(),
      codec: output.codec,
      able: able.join(', '),
    })
}

/** A player goes by the ending: a film called otherwise would be no film to it. */
function checkEnding({ path, container }: ExportRequest['output']): void {
  if (!path.toLowerCase().endsWith(`.${container}`))
    throw failing('bad-argument', 'outputEnding', { name: basename(path), ending: `.${container}` })
}

/** Of a project that says other things of its films than they are: nothing of it is taken as if it had been said otherwise. */
function checkClips({ clips, sources }: Project, plan: Plan): void {
  for (const { name, sourceId, to } of clips) {
    const count = plan.sources.find(({ id }) => id === sourceId)?.frames ?? 0
    if (to > count) throw failing('bad-argument', 'clipBeyond', { name, count, to })
  }
  for (const { id, track } of sources) {
    const source = plan.segments.find((segment) => segment.source.id === id)?.source
    if (source && track !== undefined && track !== source.video.index) throw noSuchFilm(source, track)
  }
}

interface Piece {
  segment: Segment
  model: FoundModel | undefined
  key: string
}

/** The model of each recipe of a plan, looked for once; undefined where frames pass through. */
export async function modelsOf(
  models: Models,
  { segments }: Pick<Plan, 'segments'>,
): Promise<Map<Segment['enhance'], FoundModel | undefined>> {
  const found = new Map<Segment['enhance'], FoundModel | undefined>()
  for (const { enhance } of segments)
    if (!found.has(enhance)) found.set(enhance, await modelFor(models, enhance))
  return found
}

async function piecesOf(models: Models, plan: Plan, coding: Coding): Promise<Piece[]> {
  const tools = await findTools()
  const found = await modelsOf(models, plan)
  return plan.segments.map((segment) => {
    const model = found.get(segment.enhance)
    return { segment, model, key: keysOf(segment, model?.info.hash, tools, coding).segment }
  })
}

export interface PreparedExport extends JobWork {
  /** Of its segments, in order. */
  keys: string[]
}

/** Everything that can be refused is refused here, before the job is queued. */
export async function prepareExport(parts: ExportParts, request: ExportRequest): Promise<PreparedExport> {
  const { project, output } = request
  checkSpec(request)
  checkEnding(output)
  const plan = await planProject(parts.media, parts.models, project)
  const first = plan.segments[0]
  if (!first) throw failing('empty-range', 'filmEmpty')
  checkClips(project, plan)
  const photo = plan.segments.find(({ source }) => isStill(source))
  if (photo) throw failing('not-a-video', 'photoNoFilm', { name: photo.source.name })
  await checkTarget(output.path, [...new Set(plan.segments.map((s) => s.source.path))], output.mayOverwrite)
  const frameRate = outputRate(first.source.video)
  const pieces = await piecesOf(parts.models, plan, { ...output, frameRate })
  return {
    kind: 'export',
    name: basename(output.path),
    framesTotal: plan.frames,
    keys: pieces.map((piece) => piece.key),
    filmRate: plan.seconds > 0 ? plan.frames / plan.seconds : toNumber(frameRate),
    run: (context) => runExport(parts, { plan, pieces, output, frameRate }, context),
  }
}

interface ExportWork {
  plan: Plan
  pieces: Piece[]
  output: ExportRequest['output']
  frameRate: Rational
}

/** How often damaged segments are made again before that is a failure. */
const rounds = 3

async function runExport(parts: ExportParts, work: ExportWork, context: JobContext): Promise<JobResult> {
  const { plan, pieces, output } = work
  const { store, leftovers } = parts
  await sweep(parts)
  // It may have waited for long: a folder that has gone meanwhile is told before the work. (A name that has appeared costs nothing.)
  await checkTarget(output.path, [...new Set(plan.segments.map((s) => s.source.path))], true)
  const keys = pieces.map((piece) => piece.key)
  const use = await inCache(parts, keys, () => store.use(keys))
  const written = await leftovers.writing(output.path)
  let isDone = false
  try {
    const stepDown = await renderPieces(parts, work, context)
    const { signal } = context
    const segmentFiles = keys.map((key) => store.pathOf(key))
    const tools = await findTools()
    const sources = [...new Set(plan.segments.map((s) => s.source.id))]
    const joined = await steadily(parts.media, sources, signal, () =>
      join(tools, { segmentFiles, plan, spec: output, signal }),
    )
    isDone = true
    const lost = await lostNotes(parts, pieces)
    const notes: Said[] = stepDown > 0 ? [said('noteMemory')] : []
    const told = [...lost, ...(plan.notes ?? []), ...joined.notes, ...notes]
    return { outputPath: joined.path, notes: told, report: joined.report }
  } finally {
    await written()
    await use.end(isDone).catch(() => undefined) // the film is there; what is left over goes with the next sweep
  }
}

/** What processes that are gone left behind. A courtesy: the next start or export tries again. */
export async function sweep({ store, leftovers }: Pick<ExportParts, 'store' | 'leftovers'>): Promise<void> {
  await Promise.allSettled([store.sweep(), leftovers.sweep(), sweepPlaces()])
}

/** A full disk of the cache is told apart from that of the film. */
async function inCache<T>(
  { store }: Pick<ExportParts, 'store'>,
  keys: readonly string[],
  work: () => Promise<T>,
): Promise<T> {
  try {
    return await work()
  } catch (cause) {
    const folder = dirname(store.pathOf(''))
    if (isDiskFull(cause) || (cause instanceof AppError && cause.code === 'disk-full')) {
      const isKept = (await store.finished(keys)).size > 0
      throw failing('disk-full', isKept ? 'cacheDiskFull' : 'cacheDiskFullAtOnce', { folder }, { cause })
    }
    throw ownFailure('cache', folder, cause)
  }
}

/** Until all segments are there and hold what was written. Resolves to how far down it had to go to fit into memory. */
async function renderPieces(
  parts: ExportParts,
  { pieces, output, frameRate }: ExportWork,
  { signal, progress }: JobContext,
): Promise<number> {
  const { store } = parts
  const keys = pieces.map((piece) => piece.key)
  const framesOf = (some: readonly Piece[]): number =>
    some.reduce((sum, p) => sum + p.segment.ticks.length, 0)
  let stepDown = 0
  for (let round = 1; ; round++) {
    const done = await store.finished(keys)
    const framesFound = framesOf(pieces.filter((p) => done.has(p.key)))
    progress({ framesDone: framesFound, framesFound })
    let left = pieces.filter((p) => !done.has(p.key))
    while (left.length > 0) {
      const waiting: Piece[] = [] // being made by another process
      for (const piece of left) {
        const release = await inCache(parts, keys, () => store.lock(piece.key))
        if (!release) {
          waiting.push(piece)
          continue
        }
        try {
          if ((await store.finished([piece.key])).has(piece.key)) done.set(piece.key, noLoss)
          else {
            const before = framesOf(pieces.filter((p) => done.has(p.key)))
            const onProgress = (frames: number): void =>
              progress({ framesDone: before + frames, framesFound })
            const how = { ...output, frameRate, stepDown }
            stepDown = await inCache(parts, keys, () => renderPiece(parts, piece, how, signal, onProgress))
            done.set(piece.key, noLoss)
          }
        } finally {
          await release()
        }
      }
      left = waiting
      if (left.length > 0) await wait(waitMs, undefined, { signal }).catch(() => undefined)
      if (signal.aborted) throw failing('cancelled', 'cancelled')
      for (const key of (await store.finished(left.map((p) => p.key))).keys()) done.set(key, noLoss)
      left = left.filter((p) => !done.has(p.key))
      progress({ framesDone: framesOf(pieces.filter((p) => done.has(p.key))), framesFound })
    }
    const broken = await store.removeBroken(keys)
    if (broken.length === 0) return stepDown
    if (round === rounds)
      throw failing('ffmpeg-failed', 'segmentsUnsteady', { folder: dirname(store.pathOf('')) })
  }
}

const waitMs = 250
const noLoss: Finished = { frames: 0, repeated: [], isDamaged: false, damaged: [] }

/** What could not be read, by source, with its place; also of segments that an earlier run made. */
async function lostNotes({ store, media }: ExportParts, pieces: readonly Piece[]): Promise<Said[]> {
  const known = await store.finished(pieces.map((piece) => piece.key))
  const notes: Said[] = []
  for (const { segment, key } of pieces) {
    const lost = known.get(key)
    if (lost) notes.push(...notesOfLost(segment, await media.table(segment.source.id), lost))
  }
  return notes
}

/** Resolves to how far down it had to go to fit into memory. */
async function renderPiece(
  parts: ExportParts,
  piece: Piece,
  output: ExportRequest['output'] & { frameRate: Rational; stepDown: number },
  signal: AbortSignal,
  onProgress: (frames: number) => void,
): Promise<number> {
  const { store } = parts
  const { codec, quality, frameRate, stepDown } = output
  const sink = { kind: 'file' as const, path: store.pathOf(piece.key), codec, quality, frameRate }
  try {
    const result = await renderUnit(parts, piece.segment, piece.model, {
      ...{ sink, memoryLimit: parts.memoryLimit, stepDown, signal, onProgress },
    })
    await store.record(piece.key, result)
    // What it cost only serves later estimates.
    if (piece.model) await parts.learn(piece.model, piece.segment, result.totalMs).catch(() => undefined)
    return result.stepDown
  } finally {
    await store.removePartial(piece.key).catch(() => undefined) // the next sweep tries again
  }
}
