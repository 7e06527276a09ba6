// How frames of one size, shape and colour come into a film of another: where they stand in it. Pure; the filters are ffmpeg/compose.
import { z } from 'zod'
import { Fit } from '../document/sequence.js'
import { ColourMatrix, ColourRange } from '../media/source.js'

export interface Size {
  width: number
  height: number
}

/** What the frames of all segments of a film have in common, so that they are one stream. Pixels are square. */
export const FrameForm = z.object({
  width: z.number().int(),
  height: z.number().int(),
  bits: z.number().int(),
  chroma: z.enum(['420', '422', '444', 'gray']),
  matrix: ColourMatrix,
  range: ColourRange,
  /** As tagged, ffmpeg's names; undefined: untagged. */
  siting: z.enum(['left', 'center', 'topleft']).optional(),
  primaries: z.string().optional(),
  transfer: z.string().optional(),
})
export type FrameForm = z.infer<typeof FrameForm>

/** What is done to finished frames so that they are of a film's form. */
export const Composition = z.object({ fit: Fit, form: FrameForm })
export type Composition = z.infer<typeof Composition>

/** A frame in the film: scaled, then only the part that is shown, standing at a place of the film. All numbers are even. */
export interface Placing {
  scaled: Size
  /** From the left and the top of the scaled frame. */
  part: Size & { x: number; y: number }
  /** Left and above of it the film is black; so it is to the right and below. */
  at: { x: number; y: number }
}

/** `own` and `film` have even sides. */
export function placingOf(own: Size, film: Size, fit: Fit): Placing {
  const [wide, high] = [film.width / own.width, film.height / own.height]
  const factor = fit === 'centre' ? 1 : fit === 'fit' ? Math.min(wide, high) : Math.max(wide, high)
  const side = (length: number): number => Math.max(2, 2 * Math.round((length * factor) / 2))
  const scaled = { width: side(own.width), height: side(own.height) }
  const part = {
    width: Math.min(scaled.width, film.width),
    height: Math.min(scaled.height, film.height),
  }
  const middle = (outer: number, inner: number): number => 2 * Math.floor((outer - inner) / 4)
  const between = (outer: Size, inner: Size): { x: number; y: number } => ({
    x: middle(outer.width, inner.width),
    y: middle(outer.height, inner.height),
  })
  return { scaled, part: { ...part, ...between(scaled, part) }, at: between(film, part) }
}

/** Bars are seen, or edges are not. */
export const isCovered = ({ part }: Placing, film: Size): boolean =>
  part.width === film.width && part.height === film.height
export const isCut = ({ scaled, part }: Placing): boolean =>
  part.width < scaled.width || part.height < scaled.height
