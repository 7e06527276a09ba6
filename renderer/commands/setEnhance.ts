// Change how a clip is enhanced. Its motion stays.
import { locate } from '../../electron/shared/document/edits/change.js'
import { setRecipe } from '../../electron/shared/document/edits/recipe.js'
import { enhanceOf, motionIn, recipeOf } from '../../electron/shared/document/cutList.js'
import { ClipId, EnhanceSettings } from '../../electron/shared/document/project.js'
import { Command } from './command.js'

export const setEnhance = (id: ClipId, change: Partial<EnhanceSettings>): Command => ({
  label: 'setEnhance',
  apply: (document) => {
    const item = locate(document, id)?.item
    if (!item) return document
    const before = document.recipes.find((recipe) => recipe.id === item.recipe)
    return setRecipe([id], recipeOf({ ...enhanceOf(before), ...change }, motionIn(before)))(document)
  },
})
