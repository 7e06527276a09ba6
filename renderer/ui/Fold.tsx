// Details that stay folded until asked for.
import { ReactNode } from 'react'
import styles from './Fold.module.css'

export function Fold({ title, children }: { title: string; children: ReactNode }) {
  return (
    <details className={styles.fold}>
      <summary>{title}</summary>
      <div className={styles.content}>{children}</div>
    </details>
  )
}
