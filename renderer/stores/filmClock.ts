// The film's clock: which moment of the film is looked at, and which of its frames that is.
import { Clip } from '../../electron/shared/document/project.js'
import { frameAt, frameCount, secondsOf } from '../../electron/shared/media/frameTable.js'
import { FrameTable } from '../../electron/shared/media/source.js'
import { LaidOut, indexBetween, useLaidOut } from './laidOut.js'
import { useSession } from './session.js'
import { countedAt, shownWhen } from './shownTimes.js'
import { ShownTimes, useShownTimes } from './speeds.js'

type Standing = Pick<ReturnType<typeof useSession.getState>, 'playhead' | 'between' | 'moment'>

export interface Film {
  clip: Clip
  table: FrameTable
  /** The same frames at the times of the film. */
  shown: FrameTable
  laidOut: LaidOut | undefined
}

/** The exact time that steps of a second have led to, as long as it is one of the frame that is looked at. */
function keptMoment({ clip, shown }: Film, { playhead, moment }: Standing): number | undefined {
  const isKept = moment?.frame === playhead && moment.sourceId === clip.sourceId
  return isKept && frameAt(shown, moment.seconds) === playhead ? moment.seconds : undefined
}

/** When the film shows what is looked at: one of its own frames, by its clip's motion, or the source's. */
function shownMoment({ table, shown, laidOut }: Film, standing: Standing): number {
  const index = laidOut && indexBetween(laidOut, standing)
  const place = index === undefined ? undefined : laidOut?.frames[index]
  return place ? shownWhen(table, shown, place.at) : secondsOf(shown, standing.playhead)
}

/** The moment of the film that is looked at. */
export const momentInHand = (film: Film, standing: Standing): number =>
  keptMoment(film, standing) ?? shownMoment(film, standing)

/** The frame of the film that is looked at. */
export function frameInHand(film: Film, counted: FrameTable, standing: Standing): number {
  const { shown } = film
  const kept = keptMoment(film, standing)
  if (kept !== undefined && counted !== shown) return frameAt(counted, kept)
  return countedAt(shown, counted, standing.playhead, shownMoment(film, standing))
}

interface FilmClock extends ShownTimes {
  /** The frame of the film that is looked at, by `counted`. */
  now: number
  /** The first frame of the film that shows one of the source, by `counted`. */
  firstOf: (frame: number) => number
}

export function useFilmClock(clip: Clip, table: FrameTable): FilmClock {
  const times = useShownTimes(clip, table)
  const laidOut = useLaidOut(clip)
  const playhead = useSession((s) => Math.min(s.playhead, frameCount(table) - 1))
  const between = useSession((s) => s.between)
  const moment = useSession((s) => s.moment)
  const { shown, counted } = times
  return {
    ...times,
    now: frameInHand({ clip, table, shown, laidOut }, counted, { playhead, between, moment }),
    firstOf: (frame) => countedAt(shown, counted, frame, secondsOf(shown, frame)),
  }
}
