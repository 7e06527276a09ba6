// Things in a row or a column of which one is chosen (`data-piece`, the part that takes the focus `data-face`). What is in focus
// is what is chosen: the focus goes where the choice goes, and the choice where the focus goes. The chosen one stays in sight.
import { FocusEvent, KeyboardEvent, RefObject, useEffect, useLayoutEffect, useRef } from 'react'
import { isPointed } from './pointed.js'

interface Pieces {
  /** In the order in which they stand. */
  ids: readonly string[]
  chosen: string | undefined
  choose: (id: string) => void
  /** Which arrow keys go through them. */
  along: 'row' | 'column'
}

const arrows = {
  row: { ArrowLeft: -1, ArrowRight: 1 },
  column: { ArrowUp: -1, ArrowDown: 1 },
} as const

const pieceOf = (element: Element | null): string | undefined =>
  element?.closest<HTMLElement>('[data-piece]')?.dataset['piece']

const findPiece = (list: HTMLElement | null, id: string | undefined): HTMLElement | undefined =>
  [...(list?.querySelectorAll<HTMLElement>('[data-piece]') ?? [])].find((e) => e.dataset['piece'] === id)

const faceOf = (piece: HTMLElement | undefined): HTMLElement | null | undefined =>
  piece?.matches('[data-face]') ? piece : piece?.querySelector<HTMLElement>('[data-face]')

/** Scrolls the list and nothing around it, no further than needed; of what is too large the beginning is shown. */
function bringIntoSight(list: HTMLElement, piece: HTMLElement): void {
  const [outer, inner] = [list.getBoundingClientRect(), piece.getBoundingClientRect()]
  const by = (from: number, to: number): number => (from < 0 ? from : Math.max(0, Math.min(from, to)))
  list.scrollTop += by(inner.top - outer.top, inner.bottom - outer.bottom)
  list.scrollLeft += by(inner.left - outer.left, inner.right - outer.right)
}

export function usePieces(list: RefObject<HTMLElement | null>, { ids, chosen, choose, along }: Pieces) {
  const hasFocus = useRef(false)
  const place = ids.indexOf(chosen ?? '')

  useLayoutEffect(() => {
    const active = document.activeElement
    const isOnAnother = list.current?.contains(active) && pieceOf(active) !== chosen
    // What was in focus is gone or can do nothing any more: nothing else would take the focus.
    const isLost = hasFocus.current && (active === document.body || active?.matches(':disabled'))
    if (isOnAnother || isLost) faceOf(findPiece(list.current, chosen))?.focus({ preventScroll: true })
  })

  useEffect(() => {
    const piece = findPiece(list.current, chosen)
    const around = list.current
    if (!piece || !around) return
    const show = (): void => bringIntoSight(around, piece)
    show()
    const observer = new ResizeObserver(show) // what is known of it comes bit by bit, and makes it larger
    observer.observe(piece)
    return () => observer.disconnect()
  }, [list, chosen, place, ids.length])

  return {
    onFocus(event: FocusEvent): void {
      hasFocus.current = true
      const id = pieceOf(event.target)
      if (id !== undefined && id !== chosen) choose(id)
    },
    onBlur(): void {
      hasFocus.current = false
    },
    onKeyDown(event: KeyboardEvent): void {
      if (isPointed() || event.shiftKey || event.ctrlKey || event.altKey || event.metaKey) return
      if (!(event.target instanceof Element) || !event.target.matches('[data-face]')) return
      const step = (arrows[along] as Partial<Record<string, number>>)[event.key]
      const ends: Partial<Record<string, number>> = { Home: 0, End: ids.length - 1 }
      const at = step === undefined ? ends[event.key] : place + step
      if (at === undefined) return
      event.preventDefault()
      event.stopPropagation()
      const next = ids[at]
      if (next !== undefined) choose(next)
    },
  }
}
