// Previews, exports and photos: what is asked for, and what it will be and cost.
import { z } from 'zod'
import { CutList, EnhanceSettings, Frame } from '../document/project.js'
import { ClipMotion } from '../document/motion.js'
import { RecipeKey } from '../document/recipeKey.js'
import { SourceId } from '../media/source.js'
import { Message } from '../words/sentences.js'
import { JobId } from './job.js'
import { MemoryAnswer } from './memory.js'
import { OutputSpec } from './output.js'
import { PhotoRequest } from './photo.js'
import { LookId } from './routes.js'
import { UnsureGap } from './unsure.js'

export const PreviewRequest = z.object({
  sourceId: SourceId,
  from: Frame,
  to: Frame,
  enhance: EnhanceSettings,
  /** Its pictures are those that the film shows of these frames, estimates among them. */
  motion: ClipMotion.optional(),
})
export type PreviewRequest = z.infer<typeof PreviewRequest>

export const ExportRequest = z.object({ project: CutList, output: OutputSpec })
export type ExportRequest = z.infer<typeof ExportRequest>

/** An export that ended without being done or cancelled: Heirloom was closed or killed, or the computer went off. */
export const UnfinishedExport = z.object({
  id: z.string().min(1).max(64),
  /** Of the film that it was to make. */
  name: z.string(),
  path: z.string(),
  /** Finished and kept: not made again when it goes on. */
  framesDone: z.number().int().nonnegative(),
  framesTotal: z.number().int().nonnegative(),
})
export type UnfinishedExport = z.infer<typeof UnfinishedExport>

export const Estimate = z.object({
  width: z.number().int(),
  height: z.number().int(),
  frames: z.number().int(),
  seconds: z.number(),
  /** Milliseconds of work on this computer, from a short measurement or the last jobs; undefined when unknown. */
  workMs: z.number().optional(),
  /** Some of that work was never done on this computer: its time may be far off. */
  isGuess: z.boolean(),
  /** Of the film, made before by whatever job: they are not made again. */
  framesKept: z.number().int(),
  bytes: z.number(),
  /** The range that it is likely to lie in, where pictures of this film were looked at. */
  bytesFrom: z.number().optional(),
  bytesTo: z.number().optional(),
  freeBytes: z.number().optional(),
  /** What cannot be kept or will be changed. */
  notes: z.array(Message),
})
export type Estimate = z.infer<typeof Estimate>

/** How coarsely a Keepsake is to be encoded so that it is as large as it may be, by pieces of the film. */
export const KeepsakeFit = z.object({
  crf: z.number().int(),
  /** What the whole file will have; undefined where no piece could be encoded. */
  bytes: z.number().optional(),
})
export type KeepsakeFit = z.infer<typeof KeepsakeFit>

/** One frame of an export of a Keepsake: of this clip, the frame of its source that is under the playhead. */
export const KeepsakeLookRequest = ExportRequest.extend({ clipId: z.string().max(256), frame: Frame })
export type KeepsakeLookRequest = z.infer<typeof KeepsakeLookRequest>

/** Two pictures that the route `look` gives: the frame as the encoder was given it, and as it comes out. */
export const KeepsakeLook = z.object({
  id: LookId,
  /** Of the frame that was given. */
  width: z.number().int(),
  height: z.number().int(),
})
export type KeepsakeLook = z.infer<typeof KeepsakeLook>

const FrameRange = z.object({ from: Frame, to: Frame })
/** What of a source is finished as a recipe makes it, whatever job made it: ranges in order. */
export const Coverage = z.object({
  sourceId: SourceId,
  recipe: RecipeKey,
  /** Frames that the route `rendered` gives. */
  pictures: z.array(FrameRange),
  /** Frames that are kept as they were made: of these no model works again. */
  kept: z.array(FrameRange),
  /** Of a motion's estimates, as far as any were made: between which frames they are unsure. */
  unsure: z.array(UnsureGap),
})
export type Coverage = z.infer<typeof Coverage>

export const renderRequests = {
  /** Resolve when queued; progress arrives as job events. */
  preview: { args: z.tuple([PreviewRequest]), result: JobId },
  /** `null`: as filmed. */
  coverage: { args: z.tuple([SourceId, EnhanceSettings, ClipMotion.nullable()]), result: Coverage },
  export: { args: z.tuple([ExportRequest]), result: JobId },
  /** Of earlier times, that could go on. */
  unfinished: { args: z.tuple([]), result: z.array(UnfinishedExport) },
  /** Goes on where it ended. Resolves when queued. */
  resume: { args: z.tuple([z.string().max(64)]), result: JobId },
  /** Throws away what was finished of it. Neither its sources nor any film is touched. */
  forget: { args: z.tuple([z.string().max(64)]), result: z.null() },
  photo: { args: z.tuple([PhotoRequest]), result: JobId },
  estimate: { args: z.tuple([ExportRequest]), result: Estimate },
  /** Of a request with `keepsake.mostBytes`: a job, called like the file, that can be cancelled. Fails where the film is larger than that at its coarsest, and says how large. */
  fitKeepsake: { args: z.tuple([ExportRequest]), result: KeepsakeFit },
  /** Of a request with `keepsake`: a job, called like the file, that can be cancelled. */
  lookAtKeepsake: { args: z.tuple([KeepsakeLookRequest]), result: KeepsakeLook },
  /** The notes of `estimate`, without working out what it costs. */
  notes: { args: z.tuple([ExportRequest]), result: z.array(Message) },
  /** How these settings fit into memory, with the estimates of a motion that has any. */
  memoryPlan: { args: z.tuple([SourceId, EnhanceSettings, ClipMotion.nullable()]), result: MemoryAnswer },
} as const
