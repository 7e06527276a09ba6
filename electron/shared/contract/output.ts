// What to write: container, codec, quality in words, sound. Shared by the export dialog, the CLI and the plan.
import { z } from 'zod'
import { KeepsakeCodec } from '../media/keepsake/info.js'

export const VideoCodec = z.enum(['h264', 'h265', 'av1', 'prores', 'ffv1'])
export type VideoCodec = z.infer<typeof VideoCodec>
export const Container = z.enum(['mp4', 'mov', 'mkv'])
export type Container = z.infer<typeof Container>
/** In words: `small` to send, `good` to watch, `best` to keep. Each codec maps them to its own numbers (ffmpeg/encode). */
export const Quality = z.enum(['small', 'good', 'best'])
export type Quality = z.infer<typeof Quality>

/** An encoder's own number: the larger, the coarser and the smaller. */
const Crf = z.object({ crf: z.number().int().min(0).max(63) })

/** What an encoder is asked for. By number AV1 is 10 bits deep, whatever it is made of: it keeps slow gradients at small sizes. */
export const EncoderQuality = z.union([Quality, Crf])
export type EncoderQuality = z.infer<typeof EncoderQuality>

/** The coarsest and the finest that a Keepsake is made with. */
export const keepsakeRange: Record<KeepsakeCodec, { finest: number; coarsest: number }> = {
  av1: { finest: 20, coarsest: 63 },
  h265: { finest: 14, coarsest: 48 },
  h264: { finest: 14, coarsest: 48 },
}

/** From 1, to send, to 5, to keep. */
const keepsakeLevels: Record<KeepsakeCodec, readonly number[]> = {
  av1: [58, 51, 44, 37, 30],
  h265: [37, 33, 29, 25, 21],
  h264: [36, 32, 28, 24, 20],
}
export type KeepsakeLevel = 1 | 2 | 3 | 4 | 5
export const keepsakeCrf = (codec: KeepsakeCodec, level: KeepsakeLevel): number =>
  keepsakeLevels[codec][level - 1] ?? keepsakeRange[codec].coarsest

/** The codec of a film that can be a Keepsake; undefined for others. */
export const keepsakeCodec = (codec: VideoCodec): KeepsakeCodec | undefined =>
  KeepsakeCodec.safeParse(codec).data
/** A film with a Keepsake part (docs/KEEPSAKE.md). */
export const KeepsakeSpec = Crf.extend({
  /** The whole file is no larger: where it would be, it is encoded once more, coarser. */
  mostBytes: z.number().int().positive().optional(),
})
export type KeepsakeSpec = z.infer<typeof KeepsakeSpec>

export const OutputSpec = z.object({
  path: z.string().min(1),
  container: Container,
  codec: VideoCodec,
  quality: Quality,
  /** Its number counts instead of `quality`. */
  keepsake: KeepsakeSpec.optional(),
  hasAudio: z.boolean(),
  /** May replace an existing file (never a source). */
  mayOverwrite: z.boolean(),
})
export type OutputSpec = z.infer<typeof OutputSpec>

export const encoderQuality = ({
  quality,
  keepsake,
}: Pick<OutputSpec, 'quality' | 'keepsake'>): EncoderQuality => (keepsake ? { crf: keepsake.crf } : quality)

/** Codecs that hold no picture narrower or lower than this. */
const smallest: Partial<Record<VideoCodec, number>> = { h265: 16, av1: 64 }

/** The size of a film of pictures of a size: smaller ones than the codec holds get their edge repeated to the right and below. */
export function writtenSize(
  codec: VideoCodec,
  { width, height }: { width: number; height: number },
): { width: number; height: number } {
  const least = smallest[codec] ?? 0
  return { width: Math.max(least, width), height: Math.max(least, height) }
}

/** Which containers can hold which codec. */
export const containersOf: Record<VideoCodec, readonly Container[]> = {
  h264: ['mp4', 'mov', 'mkv'],
  h265: ['mp4', 'mov', 'mkv'],
  av1: ['mp4', 'mkv'],
  prores: ['mov', 'mkv'],
  ffv1: ['mkv'],
}
