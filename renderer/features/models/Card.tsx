// A part of the page that comes when it is asked for: it moves into view, because it may lie below what is seen.
import { ReactNode, useEffect, useRef } from 'react'
import styles from './Models.module.css'

export function Card({ label, children }: { label: string; children: ReactNode }) {
  const card = useRef<HTMLElement>(null)
  useEffect(() => {
    // Newer Chromium answers with a promise, which must not become React's clean-up.
    void card.current?.scrollIntoView({ block: 'start' })
  }, [])
  return (
    <section ref={card} className={styles.card} aria-label={label}>
      {children}
    </section>
  )
}
