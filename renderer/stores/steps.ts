// Steps through the film: by frames, by seconds, from cut to cut, to a time. Within a clip they are steps of the film and go on in its neighbours; in a part
// of a source that the film does not show they stay in that source.
import { Clip, Frame } from '../../electron/shared/document/project.js'
import { durationOf, frameCount, secondsOf } from '../../electron/shared/media/frameTable.js'
import { parseTimecode } from '../../electron/shared/media/timecode.js'
import { isRendered } from './compare.js'
import { renderedNow } from './coverage.js'
import { frameInHand, momentInHand } from './filmClock.js'
import { FilmTime, Piece, filmTimeNow, frameWithin, pieceOf, placeAt } from './filmTime.js'
import { indexInHand, laidNow, lookAtLaid } from './laidOut.js'
import { useProject } from './project.js'
import { Scene, filmIn, goTo, goToMoment, lookAt, pause, scene, withScene } from './scene.js'
import { nearSeconds } from './shownTimes.js'
import { useSession } from './session.js'
import { firstOf, isInClip, standingIn } from './standing.js'
import { useSources } from './sources.js'

/** The clip that the film shows before or after another. */
export function neighbour(clip: Clip, by: 1 | -1): Clip | undefined {
  const shown = filmTimeNow().pieces.filter(({ seconds }) => seconds > 0)
  const at = shown.findIndex((piece) => piece.clip.id === clip.id)
  return at < 0 ? undefined : shown[at + by]?.clip
}

/** Frame by frame: of those that the film shows where they are there, of the source's elsewhere. Where the film ends, its source goes on. */
export const step = (by: 1 | -1) =>
  withScene((s) => {
    const { clip, playhead } = s
    const laidOut = isInClip(s) ? laidNow(clip) : undefined
    const { between } = useSession.getState()
    const index = laidOut && indexInHand(laidOut, { playhead, between }) + by
    const laid = index === undefined ? undefined : laidOut?.frames[index]
    if (!laidOut || index === undefined || !laid || !isRendered(renderedNow(clip), laid.key))
      return stepBy(s, by)
    pause()
    lookAtLaid(laidOut, index)
  })

function stepBy(s: Scene, by: 1 | -1): void {
  const { clip, playhead } = s
  const to = playhead + by
  const next = isInClip(s) && (to < clip.from || to >= clip.to) ? neighbour(clip, by) : undefined
  if (next) lookAt(next, by > 0 ? next.from : next.to - 1)
  else goTo(to)
}

/** Less than any frame lasts, more than a frame counts as begun before its time. */
const moment = 4e-6

/** To a time of the film, exactly: further steps add up. */
function goToSeconds(film: FilmTime, seconds: number): void {
  const place = placeAt(film, seconds)
  if (!place) return
  const s = takeInHand(place.piece, place.within)
  if (!s) return
  const [begin, end] = [secondsOf(s.shown, s.clip.from), secondsOf(s.shown, s.clip.to)]
  goToMoment(s, Math.min(begin + place.within, end - moment))
}

/** Undefined where its film has not been read yet: then its frame there is the best that can be told. */
function takeInHand(piece: Piece, within: number): Scene | undefined {
  const { document } = useProject.getState()
  const { tables } = useSources.getState()
  lookAt(piece.clip, frameWithin({ document, tables }, piece, within))
  return scene()
}

/** Looks at a frame of the film, be it of another clip. */
export function goToFilmFrame(frame: Frame): void {
  const { pieces, table } = filmTimeNow()
  const own = pieces.filter(({ frames }) => frames > 0)
  const piece = own.find(({ first, frames }) => frame < first + frames) ?? own.at(-1)
  if (!piece) return
  const s = takeInHand(piece, secondsOf(table, frame) - piece.at)
  if (!s) return
  const counted = firstOf(s) + frame - piece.first
  goToMoment(s, secondsOf(s.counted, counted), nearSeconds(s.shown, s.counted, counted))
}

/** Steps of whole seconds add up exactly, though no frame may begin there: as many back as forth lead to the frame they began at. */
export const goBy = (seconds: number) =>
  withScene((s) => {
    const standing = standingIn(s)
    if (!standing) return goInSource(s, seconds)
    const { film } = standing
    const to = standing.seconds + seconds
    if (to >= 0 && to < film.seconds) goToSeconds(film, to)
    else goToFilmFrame(to < 0 ? 0 : frameCount(film.table) - 1)
  })

/** At its ends a source's own first and last frame count. */
function goInSource(s: Scene, seconds: number): void {
  const to = momentInHand(filmIn(s), { ...useSession.getState(), playhead: s.playhead }) + seconds
  if (to >= 0 && to < durationOf(s.shown)) goToMoment(s, to)
  else goTo(to < 0 ? 0 : s.frames - 1)
}

/** To the frame that a time means which was typed: of the film, or so far from where one is. Answers whether it means one. */
export function goToTyped(text: string): boolean {
  const s = scene()
  if (!s) return false
  const standing = standingIn(s)
  const { table } = filmTimeNow()
  if (frameCount(table) === 0 || (!standing && /^[+-]/.test(text.trim()))) return goToTypedInSource(s, text)
  const frame = parseTimecode(table, text, standing?.frame ?? 0)
  if (frame !== undefined) goToFilmFrame(frame)
  return frame !== undefined
}

function goToTypedInSource(s: Scene, text: string): boolean {
  const { shown, counted } = s
  const now = frameInHand(filmIn(s), counted, { ...useSession.getState(), playhead: s.playhead })
  const frame = parseTimecode(counted, text, now)
  if (frame !== undefined) goToMoment(s, secondsOf(counted, frame), nearSeconds(shown, counted, frame))
  return frame !== undefined
}

/** Where every clip of the film begins, and its last frame. What the film does not show lies before or behind its clip. */
export const goToCut = (by: 1 | -1) =>
  withScene((s) => {
    const { pieces, table } = filmTimeNow()
    const piece = pieceOf({ pieces }, s.clip.id)
    if (!piece || frameCount(table) === 0) return
    const isBehind = piece.frames > 0 && s.playhead >= s.clip.to
    const beside = piece.first + (isBehind ? piece.frames : 0) - 0.5
    const now = standingIn(s)?.frame ?? beside
    const cuts = [
      ...pieces.filter(({ frames }) => frames > 0).map(({ first }) => first),
      frameCount(table) - 1,
    ]
    const to = by > 0 ? cuts.find((frame) => frame > now) : cuts.findLast((frame) => frame < now)
    goToFilmFrame(to ?? (by > 0 ? frameCount(table) - 1 : 0))
  })

/** To the film's first or last frame; of a photo alone there is one. */
export const goToEdge = (edge: 'start' | 'end') =>
  withScene(() => {
    const count = frameCount(filmTimeNow().table)
    if (count > 0) goToFilmFrame(edge === 'start' ? 0 : count - 1)
  })
