// A page to walk through folders of another computer: where we are, what is there, one step up. The focus goes along: into a
// folder to its first entry, out of it to the folder itself; arrow keys go through the entries.
//
// Files are chosen as in any list of them: a click or Space takes one in or out, with Shift all from the last one on; a double click
// or Enter is for what is to be done with them.
import { KeyboardEvent, RefObject, useCallback, useEffect, useRef, useState } from 'react'
import { ArrowUp, File, Folder } from 'lucide-react'
import { Button } from './Button.js'
import styles from './FolderBrowser.module.css'

export interface FolderPage {
  path?: string
  parent?: string
  entries: readonly FolderEntry[]
}

interface FolderEntry {
  name: string
  path: string
  isFolder: boolean
  note?: string
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
  /** One takes the place of the other: they are chosen like stations of a radio. */
  isOne?: boolean
  chosen: readonly string[]
  onChange: (paths: readonly string[]) => void
  /** The one that was pressed twice, or the chosen ones and the one in focus. */
  onOpen: (paths: readonly string[]) => void
}

interface Props {
  load: (path: string | null) => Promise<FolderPage>
  /** Where to begin, if that can be listed; else at the top. */
  begin?: string
  /** Undefined: files cannot be chosen. */
  files?: FileChoice
  onFolder?: (path: string | undefined) => void
  /** Files are listed although they cannot be chosen. */
  areFilesShown?: boolean
  words: FolderWords
}

export function FolderBrowser({ load, begin, files, onFolder, areFilesShown = false, words }: Props) {
  const browser = useRef<HTMLDivElement>(null)
  const left = useRef<string>(undefined)
  /** The file that was taken in or out last. */
  const last = useRef<string>(undefined)
  const [wanted, setWanted] = useState<string | null>(begin ?? null)
  const toTop = useCallback(() => setWanted(null), [])
  const shown = useLoaded(load, wanted, onFolder, wanted === begin ? toTop : undefined)
  useFocusAlong(browser, left, shown)

  const walk = (to: string | null): void => {
    if (shown) left.current = shown.page?.path
    last.current = undefined
    files?.onChange([])
    setWanted(to)
  }
  const entries = shown?.page?.entries.filter((entry) => entry.isFolder || files || areFilesShown) ?? []
  const paths = entries.filter(({ isFolder }) => !isFolder).map(({ path }) => path)
  const choose = (path: string, isRange: boolean): void => {
    if (!files) return
    if (files.isOne) return files.onChange([path])
    const from = isRange ? (last.current ?? path) : undefined
    last.current = path
    files.onChange(chosenAfter(paths, files.chosen, path, from))
  }
  return (
    <div ref={browser} className={styles.browser} onKeyDown={(event) => onKeyDown(event, files)}>
      <div className={styles.where}>
        <Button
          size="small"
          icon={<ArrowUp />}
          disabled={wanted === null}
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
              <FolderButton entry={entry} onWalk={walk} />
            ) : (
              <FileLabel entry={entry} files={files} onChoose={choose} />
            )}
          </li>
        ))}
        <Instead shown={shown} isEmpty={entries.length === 0} words={words} />
      </ul>
    </div>
  )
}

interface Loaded {
  of: string | null
  page?: FolderPage
  failure?: unknown
}

/** What came of listing the wanted folder; undefined until something has. `leave`: what is done instead where it cannot be listed. */
function useLoaded(
  load: Props['load'],
  wanted: string | null,
  onFolder: Props['onFolder'],
  leave: (() => void) | undefined,
) {
  const [loaded, setLoaded] = useState<Loaded>()
  useEffect(() => {
    let isCurrent = true
    load(wanted).then(
      (page) => {
        if (!isCurrent) return
        setLoaded({ of: wanted, page })
        onFolder?.(page.path)
      },
      (failure: unknown) => {
        if (!isCurrent) return
        if (leave) leave()
        else setLoaded({ of: wanted, failure })
      },
    )
    return () => {
      isCurrent = false
    }
  }, [load, wanted, onFolder, leave])
  return loaded?.of === wanted ? loaded : undefined
}

const entriesIn = (browser: Element | null): HTMLElement[] => [
  ...(browser?.querySelectorAll<HTMLElement>('[data-path]') ?? []),
]

