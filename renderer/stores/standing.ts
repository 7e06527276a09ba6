// Where in the whole film that is what is looked at.
import { Frame } from '../../electron/shared/document/project.js'
import { secondsOf } from '../../electron/shared/media/frameTable.js'
import { frameInHand, momentInHand } from './filmClock.js'
import { FilmTime, filmTimeNow, pieceOf, useFilmTime } from './filmTime.js'
import { Scene, filmIn, scene } from './scene.js'
import { countedAt } from './shownTimes.js'
import { useSession } from './session.js'

export interface Standing {
  film: FilmTime
  /** Of the film. */
  frame: Frame
  seconds: number
}

export const isInClip = ({ clip, playhead }: Scene): boolean => playhead >= clip.from && playhead < clip.to

/** The first frame of the clip in hand, by `counted`. */
export const firstOf = ({ clip, shown, counted }: Scene): Frame =>
  countedAt(shown, counted, clip.from, secondsOf(shown, clip.from))

/** Undefined where the film does not show it: a part of a source that no clip in hand has, a photo. */
export function standingIn(s: Scene): Standing | undefined {
  const film = filmTimeNow()
  const piece = pieceOf(film, s.clip.id)
  if (!piece || piece.frames === 0 || !isInClip(s)) return undefined
  const standing = { ...useSession.getState(), playhead: s.playhead }
  const since = frameInHand(filmIn(s), s.counted, standing) - firstOf(s)
  const within = momentInHand(filmIn(s), standing) - secondsOf(s.shown, s.clip.from)
  const frame = piece.first + Math.min(Math.max(0, since), piece.frames - 1)
  return { film, frame, seconds: piece.at + within }
}

function frameNow(): Frame | undefined {
  const s = scene()
  return s && standingIn(s)?.frame
}

/** The film, and the frame of it that is looked at; undefined where it shows none of what is. */
export function useFilmFrame(): { film: FilmTime; frame: Frame | undefined } {
  const film = useFilmTime()
  const frame = useSession(frameNow)
  return { film, frame }
}
