// A bar that fills; without a value it only says that something is going on.
import styles from './Progress.module.css'

export function Progress({ label, value }: { label: string; value?: number }) {
  const percent = value === undefined ? undefined : Math.round(value * 100)
  return (
    <div
      role="progressbar"
      aria-label={label}
      aria-valuemin={0}
      aria-valuemax={100}
      aria-valuenow={percent}
      className={`${styles.bar} ${percent === undefined ? styles.unknown : ''}`}
    >
      <div className={styles.fill} style={{ width: `${percent ?? 30}%` }} />
    </div>
  )
}
