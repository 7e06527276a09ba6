// A page to walk through folders of another computer: where we are, what is there, one step up. The focus goes along: into a
// folder to its first entry, out of it to the folder itself.
import { KeyboardEvent, useEffect, useRef, useState } from 'react'
import { ArrowUp, File, Folder } from 'lucide-react'
import { Button } from './Button.js'
import styles from './FolderBrowser.module.css'

export interface FolderPage {
  path?: string
  parent?: string
  entries: readonly { name: string; path: string; isFolder: boolean; note?: string }[]
}

export interface FolderWords {
  up: string
  loading: string
  empty: string
  top: string
  /** Why a folder could not be listed, in the language of the window. */
  failed: (error: unknown) => string
}

interface Props {
  load: (path: string | null) => Promise<FolderPage>
  /** Undefined: only folders are listed. */
  onFile?: (path: string) => void
  onFolder?: (path: string | undefined) => void
  /** Files are listed although they cannot be chosen. */
  areFilesShown?: boolean
  words: FolderWords
}

export function FolderBrowser({ load, onFile, onFolder, areFilesShown = false, words }: Props) {
  const browser = useRef<HTMLDivElement>(null)
  const left = useRef<string>(undefined)
  const [wanted, setWanted] = useState<string | null>(null)
  const [page, setPage] = useState<{ of: string | null; page?: FolderPage; failure?: unknown }>()
  useEffect(() => {
    let isCurrent = true
    load(wanted).then(
      (loaded) => {
        if (!isCurrent) return
        setPage({ of: wanted, page: loaded })
        onFolder?.(loaded.path)
      },
      (error: unknown) => {
        if (isCurrent) setPage({ of: wanted, failure: error })
      },
    )
    return () => {
      isCurrent = false
    }
  }, [load, wanted, onFolder])

  useEffect(() => {
    if (page?.of !== wanted) return
    const active = document.activeElement
    // It is on nothing in particular: on what is around this, or nowhere, because what was chosen is gone.
    if (active !== document.body && !active?.contains(browser.current)) return
    const buttons = [...(browser.current?.querySelectorAll<HTMLElement>('button:not(:disabled)') ?? [])]
    const entries = buttons.filter((button) => button.dataset['path'] !== undefined)
    const first = entries.find((entry) => entry.dataset['path'] === left.current) ?? entries[0] ?? buttons[0]
    first?.focus()
  }, [page, wanted])

  const walk = (to: string | null): void => {
    left.current = page?.page?.path
    setWanted(to)
  }
  // A key that is held walks one step only.
  const onKeyDown = (event: KeyboardEvent): void => {
    if (event.key === 'Enter' && event.repeat) event.preventDefault()
  }

  const shown = page?.of === wanted ? page : undefined
  const entries = shown?.page?.entries.filter((entry) => entry.isFolder || onFile || areFilesShown) ?? []
  const canGoUp = wanted !== null
  return (
    <div ref={browser} className={styles.browser} onKeyDown={onKeyDown}>
      <div className={styles.where}>
        <Button
          size="small"
          icon={<ArrowUp />}
          disabled={!canGoUp}
          onClick={() => walk(shown?.page?.parent ?? null)}
        >
          {words.up}
        </Button>
        <span className={styles.path}>{shown?.page?.path ?? words.top}</span>
      </div>
      <ul className={styles.entries}>
        {entries.map((entry) => (
          <li key={entry.path}>
            <button
              type="button"
              className={styles.entry}
              data-path={entry.path}
              disabled={!entry.isFolder && !onFile}
              onClick={() => (entry.isFolder ? walk(entry.path) : onFile?.(entry.path))}
            >
              {entry.isFolder ? <Folder aria-hidden /> : <File aria-hidden />}
              <span className={styles.name}>{entry.name}</span>
              <span className={styles.note}>{entry.note}</span>
            </button>
          </li>
        ))}
        {!shown && <li className={styles.words}>{words.loading}</li>}
        {shown && !shown.page && (
          <li className={styles.words} role="alert">
            {words.failed(shown.failure)}
          </li>
        )}
        {shown?.page && entries.length === 0 && <li className={styles.words}>{words.empty}</li>}
      </ul>
    </div>
  )
}
