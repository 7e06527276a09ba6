// An export: plan, render the segments that are not finished yet, join them with the sound, tidy up.
// Nothing lies under the output's name until it is complete; an interrupted export continues where its last segment ended.
import { basename } from 'node:path'
import { failing } from '../../shared/contract/errors.js'
import type { KeepsakeResult } from '../../shared/contract/keepsake.js'
import type { ExportRequest } from '../../shared/contract/render.js'
import { containersOf, encoderQuality } from '../../shared/contract/output.js'
import type { RecipeKey } from '../../shared/document/recipeKey.js'
import { type SourceId, isStill } from '../../shared/media/source.js'
import type { Timing } from '../../shared/media/timing.js'
import {
  type Plan,
  type PlanModel,
  type PlanSource,
  type Segment,
  makePlan,
} from '../../shared/planning/plan.js'
import { shownRate } from '../../shared/planning/motionUnits.js'
import { isEstimating } from '../../shared/document/motion.js'
import type { CutList } from '../../shared/document/project.js'
import { toNumber } from '../../shared/media/rational.js'
import { type Message, message } from '../../shared/words/sentences.js'
import { compositionsOf } from '../../ffmpeg/compositions.js'
import { deliveryOf } from '../../ffmpeg/encode.js'
import { join } from '../../ffmpeg/join.js'
import { type Tools, findTools } from '../../ffmpeg/resolve.js'
import { checkTarget } from '../../ffmpeg/target.js'
import type { JobContext, JobResult, JobWork } from '../jobs/jobs.js'
import type { JobRecords } from '../jobs/records.js'
import { sweepPlaces } from '../access/keeping.js'
import type { Media } from '../sources/media.js'
import { noSuchFilm } from '../sources/opened.js'
import type { FoundModel, Models } from '../models/models.js'
import type { Leftovers } from '../access/leftovers.js'
import { estimatesIn, motionOf, unsureNotes } from './filmMotion.js'
import { checkLight, fittedNotes } from './fitted.js'
import { checkKeepsake, coarserAfter, sealKeepsake } from './keepsake.js'
import { keptAround } from './kept.js'
import { type Coding, keysOf } from './keys.js'
import type { SegmentStore } from './segments.js'
import { type Piece, type PieceParts, inCache, lostNotes, renderPieces, withRoom } from './pieces.js'
import { modelFor, motionModelOf } from './render.js'
import { located } from './resolver.js'
import { restoredClips } from './restoring.js'
import { steadily } from '../sources/steady.js'

export interface ExportParts extends PieceParts, PlanParts {
  leftovers: Leftovers
  records: JobRecords
  /** Other frames of this source are there than before, or more is known of them. */
  tellCoverage: (source: SourceId, recipe: RecipeKey) => void
}

export interface PlanParts {
  media: Media
  models: Models
  /** Of a source whose frames are whole. */
  timings: (id: SourceId) => Promise<Timing>
}

/** What repeats in a source and where its shots begin: told of its frames as they are stored, however its fields are read. */
export async function timingOf({ media, timings }: Omit<PlanParts, 'models'>, id: SourceId): Promise<Timing> {
  const stored = await media.readFields(id, 'progressive')
  return timings(stored.id)
}

/** With the sources and tables of a project's clips, and what their models state. Where a clip has a motion its source is looked at first. */
export async function planProject(parts: PlanParts, project: CutList): Promise<Plan> {
  const { media, models } = parts
  const { clips, notes } = await restoredClips(parts, project)
  const ids = [...new Set(project.clips.map((clip) => clip.sourceId))]
  const moved = new Set(project.clips.flatMap(({ motion, sourceId }) => (motion ? [sourceId] : [])))
  const sources: PlanSource[] = await Promise.all(
    ids.map(async (id) => ({
      ...{ source: await media.source(id), table: await media.table(id) },
      timing: moved.has(id) ? await timingOf(parts, id) : undefined,
    })),
  )
  const found: Record<string, PlanModel | undefined> = {}
  for (const { enhance } of clips) found[enhance.model] ??= (await modelFor(models, enhance))?.info
  const plan = makePlan(clips, sources, found, project.size)
  return notes.length > 0 ? { ...plan, notes: [...(plan.notes ?? []), ...notes] } : plan
}

