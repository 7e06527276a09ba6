// A job as data: from it alone the job can be made, now or after a restart. How a kind is made stands in a table of runners.
import { z } from 'zod'
import { DownloadRequest, type FoundWeights, ImportRequest } from '../../shared/contract/models.js'
import { PhotoRequest } from '../../shared/contract/photo.js'
import {
  ExportRequest,
  type KeepsakeFit,
  type KeepsakeLook,
  KeepsakeLookRequest,
  PreviewRequest,
} from '../../shared/contract/render.js'
import type { Damage } from '../../shared/media/damage.js'
import { SourceId } from '../../shared/media/source.js'
import type { Timing } from '../../shared/media/timing.js'

/** Paths of outputs are real ones, checked where the job was asked for. */
export const JobSpec = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('export'), request: ExportRequest }),
  z.object({ kind: z.literal('preview'), request: PreviewRequest }),
  z.object({ kind: z.literal('photo'), request: PhotoRequest }),
  z.object({ kind: z.literal('proxy'), request: z.object({ sourceId: SourceId }) }),
  /** What a source suffers from, by a few of its frames. */
  z.object({ kind: z.literal('damage'), request: z.object({ sourceId: SourceId }) }),
  /** In what rhythm a source shows its frames, by all of them. */
  z.object({ kind: z.literal('timing'), request: z.object({ sourceId: SourceId }) }),
  /** How fast the model of this hash is on a device: about a second of work on noise. */
  z.object({
    kind: z.literal('measurement'),
    request: z.object({ model: z.string(), device: z.string(), scale: z.number().int() }),
  }),
  /** How coarsely a Keepsake is to be encoded for its size, by pieces of the film. */
  z.object({ kind: z.literal('fit'), request: ExportRequest }),
  /** A frame of a Keepsake before it is made. */
  z.object({ kind: z.literal('look'), request: KeepsakeLookRequest }),
  /** What weights lie in a folder. */
  z.object({ kind: z.literal('inspect'), request: z.object({ folder: z.string() }) }),
  z.object({ kind: z.literal('import'), request: ImportRequest }),
  z.object({ kind: z.literal('download'), request: DownloadRequest }),
])
export type JobSpec = z.infer<typeof JobSpec>
export type SpecOf<Kind extends JobSpec['kind']> = Extract<JobSpec, { kind: Kind }>
export type RequestOf<Kind extends JobSpec['kind']> = SpecOf<Kind>['request']

/** Kinds that answer whoever asked, and what. */
export interface Answers {
  damage: Damage
  timing: Timing
  /** Milliseconds per output megapixel. */
  measurement: number
  fit: KeepsakeFit
  look: KeepsakeLook
  inspect: FoundWeights
}
export type AnsweringKind = keyof Answers
