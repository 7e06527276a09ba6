// A menu where the pointer was: arrow keys, Enter, Escape; a click elsewhere puts it away and the focus goes back.
import { KeyboardEvent, useEffect, useLayoutEffect, useRef, useState } from 'react'
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
    element.querySelector<HTMLElement>('[role=menuitem]:not(:disabled)')?.focus()
    return () => {
      if (before instanceof HTMLElement && document.activeElement === document.body) before.focus()
    }
  }, [at])

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
  }, [onClose])

  const onKeyDown = (event: KeyboardEvent): void => {
    const choices = [...(menu.current?.querySelectorAll<HTMLElement>('[role=menuitem]:not(:disabled)') ?? [])]
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key]
    if (step !== undefined) {
      const now = choices.indexOf(document.activeElement as HTMLElement)
      choices[(now + step + choices.length) % choices.length]?.focus()
    } else if (event.key === 'Escape' || event.key === 'Tab') onClose()
    else if (event.key !== 'Enter' && event.key !== ' ') return
    else return event.stopPropagation()
    event.preventDefault()
    event.stopPropagation()
  }

  return (
    <div
      ref={menu}
      role="menu"
      aria-label={label}
      className={`${styles.list} ${styles.floating}`}
      style={{ left: place.x, top: place.y }}
      onKeyDown={onKeyDown}
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
