// Enter in a page that waits for an answer about what was chosen.
import { useEffect, useRef } from 'react'

/** Enter before that is answered is a wish: it counts once, as soon as the answer is there, unless it is taken back. */
export function useEnter(isAnswered: boolean, onEnter: (() => void) | undefined) {
  const isWished = useRef(false)
  useEffect(() => {
    if (!isWished.current || !isAnswered) return
    isWished.current = false
    onEnter?.()
  })
  const enter = (): void => {
    if (isAnswered) onEnter?.()
    else isWished.current = true
  }
  const takeBack = (): void => {
    isWished.current = false
  }
  return [enter, takeBack] as const
}
