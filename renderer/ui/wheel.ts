// Wheel events that may be refused: React's own wheel listeners are passive, so that the page would scroll as well. Where there is so
// little room that everything scrolls past, the plain wheel is for that, wherever the pointer is; with Ctrl or Shift it is the element's.
import { RefObject, useEffect } from 'react'

/** Something around it has more to show than there is room for. */
function isScrolledPast(element: HTMLElement): boolean {
  for (let around = element.parentElement; around; around = around.parentElement) {
    const isScroller = /auto|scroll/.test(getComputedStyle(around).overflowY)
    if (isScroller && around.scrollHeight > around.clientHeight + 1) return true
  }
  return false
}

export function useWheel(element: RefObject<HTMLElement | null>, onWheel: (event: WheelEvent) => void): void {
  useEffect(() => {
    const target = element.current
    const hear = (event: WheelEvent): void => {
      if (target && !event.ctrlKey && !event.shiftKey && isScrolledPast(target)) return
      onWheel(event)
    }
    target?.addEventListener('wheel', hear, { passive: false })
    return () => target?.removeEventListener('wheel', hear)
  }, [element, onWheel])
}
