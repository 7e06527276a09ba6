// Films may be dropped anywhere on the window; while one hovers, the window says so.
import { DragEvent, ReactNode, useState } from 'react'
import { openDropped } from '../../stores/dropped.js'
import { useWords } from '../../stores/words.js'
import styles from './Open.module.css'

const hasFiles = (event: DragEvent): boolean => event.dataTransfer.types.includes('Files')

export function DropZone({ children }: { children: ReactNode }) {
  const { t } = useWords()
  // Entering a child comes before leaving its parent: count, rather than switch.
  const [depth, setDepth] = useState(0)
  return (
    <div
      className={styles.zone}
      onDragEnter={(event) => hasFiles(event) && setDepth((n) => n + 1)}
      onDragLeave={(event) => hasFiles(event) && setDepth((n) => Math.max(0, n - 1))}
      onDragOver={(event) => {
        if (!hasFiles(event)) return
        event.preventDefault()
        event.dataTransfer.dropEffect = 'copy'
      }}
      onDrop={(event) => {
        event.preventDefault()
        setDepth(0)
        void openDropped(event.dataTransfer)
      }}
    >
      {children}
      {depth > 0 && <div className={styles.hover}>{t('start.dropHere')}</div>}
    </div>
  )
}
