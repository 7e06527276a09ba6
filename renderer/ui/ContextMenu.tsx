// A menu where the pointer was: arrow keys, Enter, Escape; a click elsewhere puts it away and the focus goes back.
import { KeyboardEvent, RefObject, useEffect, useLayoutEffect, useRef, useState } from 'react'
import { MenuItem } from './MenuBar.js'
import styles from './MenuBar.module.css'

interface Props {
  label: string
  /** Where the pointer was, in the window. */
  at: { x: number; y: number }
  items: readonly MenuItem[]
  onClose: () => void
}

export function ContextMenu({ label, at, items, onClose }: Props) {
  const [menu, place] = usePlaceInWindow(at)
  useClosing(menu, onClose)
  return (
    <div
      ref={menu}
      role="menu"
      aria-label={label}
      className={`${styles.list} ${styles.floating}`}
      style={{ left: place.x, top: place.y }}
      onKeyDown={(event) => onKeyDown(event, onClose)}
    >
      {items.map((item) => (
        <button
          key={item.id}
          type="button"
          role="menuitem"
          tabIndex={-1}
          disabled={item.isDisabled}
          className={styles.item}
          onClick={() => {
            onClose()
            item.onChoose()
          }}
        >
          <span className={styles.words}>{item.label}</span>
          <kbd className={styles.keys}>{item.keys}</kbd>
        </button>
      ))}
    </div>
  )
}

const itemsIn = (menu: HTMLElement): HTMLElement[] => [
  ...menu.querySelectorAll<HTMLElement>('[role=menuitem]:not(:disabled)'),
]

/** At the pointer, but whole. The focus begins at the first item, and goes back where it came from. */
function usePlaceInWindow(at: Props['at']) {
  const menu = useRef<HTMLDivElement>(null)
  const [place, setPlace] = useState(at)
  useLayoutEffect(() => {
    const element = menu.current
    if (!element) return
    const before = document.activeElement
    setPlace({
      x: Math.max(0, Math.min(at.x, innerWidth - element.offsetWidth)),
      y: Math.max(0, Math.min(at.y, innerHeight - element.offsetHeight)),
    })
    itemsIn(element)[0]?.focus()
    return () => {
      if (before instanceof HTMLElement && document.activeElement === document.body) before.focus()
    }
  }, [at])
  return [menu, place] as const
}

/** A press anywhere else puts it away, and so does another window. */
function useClosing(menu: RefObject<HTMLElement | null>, onClose: () => void): void {
  useEffect(() => {
    const close = (event: PointerEvent): void => {
      if (!menu.current?.contains(event.target as Node)) onClose()
    }
    window.addEventListener('pointerdown', close)
    window.addEventListener('blur', onClose)
    return () => {
      window.removeEventListener('pointerdown', close)
      window.removeEventListener('blur', onClose)
    }
  }, [menu, onClose])
}

function onKeyDown(event: KeyboardEvent<HTMLElement>, onClose: () => void): void {
  const items = itemsIn(event.currentTarget)
  const step = { ArrowDown: 1, ArrowUp: -1 }[event.key]
  if (step !== undefined) {
    const now = items.indexOf(document.activeElement as HTMLElement)
    items[(now + step + items.length) % items.length]?.focus()
  } else if (event.key === 'Escape' || event.key === 'Tab') onClose()
  else if (event.key !== 'Enter' && event.key !== ' ') return
  else return event.stopPropagation()
  event.preventDefault()
  event.stopPropagation()
}
