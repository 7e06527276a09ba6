// What to write: container, codec, quality in words, sound. Shared by the export dialog, the CLI and the plan.
import { z } from 'zod'

export const VideoCodec = z.enum(['h264', 'h265', 'av1', 'prores', 'ffv1'])
export type VideoCodec = z.infer<typeof VideoCodec>
export const Container = z.enum(['mp4', 'mov', 'mkv'])
export type Container = z.infer<typeof Container>
/** In words: `small` to send, `good` to watch, `best` to keep. Each codec maps them to its own numbers (ffmpeg/encode). */
export const Quality = z.enum(['small', 'good', 'best'])
export type Quality = z.infer<typeof Quality>

export const OutputSpec = z.object({
  path: z.string().min(1),
  container: Container,
  codec: VideoCodec,
  quality: Quality,
  hasAudio: z.boolean(),
  /** May replace an existing file (never a source). */
  mayOverwrite: z.boolean(),
})
export type OutputSpec = z.infer<typeof OutputSpec>

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
