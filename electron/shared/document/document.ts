// The document, format 3: media, recipes, sequences. What is saved and undone. Any new field is a new format: an older program
// must know that it does not know.
import { z } from 'zod'
import { Media } from './media.js'
import { Recipe } from './recipe.js'
import { Sequence } from './sequence.js'

export const currentFormat = 3

export const Project = z.strictObject({
  format: z.literal(currentFormat),
  media: z.array(Media).max(100_000),
  recipes: z.array(Recipe).max(100_000),
  /** The first one is the one that is shown and exported. */
  sequences: z.array(Sequence).min(1).max(1000),
})
export type Project = z.infer<typeof Project>

export const emptyProject: Project = {
  format: currentFormat,
  media: [],
  recipes: [],
  sequences: [
    {
      id: 'film',
      name: '',
      settings: 'as-first-item',
      tracks: [{ id: 'video-1', kind: 'video', items: [] }],
    },
  ],
}
