// A window over the window: title, content, a row of buttons. The browser keeps the focus inside and gives it back; Escape closes
// it, Enter does what it is for. The focus begins at the content, where neither Enter nor a key that is still held closes or types.
import { KeyboardEvent, ReactNode, useId, useLayoutEffect, useRef } from 'react'
import { X } from 'lucide-react'
import { IconButton } from './Button.js'
import styles from './Dialog.module.css'

interface Props {
  title: string
  closeLabel: string
  onClose: () => void
  /** Enter, in a line of text or where nothing in particular has the focus. */
  onEnter?: () => void
  children: ReactNode
  /** In sight however far the content is scrolled. */
  beforeFooter?: ReactNode
  footer?: ReactNode
  isWide?: boolean
}

export function Dialog({
  title,
  closeLabel,
  onClose,
  onEnter,
  children,
  beforeFooter,
  footer,
  isWide,
}: Props) {
  const dialog = useRef<HTMLDialogElement>(null)
  const body = useRef<HTMLDivElement>(null)
  const id = useId()
  // Closed while it is still in the page: only then does the browser give the focus back to what had it before.
  useLayoutEffect(() => {
    const element = dialog.current
    if (element && !element.open) element.showModal()
    body.current?.focus()
    return () => element?.close()
  }, [])
  const onKeyDown = (event: KeyboardEvent): void => {
    event.stopPropagation()
    // While a word is being composed, Enter is the input method's.
    if (event.key !== 'Enter' || event.repeat || event.nativeEvent.isComposing) return
    const isLine = event.target instanceof HTMLInputElement && event.target.type === 'text'
    if (isLine || event.target === body.current) onEnter?.()
  }
  return (
    <dialog
      ref={dialog}
      className={`${styles.dialog} ${isWide ? styles.wide : ''}`}
      aria-labelledby={id}
      onCancel={(event) => {
        event.preventDefault()
        onClose()
      }}
      onKeyDown={onKeyDown}
      onMouseDown={(event) => {
        // The second press of a double click is still meant for what opened this.
        if (event.target === dialog.current && event.detail < 2) onClose()
      }}
    >
      <div className={styles.sheet}>
        <header className={styles.header}>
          <h2 id={id}>{title}</h2>
          <IconButton label={closeLabel} onClick={onClose}>
            <X />
          </IconButton>
        </header>
        <div ref={body} tabIndex={-1} className={styles.body}>
          {children}
        </div>
        {beforeFooter}
        {footer && <footer className={styles.footer}>{footer}</footer>}
      </div>
    </dialog>
  )
}
