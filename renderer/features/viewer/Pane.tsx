// One view onto the picture: zoom by wheel, pan by dragging, and the divider where there is one. Every pane shows the same place.
import { ReactNode, RefObject, useCallback, useRef } from 'react'
import { Divider, middleOf, shownIn } from '../../stores/divider.js'
import { Framing } from '../../stores/filmSize.js'
import { setSession, useSession } from '../../stores/session.js'
import { Size, place, zoomAt } from '../../stores/view.js'
import { useDensity, useSize } from '../../ui/size.js'
import { useWheel } from '../../ui/wheel.js'
import { usePointer } from './pointer.js'
import styles from './Viewer.module.css'

export interface PaneProps {
  picture: Size
  /** Where the picture stands in the film's frame, which is then what is looked at. */
  framing: Framing | undefined
  hasDivider: boolean
  label: string
  /** Told where the divider is on screen, and the middle of what is seen of it. */
  children: (divider: Divider, middle: number) => ReactNode
  overlay?: ReactNode
}

export function Pane({ picture: own, framing, hasDivider, label, children, overlay }: PaneProps) {
  const picture = framing?.film ?? own
  const pane = useRef<HTMLDivElement>(null)
  const size = useSize(pane)
  const density = useDensity()
  const view = useSession((s) => s.view)
  const put = useSession((s) => s.divider)
  const box = place(view, size, picture, density)
  const divider = shownIn(put, box, size)
  useZoomByWheel(pane, picture, density)
  const handlers = usePointer({ size, picture, density, box, divider, hasDivider })
  return (
    <div
      ref={pane}
      role="group"
      tabIndex={-1}
      data-pane
      aria-label={label}
      className={`${styles.pane} ${view.zoom === 'fit' ? '' : styles.pannable}`}
      {...handlers}
    >
      <div className={`${styles.stage} ${framing ? styles.framed : ''}`} style={{ ...box }} data-stage>
        {children(divider, middleOf(divider, box, size))}
      </div>
      {overlay}
    </div>
  )
}

function useZoomByWheel(pane: RefObject<HTMLElement | null>, { width, height }: Size, density: number): void {
  const onWheel = useCallback(
    (event: WheelEvent): void => {
      const element = event.currentTarget
      if (!(element instanceof HTMLElement)) return
      event.preventDefault()
      const edge = element.getBoundingClientRect()
      const factor = Math.exp(-event.deltaY * 0.0016)
      const [x, y] = [event.clientX - edge.left, event.clientY - edge.top]
      setSession((state) => ({
        view: zoomAt(state.view, edge, { width, height }, density, factor, x, y),
      }))
    },
    [width, height, density],
  )
  useWheel(pane, onWheel)
}
