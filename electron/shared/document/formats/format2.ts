// Format 2 as it was written, frozen: one film of clips, one after the other, in frame numbers of their sources; the tables that
// say when those frames are shown were never saved. Imports nothing of today's document.
import { z } from 'zod'

const Frame = z.number().int().nonnegative()

export const Format2 = z.object({
  format: z.literal(2),
  sources: z.array(
    z.object({
      id: z.string().regex(/^[0-9a-f]{16,64}$/),
      path: z.string(),
      name: z.string(),
      frames: z.number().int().positive(),
      track: z.number().int().nonnegative().optional(),
      fields: z.enum(['progressive', 'tff', 'bff']).optional(),
    }),
  ),
  clips: z.array(
    z.object({
      id: z.string().min(1).max(64),
      sourceId: z.string().regex(/^[0-9a-f]{16,64}$/),
      name: z.string(),
      from: Frame,
      to: Frame,
      enhance: z.object({
        isEnabled: z.boolean(),
        model: z.string().min(1).max(120),
        scale: z.union([z.literal(1), z.literal(2), z.literal(4)]),
        look: z.enum(['gentle', 'natural', 'strong']),
        strength: z.number().min(0).max(1).optional(),
        seed: z.number().int().min(0).max(Number.MAX_SAFE_INTEGER),
        device: z.string().min(1).max(40),
      }),
    }),
  ),
})
type Format2 = z.infer<typeof Format2>
type Source2 = Format2['sources'][number]
type Clip2 = Format2['clips'][number]

/** 705,600,000 ticks per second at 25 frames: what a frame is counted as until its table is there. */
const ticksPerCount = 28_224_000

/** How far clips reach into each source: it may have turned out longer than it was when it was listed. */
function reachOf({ sources, clips }: Format2): ReadonlyMap<string, number> {
  const reach = new Map(sources.map(({ id, frames }) => [id, frames]))
  for (const { sourceId, to } of clips) reach.set(sourceId, Math.max(to, reach.get(sourceId) ?? 0))
  return reach
}

const mediaOf = (source: Source2, frames: number): unknown => ({
  id: source.id,
  name: source.name,
  locations: { absolute: source.path },
  ...(source.track === undefined ? {} : { track: source.track }),
  facts: { duration: frames * ticksPerCount, frames },
  countedAt: { num: 25, den: 1 },
  interpretation: source.fields === undefined ? {} : { fields: source.fields },
})

/** Settings that are the same become one recipe. */
function recipesOf(clips: readonly Clip2[]): { recipes: object[]; idOf: (clip: Clip2) => string } {
  const ids = new Map<string, string>()
  const recipes: object[] = []
  const idOf = ({ enhance: { isEnabled, model, device, ...settings } }: Clip2): string => {
    const content = { steps: [{ model, isOn: isEnabled, settings }], device }
    const text = JSON.stringify(content)
    const id = ids.get(text) ?? `recipe-${ids.size + 1}`
    if (!ids.has(text)) recipes.push({ id, ...content })
    ids.set(text, id)
    return id
  }
  clips.forEach(idOf)
  return { recipes, idOf }
}

/**
 * Format 2 -> 3: clips become items of one video track, each with its own sound; frame numbers become times that count them at 25 per
 * second, exactly, until the frame table of their media is read (docs/decisions, the document).
 */
export function from2to3(before: Format2): unknown {
  const { sources, clips } = before
  const names = new Map(sources.map(({ id, name }) => [id, name]))
  const { recipes, idOf } = recipesOf(clips)
  const reach = reachOf(before)
  let at = 0
  const items = clips.map((clip) => {
    const { id, sourceId, name, from, to } = clip
    const duration = (to - from) * ticksPerCount
    const item = {
      ...{ id, at, duration, fit: 'fit', recipe: idOf(clip) },
      of: { kind: 'media', media: sourceId, from: from * ticksPerCount, isHeard: true },
      ...(name === names.get(sourceId) ? {} : { name }),
    }
    at += duration
    return item
  })
  const tracks = [{ id: 'video-1', kind: 'video', items }]
  return {
    format: 3,
    media: sources.map((source) => mediaOf(source, reach.get(source.id) ?? source.frames)),
    recipes,
    sequences: [{ id: 'film', name: '', settings: 'as-first-item', tracks }],
  }
}
