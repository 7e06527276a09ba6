// A menu bar as desktop programs have it: click or arrow keys, one menu open at a time.
import { KeyboardEvent, RefObject, useEffect, useRef, useState } from 'react'
import styles from './MenuBar.module.css'

export interface MenuItem {
  id: string
  label: string
  keys?: string
  isDisabled?: boolean
  isChecked?: boolean
  onChoose: () => void
}

export interface Menu {
  id: string
  label: string
  /** null is a separating line. */
  items: readonly (MenuItem | null)[]
}

export function MenuBar({ label, menus }: { label: string; menus: readonly Menu[] }) {
  const bar = useRef<HTMLDivElement>(null)
  const [open, setOpen] = useState<number>()
  useClosing(bar, open, setOpen)

  const onKeyDown = (event: KeyboardEvent): void => {
    if (event.ctrlKey || event.altKey || event.metaKey) return
    const titles = titlesIn(bar.current)
    const at = open ?? titles.indexOf(document.activeElement as HTMLElement)
    const sideways = event.key === 'ArrowRight' ? 1 : event.key === 'ArrowLeft' ? -1 : 0
    if (sideways !== 0) {
      const next = (at + sideways + menus.length) % menus.length
      if (open !== undefined) setOpen(next)
      titles[next]?.focus()
    } else if (event.key === 'ArrowDown' || event.key === 'ArrowUp') {
      if (open === undefined) setOpen(at)
      // The list is there only after the next paint.
      requestAnimationFrame(() => focusItem(bar.current, event.key === 'ArrowDown' ? 1 : -1))
    } else if (event.key === 'Escape' && open !== undefined) {
      setOpen(undefined)
      titles[open]?.focus()
    } else return
    event.preventDefault()
    event.stopPropagation()
  }

  return (
    <div ref={bar} role="menubar" aria-label={label} className={styles.bar} onKeyDown={onKeyDown}>
      {menus.map((menu, index) => (
        <div key={menu.id} role="none" className={styles.menu}>
          <button
            type="button"
            role="menuitem"
            data-title
            aria-haspopup="menu"
            aria-expanded={open === index}
            tabIndex={index === (open ?? 0) ? 0 : -1}
            className={styles.title}
            onClick={() => setOpen(open === index ? undefined : index)}
            onPointerEnter={() => open !== undefined && setOpen(index)}
          >
            {menu.label}
          </button>
          {open === index && <MenuList menu={menu} onClose={() => setOpen(undefined)} />}
        </div>
      ))}
    </div>
  )
}

/** A press anywhere else puts the open menu away. */
function useClosing(
  bar: RefObject<HTMLElement | null>,
  open: number | undefined,
  setOpen: (index: undefined) => void,
): void {
  useEffect(() => {
    if (open === undefined) return
    const close = (event: PointerEvent): void => {
      if (!bar.current?.contains(event.target as Node)) setOpen(undefined)
    }
    window.addEventListener('pointerdown', close)
    return () => window.removeEventListener('pointerdown', close)
  }, [bar, open, setOpen])
}

const titlesIn = (bar: HTMLElement | null): HTMLElement[] => [
  ...(bar?.querySelectorAll<HTMLElement>('[data-title]') ?? []),
]

/** The item one step on, round and round; from outside the list its first or its last one. */
function focusItem(bar: HTMLElement | null, step: number): void {
  const items = [
    ...(bar?.querySelectorAll<HTMLElement>('[role^=menuitem]:not([data-title], :disabled)') ?? []),
  ]
  const at = items.indexOf(document.activeElement as HTMLElement)
  const next = at < 0 ? (step > 0 ? 0 : items.length - 1) : (at + step + items.length) % items.length
  items[next]?.focus()
}

function MenuList({ menu, onClose }: { menu: Menu; onClose: () => void }) {
  return (
    <div role="menu" aria-label={menu.label} className={styles.list}>
      {menu.items.map((item, i) =>
        item === null ? (
          <div key={`line-${i}`} role="separator" className={styles.line} />
        ) : (
          <button
            key={item.id}
            type="button"
            role={item.isChecked === undefined ? 'menuitem' : 'menuitemcheckbox'}
            aria-checked={item.isChecked}
            tabIndex={-1}
            disabled={item.isDisabled}
            className={styles.item}
            onClick={() => {
              onClose()
              item.onChoose()
            }}
          >
            <span className={styles.check}>{item.isChecked ? '✓' : ''}</span>
            <span className={styles.words}>{item.label}</span>
            <kbd className={styles.keys}>{item.keys}</kbd>
          </button>
        ),
      )}
    </div>
  )
}
