// A page to walk through folders of another computer: where we are, what is there, one step up. The focus goes along: into a
// folder to its first entry, out of it to the folder itself; arrow keys go through the entries.
//
// Files are chosen as in any list of them: a click or Space takes one in or out, with Shift all from the last one on; a double click
// or Enter is for what is to be done with them.
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

export interface FileChoice {
  chosen: readonly string[]
  onChange: (paths: readonly string[]) => void
  /** The one that was pressed twice, or the chosen ones and the one in focus. */
  onOpen: (paths: readonly string[]) => void
}

interface Props {
  load: (path: string | null) => Promise<FolderPage>
  /** Undefined: files cannot be chosen. */
  files?: FileChoice
  onFolder?: (path: string | undefined) => void
  /** Files are listed although they cannot be chosen. */
  areFilesShown?: boolean
  words: FolderWords
}

const entriesIn = (browser: HTMLElement | null): HTMLElement[] => [
  ...(browser?.querySelectorAll<HTMLElement>('[data-path]') ?? []),
]

export function FolderBrowser({ load, files, onFolder, areFilesShown = false, words }: Props) {
  const browser = useRef<HTMLDivElement>(null)
  const left = useRef<string>(undefined)
  /** The file that was taken in or out last. */
  const last = useRef<string>(undefined)
  /** Of the press that a click comes from: what a browser makes of a click on the words beside a box says nothing of it. */
  const hasShift = useRef(false)
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
    const entries = entriesIn(browser.current)
    const first = entries.find((entry) => entry.dataset['path'] === left.current) ?? entries[0]
    ;(first ?? browser.current?.querySelector<HTMLElement>('button:not(:disabled)'))?.focus()
  }, [page, wanted])

  const walk = (to: string | null): void => {
    left.current = page?.page?.path
    last.current = undefined
    files?.onChange([])
    setWanted(to)
  }
  const onKeyDown = (event: KeyboardEvent): void => {
    // A key that is held walks one step only.
    if (event.key === 'Enter' && event.repeat) return event.preventDefault()
    if (event.key === 'Enter' && files && event.target instanceof HTMLInputElement) {
      event.preventDefault()
      const path = event.target.dataset['path'] ?? ''
      return files.onOpen(files.chosen.includes(path) ? files.chosen : [...files.chosen, path])
    }
    const by = event.key === 'ArrowDown' ? 1 : event.key === 'ArrowUp' ? -1 : 0
    if (by === 0) return
    const all = entriesIn(browser.current)
    const at = all.findIndex((entry) => entry === event.target)
    if (at < 0) return
    event.preventDefault()
    all[at + by]?.focus()
  }

  const shown = page?.of === wanted ? page : undefined
  const entries = shown?.page?.entries.filter((entry) => entry.isFolder || files || areFilesShown) ?? []
  const paths = entries.filter(({ isFolder }) => !isFolder).map(({ path }) => path)
  /** In their order in the folder. */
  const choose = (path: string, isRange: boolean): void => {
    if (!files) return
    const wish = new Set(files.chosen)
    const [from, to] = [paths.indexOf(last.current ?? path), paths.indexOf(path)]
    if (isRange) paths.slice(Math.min(from, to), Math.max(from, to) + 1).forEach((each) => wish.add(each))
    else if (!wish.delete(path)) wish.add(path)
    last.current = path
    files.onChange(paths.filter((each) => wish.has(each)))
  }
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
            {entry.isFolder ? (
              <button
                type="button"
                className={styles.entry}
                data-path={entry.path}
                onClick={() => walk(entry.path)}
              >
                <Folder aria-hidden />
                <span className={styles.name}>{entry.name}</span>
              </button>
            ) : (
              <label
                className={`${styles.entry} ${files ? '' : styles.still}`}
                onMouseDown={({ shiftKey }) => (hasShift.current = shiftKey)}
                onKeyDown={({ shiftKey }) => (hasShift.current = shiftKey)}
                onDoubleClick={() => files?.onOpen([entry.path])}
              >
                {files ? (
                  <input
                    type="checkbox"
                    data-path={entry.path}
                    checked={files.chosen.includes(entry.path)}
                    onChange={() => choose(entry.path, hasShift.current)}
                  />
                ) : (
                  <File aria-hidden />
                )}
                <span className={styles.name}>{entry.name}</span>
                <span className={styles.note}>{entry.note}</span>
              </label>
            )}
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
