// Details that stay folded until asked for.
import { MouseEvent, ReactNode } from 'react'
import styles from './Fold.module.css'

interface Props {
  title: ReactNode
  children: ReactNode
  /** Where somebody else knows whether it is open; told of every wish to open or close it. */
  isOpen?: boolean
  onToggle?: (isOpen: boolean) => void
}

export function Fold({ title, children, isOpen, onToggle }: Props) {
  const onClick = (event: MouseEvent): void => {
    event.preventDefault()
    onToggle?.(!isOpen)
  }
  return (
    <details className={styles.fold} open={isOpen}>
      <summary onClick={onToggle && onClick}>{title}</summary>
      <div className={styles.content}>{children}</div>
    </details>
  )
}
