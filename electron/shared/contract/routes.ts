// Bytes reach the window by URL, one set of routes served by Electron's protocol and by the browser host.
// Fetching is the back-pressure: nothing is sent that was not asked for. Every part is parsed again by the host.
import { Frame } from '../document/project.js'
import { RecipeKey } from '../document/recipeKey.js'
import { SourceId } from '../media/source.js'
import { JobId } from './job.js'
import { z } from 'zod'

export const LookId = z.string().regex(/^[0-9a-f]{32}$/)
/** `given`: to the encoder. */
export const LookSide = z.enum(['given', 'made'])
export type LookSide = z.infer<typeof LookSide>

export const Route = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('media'), sourceId: SourceId }),
  z.object({ kind: z.literal('proxy'), sourceId: SourceId }),
  /** One decoded frame, upright and square, at full size; optionally scaled (bicubic) to `width`. */
  z.object({
    kind: z.literal('frame'),
    sourceId: SourceId,
    frame: Frame,
    width: z.number().int().min(16).max(16384).optional(),
  }),
  z.object({
    kind: z.literal('thumbnail'),
    sourceId: SourceId,
    frame: Frame,
    height: z.number().int().min(16).max(512),
  }),
  /** A frame as a recipe makes it (`recipeKey`), whatever job made it; `way`: the estimate so many millionths behind it (planning/motion). */
  z.object({
    kind: z.literal('rendered'),
    sourceId: SourceId,
    recipe: RecipeKey,
    frame: Frame,
    way: z.number().int().min(1).max(999_999).optional(),
  }),
  /** A frame of a Keepsake that was looked at before it is made. */
  z.object({ kind: z.literal('look'), id: LookId, side: LookSide }),
  /** The file that a job made, to be saved by a browser. */
  z.object({ kind: z.literal('output'), jobId: JobId }),
])
export type Route = z.infer<typeof Route>

/** `/frame/<id>/12.jpg?width=1280` and so on: path and query below the host's media base. */
export function toPath(route: Route): string {
  switch (route.kind) {
    case 'media':
      return `/media/${route.sourceId}`
    case 'proxy':
      return `/proxy/${route.sourceId}.mp4`
    case 'frame':
      return `/frame/${route.sourceId}/${route.frame}.jpg${route.width ? `?width=${route.width}` : ''}`
    case 'thumbnail':
      return `/thumbnail/${route.sourceId}/${route.frame}.jpg?height=${route.height}`
    case 'rendered':
      return `/rendered/${route.sourceId}/${route.recipe}/${route.frame}.jpg${route.way ? `?way=${route.way}` : ''}`
    case 'look':
      return `/look/${route.id}/${route.side}.png`
    case 'output':
      return `/output/${encodeURIComponent(route.jobId)}`
  }
}

/** The reverse; undefined for anything that is not one of ours. */
export function parseRoute(pathAndQuery: string): Route | undefined {
  const [path = '', query = ''] = pathAndQuery.split('?')
  const [, kind, id, third, fourth] = path.split('/')
  const parameters = new URLSearchParams(query)
  const whole = (text: string | null | undefined): number | undefined =>
    text && /^\d{1,9}$/.test(text) ? Number(text) : undefined
  const frame = whole(/^(\d{1,9})\.jpg$/.exec((kind === 'rendered' ? fourth : third) ?? '')?.[1])
  let jobId: string | undefined
  try {
    jobId = decodeURIComponent(id ?? '')
  } catch {
    return undefined // malformed percent escapes are nobody's route
  }
  const candidate =
    kind === 'proxy'
      ? { kind, sourceId: id?.replace(/\.mp4$/, '') }
      : kind === 'rendered'
        ? { kind, sourceId: id, recipe: third, frame, way: whole(parameters.get('way')) }
        : kind === 'look'
          ? { kind, id, side: /^(\w+)\.png$/.exec(third ?? '')?.[1] }
          : kind === 'output'
            ? { kind, jobId }
            : {
                kind,
                sourceId: id,
                frame,
                width: whole(parameters.get('width')),
                height: whole(parameters.get('height')),
              }
  const parsed = Route.safeParse(candidate)
  return parsed.success ? parsed.data : undefined
}
