// A photo: one moment of a film, or a picture file, made better and written as a picture. What can be asked for.
import { z } from 'zod'
import { EnhanceSettings, Frame } from '../document/project.js'
import { SourceId } from '../media/source.js'

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
