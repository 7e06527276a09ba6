// A titled part of a dialog.
import type { ReactNode } from 'react'
import styles from './Part.module.css'

interface Props {
  title: string
  children: ReactNode
}

export function Part({ title, children }: Props) {
  return (
    <section className={styles.part}>
      <h3>{title}</h3>
      {children}
    </section>
  )
}
