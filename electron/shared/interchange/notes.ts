// What a format does not carry of a film: said before it is written, and again after.
import { enhanceOf, filmTrack, motionIn } from '../document/cutList.js'
import type { Project } from '../document/document.js'
import { isUntouched } from '../document/project.js'
import type { Item } from '../document/sequence.js'
import { toNumber } from '../media/rational.js'
import { type Message, message } from '../words/sentences.js'
import { mostEvents, roundedIn } from './edl.js'
import { type CutFilm, filesOf } from './film.js'
import type { CutFormat } from './formats.js'

const words = (rate: number): string => String(Number(rate.toFixed(3)))

/** What the document has besides cuts, speeds and gaps. */
function notesOfDocument(document: Project): Message[] {
  const recipes = new Map(document.recipes.map((one) => [one.id, one]))
  const items = filmTrack(document)?.items ?? []
  const recipeOf = ({ recipe }: Item) => (recipe === undefined ? undefined : recipes.get(recipe))
  const looks = items.filter((item) => !isUntouched(enhanceOf(recipeOf(item)))).length
  const motions = items.filter((item) => motionIn(recipeOf(item)) !== undefined).length
  const fits = items.filter(({ fit }) => fit !== 'fit').length
  const reread = document.media.filter(({ interpretation }) => Object.keys(interpretation).length > 0)
  const isCarried = (item: Item): boolean => item.of.kind === 'media' && item.volume === undefined
  const other = document.sequences[0]?.tracks.filter((track) => track !== filmTrack(document)) ?? []
  const rest =
    items.filter((item) => !isCarried(item)).length +
    other.reduce((count, track) => count + track.items.length, 0)
  return [
    ...(looks > 0 ? [message('cutsLooks', { count: looks })] : []),
    ...(motions > 0 ? [message('cutsMotion', { count: motions })] : []),
    ...(fits > 0 ? [message('cutsFit', { count: fits })] : []),
    ...(reread.length > 0 ? [message('cutsReread', { names: reread.map(({ name }) => name) })] : []),
    ...(rest > 0 ? [message('cutsRest', { count: rest })] : []),
  ]
}

/** What the format rounds or has no room for. */
function notesOfFormat(format: CutFormat, film: CutFilm): Message[] {
  const rate = words(toNumber(film.rate))
  const inFilm = film.cuts.filter(({ isRounded }) => isRounded).length
  const rounded = format === 'edl' ? roundedIn(film) : format === 'otio' ? 0 : inFilm
  return [
    ...(rounded > 0 ? [message('cutsRounded', { count: rounded, rate })] : []),
    ...(format === 'edl' ? [message('cutsEdlRate', { rate })] : []),
    ...(format === 'edl' && film.cuts.length > mostEvents
      ? [message('cutsEdlMany', { count: film.cuts.length, most: mostEvents })]
      : []),
  ]
}

export function notesOfCuts(format: CutFormat, film: CutFilm, document: Project): Message[] {
  const guessed = filesOf(film).filter(({ isFound }) => !isFound)
  return [
    ...(guessed.length > 0 ? [message('cutsGuessed', { names: guessed.map(({ name }) => name) })] : []),
    ...notesOfFormat(format, film),
    ...notesOfDocument(document),
  ]
}
