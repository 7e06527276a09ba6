// A photo: one moment of a film, or a picture file, made better and written as a picture. What can be asked for.
import { z } from 'zod'
import { EnhanceSettings, Frame } from '../document/project.js'
import { PhotoQuality, mostPhotoBytes } from '../media/keepsake/photo.js'
import { SourceId } from '../media/source.js'

/** `hlm`: a Keepsake photo, which only Heirloom reads. */
export const PhotoFormat = z.enum(['png', 'jpeg', 'tiff', 'hlm'])
export type PhotoFormat = z.infer<typeof PhotoFormat>

/** The usual ending of each first. */
export const photoEndings: Record<PhotoFormat, readonly string[]> = {
  png: ['png'],
  jpeg: ['jpg', 'jpeg'],
  tiff: ['tif', 'tiff'],
  hlm: ['hlm'],
}

/** By the name's ending; undefined for one that is none of ours. */
export function photoFormatOf(path: string): PhotoFormat | undefined {
  const ending = /\.([a-z]+)$/i.exec(path)?.[1]?.toLowerCase() ?? ''
  return PhotoFormat.options.find((format) => photoEndings[format].includes(ending))
}

/** How a Keepsake photo is written: so finely, or as finely as fits into so many bytes. */
export const PhotoKeepsake = z.union([
  z.strictObject({ quality: PhotoQuality }),
  z.strictObject({ mostBytes: z.number().int().min(1).max(mostPhotoBytes) }),
])
export type PhotoKeepsake = z.infer<typeof PhotoKeepsake>

/** What levels 1 to 5 are, of 0 to 63. */
const photoLevels = [7, 21, 35, 49, 63] as const
export const photoQuality = (level: 1 | 2 | 3 | 4 | 5): number => photoLevels[level - 1] ?? 63

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
    /** Of `hlm`; level 3 where nothing is said. */
    keepsake: PhotoKeepsake.optional(),
  }),
})
export type PhotoRequest = z.infer<typeof PhotoRequest>

/** What a photo's suggested name says it is. */
export const PhotoName = z.enum(['photo', 'before', 'after'])
export type PhotoName = z.infer<typeof PhotoName>
