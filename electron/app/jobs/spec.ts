// A job as data: from it alone the job can be made, now or after a restart. How a kind is made stands in a table of runners.
import { z } from 'zod'
import { PhotoRequest } from '../../shared/contract/photo.js'
import { ExportRequest, PreviewRequest } from '../../shared/contract/render.js'
import { SourceId } from '../../shared/media/source.js'

/** Paths of outputs are real ones, checked where the job was asked for. */
export const JobSpec = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('export'), request: ExportRequest }),
  z.object({ kind: z.literal('preview'), request: PreviewRequest }),
  z.object({ kind: z.literal('photo'), request: PhotoRequest }),
  z.object({ kind: z.literal('proxy'), request: z.object({ sourceId: SourceId }) }),
])
export type JobSpec = z.infer<typeof JobSpec>
export type RequestOf<Kind extends JobSpec['kind']> = Extract<JobSpec, { kind: Kind }>['request']
