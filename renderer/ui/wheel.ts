// Wheel events that may be refused: React's own wheel listeners are passive, so that the page would scroll as well.
import { RefObject, useEffect } from 'react'

export function useWheel(element: RefObject<HTMLElement | null>, onWheel: (event: WheelEvent) => void): void {
  useEffect(() => {
    const target = element.current
    target?.addEventListener('wheel', onWheel, { passive: false })
    return () => target?.removeEventListener('wheel', onWheel)
  }, [element, onWheel])
}
