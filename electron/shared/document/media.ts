// Media of the document: which file is meant, where it was last, how it is to be read. Nothing here opens a file.
import { z } from 'zod'
import { Duration, Ratio } from './time.js'

export const MediaId = z.string().min(1).max(64)
export type MediaId = z.infer<typeof MediaId>

/** Of the content alone: a copy of the file has the same one, whatever its name, folder and dates. */
export const Fingerprint = z.string().regex(/^[0-9a-f]{16,64}$/)
export type Fingerprint = z.infer<typeof Fingerprint>

const Path = z.string().min(1).max(4096)

/** Samples to leave out at each edge of the stored frame, before rotation. */
export const Crop = z.strictObject({
  left: z.number().int().min(0).max(65_535),
  top: z.number().int().min(0).max(65_535),
  right: z.number().int().min(0).max(65_535),
  bottom: z.number().int().min(0).max(65_535),
})
export type Crop = z.infer<typeof Crop>

/** How a person has the file read, whatever it says of itself. What is absent is as the file says. */
export const Interpretation = z.strictObject({
  /** `progressive` leaves frames whole; the others take each frame apart into its two fields, top or bottom field first. */
  fields: z.enum(['progressive', 'tff', 'bff']).optional(),
  pixelAspect: Ratio.optional(),
  matrix: z.enum(['bt601', 'bt709', 'bt2020']).optional(),
  range: z.enum(['limited', 'full']).optional(),
  /** Clockwise degrees. */
  rotation: z.union([z.literal(0), z.literal(90), z.literal(180), z.literal(270)]).optional(),
  crop: Crop.optional(),
  /** Frames per second, one frame after the other, instead of the timestamps of the file. */
  frameRate: Ratio.optional(),
})
export type Interpretation = z.infer<typeof Interpretation>

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
