// Fields that the file says nothing of: told of where they are seen, with an offer to take them apart, and the way back.
import { useState } from 'react'
import { isUntaggedInterlaced } from '../../../electron/shared/media/damage.js'
import { Source, isTakenApart } from '../../../electron/shared/media/source.js'
import { useDamage } from '../../stores/damage.js'
import { putTogether, takeApart } from '../../stores/fields.js'
import { useWords } from '../../stores/words.js'
import { Button } from '../../ui/Button.js'
import { noteLook } from '../../ui/Note.js'
import styles from './Enhance.module.css'

/** One button for both ways: the focus stays on it. */
export function FieldsNote({ source }: { source: Source }) {
  const { t } = useWords()
  const damage = useDamage((s) => s.damages[source.id])
  const [isWorking, setWorking] = useState(false)
  const isApart = isTakenApart(source)
  const isTold = isApart || (damage !== undefined && isUntaggedInterlaced(source, damage))
  const change = async (): Promise<void> => {
    if (isWorking) return
    setWorking(true)
    await (isApart ? putTogether(source) : takeApart(source))
    setWorking(false)
  }
  const sentence = isWorking ? 'fields.looking' : isApart ? 'fields.apart' : 'fields.combed'
  return (
    <div className={isTold ? noteLook('offer') : styles.untold}>
      <p role="status">{isTold && t(sentence)}</p>
      {isTold && (
        <Button size="small" aria-disabled={isWorking} onClick={() => void change()}>
          {t(isApart ? 'fields.putTogether' : 'fields.takeApart')}
        </Button>
      )}
    </div>
  )
}
