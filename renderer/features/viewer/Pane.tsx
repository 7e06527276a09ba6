// One view onto the picture: zoom by wheel, pan by dragging, and the divider where there is one. Every pane shows the same place.
import { CSSProperties, MouseEvent, PointerEvent, ReactNode, useCallback, useRef } from 'react'
import { Divider, flip, isNear, middleOf, moveTo, positionAt, shownIn } from '../../stores/divider.js'
import { setSession, useSession } from '../../stores/session.js'
import { Size, panBy, place, wholePicture, zoomAt } from '../../stores/view.js'
import { useDensity, useSize } from '../../ui/size.js'
import { useWheel } from '../../ui/wheel.js'
import styles from './Viewer.module.css'

/** A pointer that moved less than this has clicked. */
const clickSlop = 4

interface Props {
  picture: Size
  hasDivider: boolean
  label: string
  /** Told where the divider is on screen, and the middle of what is seen of it. */
  children: (divider: Divider, middle: number) => ReactNode
  overlay?: ReactNode
}

interface Hold {
  what: 'divider' | 'picture'
  x: number
  y: number
  lastX: number
  lastY: number
  hasMoved: boolean
}

export function Pane({ picture, hasDivider, label, children, overlay }: Props) {
  const pane = useRef<HTMLDivElement>(null)
  const hold = useRef<Hold>(undefined)
  /** As the first press of a click or double click found it, and how many presses there were. */
  const press = useRef<{ isNear: boolean; divider: Divider; count: number }>(undefined)
  const size = useSize(pane)
  const density = useDensity()
  const view = useSession((s) => s.view)
  const put = useSession((s) => s.divider)
  const { width, height } = picture
  const box = place(view, size, picture, density)
  const divider = shownIn(put, box, size)

  const onWheel = useCallback(
    (event: WheelEvent): void => {
      const element = pane.current
      if (!element) return
      event.preventDefault()
      const edge = element.getBoundingClientRect()
      const factor = Math.exp(-event.deltaY * 0.0016)
      setSession((state) => ({
        view: zoomAt(
          state.view,
          edge,
          { width, height },
          density,
          factor,
          event.clientX - edge.left,
          event.clientY - edge.top,
        ),
      }))
    },
    [width, height, density],
  )
  useWheel(pane, onWheel)

  const at = (event: { clientX: number; clientY: number }): { x: number; y: number } => {
    const edge = pane.current?.getBoundingClientRect()
    return { x: event.clientX - (edge?.left ?? 0), y: event.clientY - (edge?.top ?? 0) }
  }
  const moveDivider = (x: number, y: number): void =>
    setSession({ divider: shownIn(moveTo(divider, positionAt(divider, box, x, y)), box, size) })

  const onPointerDown = (event: PointerEvent): void => {
    if (event.button !== 0) return
    const { x, y } = at(event)
    const isHeld = hasDivider && isNear(divider, box, x, y)
    hold.current = { what: isHeld ? 'divider' : 'picture', x, y, lastX: x, lastY: y, hasMoved: false }
    event.currentTarget.setPointerCapture(event.pointerId)
  }
  // Only mouse events count presses.
  const onMouseDown = ({ detail, clientX, clientY }: MouseEvent): void => {
    const { x, y } = at({ clientX, clientY })
    if (detail <= 1 || !press.current)
      press.current = { isNear: isNear(divider, box, x, y), divider, count: 1 }
    else press.current.count = detail
  }
  const onPointerMove = (event: PointerEvent): void => {
    const held = hold.current
    if (!held) return
    const { x, y } = at(event)
    held.hasMoved ||= Math.hypot(x - held.x, y - held.y) > clickSlop
    if (!held.hasMoved) return
    if (held.what === 'divider') moveDivider(x, y)
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
    const { x, y } = at(event)
    if (held.what === 'picture') moveDivider(x, y)
  }
  const onDoubleClick = (event: { clientX: number; clientY: number }): void => {
    const first = press.current
    if (hasDivider && first?.isNear) return setSession({ divider: flip(first.divider) })
    if (hasDivider && first) setSession({ divider: first.divider })
    const { x, y } = at(event)
    setSession((state) => ({
      view: state.view.zoom === 'fit' ? { ...centre(x, y), zoom: 1 } : wholePicture,
    }))
  }
  /** The point of the picture under the pointer becomes the middle. */
  const centre = (x: number, y: number): { x: number; y: number } => ({
    x: Math.min(1, Math.max(0, (x - box.left) / box.width)),
    y: Math.min(1, Math.max(0, (y - box.top) / box.height)),
  })

  const stage: CSSProperties = { left: box.left, top: box.top, width: box.width, height: box.height }
  return (
    <div
      ref={pane}
      role="group"
      tabIndex={-1}
      data-pane
      aria-label={label}
      className={`${styles.pane} ${view.zoom === 'fit' ? '' : styles.pannable}`}
      onPointerDown={onPointerDown}
      onMouseDown={onMouseDown}
      onPointerMove={onPointerMove}
      onPointerUp={onPointerUp}
      onPointerCancel={() => (hold.current = undefined)}
      onDoubleClick={onDoubleClick}
    >
      <div className={styles.stage} style={stage} data-stage>
        {children(divider, middleOf(divider, box, size))}
      </div>
      {overlay}
    </div>
  )
}
