// What is looked at: the clip in hand with its frames, and taking another clip or frame in hand.
import { frameAt, frameCount } from '../../electron/shared/media/frameTable.js'
import { Clip, ClipId, Frame } from '../../electron/shared/document/project.js'
import { FrameTable } from '../../electron/shared/media/source.js'
import { Film } from './filmClock.js'
import { indexAt, laidNow } from './laidOut.js'
import { clipOf, useProject } from './project.js'
import { setSession, useSession } from './session.js'
import { useSources } from './sources.js'
import { filmedAt } from './shownTimes.js'
import { shownTimes } from './speeds.js'
import { wholePicture } from './view.js'

export interface Scene {
  clip: Clip
  table: FrameTable
  /** The same frames at the times of the film, and the film's at the same. */
  shown: FrameTable
  counted: FrameTable
  frames: number
  playhead: number
}

/** The clip that is looked at, whether its frames are known yet or not. */
export const inHand = (): Clip | undefined =>
  clipOf(useProject.getState().project, useSession.getState().selectedClipId)

/** The clip that is looked at with its frames; undefined while there is nothing to look at. */
export function scene(): Scene | undefined {
  const session = useSession.getState()
  const clip = inHand()
  const table = clip && useSources.getState().tables[clip.sourceId]
  if (!clip || !table) return undefined
  const frames = frameCount(table)
  const { document, project } = useProject.getState()
  const { shown, counted } = shownTimes(document, project.clips, clip, table)
  return { clip, table, shown, counted, frames, playhead: Math.min(session.playhead, frames - 1) }
}

export const withClip = (work: (clip: Clip) => void) => (): void => {
  const clip = inHand()
  if (clip) work(clip)
}

export const withScene = (work: (s: Scene) => void) => (): void => {
  const s = scene()
  if (s) work(s)
}

export const pause = (): void => setSession({ isPlaying: false, range: undefined, rate: 1 })

/** Puts the playhead on a frame and stops there. */
export function goTo(frame: number): void {
  const s = scene()
  if (!s) return
  pause()
  const playhead = Math.min(Math.max(Math.round(frame), 0), s.frames - 1)
  setSession({ playhead, between: undefined, moment: undefined })
}

/** Takes a clip in hand and looks at a frame of it. */
export function lookAt(clip: Clip, playhead: Frame): void {
  const before = inHand()
  pause()
  setSession({ selectedClipId: clip.id, playhead, between: undefined, moment: undefined })
  if (before?.sourceId !== clip.sourceId) setSession({ timeline: { startSeconds: 0 }, view: wholePicture })
}

/** Takes a clip in hand: at the frame that is looked at where it has it, else at its first one. */
export function selectClip(clip: Clip): void {
  const { playhead } = useSession.getState()
  const isInside = inHand()?.sourceId === clip.sourceId && playhead >= clip.from && playhead < clip.to
  lookAt(clip, isInside ? playhead : clip.from)
}

export function selectClipById(id: ClipId): void {
  const clip = useProject.getState().project.clips.find((c) => c.id === id)
  if (clip) selectClip(clip)
}

/** The film that a scene shows, with what its clip's motion makes of it as far as that is known. */
export const filmIn = ({ clip, table, shown }: Scene): Film => ({
  clip,
  table,
  shown,
  laidOut: laidNow(clip),
})

/** To a moment of the film: the source's frame that it shows then, and of a clip's motion what it shows of that, be it so many seconds later. */
export function goToMoment({ clip, table, shown }: Scene, seconds: number, near = 0): void {
  const frame = frameAt(shown, seconds)
  goTo(frame)
  const laidOut = frame >= clip.from && frame < clip.to ? laidNow(clip) : undefined
  const between = laidOut && { frame, index: indexAt(laidOut, filmedAt(table, shown, seconds + near)) }
  setSession({ between, moment: { sourceId: clip.sourceId, frame, seconds } })
}
