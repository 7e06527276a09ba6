// An on/off switch with its words beside it.
import { ReactNode, useId } from 'react'
import styles from './Switch.module.css'

interface Props {
  isOn: boolean
  onChange: (isOn: boolean) => void
  isDisabled?: boolean
  children: ReactNode
}

export function Switch({ isOn, onChange, isDisabled, children }: Props) {
  const id = useId()
  return (
    <div className={styles.row}>
      <label htmlFor={id} className={styles.words}>
        {children}
      </label>
      <button
        id={id}
        type="button"
        role="switch"
        aria-checked={isOn}
        disabled={isDisabled}
        className={styles.track}
        onClick={() => onChange(!isOn)}
      >
        <span className={styles.thumb} />
      </button>
    </div>
  )
}
