// Take a clip out of the film; a source that no clip shows any more leaves with it. Its file is never touched.
import { rippleDelete } from '../../electron/shared/document/edits/lift.js'
import { dropUnusedMedia } from '../../electron/shared/document/edits/media.js'
import { dropUnusedRecipes } from '../../electron/shared/document/edits/recipe.js'
import { ClipId } from '../../electron/shared/document/project.js'
import { Command } from './command.js'

export const removeClip = (id: ClipId): Command => ({
  label: 'removeClip',
  apply: (document) => {
    const after = rippleDelete(id)(document)
    return after === document ? document : dropUnusedRecipes(dropUnusedMedia(after))
  },
})
