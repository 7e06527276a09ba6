// What the machine is doing, as the windows see it.
import { z } from 'zod'
import { Failure } from './errors.js'
import { Frame } from '../document/project.js'
import { RecipeKey } from '../document/recipeKey.js'
import { KeepsakeResult } from './keepsake.js'
import { Report } from './report.js'
import { UnsurePlace } from './unsure.js'
import { Message } from '../words/sentences.js'
import { SourceId } from '../media/source.js'

export const JobId = z.string().min(1).max(64)
export type JobId = z.infer<typeof JobId>
/** Kinds that lists of jobs show; the others are told where somebody asked for them. */
export const ListedKind = z.enum(['export', 'preview', 'proxy', 'photo'])
export const JobKind = z.enum([
  ...ListedKind.options,
  ...(['damage', 'timing', 'measurement', 'fit', 'look', 'inspect', 'import', 'download'] as const),
])
export type JobKind = z.infer<typeof JobKind>
export const JobStateName = z.enum(['waiting', 'running', 'done', 'failed', 'cancelled'])

/** What work on files is at, and how far that step is. */
export const FileStep = z.object({
  name: z.enum(['fetch', 'check', 'convert']),
  /** The file in work. */
  file: z.string().optional(),
  bytesDone: z.number().nonnegative(),
  /** 0: not known yet. */
  bytesTotal: z.number().nonnegative(),
  bytesPerSecond: z.number().nonnegative(),
})
export type FileStep = z.infer<typeof FileStep>

export const FilmMotion = z.object({
  /** Frames of the film, and those of them that are estimates; the others are as filmed. */
  frames: z.number().int(),
  estimated: z.number().int(),
  /** Of the estimates the mean share that was made, not taken from the frames around it, and where the nearer frame is shown in its place. */
  need: z.number(),
  unsure: z.number(),
  /** Stretches of the film in which it is seen, in order. */
  places: z.array(UnsurePlace),
})
export type FilmMotion = z.infer<typeof FilmMotion>

export const JobState = z.object({
  id: JobId,
  kind: JobKind,
  name: z.string(),
  state: JobStateName,
  framesDone: z.number().int().nonnegative(),
  framesTotal: z.number().int().nonnegative(),
  framesPerSecond: z.number().nonnegative(),
  /** Seconds of film per second of work. */
  speed: z.number().nonnegative(),
  elapsedMs: z.number().nonnegative(),
  /** Undefined until there is something to base it on. */
  leftMs: z.number().nonnegative().optional(),
  /** Jobs that are counted in bytes; frames are 0 then. */
  step: FileStep.optional(),
  /** Imports and downloads that are done: the model that is there now. */
  modelId: z.string().optional(),
  /** Where the result is, once done. */
  outputPath: z.string().optional(),
  failure: Failure.optional(),
  /** What could not be kept or was done differently. */
  notes: z.array(Message),
  /** Exports that are done and hold clips with a motion: their frames. */
  motion: FilmMotion.optional(),
  /** Exports of a Keepsake that are done. */
  keepsake: KeepsakeResult.optional(),
  /** Exports that are done: the film beside its source. */
  report: Report.optional(),
  /** Previews: pictures [from, from + framesDone) of this source can be fetched at this size. */
  preview: z
    .object({
      sourceId: SourceId,
      from: Frame,
      to: Frame,
      width: z.number().int(),
      height: z.number().int(),
      /** `recipeKey`: with the same, the same frames. */
      recipe: RecipeKey,
    })
    .optional(),
})
export type JobState = z.infer<typeof JobState>
export type ListedJob = JobState & { kind: z.infer<typeof ListedKind> }
export const isListed = (job: JobState): job is ListedJob => ListedKind.safeParse(job.kind).success
export const isEnded = (job: JobState): boolean => job.state !== 'waiting' && job.state !== 'running'

export const jobsRequests = {
  list: { args: z.tuple([]), result: z.array(JobState) },
  cancel: { args: z.tuple([JobId]), result: z.null() },
} as const
