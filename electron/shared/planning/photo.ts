// What a photo is made of, and what it says of itself. Pure.
import { z } from 'zod'
import { type PhotoWay } from '../contract/photo.js'
import { recipeWords } from '../document/looks.js'
import type { ModelTime } from '../document/modelContract.js'
import { type EnhanceNumbers, Frame, isModelled } from '../document/project.js'
import { drawnWords } from '../document/restoring.js'

/** Neighbours on each side of the chosen picture. */
export const neighbours = 8

/** Frames [from, to) */
export const FrameRange = z.object({ from: Frame, to: Frame })
export type FrameRange = z.infer<typeof FrameRange>
export const lengthOf = ({ from, to }: FrameRange): number => to - from

/**
 * What a photo is made of: `merged` are laid over each other, `streamed` go through the model. Either is the frame alone where there is nothing to
 * do. `time`: what the model wants to see around it; undefined without a model.
 */
export function photoRanges(
  frame: Frame,
  frames: number,
  way: PhotoWay,
  time: Pick<ModelTime, 'warmup' | 'lookahead'> | undefined,
): { merged: FrameRange; streamed: FrameRange } {
  const around = (before: number, after: number): FrameRange => ({
    from: Math.max(0, frame - before),
    to: Math.min(frames, frame + after + 1),
  })
  return {
    merged: way === 'moment' ? around(neighbours, neighbours) : around(0, 0),
    streamed: time ? around(time.warmup, time.lookahead) : around(0, 0),
  }
}

/** Of a Keepsake photo it is said that it is one, and what was drawn on it. */
function keepsakeNote(detail: number | undefined): string {
  if (detail === undefined) return ''
  return detail > 0
    ? `from a Keepsake photo, detail ${detail} drawn, not photographed`
    : 'from a Keepsake photo'
}

/** What was done, for the file itself: nothing was invented without being said. `detail`: on a Keepsake photo. */
export function photoNote(enhance: EnhanceNumbers, merged: number, detail?: number): string {
  const together = merged > 1 ? `${merged} pictures of the film merged` : ''
  const better = isModelled(enhance) ? `enhanced with ${recipeWords(enhance)}` : ''
  const done = [keepsakeNote(detail), together, better, drawnWords(enhance) ?? '']
    .filter((part) => part !== '')
    .join(', ')
  return done === '' ? 'Saved with Heirloom, unchanged' : `Made with Heirloom: ${done}`
}
