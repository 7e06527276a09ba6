// Which recipe an item has. Items with the same recipe share one record; a recipe that nobody uses leaves.
import { Project } from '../document.js'
import { Recipe, RecipeId } from '../recipe.js'
import { Item, ItemId } from '../sequence.js'
import { Edit, lacking, mapSequences, mapTracks, mapped, withItems } from './change.js'

export type RecipeContent = Omit<Recipe, 'id'>

const textOf = ({ steps, device }: RecipeContent): string => JSON.stringify([steps, device])

function freeId(recipes: readonly Recipe[]): RecipeId {
  const ids = new Set(recipes.map(({ id }) => id))
  let n = recipes.length + 1
  while (ids.has(`recipe-${n}`)) n++
  return `recipe-${n}`
}

function withRecipe(item: Item, recipe: RecipeId | undefined): Item {
  if (item.recipe === recipe) return item
  return recipe === undefined ? lacking(item, 'recipe') : { ...item, recipe }
}

/** Without the recipes that no item has. */
export function dropUnusedRecipes(project: Project): Project {
  const used = new Set(
    project.sequences.flatMap(({ tracks }) =>
      tracks.flatMap(({ items }) => items.flatMap(({ recipe }) => recipe ?? [])),
    ),
  )
  if (project.recipes.every(({ id }) => used.has(id))) return project
  return { ...project, recipes: project.recipes.filter(({ id }) => used.has(id)) }
}

/** How items are worked; undefined: not at all. Other items that had the same recipe keep it. */
export const setRecipe =
  (ids: readonly ItemId[], content: RecipeContent | undefined): Edit =>
  (project) => {
    const text = content && textOf(content)
    const known = project.recipes.find((recipe) => textOf(recipe) === text)
    const recipe = known ?? (content && { ...content, id: freeId(project.recipes) })
    const wanted = new Set(ids)
    const set = (item: Item): Item => (wanted.has(item.id) ? withRecipe(item, recipe?.id) : item)
    const after = mapSequences(project, (sequence) =>
      mapTracks(sequence, (track) => withItems(track, mapped(track.items, set))),
    )
    if (after === project) return project
    return dropUnusedRecipes(recipe && !known ? { ...after, recipes: [...project.recipes, recipe] } : after)
  }
