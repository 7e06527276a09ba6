// What became of a Keepsake: how large, by which encoder, how near to what was encoded.
import { z } from 'zod'
import { KeepsakeCodec } from '../media/keepsake/info.js'

/** Frames laid beside those that were encoded, in the layout of the film. */
export const Likeness = z.object({
  frames: z.number().int().positive(),
  /** Decibels over all planes; null: the same to the bit. */
  psnr: z.number().nullable(),
  ssim: z.number(),
})
export type Likeness = z.infer<typeof Likeness>

export const KeepsakeResult = z.object({
  /** Of the whole file, of its Keepsake part, and of what in that is side bits (none yet: docs/KEEPSAKE.md). */
  bytes: z.number().int(),
  partBytes: z.number().int(),
  sideBytes: z.number().int(),
  encoder: z.object({ codec: KeepsakeCodec, name: z.string(), version: z.string(), settings: z.string() }),
  frames: z.number().int(),
  /** The film as others see it; undefined where no frame of it could be compared: a motion made it, its shape is another, or what a model made is not kept. */
  base: Likeness.optional(),
})
export type KeepsakeResult = z.infer<typeof KeepsakeResult>
