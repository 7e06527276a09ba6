// A photo as a job: what can be refused is refused before it is queued; the engine host does the work and writes the file.
import { basename } from 'node:path'
import { findTools } from '../../ffmpeg/resolve.js'
import { checkTarget } from '../../ffmpeg/target.js'
import type { Engine, PhotoResult, PhotoTask } from '../../engine/client.js'
import { failing } from '../../shared/contract/errors.js'
import { secondsOf, frameCount } from '../../shared/media/frameTable.js'
import { type FrameRange, lengthOf, photoRanges } from '../../shared/planning/photo.js'
import { type PhotoRequest, photoEndings, photoFormatOf, photoQuality } from '../../shared/contract/photo.js'
import { isStill, type FrameTable, type Source, outputRate } from '../../shared/media/source.js'
import { type EnhanceSettings, keepsakeModel } from '../../shared/document/project.js'
import { drawnOnPhoto } from '../../shared/media/keepsake/photoFacts.js'
import { momentOf, placeOf } from '../../shared/media/captured.js'
import { toNumber } from '../../shared/media/rational.js'
import { type Message, message } from '../../shared/words/sentences.js'
import { deviceChoice } from '../../shared/planning/device.js'
import type { JobContext, JobResult, JobWork } from '../jobs/jobs.js'
import type { Leftovers } from '../access/leftovers.js'
import type { Media } from '../sources/media.js'
import type { FoundModel, Models } from '../models/models.js'
import { modelFor, notesOfLost, withNumbers } from './render.js'
import type { Resolver, SourceFiles } from './resolver.js'
import { restoredFor } from './restoring.js'
import { version } from '../access/resources.js'
import type { Stills } from '../sources/stills.js'
import { steadily } from '../sources/steady.js'

export interface PhotoParts {
  engine: Engine
  media: Media
  models: Models
  resolver: Resolver
  leftovers: Leftovers
  stills: Stills
  memoryLimit: number
}

/** How much of it is drawn on a Keepsake photo; undefined where the source is none. */
const detailOf = (
  { picture }: Source,
  { model, isEnabled, strength = 1 }: EnhanceSettings,
): number | undefined =>
  picture === undefined ? undefined : isEnabled && model === keepsakeModel ? strength : 0

/** What a Keepsake photo is made with. */
async function stillFor(models: Models, { format }: PhotoRequest['output']): Promise<FoundModel | undefined> {
  if (format !== 'hlm') return undefined
  const [still] = await models.stills()
  if (!still) throw failing('weights-missing', 'keepsakePhotoNoModel')
  return still
}

/** That detail was drawn on a Keepsake photo, and by which model. */
async function drawnNotes(
  stills: Stills,
  { path, name }: Source,
  detail: number | undefined,
): Promise<Message[]> {
  const shown = detail ? await stills.pictureOf(path, detail) : undefined
  return shown && detail ? [drawnOnPhoto(name, shown.info.model.name, detail)] : []
}

const tag = (source: Source, name: RegExp): string | undefined =>
  Object.entries(source.tags).find(([key]) => name.test(key))?.[1]

export async function preparePhoto(parts: PhotoParts, asked: PhotoRequest): Promise<JobWork> {
  const { media, models } = parts
  const { enhance, notes } = await restoredFor(parts, asked.sourceId, asked.enhance)
  const request = { ...asked, enhance }
  const { output, frame } = request
  const source = await media.source(request.sourceId)
  const table = await media.table(source.id)
  if (frame >= frameCount(table))
    throw failing('empty-range', 'noSuchPicture', { name: source.name, count: frameCount(table), frame })
  if (photoFormatOf(output.path) !== output.format)
    throw failing('bad-argument', 'photoEnding', {
      endings: photoEndings[output.format].map((e) => `.${e}`).join(', '),
      name: basename(output.path),
    })
  await checkTarget(output.path, media.paths(), output.mayOverwrite)
  await findTools()
  const model = await modelFor(models, request.enhance)
  const still = await stillFor(models, output)
  const detail = detailOf(source, asked.enhance)
  const { merged, streamed } = photoRanges(frame, frameCount(table), request.way, model?.info.contract.time)
  const read = { from: Math.min(merged.from, streamed.from), to: Math.max(merged.to, streamed.to) }
  return {
    name: basename(output.path),
    framesTotal: lengthOf(merged) + lengthOf(streamed),
    filmRate: toNumber(outputRate(source.video)),
    run: (context) =>
      makePhoto(
        parts,
        { ...{ request, source, table, model, still, detail }, ...{ merged, streamed, read, notes } },
        context,
      ),
  }
}

const stillModel = ({ folder, info }: FoundModel): PhotoTask['still'] => ({
  ...{ folder, device: deviceChoice('auto') },
  named: { name: info.name, sha256: info.weightsHash },
})

interface PhotoWork {
  request: PhotoRequest
  source: Source
  table: FrameTable
  model: FoundModel | undefined
  still: FoundModel | undefined
  detail: number | undefined
  merged: FrameRange
  streamed: FrameRange
  /** The pictures that are read for it. */
  read: FrameRange
  notes: Message[]
}

async function makePhoto(
  { engine, media, resolver, leftovers, stills, memoryLimit }: PhotoParts,
  work: PhotoWork,
  { signal, progress }: JobContext,
): Promise<JobResult> {
  const { request, source, table, model, still, detail, merged, streamed, read } = work
  const { frame, enhance } = request
  const facts = {
    software: `Heirloom ${version()}`,
    takenAt: momentOf(source.createdAt, secondsOf(table, frame)),
    make: tag(source, /(^|\.)make$/i),
    model: tag(source, /(^|\.)model$/i),
    place: placeOf(source.tags),
  }
  const output = still ? { keepsake: { quality: photoQuality(3) }, ...request.output } : request.output
  const shown = async (): Promise<SourceFiles> => {
    const files = await resolver.source(source.id)
    if (detail === undefined) return files
    const { path: picture } = (await stills.pictureOf(files.source.path, detail)) ?? {}
    return { ...files, source: { ...files.source, picture } }
  }
  const attempt = async (isLastTry: boolean): Promise<PhotoResult> =>
    engine.run(
      {
        ...{ kind: 'photo', ...(await shown()), frame, merged, streamed, detail },
        still: still && stillModel(still),
        enhance: withNumbers(enhance, model),
        model: model && {
          ...{ folder: await resolver.weights(model.info.hash), device: deviceChoice(enhance.device) },
        },
        ...{ output, facts, threads: 0, memoryLimit, isLastTry },
      },
      {
        signal,
        onProgress: (framesDone) => progress({ framesDone }),
      },
    )
  const written = await leftovers.writing(output.path)
  try {
    const made = await steadily(media, [source.id], signal, attempt)
    const notes = [
      ...work.notes,
      ...(still ? [message('noteKeepsakeMade', { model: still.info.name })] : []),
      ...(await drawnNotes(stills, source, detail)),
      ...notesOf(source, request, model, made),
      ...notesOfLost({ source, ...read }, table, made),
    ]
    return { outputPath: output.path, notes }
  } finally {
    await written()
  }
}

/** What a person should know about how it came out. */
function notesOf(
  source: Source,
  { way }: PhotoRequest,
  model: FoundModel | undefined,
  { merged, dropped }: { merged: number; dropped: number },
): Message[] {
  if (isStill(source)) return model ? [message('noteStill')] : []
  if (way === 'frame') return []
  if (merged === 1) return [message('noteAlone')]
  const count = merged - 1
  return [dropped === 0 ? message('noteHelped', { count }) : message('noteHelpedBut', { count, dropped })]
}
