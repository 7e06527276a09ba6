// An export: plan, render the segments that are not finished yet, join them with the sound, tidy up.
// Nothing lies under the output's name until it is complete; an interrupted export continues where its last segment ended.
import { basename } from 'node:path'
import { failing } from '../shared/errors.js'
import type { ExportRequest } from '../shared/api.js'
import type { Looks } from '../shared/looks.js'
import { containersOf } from '../shared/output.js'
import { type Plan, type PlanSource, makePlan } from '../shared/plan.js'
import type { Project } from '../shared/project.js'
import { type Rational, toNumber } from '../shared/rational.js'
import { type Said, said } from '../shared/sentences.js'
import { outputRate } from '../shared/source.js'
import { join } from '../ffmpeg/join.js'
import { findTools } from '../ffmpeg/resolve.js'
import { checkTarget } from '../ffmpeg/target.js'
import type { Engine } from '../engine/client.js'
import type { JobContext, JobResult, JobWork } from './jobs.js'
import type { Media } from './media.js'
import type { FoundModel, Models } from './models.js'
import { modelFor, renderSegment } from './render.js'
import { engineVersion } from './resources.js'
import { type SegmentStore, segmentKey } from './segments.js'

export interface ExportParts {
  engine: Engine
  media: Media
  models: Models
  store: SegmentStore
  memoryLimit: number
  /** What an export's pictures cost, for later estimates. */
  learn(model: FoundModel, segment: Plan['segments'][number], totalMs: number): Promise<void>
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

interface Piece {
  segment: Plan['segments'][number]
  model: FoundModel | undefined
  key: string
}

/** Everything that can be refused is refused here, before the job is queued. */
export async function prepareExport(parts: ExportParts, request: ExportRequest): Promise<JobWork> {
  const { project, output } = request
  checkSpec(request)
  const plan = await planProject(parts.media, parts.models, project)
  const first = plan.segments[0]
  if (!first) throw failing('empty-range', 'filmEmpty')
  await checkTarget(output.path, [...new Set(plan.segments.map((s) => s.source.path))], output.mayOverwrite)
  const engine = await engineVersion()
  const frameRate = outputRate(first.source.video)
  const pieces: Piece[] = []
  for (const segment of plan.segments) {
    const model = await modelFor(parts.models, segment.enhance)
    const recipe = { modelHash: model?.info.hash ?? '', engineVersion: engine, frameRate }
    pieces.push({ segment, model, key: segmentKey(segment, output, recipe) })
  }
  return {
    kind: 'export',
    name: basename(output.path),
    framesTotal: plan.frames,
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

async function runExport(
  parts: ExportParts,
  work: ExportWork,
  { signal, progress }: JobContext,
): Promise<JobResult> {
  const { plan, pieces, output, frameRate } = work
  const { store } = parts
  // It may have waited for long: a folder that has gone meanwhile is told before the work. (A name that has appeared costs nothing.)
  await checkTarget(output.path, [...new Set(plan.segments.map((s) => s.source.path))], true)
  const found = await store.finished(pieces.map((piece) => piece.key))
  const framesOf = (piece: Piece): number => piece.segment.ticks.length
  const framesFound = pieces.filter((p) => found.has(p.key)).reduce((sum, p) => sum + framesOf(p), 0)
  let framesDone = framesFound
  progress({ framesDone, framesFound })
  let stepDown = 0
  for (const piece of pieces) {
    if (found.has(piece.key)) continue
    stepDown = await renderPiece(parts, piece, { ...output, frameRate, stepDown }, signal, (frames) =>
      progress({ framesDone: framesDone + frames, framesFound }),
    )
    framesDone += framesOf(piece)
  }
  const segmentFiles = pieces.map((piece) => store.pathOf(piece.key))
  const joined = await join(await findTools(), { segmentFiles, plan, spec: output, signal })
  await store.remove(pieces.map((piece) => piece.key))
  const notes: Said[] = stepDown > 0 ? [said('noteMemory')] : []
  const told = [...(plan.notes ?? []), ...joined.notes, ...notes]
  return { outputPath: joined.path, notes: told, report: joined.report }
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
  const { codec, quality, container, frameRate, stepDown } = output
  const sink = { kind: 'file' as const, path: store.pathOf(piece.key), codec, quality, container, frameRate }
  try {
    const result = await renderSegment(parts, piece.segment, piece.model, {
      ...{ sink, memoryLimit: parts.memoryLimit, stepDown, signal, onProgress },
    })
    await store.record(piece.key, result.frames)
    if (piece.model) await parts.learn(piece.model, piece.segment, result.totalMs)
    return result.stepDown
  } finally {
    await store.removePartial(piece.key)
  }
}
