// The formats in which other editors take a film's cuts.
import { z } from 'zod'
import { csv } from './csv.js'
import { edl } from './edl.js'
import { fcpxml } from './fcpxml.js'
import type { CutFilm } from './film.js'
import { otio } from './otio.js'

/** By what their files end in. */
export const CutFormat = z.enum(['otio', 'fcpxml', 'edl', 'csv'])
export type CutFormat = z.infer<typeof CutFormat>

/** By the ending of a name; undefined: none of ours. */
export function cutFormatOf(name: string): CutFormat | undefined {
  const ending = /\.([^./\\]+)$/.exec(name)?.[1]?.toLowerCase()
  return CutFormat.options.find((format) => format === ending)
}

const writers: Readonly<Record<CutFormat, (film: CutFilm) => string>> = { otio, fcpxml, edl, csv }

export const cutsText = (format: CutFormat, film: CutFilm): string => writers[format](film)