export function checkSpec({ output }: ExportRequest): void {
  checkKeepsake(output)
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
function checkClips({ clips, sources }: CutList, plan: Plan): void {
  for (const { name, sourceId, to } of clips) {
    const count = plan.sources.find(({ id }) => id === sourceId)?.frames ?? 0
    if (to > count) throw failing('bad-argument', 'clipBeyond', { name, count, to })
  }
  for (const { id, track } of sources) {
    const source = plan.segments.find((segment) => segment.source.id === id)?.source
    if (source && track !== undefined && track !== source.video.index) throw noSuchFilm(source, track)
  }
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

type PieceOf = Pick<Piece, 'segment' | 'model' | 'motionModel' | 'coding'>

const pieceAs = (of: PieceOf, tools: Tools): Piece => {
  const { segment, model, motionModel, coding } = of
  const hashes = { enhance: model?.info.hash ?? '', motion: motionModel?.info.hash ?? '' }
  const keys = keysOf(segment, hashes, tools, coding)
  // Estimates look at frames of the units around it (docs/decisions/0021).
  const isOwn = (segment.motion?.keys ?? []).length === 0
  return { ...of, key: keys.segment, frames: model && isOwn ? keys.frames : undefined }
}

/**
 * What is inside of frames that are kept comes out of these: no model works again for a cut. It is seen as they were, so that its frames are
 * the same whether they are taken or, should they be gone by then, made. What this film itself leaves behind counts for nothing, so that it is
 * the same film when it is gone on with.
 */
async function withinKept(
  store: SegmentStore,
  piece: Piece,
  own: ReadonlySet<string>,
  tools: Tools,
): Promise<Piece> {
  const { segment, model, coding } = piece
  if (!model || piece.frames === undefined) return piece
  const kept = await keptAround(store, segment, model.info.hash, [deliveryOf(segment, coding).format], own)
  if (!kept) return piece
  const seen = { ...segment, warmFrom: kept.warmFrom, lookTo: kept.lookTo }
  return { ...pieceAs({ ...piece, segment: seen }, tools), within: kept }
}

/** What is there of a piece before it is made: its segment, or frames that only have to be encoded. */
export type Made = 'segment' | 'frames' | 'nothing'

async function madeOf(store: SegmentStore, pieces: readonly Piece[]): Promise<Made[]> {
  const segments = await store.segments.finished(pieces.map(({ key }) => key))
  const frames = await store.frames.finished(framesOf(pieces))
  const isThere = (key: string | undefined): boolean => key !== undefined && frames.has(key)
  return pieces.map(({ key, frames: own, within }) =>
    segments.has(key) ? 'segment' : isThere(own) || isThere(within?.key) ? 'frames' : 'nothing',
  )
}

/** Frames of the film that were made before, by whatever job. */
export const framesMade = (pieces: readonly Piece[], made: readonly Made[]): number =>
  pieces.reduce((sum, { segment }, i) => sum + (made[i] === 'nothing' ? 0 : segment.ticks.length), 0)

export const codingOf = ({ segments }: Pick<Plan, 'segments'>, output: ExportRequest['output']): Coding => {
  const [first] = segments
  if (!first) throw failing('empty-range', 'filmEmpty')
  return { codec: output.codec, quality: encoderQuality(output), frameRate: shownRate(first) }
}

/** What a film is made of, and what of each is there already. */
export async function piecesOf(
  { models, store }: Pick<ExportParts, 'models' | 'store'>,
  plan: Plan,
  common: Coding,
): Promise<{ pieces: Piece[]; made: Made[] }> {
  const tools = await findTools()
  const found = await modelsOf(models, plan)
  const compositions = compositionsOf(plan, common.codec)
  const isEstimated = ({ motion }: Segment): boolean => motion !== undefined && isEstimating(motion.by)
  const between = await motionModelOf(models, plan)
  const planned = plan.segments.map((segment, i) => {
    const coding = { ...common, composition: compositions[i] }
    const motionModel = isEstimated(segment) ? between : undefined
    return pieceAs({ segment, model: found.get(segment.enhance), motionModel, coding }, tools)
  })
  const own = new Set(framesOf(planned))
  const before = await madeOf(store, planned)
  const pieces = await Promise.all(
    planned.map(async (piece, i) =>
      before[i] === 'nothing' ? await withinKept(store, piece, own, tools) : piece,
    ),
  )
  return { pieces, made: await madeOf(store, pieces) }
}

const framesOf = (pieces: readonly Piece[]): string[] =>
  pieces.flatMap(({ frames, within }) => [frames, within?.key].filter((key) => key !== undefined))
/** Of all that it is made of: its segments in order, then the frames behind them. */
const namesOf = (pieces: readonly Piece[]): string[] => [...pieces.map(({ key }) => key), ...framesOf(pieces)]

export interface PreparedExport extends JobWork {
  needs: string[]
}

/** Everything that can be refused is refused here, before the job is queued. */
export async function prepareExport(parts: ExportParts, request: ExportRequest): Promise<PreparedExport> {
  const { project, output } = request
  checkSpec(request)
  checkEnding(output)
  const plan = await planProject(parts, project)
  const coding = codingOf(plan, output)
  checkClips(project, plan)
  const photo = plan.segments.find(({ source }) => isStill(source))
  if (photo) throw failing('not-a-video', 'photoNoFilm', { name: photo.source.name })
  await checkTarget(output.path, [...new Set(plan.segments.map((s) => s.source.path))], output.mayOverwrite)
  await checkLight(await findTools(), plan, output.codec)
  const { pieces } = await piecesOf(parts, plan, coding)
  return {
    name: basename(output.path),
    framesTotal: plan.frames,
    needs: namesOf(pieces),
    filmRate: plan.seconds > 0 ? plan.frames / plan.seconds : toNumber(coding.frameRate),
    run: (context) => runExport(parts, { plan, pieces, output }, context),
  }
}

interface Work {
  plan: Plan
  pieces: Piece[]
  output: ExportRequest['output']
}

/** Its pieces, then the film out of them. */
async function makeOnce(parts: ExportParts, { plan, pieces, output }: Work, context: JobContext) {
  const { resolver, store, media } = parts
  const { signal } = context
  const keys = pieces.map((piece) => piece.key)
  await inCache(parts, keys, () => store.prepare())
  const stepDown = await renderPieces(parts, pieces, context)
  const tools = await findTools()
  const sources = [...new Set(plan.segments.map((s) => s.source.id))]
  const joined = await withRoom(store, () =>
    steadily(media, sources, signal, async () => {
      const segmentFiles = await resolver.results('segments', keys)
      const there = await located(plan, resolver)
      let keepsake: KeepsakeResult | undefined
      const looked = { tools, plan: there, pieces, output, media, store, signal }
      const seal = async (part: string): Promise<Message[]> => {
        const sealed = await sealKeepsake(looked, part)
        keepsake = sealed.result
        return sealed.notes
      }
      const options = { segmentFiles, plan: there, spec: output, signal }
      const made = await join(tools, output.keepsake ? { ...options, seal } : options)
      return { ...made, keepsake }
    }),
  )
  return { pieces, joined, stepDown }
}

/** A Keepsake that turns out larger than it may be is encoded once more, coarser: frames that a model made are kept, and serve again. */
async function makeFilm(parts: ExportParts, work: Work, context: JobContext): ReturnType<typeof makeOnce> {
  try {
    return await makeOnce(parts, work, context)
  } catch (error) {
    const { plan, output } = work
    const crf = coarserAfter(error, output)
    if (crf === undefined) throw error
    const coarser = { ...output, keepsake: { ...output.keepsake, crf } }
    const { pieces } = await piecesOf(parts, plan, codingOf(plan, coarser))
    return makeFilm(parts, { plan, pieces, output: coarser }, context)
  }
}

async function runExport(parts: ExportParts, work: Work, context: JobContext): Promise<JobResult> {
  const { store, leftovers } = parts
  const { plan, output } = work
  await sweep(parts)
  // It may have waited for long: a folder that has gone meanwhile is told before the work. (A name that has appeared costs nothing.)
  await checkTarget(output.path, [...new Set(plan.segments.map((s) => s.source.path))], true)
  const written = await leftovers.writing(output.path)
  try {
    const kept = framesMade(work.pieces, await madeOf(store, work.pieces))
    const { pieces, joined, stepDown } = await makeFilm(parts, work, context)
    const keys = pieces.map((piece) => piece.key)
    store.segments.touch(keys)
    store.frames.touch(framesOf(pieces))
    const known = await store.segments.finished(keys)
    const lost = await lostNotes(parts, pieces, known)
    const notes: Message[] = [
      ...(stepDown > 0 ? [message('noteMemory')] : []),
      ...(kept > 0 ? [message('noteMadeBefore', { kept, total: plan.frames })] : []),
    ]
    const fitted = fittedNotes(plan, output.codec)
    const motion = motionOf(pieces, known, plan.timeBase)
    const planned = [...(plan.notes ?? []), ...unsureNotes(motion)]
    const told = [...lost, ...planned, ...fitted, ...joined.notes, ...notes]
    for (const { source, recipe } of estimatesIn(pieces)) parts.tellCoverage(source, recipe)
    const { path, report, keepsake } = joined
    return { outputPath: path, notes: told, report, motion, keepsake }
  } finally {
    await written()
  }
}

/** What processes that are gone left behind. A courtesy: the next start or export tries again. */
export async function sweep({
  records,
  store,
  leftovers,
}: Pick<ExportParts, 'records' | 'store' | 'leftovers'>): Promise<void> {
  await Promise.allSettled([records.sweep(), store.sweep(), leftovers.sweep(), sweepPlaces()])
}
