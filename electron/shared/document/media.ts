// Media of the document: which file is meant, where it was last, how it is to be read. Nothing here opens a file.
import { z } from 'zod'
import { Ratio } from '../media/rational.js'
import { Fingerprint, Interpretation } from '../media/source.js'
import { Duration } from './time.js'

export const MediaId = z.string().min(1).max(64)
export type MediaId = z.infer<typeof MediaId>

const Path = z.string().min(1).max(4096)

export const Media = z.strictObject({
  id: MediaId,
  /** Absent: nobody has read the file since documents have fingerprints. */
  fingerprint: Fingerprint.optional(),
  name: z.string().max(1000),
  /** `relative`: from the folder of the saved document, with forward slashes. Both name the same file; the relative one is tried first. */
  locations: z.strictObject({ relative: Path.optional(), absolute: Path }),
  /** Index of its video track in the file, where a person has chosen among several; absent: the one that opens by itself. */
  track: z.number().int().min(0).max(100_000).optional(),
  /** As interpreted; what it takes to show the media while its file is missing. `frames`: absent for sound alone. */
  facts: z.strictObject({
    duration: Duration,
    frames: z
      .number()
      .int()
      .min(1)
      .max(2 ** 40)
      .optional(),
  }),
  /**
   * Its frame table has not been read yet: times of its items count frames at this rate. `settle` (edits/media) gives them their own
   * times as soon as the table is there.
   */
  countedAt: Ratio.optional(),
  interpretation: Interpretation,
})
export type Media = z.infer<typeof Media>

/** About one frame of the media: the least that is left of an item. 1 tick for sound alone. */
export const frameOf = ({ facts }: Media): Duration =>
  Math.max(1, Math.floor(facts.duration / (facts.frames ?? facts.duration)))
