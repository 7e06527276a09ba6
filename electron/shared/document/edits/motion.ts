// How the frames of an item are timed, and its length with that: what follows moves along.
import type { Ratio } from '../../media/rational.js'
import { enhanceOf, isKnown, motionIn, recipeOf } from '../cutList.js'
import type { Project } from '../document.js'
import type { Media, MediaId } from '../media.js'
import { type ClipMotion, speedOf } from '../motion.js'
import type { Recipe } from '../recipe.js'
import { Item, ItemId, Sequence, endOf, longestOf, mediaLength } from '../sequence.js'
import { Time, longestTicks, scaled } from '../time.js'
import { Edit, editAround, groupOf, lacking, locate, replaceItems } from './change.js'
import { setRecipe } from './recipe.js'
import { behind, moversOf, shifted } from './ripple.js'

/** An end that lies so near to that of its media is meant to be it: what rounding at other speeds has left. */
const nearTicks = 64

/** How long media time lasts at a speed, rounded up so that no frame is lost by it; never longer than there is media for it. */
function lasting(mediaTime: number, left: number, speed: Ratio | undefined): Time {
  if (!speed) return left - mediaTime < nearTicks ? left : mediaTime
  const longest = longestOf({ speed }, left)
  const duration = scaled(mediaTime, speed.den, speed.num)
  const isShort = mediaLength({ speed }, duration) < mediaTime
  return Math.max(1, Math.min(isShort ? duration + 1 : duration, longest))
}

function atSpeed(item: Item, left: number, speed: Ratio | undefined): Item {
  const duration = lasting(mediaLength(item, item.duration), left, speed)
  return speed ? { ...item, duration, speed } : { ...lacking(item, 'speed'), duration }
}

const isSame = (a: Ratio | undefined, b: Ratio | undefined): boolean => a?.num === b?.num && a?.den === b?.den

/** The item and what of its media is linked with it over the same time: its sound, played along with it. */
const playedWith = (sequence: Sequence, item: Item): Item[] =>
  groupOf(sequence, item).filter(({ at, duration }) => at === item.at && duration === item.duration)

/** Media time from the item's beginning on. */
const leftOf = ({ of }: Item, media: readonly Media[]): number =>
  of.kind === 'media'
    ? (media.find(({ id }) => id === of.media)?.facts.duration ?? longestTicks) - of.from
    : longestTicks

/** The same range of its media at another speed. What stands behind moves; undefined where the sequence would grow too long. */
const setSpeed = (id: ItemId, speed: Ratio | undefined, media: readonly Media[]): Edit =>
  editAround(id, ({ sequence, item }) => {
    if (item.of.kind !== 'media' || isSame(item.speed, speed)) return sequence
    const items = playedWith(sequence, item)
    const change = new Map(items.map((one) => [one.id, atSpeed(one, leftOf(one, media), speed)]))
    if ([...change.values()].some((one) => endOf(one) > longestTicks)) return undefined
    const longer = (change.get(id)?.duration ?? item.duration) - item.duration
    const behindThem = moversOf(sequence, behind(sequence, new Set(change.keys())))
    if (longer <= 0) return shifted(replaceItems(sequence, change), behindThem, longer)
    const room = shifted(sequence, behindThem, longer)
    return room && replaceItems(room, change)
  })

/** `speed`: media time per time of the sequence (speedOf); undefined: its own. `motion` undefined: as filmed. */
export const setMotion =
  (id: ItemId, motion: ClipMotion | undefined, speed: Ratio | undefined): Edit =>
  (project: Project) => {
    const item = locate(project, id)?.item
    if (!item) return project
    const timed = setSpeed(id, speed, project.media)(project)
    if (!isSame(locate(timed, id)?.item.speed, speed)) return project // too long for a sequence: nothing of it
    const enhance = enhanceOf(project.recipes.find((recipe) => recipe.id === item.recipe))
    return setRecipe([id], recipeOf(enhance, motion))(timed)
  }

/** At how many frames per second media were filmed, where that is known. */
export type KnownRates = Readonly<Partial<Record<MediaId, Ratio>>>

/** Whether an item may play so: a tempo of another rate goes by that at which it was filmed, and what is not known today by what nobody knows. */
function isAsAsked(speed: Ratio | undefined, recipe: Recipe | undefined, filmed: Ratio | undefined): boolean {
  const motion = motionIn(recipe)
  const isOpen = motion?.kind === 'tempo' && motion.rate !== 'found' && !filmed
  // Every edit asks this of every item: what is dear to know comes last.
  return isOpen || isSame(speed, speedOf(motion, filmed)) || (recipe !== undefined && !isKnown(recipe))
}

/** Items on video tracks that play otherwise than their recipes ask play as these do: the same range, and what stands behind moves. With their names, each once. */
export function withAskedSpeeds(document: Project, rates: KnownRates): { project: Project; names: string[] } {
  const recipes = new Map(document.recipes.map((one) => [one.id, one]))
  const called = new Map(document.media.map(({ id, name }) => [id, name]))
  const names = new Set<string>()
  let project = document
  const tracks = document.sequences.flatMap((sequence) => sequence.tracks)
  for (const { id, of, name, speed, recipe } of tracks.flatMap((one) =>
    one.kind === 'video' ? one.items : [],
  )) {
    if (of.kind !== 'media') continue
    const [asked, filmed] = [recipe === undefined ? undefined : recipes.get(recipe), rates[of.media]]
    if (isAsAsked(speed, asked, filmed)) continue
    const before = project
    project = setSpeed(id, speedOf(motionIn(asked), filmed), project.media)(project)
    if (project !== before) names.add(name ?? called.get(of.media) ?? '')
  }
  return { project, names: [...names] }
}
