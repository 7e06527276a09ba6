// What leads the playhead while it moves: a film that the window can play, or a clock that pictures follow.
import { durationOf, frameAt, secondsOf } from '../../../electron/shared/media/frameTable.js'
import { FrameTable } from '../../../electron/shared/media/source.js'
import { reachedEnd, reachedStart } from '../../stores/actions.js'
import { pause } from '../../stores/scene.js'
import { LaidOut, indexAt } from '../../stores/laidOut.js'
import { filmedAt } from '../../stores/shownTimes.js'
import { setSession, useSession } from '../../stores/session.js'

/** What plays: its frames as filmed and at the times of the film; what is shown by a clip's motion; how fast the film is let run at a frame. */
export interface Played {
  table: FrameTable
  shown: FrameTable
  laidOut: LaidOut | undefined
  speed: (frame: number) => number
}

/** The playhead at a moment of the source, on what the film shows then. */
function standAt({ table, laidOut }: Played, seconds: number, frame = frameAt(table, seconds)): void {
  const between = laidOut && { frame, index: indexAt(laidOut, seconds) }
  setSession({ playhead: frame, between, moment: undefined })
}

/** Resolves when the pictures that playing needs are there. */
export type GetReady = (signal: AbortSignal) => Promise<void>

/** Seconds in the middle of a frame's time, where no rounding can fall into its neighbour. */
const middleOf = (table: FrameTable, frame: number): number =>
  (secondsOf(table, frame) + secondsOf(table, frame + 1)) / 2

/**
 * At rest and backwards: the film goes where the playhead is; while a jump is under way the newest wish waits. Returns what lets
 * go of that.
 */
export function follow(
  element: HTMLVideoElement,
  table: FrameTable,
  playhead: number,
): (() => void) | undefined {
  const seek = (): void => {
    element.currentTime = middleOf(table, playhead)
  }
  if (!element.seeking) {
    seek()
    return undefined
  }
  element.addEventListener('seeked', seek, { once: true })
  return () => element.removeEventListener('seeked', seek)
}

/** Forwards with a film, frames at their speeds: every picture that the browser shows moves the playhead. Returns what stops it. */
export function playFilm(element: HTMLVideoElement, film: Played, getReady: GetReady): () => void {
  const { table, speed, laidOut } = film
  const abort = new AbortController()
  let [callback, request] = [0, 0]
  let timer: ReturnType<typeof setTimeout> | undefined
  const begin = (): void => {
    if (abort.signal.aborted) return
    const { playhead } = useSession.getState()
    element.playbackRate = speed(playhead)
    element.currentTime = middleOf(table, playhead)
    element.play().catch(stop)
    listen()
  }
  // What is let go of, because another film goes on, was not stopped by anybody.
  const stop = (): void => {
    if (!abort.signal.aborted) pause()
  }
  const listen = (): void => {
    // Frames of the film lie between those of the video: its clock tells which is due.
    if (laidOut) request = requestAnimationFrame((now) => onFrame(now, { mediaTime: element.currentTime }))
    else callback = element.requestVideoFrameCallback(onFrame)
  }
  const goOn = (): void => {
    reachedEnd()
    begin()
  }
  const onFrame = (_now: number, { mediaTime }: { mediaTime: number }): void => {
    const { range } = useSession.getState()
    const frame = frameAt(table, mediaTime)
    if (!range) return
    if (frame >= range.from && frame < range.to) standAt(film, mediaTime, frame)
    const now = speed(frame)
    if (element.playbackRate !== now) element.playbackRate = now
    if (frame < range.to - 1) return listen()
    // The last frame gets its time on screen as well.
    const restMs = Math.max(0, (secondsOf(table, range.to) - mediaTime) * 1000) / now
    timer = setTimeout(goOn, frame >= range.to ? 0 : restMs)
  }
  const onEnded = (): void => {
    clearTimeout(timer)
    cancelAnimationFrame(request)
    element.cancelVideoFrameCallback(callback)
    goOn()
  }
  element.addEventListener('ended', onEnded)
  void getReady(abort.signal).then(begin)
  return () => {
    abort.abort()
    clearTimeout(timer)
    cancelAnimationFrame(request)
    element.cancelVideoFrameCallback(callback)
    element.removeEventListener('ended', onEnded)
    element.pause()
  }
}

/** Without a film, and backwards where `rate` is below 0. Returns what stops it. */
export function playByClock(film: Played, rate: number, getReady: GetReady): () => void {
  const { shown: table } = film
  const abort = new AbortController()
  let request = 0
  let begun: { now: number; seconds: number } | undefined
  const tick = (now: number): void => {
    const { range, playhead } = useSession.getState()
    if (!range) return
    begun ??= { now, seconds: secondsOf(table, playhead) }
    const seconds = begun.seconds + ((now - begun.now) / 1000) * rate
    const isOver = rate > 0 ? seconds >= secondsOf(table, range.to) : seconds <= secondsOf(table, range.from)
    if (isOver) {
      begun = undefined
      if (rate > 0) reachedEnd()
      else reachedStart()
    } else standAt(film, filmedAt(film.table, table, Math.min(seconds, durationOf(table))))
    goOn()
  }
  const goOn = (): void => {
    if (!abort.signal.aborted) request = requestAnimationFrame(tick)
  }
  void getReady(abort.signal).then(goOn)
  return () => {
    abort.abort()
    cancelAnimationFrame(request)
  }
}
