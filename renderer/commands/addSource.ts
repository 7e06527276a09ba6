// Put the whole length of a newly opened source at the end of the film. One that is already known is not listed twice.
import { addMedia } from '../../electron/shared/document/edits/media.js'
import { append } from '../../electron/shared/document/edits/place.js'
import { setRecipe } from '../../electron/shared/document/edits/recipe.js'
import { filmTrack, mediaOf, recipeOf } from '../../electron/shared/document/cutList.js'
import { ClipId, EnhanceSettings, SourceReference } from '../../electron/shared/document/project.js'
import { Item } from '../../electron/shared/document/sequence.js'
import { Command } from './command.js'

export const addSource = (source: SourceReference, id: ClipId, enhance: EnhanceSettings): Command => ({
  label: 'addSource',
  apply: (document, known) => {
    const listed = addMedia(mediaOf(source, known))(document)
    const media = listed.media.find((one) => one.id === source.id)
    const track = filmTrack(listed)
    if (!media || !track) return document
    const { duration } = media.facts
    const of = { kind: 'media' as const, media: media.id, from: 0, isHeard: true }
    const item: Item = { id, at: 0, duration, of, fit: 'fit' }
    const placed = append([{ track: track.id, item }])(listed)
    return placed === listed ? document : setRecipe([id], recipeOf(enhance))(placed)
  },
})
