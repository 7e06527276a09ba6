// Where the model of estimates was not sure of itself, so that part of a frame is only the nearest filmed one: between which frames of a source, and
// at which times of a film.
import { z } from 'zod'
import { Frame } from '../document/project.js'

/** Between the frames `from` and `to` of a source: the largest share of a frame's cells that show the nearest filmed frame in place of an estimate. */
export const UnsureGap = z.object({ from: Frame, to: Frame, unsure: z.number().min(0).max(1) })
export type UnsureGap = z.infer<typeof UnsureGap>

/** A stretch of a film, in its seconds: how many of its estimates are unsure, and the largest share of one of them. */
export const UnsurePlace = z.object({
  from: z.number(),
  to: z.number(),
  frames: z.number().int(),
  unsure: z.number().min(0).max(1),
})
export type UnsurePlace = z.infer<typeof UnsurePlace>

/** From this share on it is seen (docs/MOTION.md has what it was measured by). */
const leastUnsure = 0.01

export const isUnsure = ({ unsure }: Pick<UnsureGap, 'unsure'>): boolean => unsure >= leastUnsure