function useFocusAlong(
  browser: RefObject<HTMLElement | null>,
  left: RefObject<string | undefined>,
  shown: Loaded | undefined,
): void {
  useEffect(() => {
    if (!shown) return
    const active = document.activeElement
    // It is on nothing in particular: on what is around this, or nowhere, because what was chosen is gone.
    if (active !== document.body && !active?.contains(browser.current)) return
    const entries = entriesIn(browser.current)
    const first = entries.find((entry) => entry.dataset['path'] === left.current) ?? entries[0]
    ;(first ?? browser.current?.querySelector<HTMLElement>('button:not(:disabled)'))?.focus()
  }, [browser, left, shown])
}

function onKeyDown(event: KeyboardEvent, files: FileChoice | undefined): void {
  // A key that is held walks one step only.
  if (event.key === 'Enter' && event.repeat) return event.preventDefault()
  if (event.key === 'Enter' && files && event.target instanceof HTMLInputElement) {
    event.preventDefault()
    const path = event.target.dataset['path'] ?? ''
    const isMore = !files.isOne && !files.chosen.includes(path)
    return files.onOpen(isMore ? [...files.chosen, path] : files.isOne ? [path] : files.chosen)
  }
  const by = event.key === 'ArrowDown' ? 1 : event.key === 'ArrowUp' ? -1 : 0
  if (by === 0) return
  const all = entriesIn(event.currentTarget)
  const at = all.findIndex((entry) => entry === event.target)
  if (at < 0) return
  event.preventDefault()
  all[at + by]?.focus()
}

/** A press on one takes it in or out, a range takes all in from another one on. In the order in which they were taken in. */
function chosenAfter(
  paths: readonly string[],
  chosen: readonly string[],
  path: string,
  rangeFrom: string | undefined,
): string[] {
  const wish = new Set(chosen)
  if (rangeFrom !== undefined) {
    const [from, to] = [paths.indexOf(rangeFrom), paths.indexOf(path)]
    const range = paths.slice(Math.min(from, to), Math.max(from, to) + 1)
    for (const each of from <= to ? range : range.toReversed()) wish.add(each)
  } else if (!wish.delete(path)) wish.add(path)
  return [...wish]
}

function FolderButton({ entry, onWalk }: { entry: FolderEntry; onWalk: (to: string) => void }) {
  return (
    <button type="button" className={styles.entry} data-path={entry.path} onClick={() => onWalk(entry.path)}>
      <Folder aria-hidden />
      <span className={styles.name}>{entry.name}</span>
    </button>
  )
}

interface FileProps {
  entry: FolderEntry
  /** Undefined: it is listed only. */
  files: FileChoice | undefined
  onChoose: (path: string, isRange: boolean) => void
}

function FileLabel({ entry, files, onChoose }: FileProps) {
  /** Of the press that a click comes from: what a browser makes of a click on the words beside a box says nothing of it. */
  const hasShift = useRef(false)
  return (
    <label
      className={`${styles.entry} ${files ? '' : styles.still}`}
      onMouseDown={({ shiftKey }) => (hasShift.current = shiftKey)}
      onKeyDown={({ shiftKey }) => (hasShift.current = shiftKey)}
      onDoubleClick={() => files?.onOpen([entry.path])}
    >
      {files ? (
        <input
          type={files.isOne ? 'radio' : 'checkbox'}
          data-path={entry.path}
          checked={files.chosen.includes(entry.path)}
          onChange={() => onChoose(entry.path, hasShift.current)}
        />
      ) : (
        <File aria-hidden />
      )}
      <span className={styles.name}>{entry.name}</span>
      <span className={styles.note}>{entry.note}</span>
    </label>
  )
}

/** What stands where there are no entries, or none yet. */
function Instead({
  shown,
  isEmpty,
  words,
}: {
  shown: Loaded | undefined
  isEmpty: boolean
  words: FolderWords
}) {
  if (!shown) return <li className={styles.words}>{words.loading}</li>
  if (shown.page) return isEmpty ? <li className={styles.words}>{words.empty}</li> : null
  return (
    <li className={styles.words} role="alert">
      {words.failed(shown.failure)}
    </li>
  )
}
