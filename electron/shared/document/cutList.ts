// The document as the window and the planner see it today: the clips of its first video track, one after the other, in frames of
// their sources. Where frames have times comes from outside (frame tables); nothing is kept here.
import { Project } from './document.js'
import { RecipeContent } from './edits/recipe.js'
import { FrameTimes, framesOf, timesByLength, timesByRate } from './frames.js'
import { Media, MediaId } from './media.js'
import { ClipMotion, motionModel, motionOf, stepOf } from './motion.js'
import { Clip, EnhanceSettings, CutList, SourceReference, defaultEnhance } from './project.js'
import { Recipe } from './recipe.js'
import { Item, Track } from './sequence.js'
import { Ratio } from '../media/rational.js'
import { countAtTime, longestTicks, timeOfCount } from './time.js'

/** Times of the frames of media whose frame tables have been read. */
export type KnownTimes = Readonly<Partial<Record<MediaId, FrameTimes>>>

/** What frames are counted at until their table has been read. */
export const countingRate: Ratio = { num: 25, den: 1 }

/** Exact where frames are counted or their table is known; else evenly over the media's length, until it is. */
export const timesIn = (media: Media, known: KnownTimes): FrameTimes =>
  media.countedAt
    ? timesByRate(media.countedAt, media.facts.frames ?? 1)
    : (known[media.id] ?? timesByLength(media.facts.duration, media.facts.frames ?? 1))

/** The track that is shown; undefined in a document without one. */
export const filmTrack = ({ sequences }: Project): Track | undefined =>
  sequences[0]?.tracks.find(({ kind }) => kind === 'video')

/** What can be counted of what a file promises; how much there is is known when it has been read. */
const mostFrames = countAtTime(countingRate, longestTicks)

/** A source as media: with its own times where they are known, else counted. */
export function mediaOf(source: SourceReference, known: KnownTimes): Media {
  const { id, path, name, track, fields } = source
  const frames = Math.min(source.frames, mostFrames)
  const times = known[id]
  return {
    ...{ id, name, locations: { absolute: path } },
    ...(track === undefined ? {} : { track }),
    ...(times
      ? { facts: { duration: times.timeOf(times.count), frames: times.count } }
      : { facts: { duration: timeOfCount(countingRate, frames), frames }, countedAt: countingRate }),
    interpretation: fields === undefined ? {} : { fields },
  }
}

/** Enhancement first, then motion on what it has made. */
export const recipeOf = (
  { isEnabled, model, device, ...rest }: EnhanceSettings,
  motion?: ClipMotion,
): RecipeContent => {
  const { scale, look, strength, seed, grain } = rest
  const settings = {
    ...{ scale, look, ...(strength === undefined ? {} : { strength }), seed },
    ...(grain === undefined ? {} : { grain }),
  }
  return { steps: [{ model, isOn: isEnabled, settings }, ...(motion ? [stepOf(motion)] : [])], device }
}

interface ReadRecipe {
  enhance: EnhanceSettings
  motion: ClipMotion | undefined
}
const off: ReadRecipe = { enhance: { ...defaultEnhance, isEnabled: false }, motion: undefined }
const read = new WeakMap<Recipe, ReadRecipe>()

/** Of a step of ours, and of one of motion behind it; anything else is shown as switched off. */
function readRecipe({ steps, device }: Recipe): ReadRecipe {
  const [step, second, ...more] = steps
  const isOurs = more.length === 0 && (!second || second.model === motionModel)
  if (!step || !isOurs) return off
  const { model, isOn: isEnabled, settings } = step
  const found = EnhanceSettings.safeParse({ ...settings, isEnabled, model, device })
  return { enhance: found.success ? found.data : off.enhance, motion: second && motionOf(second) }
}

function readOf(recipe: Recipe | undefined): ReadRecipe {
  if (!recipe) return off
  const found = read.get(recipe) ?? readRecipe(recipe)
  read.set(recipe, found)
  return found
}

export const enhanceOf = (recipe: Recipe | undefined): EnhanceSettings => readOf(recipe).enhance
/** Undefined: as filmed. */
export const motionIn = (recipe: Recipe | undefined): ClipMotion | undefined => readOf(recipe).motion

/** Whether all that it asks for is known here: else it is a newer program's, or nonsense, and is kept without being shown. */
export function isKnown({ steps, device }: Recipe): boolean {
  const [step, second, ...more] = steps
  if (!step) return true
  const { model, isOn: isEnabled, settings } = step
  return (
    more.length === 0 &&
    EnhanceSettings.safeParse({ ...settings, isEnabled, model, device }).success &&
    (!second || (second.model === motionModel && ClipMotion.safeParse(second.settings).success))
  )
}

/** Names of the clips that are shown without something that their recipes ask for, each once. */
export function namesNotKnown(document: Project): string[] {
  const strange = new Set(document.recipes.filter((recipe) => !isKnown(recipe)).map(({ id }) => id))
  const names = new Map(document.media.map(({ id, name }) => [id, name]))
  const found = (filmTrack(document)?.items ?? []).flatMap(({ recipe, name, of }) =>
    recipe !== undefined && strange.has(recipe) && of.kind === 'media'
      ? (name ?? names.get(of.media) ?? [])
      : [],
  )
  return [...new Set(found)]
}

interface Made {
  media: Media
  times: FrameTimes | undefined
  recipe: Recipe | undefined
  clip: Clip
}
const made = new WeakMap<Item, Made>()

/** The same object as long as nothing of it is another. */
function clipOf(item: Item, media: Media, recipe: Recipe | undefined, known: KnownTimes): Clip | undefined {
  const times = known[media.id]
  const before = made.get(item)
  if (before?.media === media && before.times === times && before.recipe === recipe) return before.clip
  const range = framesOf(item, timesIn(media, known))
  if (!range) return undefined
  const motion = motionIn(recipe)
  const clip = {
    ...{ id: item.id, sourceId: media.id, name: item.name ?? media.name, ...range },
    enhance: enhanceOf(recipe),
    ...(item.fit === 'fit' ? {} : { fit: item.fit }),
    ...(motion ? { motion } : {}),
    ...(recipe && !isKnown(recipe) ? { hasUnknown: true as const } : {}),
  }
  made.set(item, { media, times, recipe, clip })
  return clip
}

const referenceOf = (media: Media, known: KnownTimes): SourceReference => ({
  ...{ id: media.id, path: media.locations.absolute, name: media.name },
  frames: timesIn(media, known).count,
  ...(media.track === undefined ? {} : { track: media.track }),
  ...(media.interpretation.fields === undefined ? {} : { fields: media.interpretation.fields }),
})

export function cutListOf(document: Project, known: KnownTimes): CutList {
  const media = new Map(document.media.map((one) => [one.id, one]))
  const recipes = new Map(document.recipes.map((one) => [one.id, one]))
  const clips = (filmTrack(document)?.items ?? []).flatMap((item) => {
    const own = item.of.kind === 'media' ? media.get(item.of.media) : undefined
    const recipe = item.recipe === undefined ? undefined : recipes.get(item.recipe)
    return (own && clipOf(item, own, recipe, known)) ?? []
  })
  const settings = document.sequences[0]?.settings ?? 'as-first-item'
  const size = settings === 'as-first-item' ? undefined : { width: settings.width, height: settings.height }
  return { sources: document.media.map((one) => referenceOf(one, known)), clips, ...(size ? { size } : {}) }
}
