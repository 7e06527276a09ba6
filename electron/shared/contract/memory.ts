// How a stream will be held in memory, as the engine planned it before the start (native/src/planning/memory_plan.h).
import { z } from 'zod'

/** Best first. 'refused': nothing fits. */
export const MemoryMode = z.enum(['whole', 'small-cache', 'streamed-weights', 'parts', 'refused'])
export type MemoryMode = z.infer<typeof MemoryMode>

/** In bytes, of the device that works. */
export const MemoryPlan = z.object({
  weights: z.number(),
  /** What is remembered of earlier frames; `cache` is a part of it: keys and values. */
  state: z.number(),
  cache: z.number(),
  activations: z.number(),
  total: z.number(),
  /** A part of the total: what estimates of a motion's frames take. */
  estimates: z.number().optional(),
  /** What may be used. */
  limit: z.number(),
  fits: z.boolean(),
  /** Of the computer's memory, beside a card's. */
  host: z.number(),
  /** What the first mode would take. */
  whole: z.number(),
  mode: MemoryMode,
  /** Overlapping parts of the picture. */
  rows: z.number().int(),
  columns: z.number().int(),
  /** Expected, 1: as fast as the first mode. */
  speed: z.number(),
  /** When refused: a model that would fit. */
  smaller: z.string().optional(),
  /** Which mode, why and at what price. */
  sentence: z.string(),
})
export type MemoryPlan = z.infer<typeof MemoryPlan>

export const MemoryAnswer = z.discriminatedUnion('state', [
  z.object({ state: z.literal('planned'), plan: MemoryPlan }),
  /** These settings need no model. */
  z.object({ state: z.literal('untouched') }),
  /** The engine is at work and these settings were not asked about before. */
  z.object({ state: z.literal('busy') }),
])
export type MemoryAnswer = z.infer<typeof MemoryAnswer>
