// What the pointer does in a pane: it drags the picture or the divider, puts the divider where it clicks, and turns the divider
// or goes near and far with a double click.
import { MouseEvent, PointerEvent, RefObject, useRef } from 'react'
import { Box, Divider, flip, isNear, moveTo, positionAt, shownIn } from '../../stores/divider.js'
import { setSession } from '../../stores/session.js'
import { Size, View, panBy, wholePicture } from '../../stores/view.js'

/** A pointer that moved less than this has clicked. */
const clickSlop = 4

/** What is seen in a pane, in CSS pixels of it. */
export interface Sight {
  size: Size
  /** In pixels of the output. */
  picture: Size
  density: number
  /** Where the picture stands. */
  box: Box
  /** As it is on screen. */
  divider: Divider
  hasDivider: boolean
}

interface Hold {
  what: 'divider' | 'picture'
  x: number
  y: number
  lastX: number
  lastY: number
  hasMoved: boolean
}

/** As the first press of a click or double click found it, and how many presses there were. */
interface Press {
  isNear: boolean
  divider: Divider
  count: number
}

interface Point {
  x: number
  y: number
}

function pointIn(event: MouseEvent): Point {
  const edge = event.currentTarget.getBoundingClientRect()
  return { x: event.clientX - edge.left, y: event.clientY - edge.top }
}

const moveDivider = ({ divider, box, size }: Sight, { x, y }: Point): void =>
  setSession({ divider: shownIn(moveTo(divider, positionAt(divider, box, x, y)), box, size) })

/** The point of the picture under the pointer becomes the middle. */
const nearAt = ({ box }: Sight, { x, y }: Point): View => ({
  x: Math.min(1, Math.max(0, (x - box.left) / box.width)),
  y: Math.min(1, Math.max(0, (y - box.top) / box.height)),
  zoom: 1,
})

export function usePointer(sight: Sight) {
  const press = useRef<Press>(undefined)
  const drag = useDrag(sight, press)
  // Only mouse events count presses.
  const onMouseDown = (event: MouseEvent): void => {
    const { x, y } = pointIn(event)
    const { divider, box } = sight
    if (event.detail <= 1 || !press.current)
      press.current = { isNear: isNear(divider, box, x, y), divider, count: 1 }
    else press.current.count = event.detail
  }
  const onDoubleClick = (event: MouseEvent): void => {
    const first = press.current
    if (sight.hasDivider && first?.isNear) return setSession({ divider: flip(first.divider) })
    if (sight.hasDivider && first) setSession({ divider: first.divider })
    const near = nearAt(sight, pointIn(event))
    setSession((state) => ({ view: state.view.zoom === 'fit' ? near : wholePicture }))
  }
  return { ...drag, onMouseDown, onDoubleClick }
}

function useDrag(sight: Sight, press: RefObject<Press | undefined>) {
  const hold = useRef<Hold>(undefined)
  const { size, picture, density, box, divider, hasDivider } = sight
  const onPointerDown = (event: PointerEvent): void => {
    if (event.button !== 0) return
    const { x, y } = pointIn(event)
    const isHeld = hasDivider && isNear(divider, box, x, y)
    hold.current = { what: isHeld ? 'divider' : 'picture', x, y, lastX: x, lastY: y, hasMoved: false }
    event.currentTarget.setPointerCapture(event.pointerId)
  }
  const onPointerMove = (event: PointerEvent): void => {
    const held = hold.current
    if (!held) return
    const { x, y } = pointIn(event)
    held.hasMoved ||= Math.hypot(x - held.x, y - held.y) > clickSlop
    if (!held.hasMoved) return
    if (held.what === 'divider') moveDivider(sight, { x, y })
    else {
      const [dx, dy] = [x - held.lastX, y - held.lastY]
      setSession((state) => ({ view: panBy(state.view, size, picture, density, dx, dy) }))
    }
    held.lastX = x
    held.lastY = y
  }
  const onPointerUp = (event: PointerEvent): void => {
    const held = hold.current
    hold.current = undefined
    if (!held || held.hasMoved || !hasDivider || (press.current?.count ?? 1) > 1) return
    if (held.what === 'picture') moveDivider(sight, pointIn(event))
  }
  const onPointerCancel = (): void => {
    hold.current = undefined
  }
  return { onPointerDown, onPointerMove, onPointerUp, onPointerCancel }
}
