// What a Keepsake box says of itself, as JSON: of which film it is, what may be drawn on top of it, and by which model.
import { z } from 'zod'
import { Fingerprint } from '../source.js'

export const Sha256 = z.string().regex(/^[0-9a-f]{64}$/)
export const Name = z.string().min(1).max(200)
export const whole = z.number().int().nonnegative()

/** By its weights. */
export const NamedModel = z.object({ name: Name, sha256: Sha256 })

/** No film has more: two days at 240 frames a second. */
export const mostFrames = 1 << 26

export const KeepsakeCodec = z.enum(['av1', 'h265', 'h264'])
export type KeepsakeCodec = z.infer<typeof KeepsakeCodec>

/** Fields of later versions are let through unread. */
export const KeepsakeInfo = z.object({
  /** Program and version that wrote the box. */
  writer: Name,
  /** The film that stands in the same file: `media` is all bytes of its `mdat` boxes, which no change of a title or of a date touches. */
  base: z.object({
    mediaBytes: whole,
    mediaSha256: Sha256,
    frames: whole.min(1).max(mostFrames),
    width: whole.min(1).max(65_535),
    height: whole.min(1).max(65_535),
  }),
  encoder: z.object({ codec: KeepsakeCodec, name: Name, version: Name, settings: z.string().max(2000) }),
  /** By which Heirloom knows the films that it was made of. */
  sources: z
    .array(z.object({ fingerprint: Fingerprint }))
    .min(1)
    .max(10_000),
  /** Of all that is drawn by chance, 0..2^32-1. */
  seed: whole.max(0xffff_ffff),
  /** What draws detail on top of the film; null: nothing does. */
  model: NamedModel.nullable(),
  /** What was not filmed: in the film itself ("enhanced by ...", "frames estimated"), and what may be drawn on top of it ("grain", "detail"). */
  invented: z.object({ inFilm: z.array(z.string().max(500)).max(20), onTop: z.array(Name).max(20) }),
})
export type KeepsakeInfo = z.infer<typeof KeepsakeInfo>

const mostInfoBytes = 1 << 20

export const writeInfo = (info: KeepsakeInfo): Uint8Array =>
  new TextEncoder().encode(JSON.stringify(KeepsakeInfo.parse(info)))

/** Undefined where the bytes do not say what they must. */
export function readJson<T>(data: Uint8Array, schema: z.ZodType<T>): T | undefined {
  if (data.length > mostInfoBytes) return undefined
  try {
    return schema.safeParse(JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(data))).data
  } catch {
    return undefined // no UTF-8, or no JSON
  }
}

export const readInfo = (data: Uint8Array): KeepsakeInfo | undefined => readJson(data, KeepsakeInfo)
