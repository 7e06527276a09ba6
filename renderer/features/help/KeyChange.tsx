// Waits for the new keys of a command. Escape leaves all as it is; keys that another command has are only taken from it when that is said.
import { KeyboardEvent as ReactKeyboardEvent, useEffect, useRef, useState } from 'react'
import { CommandName } from '../../../electron/shared/words/commandNames.js'
import { chordOf } from '../../../electron/shared/words/keys.js'
import { chooseKey, commandBy, takeKey, withoutKey } from '../../stores/keys.js'
import { useWords } from '../../stores/words.js'
import { Button } from '../../ui/Button.js'
import { isMac, keyWords } from '../../ui/keyWords.js'
import styles from './Help.module.css'

interface Props {
  name: CommandName
  words: string
  /** Undefined: it has the keys that it came with. */
  onReset: (() => void) | undefined
  onEnd: () => void
}

interface Taken {
  chord: string
  event: KeyboardEvent
  by: CommandName
}

export function KeyChange({ name, words, onReset, onEnd }: Props) {
  const { t } = useWords()
  const field = useRef<HTMLInputElement>(null)
  const [taken, setTaken] = useState<Taken | 'refused'>()
  useEffect(() => field.current?.focus(), [])
  const after = (work: () => void) => (): void => {
    work()
    onEnd()
  }
  const onKeyDown = (event: ReactKeyboardEvent): void => {
    if (event.key === 'Tab' || event.nativeEvent.isComposing) return
    event.preventDefault()
    event.stopPropagation()
    if (event.key === 'Escape') return onEnd()
    const pressed = chordOf(event.nativeEvent, isMac)
    if (!pressed) return
    if (pressed === 'refused') return setTaken('refused')
    const by = commandBy(event.nativeEvent)
    if (by === name) return onEnd()
    if (by) return setTaken({ ...pressed, event: event.nativeEvent, by })
    chooseKey(name, pressed.chord)
    onEnd()
  }
  return (
    <div className={styles.changing}>
      <input
        ref={field}
        className={styles.newKeys}
        aria-label={t('help.newKeysOf', { name: words })}
        placeholder={t('help.press')}
        value={taken && taken !== 'refused' ? (keyWords(taken.chord) ?? '') : ''}
        readOnly
        onKeyDown={onKeyDown}
      />
      <Told taken={taken} />
      <div className={styles.keys}>
        {taken && taken !== 'refused' && (
          <Button
            size="small"
            kind="primary"
            onClick={after(() => takeKey(name, taken.chord, taken.event, taken.by))}
          >
            {t('help.take')}
          </Button>
        )}
        {onReset && (
          <Button size="small" onClick={after(onReset)}>
            {t('help.reset')}
          </Button>
        )}
        <Button size="small" onClick={after(() => withoutKey(name))}>
          {t('help.noKey')}
        </Button>
        <Button size="small" onClick={onEnd}>
          {t('cancel')}
        </Button>
      </div>
    </div>
  )
}

function Told({ taken }: { taken: Taken | 'refused' | undefined }) {
  const { t } = useWords()
  if (taken === 'refused') return <p role="status">{t('help.refused')}</p>
  return (
    <p role="status">
      {taken && t('help.taken', { keys: keyWords(taken.chord) ?? '', name: t(`command.${taken.by}`) })}
    </p>
  )
}
