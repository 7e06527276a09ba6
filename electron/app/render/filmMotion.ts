// What the estimates of a film were, told when it is done: also of units that an earlier run made, since what they say of themselves is kept with them.
import type { FilmMotion } from '../../shared/contract/job.js'
import type { RecipeKey } from '../../shared/document/recipeKey.js'
import type { Rational } from '../../shared/media/rational.js'
import type { SourceId } from '../../shared/media/source.js'
import { stretchesOf, unsureFrames, worstOf } from '../../shared/planning/unsurePlaces.js'
import { type Message, message } from '../../shared/words/sentences.js'
import { placeWords } from '../../ffmpeg/placeWords.js'
import { type Piece, unitOfPiece } from './pieces.js'
import type { Finished } from './segments.js'

/** `known`: what is written down of its segments. Undefined: no clip of it has a motion. */
export function motionOf(
  pieces: readonly Piece[],
  known: ReadonlyMap<string, Finished>,
  timeBase: Rational,
): FilmMotion | undefined {
  if (!pieces.some(({ segment }) => segment.motion)) return undefined
  const made = pieces.flatMap(({ key }) => known.get(key)?.motion ?? [])
  const estimated = made.reduce((sum, { frames }) => sum + frames, 0)
  const mean = (of: 'need' | 'unsure'): number =>
    made.reduce((sum, one) => sum + one[of] * one.frames, 0) / Math.max(1, estimated)
  const frames = pieces.reduce((sum, { segment }) => sum + segment.ticks.length, 0)
  const places = pieces.flatMap(({ segment, key }) =>
    unsureFrames(segment, known.get(key)?.motion?.gaps ?? [], timeBase),
  )
  return { frames, estimated, need: mean('need'), unsure: mean('unsure'), places: stretchesOf(places) }
}

/** So many places are named. */
const mostNamed = 5

/** Nothing where no estimate is unsure. */
export function unsureNotes({ places = [] }: Partial<FilmMotion> = {}): Message[] {
  if (places.length === 0) return []
  const count = places.reduce((sum, { frames }) => sum + frames, 0)
  const values = { count, places: placeWords(worstOf(places, mostNamed)) }
  return [message(places.length > mostNamed ? 'noteUnsureWorst' : 'noteUnsure', values)]
}

/** What of which sources is estimated in these. */
export function estimatesIn(pieces: readonly Piece[]): { source: SourceId; recipe: RecipeKey }[] {
  const estimated = pieces.filter(({ motionModel }) => motionModel !== undefined).map(unitOfPiece)
  return [...new Map(estimated.map((unit) => [`${unit.source} ${unit.recipe}`, unit])).values()]
}
