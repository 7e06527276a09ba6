// What the pointer and the wheel do on the strip: scrub, pan, zoom; and the view that goes along with the playhead.
import { PointerEvent, RefObject, useCallback, useEffect, useRef } from 'react'
import { Clip } from '../../../electron/shared/document/project.js'
import { durationOf, secondsOf } from '../../../electron/shared/media/frameTable.js'
import { FrameTable } from '../../../electron/shared/media/source.js'
import { goTo, selectClip } from '../../stores/scene.js'
import { setSession, useSession } from '../../stores/session.js'
import { useWheel } from '../../ui/wheel.js'
import { goToFilmFrame } from '../../stores/steps.js'
import { Scale, following, panPixels, scaleOf, zoomAround } from './scale.js'

/** `whole` is the length of the strip or the lane in seconds, `shortest` the least of it that can be seen. */
export function useZoomByWheel(
  strip: RefObject<HTMLElement | null>,
  view: 'timeline' | 'lane',
  whole: number,
  shortest: number,
): void {
  const onWheel = useCallback(
    (event: WheelEvent): void => {
      event.preventDefault()
      const element = event.currentTarget
      if (!(element instanceof HTMLElement)) return
      const edge = element.getBoundingClientRect()
      const isSideways = event.shiftKey || Math.abs(event.deltaX) > Math.abs(event.deltaY)
      setSession((state) => {
        const now = scaleOf(state[view], edge.width, whole)
        return {
          [view]: isSideways
            ? panPixels(now, event.deltaX || event.deltaY)
            : zoomAround(now, event.clientX - edge.left, Math.exp(event.deltaY * 0.0018), shortest),
        }
      })
    },
    [view, whole, shortest],
  )
  useWheel(strip, onWheel)
}

interface Strip {
  table: FrameTable
  /** Of the strip, in pixels. */
  width: number
  /** The clips of this source. */
  own: readonly Clip[]
  /** The one in hand. */
  clip: Clip
  frameUnder: (clientX: number) => number
}

/** Dragging on the ruler or the strip scrubs; with Shift or the middle button it pans. */
export function useScrubbing({ table, width, own, clip, frameUnder }: Strip) {
  const pan = useRef<{ x: number; isPanning: boolean }>(undefined)
  const whole = durationOf(table)

  // The view goes along with the playhead; who has scrolled away from it stays there until it moves, and dragging scrolls nothing.
  useEffect(
    () =>
      useSession.subscribe((now, before) => {
        if (now.playhead === before.playhead || pan.current || now.trimming) return
        const timeline = following(now.timeline, secondsOf(table, now.playhead), whole)
        if (timeline !== now.timeline) setSession({ timeline })
      }),
    [table, whole],
  )

  const onPointerDown = (event: PointerEvent): void => {
    if (event.button > 1) return
    pan.current = { x: event.clientX, isPanning: event.shiftKey || event.button === 1 }
    event.currentTarget.setPointerCapture(event.pointerId)
    if (pan.current.isPanning) return
    const frame = frameUnder(event.clientX)
    const hit = own.find((c) => frame >= c.from && frame < c.to)
    if (hit && hit.id !== clip.id) selectClip(hit)
    goTo(frame)
  }
  const onPointerMove = (event: PointerEvent): void => {
    if (!pan.current) return
    if (!pan.current.isPanning) return goTo(frameUnder(event.clientX))
    const moved = pan.current.x - event.clientX
    pan.current.x = event.clientX
    setSession((state) => ({ timeline: panPixels(scaleOf(state.timeline, width, whole), moved) }))
  }
  const end = (): void => {
    pan.current = undefined
  }
  return { onPointerDown, onPointerMove, onPointerUp: end, onPointerCancel: end }
}

/** Clicking or dragging in the lane's ruler puts the film's playhead there; with Shift or the middle button it pans. The lane goes along as the strip does. */
export function useLanePlayhead(
  { width, whole }: Scale,
  now: number | undefined,
  frameUnder: (clientX: number) => number,
) {
  const pan = useRef<{ x: number; isPanning: boolean }>(undefined)
  useEffect(() => {
    if (now === undefined || pan.current) return
    setSession(({ lane }) => ({ lane: following(lane, now, whole) }))
  }, [now, whole])

  const onPointerDown = (event: PointerEvent): void => {
    if (event.button > 1) return
    pan.current = { x: event.clientX, isPanning: event.shiftKey || event.button === 1 }
    event.currentTarget.setPointerCapture(event.pointerId)
    if (!pan.current.isPanning) goToFilmFrame(frameUnder(event.clientX))
  }
  const onPointerMove = (event: PointerEvent): void => {
    if (!pan.current) return
    if (!pan.current.isPanning) return goToFilmFrame(frameUnder(event.clientX))
    const moved = pan.current.x - event.clientX
    pan.current.x = event.clientX
    setSession(({ lane }) => ({ lane: panPixels(scaleOf(lane, width, whole), moved) }))
  }
  const end = (): void => {
    pan.current = undefined
  }
  return { onPointerDown, onPointerMove, onPointerUp: end, onPointerCancel: end }
}
