// Below a page that saves something: why it could not be, a way out, and the button that does it.
import { Button } from './Button.js'
import styles from './SaveFooter.module.css'

interface Props {
  failure: string | undefined
  words: { cancel: string; save: string }
  onCancel: () => void
  /** Undefined: not now. */
  onSave: (() => void) | undefined
}

export function SaveFooter({ failure, words, onCancel, onSave }: Props) {
  return (
    <>
      {failure !== undefined && (
        <p className={styles.failure} role="alert">
          {failure}
        </p>
      )}
      <Button onClick={onCancel}>{words.cancel}</Button>
      <Button kind="primary" size="large" disabled={!onSave} onClick={onSave}>
        {words.save}
      </Button>
    </>
  )
}
