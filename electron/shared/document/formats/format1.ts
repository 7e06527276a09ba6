// Format 1 as it was written, frozen: full strength was what everybody had, there were no looks. Imports nothing of today's document.
import { z } from 'zod'

const Frame = z.number().int().nonnegative()

export const Format1 = z.object({
  format: z.literal(1),
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
        strength: z.number().min(0).max(1),
        seed: z.number().int().min(0).max(Number.MAX_SAFE_INTEGER),
        device: z.string().min(1).max(40),
      }),
    }),
  ),
})

/** Format 1 -> 2: a strength that somebody had set stays; what was full becomes the look that everybody begins with. */
export const from1to2 = ({ sources, clips }: z.infer<typeof Format1>): unknown => ({
  format: 2,
  sources,
  clips: clips.map((clip) => {
    const { strength, ...enhance } = clip.enhance
    return { ...clip, enhance: { ...enhance, look: 'natural', ...(strength < 1 ? { strength } : {}) } }
  }),
})
