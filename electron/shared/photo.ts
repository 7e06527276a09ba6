// A photo: one moment of a film, or a picture file, made better and written as a picture. What can be asked for, and the sums behind it. Pure.
import { z } from 'zod'
import { recipeWords } from './looks.js'
import { EnhanceNumbers, EnhanceSettings, Frame } from './project.js'
import { Source, SourceId } from './source.js'

export const PhotoFormat = z.enum(['png', 'jpeg', 'tiff'])
export type PhotoFormat = z.infer<typeof PhotoFormat>

/** The usual ending of each first. */
export const photoEndings: Record<PhotoFormat, readonly string[]> = {
  png: ['png'],
  jpeg: ['jpg', 'jpeg'],
  tiff: ['tif', 'tiff'],
}

/** By the name's ending; undefined for one that is none of ours. */
export function photoFormatOf(path: string): PhotoFormat | undefined {
  const ending = /\.([a-z]+)$/i.exec(path)?.[1]?.toLowerCase() ?? ''
  return PhotoFormat.options.find((format) => photoEndings[format].includes(ending))
}

/**
 * `moment`: neighbouring pictures are laid over the chosen one and merged with it, and it goes through the model in its place in the film.
 * `frame`: the chosen picture as the film itself shows it with these settings.
 */
export const PhotoWay = z.enum(['moment', 'frame'])
export type PhotoWay = z.infer<typeof PhotoWay>

export const PhotoRequest = z.object({
  sourceId: SourceId,
  frame: Frame,
  way: PhotoWay,
  enhance: EnhanceSettings,
  output: z.object({
    path: z.string().min(1).max(4096),
    format: PhotoFormat,
    /** May replace an existing file (never a source). */
    mayOverwrite: z.boolean(),
  }),
})
export type PhotoRequest = z.infer<typeof PhotoRequest>

/** What a photo's suggested name says it is. */
export const PhotoName = z.enum(['photo', 'before', 'after'])
export type PhotoName = z.infer<typeof PhotoName>

/** Neighbours on each side of the chosen picture. */
export const neighbours = 8
/** Pictures before it that settle the stream; a multiple of the models' chunk. */
export const photoWarmUp = 16

/** Frames [from, to) */
export interface FrameRange {
  from: Frame
  to: Frame
}
export const lengthOf = ({ from, to }: FrameRange): number => to - from

/**
 * What a photo is made of: `merged` are laid over each other, `streamed` go through the model. Either is the frame alone where there is nothing to
 * do. `lookAhead`: frames after it that the model wants to see; undefined without a model.
 */
export function photoRanges(
  frame: Frame,
  frames: number,
  way: PhotoWay,
  lookAhead: number | undefined,
): { merged: FrameRange; streamed: FrameRange } {
  const around = (before: number, after: number): FrameRange => ({
    from: Math.max(0, frame - before),
    to: Math.min(frames, frame + after + 1),
  })
  return {
    merged: way === 'moment' ? around(neighbours, neighbours) : around(0, 0),
    streamed: lookAhead === undefined ? around(0, 0) : around(photoWarmUp, lookAhead),
  }
}

/** A picture file: it has no neighbours, no time and no sound. */
export const isStill = (source: Pick<Source, 'container'>): boolean =>
  source.container.split(',').some((name) => name.endsWith('_pipe') || name === 'heic')

/** A capture date moved on by seconds; its clock keeps its zone, and a date without a clock stays as it is. */
export function momentOf(iso: string | undefined, seconds: number): string | undefined {
  const match = /^(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d)(?:\.\d+)?(Z|[+-]\d\d:\d\d)?$/.exec(iso ?? '')
  if (!match) return iso
  const [, clock = '', zone = ''] = match
  const moved = new Date(Date.parse(`${clock}Z`) + Math.floor(seconds) * 1000)
  return moved.toISOString().replace('.000Z', zone)
}

/** ISO 6709 as cameras write it: "+35.6586+139.7454/". */
export function placeOf(
  tags: Readonly<Record<string, string>>,
): { latitude: number; longitude: number } | undefined {
  const found = Object.entries(tags).find(([key]) => /location(-eng)?$|location\.iso6709$/i.test(key))?.[1]
  const match = /^([+-]\d{1,2}(?:\.\d+)?)([+-]\d{1,3}(?:\.\d+)?)/.exec(found ?? '')
  return match ? { latitude: Number(match[1]), longitude: Number(match[2]) } : undefined
}

/** What was done, for the file itself: nothing was invented without being said. */
export function photoNote(enhance: EnhanceNumbers, merged: number): string {
  const together = merged > 1 ? `${merged} pictures of the film merged` : ''
  const better = enhance.isEnabled ? `enhanced with ${recipeWords(enhance)}` : ''
  const done = [together, better].filter((part) => part !== '').join(', ')
  return done === '' ? 'Saved with Heirloom, unchanged' : `Made with Heirloom: ${done}`
}
