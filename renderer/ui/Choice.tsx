// One of a few, all visible: a row of buttons that is a radio group to keyboards and screen readers.
import { KeyboardEvent, ReactNode, useRef } from 'react'
import styles from './Choice.module.css'

interface Option<T> {
  value: T
  label: ReactNode
  /** A second, smaller line. */
  note?: ReactNode
  /** Spoken and shown on hover where the label is a picture. */
  title?: string
  isDisabled?: boolean
  /** In a line of its own, where the others would not stand evenly beside it. */
  isWide?: boolean
}

interface Props<T> {
  label: string
  value: T
  options: readonly Option<T>[]
  onChange: (value: T) => void
  /** `cards` have room for a note each. */
  look?: 'row' | 'cards' | 'dark'
}

export function Choice<T extends string | number>({
  label,
  value,
  options,
  onChange,
  look = 'row',
}: Props<T>) {
  const group = useRef<HTMLDivElement>(null)
  // While nothing is chosen, Tab reaches the first.
  const reached = options.find((o) => o.value === value) ?? options.find((o) => !o.isDisabled)
  const onKeyDown = (event: KeyboardEvent): void => {
    const step = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 }[event.key]
    if (step === undefined || event.shiftKey || event.ctrlKey || event.altKey || event.metaKey) return
    event.preventDefault()
    event.stopPropagation()
    const usable = options.filter((o) => !o.isDisabled)
    const at = usable.findIndex((o) => o.value === value)
    const next = usable[(at + step + usable.length) % usable.length]
    if (!next) return
    onChange(next.value)
    group.current?.querySelectorAll<HTMLElement>('[role=radio]')[options.indexOf(next)]?.focus()
  }
  return (
    <div ref={group} role="radiogroup" aria-label={label} className={styles[look]} onKeyDown={onKeyDown}>
      {options.map((option) => (
        <button
          key={option.value}
          type="button"
          role="radio"
          aria-checked={option.value === value}
          aria-label={option.title}
          title={option.title}
          tabIndex={option === reached ? 0 : -1}
          disabled={option.isDisabled}
          className={`${styles.option} ${option.isWide ? styles.wide : ''}`}
          onClick={() => onChange(option.value)}
        >
          <span>{option.label}</span>
          {option.note && <small className={styles.note}>{option.note}</small>}
        </button>
      ))}
    </div>
  )
}
