// A labelled drop-down list: the system's own, which every keyboard and screen reader knows.
import { useId } from 'react'
import styles from './Select.module.css'

interface Props<T extends string> {
  label: string
  value: T
  options: readonly { value: T; label: string }[]
  onChange: (value: T) => void
  /** The label stands beside the list instead of above it. */
  isInline?: boolean
  /** Only told to who cannot see what stands around the list. */
  isLabelHidden?: boolean
}

export function Select<T extends string>({
  label,
  value,
  options,
  onChange,
  isInline,
  isLabelHidden,
}: Props<T>) {
  const id = useId()
  return (
    <div className={isInline ? styles.line : styles.row}>
      <label htmlFor={id} className={isLabelHidden ? 'visually-hidden' : undefined}>
        {label}
      </label>
      <select
        id={id}
        className={styles.select}
        value={value}
        onChange={(event) => {
          const chosen = options.find((o) => o.value === event.target.value)
          if (chosen) onChange(chosen.value)
        }}
      >
        {options.map((option) => (
          <option key={option.value} value={option.value}>
            {option.label}
          </option>
        ))}
      </select>
    </div>
  )
}
