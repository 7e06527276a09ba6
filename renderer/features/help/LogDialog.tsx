// The log as text, which begins at its newest line, and a copy of it to be passed on: without names of files, folders and the person.
import { useEffect, useLayoutEffect, useRef, useState } from 'react'
import { LogText } from '../../../electron/shared/contract/app.js'
import { Failure, sentenceOf, toFailure } from '../../../electron/shared/contract/errors.js'
import { api, useHost } from '../../stores/host.js'
import { closeDialog, notifyFailure } from '../../stores/session.js'
import { useWords } from '../../stores/words.js'
import { Button } from '../../ui/Button.js'
import { Dialog } from '../../ui/Dialog.js'
import styles from './Help.module.css'

export function LogDialog() {
  const { t, language } = useWords()
  const [log, setLog] = useState<LogText>()
  const [failure, setFailure] = useState<Failure>()
  const [isCopied, setCopied] = useState(false)
  const canReveal = useHost((s) => s.info?.canReveal ?? false)
  useEffect(() => {
    api()
      .app.log()
      .then(setLog, (error: unknown) => setFailure(toFailure(error)))
  }, [])
  const lines = useRef<HTMLPreElement>(null)
  useLayoutEffect(() => {
    if (!log || !lines.current) return
    lines.current.scrollTop = lines.current.scrollHeight
    lines.current.focus({ preventScroll: true })
  }, [log])
  const copy = (): void => {
    if (!log) return
    navigator.clipboard.writeText(log.blanked).then(() => setCopied(true), notifyFailure)
  }
  return (
    <Dialog
      title={t('log.title')}
      closeLabel={t('close')}
      onClose={closeDialog}
      isWide
      footer={
        <>
          {canReveal && (
            <Button onClick={() => void api().app.revealLog().catch(notifyFailure)}>{t('log.reveal')}</Button>
          )}
          <Button kind="primary" disabled={!log} onClick={copy}>
            {t('log.copy')}
          </Button>
        </>
      }
    >
      <p>{t('log.explain')}</p>
      {log && <p className="selectable">{log.path}</p>}
      {log && (
        <pre ref={lines} className={`${styles.log} selectable`} tabIndex={0} aria-label={t('log.title')}>
          {log.text || t('log.empty')}
        </pre>
      )}
      <p role="status">{failure ? sentenceOf(failure, language) : isCopied ? t('log.copied') : ''}</p>
    </Dialog>
  )
}
