// Pages of which one is shown: a tab list to keyboards and screen readers.
import { KeyboardEvent, ReactNode, useId, useRef } from 'react'
import styles from './Tabs.module.css'

interface Props<T extends string> {
  label: string
  value: T
  tabs: readonly { value: T; label: string; page: () => ReactNode }[]
  onChange: (value: T) => void
}

export function Tabs<T extends string>({ label, value, tabs, onChange }: Props<T>) {
  const list = useRef<HTMLDivElement>(null)
  const id = useId()
  const onKeyDown = (event: KeyboardEvent): void => {
    const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key]
    if (step === undefined) return
    event.preventDefault()
    const at = tabs.findIndex((tab) => tab.value === value)
    const next = (at + step + tabs.length) % tabs.length
    const tab = tabs[next]
    if (tab) onChange(tab.value)
    list.current?.querySelectorAll<HTMLElement>('[role=tab]')[next]?.focus()
  }
  return (
    <>
      <div ref={list} role="tablist" aria-label={label} className={styles.list} onKeyDown={onKeyDown}>
        {tabs.map((tab) => (
          <button
            key={tab.value}
            id={`${id}-${tab.value}`}
            type="button"
            role="tab"
            aria-selected={tab.value === value}
            aria-controls={tab.value === value ? `${id}-page` : undefined}
            tabIndex={tab.value === value ? 0 : -1}
            className={styles.tab}
            onClick={() => onChange(tab.value)}
          >
            {tab.label}
          </button>
        ))}
      </div>
      <div role="tabpanel" id={`${id}-page`} aria-labelledby={`${id}-${value}`} className={styles.page}>
        {tabs.find((tab) => tab.value === value)?.page()}
      </div>
    </>
  )
}
