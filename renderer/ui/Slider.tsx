// A value from 0 to 1, moved in steps of 5 % and, with Shift held, of 1 %. It is told once, when the hand is off it: a drag is one edit.
import { KeyboardEvent, useState } from 'react'
import styles from './Slider.module.css'

interface Props {
  label: string
  value: number
  /** The value in words, beside the label and for screen readers. */
  words: (value: number) => string
  onCommit: (value: number) => void
  /** The hand is on it. */
  onHold?: () => void
}

const steps: Readonly<Record<string, number>> = { ArrowRight: 1, ArrowUp: 1, ArrowLeft: -1, ArrowDown: -1 }
const step = 0.05
const fineStep = 0.01

export function Slider({ label, value, words, onCommit, onHold }: Props) {
  const [moved, setMoved] = useState<number>()
  const shown = moved ?? value
  const commit = (): void => {
    if (moved !== undefined && moved !== value) onCommit(moved)
    setMoved(undefined)
  }
  const onKeyDown = (event: KeyboardEvent): void => {
    const direction = steps[event.key]
    if (direction === undefined || event.ctrlKey || event.altKey || event.metaKey) return
    onHold?.()
    event.preventDefault()
    const next = shown + direction * (event.shiftKey ? fineStep : step)
    setMoved(Math.round(Math.min(1, Math.max(0, next)) * 100) / 100)
  }
  return (
    <label className={styles.slider}>
      <span className={styles.line}>
        <span>{label}</span>
        <span>{words(shown)}</span>
      </span>
      <input
        type="range"
        aria-label={label}
        aria-valuetext={words(shown)}
        min={0}
        max={1}
        step={fineStep}
        value={shown}
        onChange={(event) => setMoved(Number(event.target.value))}
        onKeyDown={onKeyDown}
        onKeyUp={commit}
        onPointerDown={onHold}
        onPointerUp={commit}
        onBlur={commit}
      />
    </label>
  )
}
