// What a new file is called and which folder it goes to; what stands in the way is said beside it.
import { KeyboardEvent, useEffect, useRef, useState } from 'react'
import { FolderOpen } from 'lucide-react'
import { Button } from './Button.js'
import { FolderPage, FolderWords } from './FolderBrowser.js'
import { FolderChooser } from './FolderChooser.js'
import { Part } from './Part.js'
import { NamedPlace, PlaceCheck, obstacleOf, splitPath, withSeparator } from './place.js'
import { Switch } from './Switch.js'
import styles from './NameAndPlace.module.css'

export interface PlaceWords {
  name: string
  inFolder: (folder: string) => string
  change: string
  noName: string
  nameTooLong: string
  isSource: string
  isInWork: string
  /** On the button that takes the free name beside. */
  useFree: (name: string) => string
  /** Beside the switch that allows replacing. */
  exists: (name: string) => string
  folders: FolderWords & { take: string }
}

interface Props {
  title: string
  words: PlaceWords
  place: NamedPlace
  ending: string
  /** Undefined until it is known. */
  check: PlaceCheck | undefined
  /** What is other than before: it may come after other changes, as a system's dialog answers when it likes. */
  onChange: (part: Partial<NamedPlace>) => void
  /** The system's own dialog, null when it was left; where there is none, folders are walked through here. */
  askSystem?: (name: string) => Promise<string | null>
  listFolder: (path: string | null) => Promise<FolderPage>
  onFailure: (error: unknown) => void
  /** The name has the focus when it appears, ready to be typed over, unless something in particular has it already. */
  beginsAtName?: boolean
}

export function NameAndPlace(props: Props) {
  const { title, words, place, ending, check, onChange, askSystem, listFolder, onFailure } = props
  const beginning = useBeginning(props.beginsAtName ?? false)
  const [isBrowsing, setBrowsing] = useState(false)
  const fileName = `${place.name}.${ending}`
  const choose = async (): Promise<void> => {
    if (!askSystem) return setBrowsing(true)
    try {
      const path = await askSystem(fileName)
      if (path === null) return
      const chosen = splitPath(path)
      // The system's dialog has asked about an existing file already: about the one it named, not about one with another ending.
      onChange({ ...chosen, mayOverwrite: path === `${chosen.folder}${chosen.name}.${ending}` })
    } catch (error) {
      onFailure(error)
    }
  }
  return (
    <Part title={title}>
      <div className={styles.row}>
        <input
          {...beginning}
          className={styles.name}
          aria-label={words.name}
          value={place.name}
          maxLength={200}
          onChange={(event) => onChange({ name: event.target.value.replace(/[\\/:*?"<>|]/g, '') })}
        />
        <span className={styles.soft}>.{ending}</span>
      </div>
      <div className={styles.row}>
        <span className={`${styles.soft} ${styles.folder}`}>{words.inFolder(place.folder)}</span>
        <Button size="small" icon={<FolderOpen />} onClick={() => void choose()}>
          {words.change}
        </Button>
      </div>
      {isBrowsing && (
        <FolderChooser
          load={listFolder}
          words={words.folders}
          onChoose={(folder) => {
            setBrowsing(false)
            onChange({ folder: withSeparator(folder) })
          }}
        />
      )}
      <InTheWay words={words} place={place} ending={ending} check={check} onChange={onChange} />
    </Part>
  )
}

/**
 * What is around the line of text may have the focus: nothing in particular has it then. A key that was held before does not type into
 * it.
 */
function useBeginning(takesFocus: boolean) {
  const ref = useRef<HTMLInputElement>(null)
  const mayBeHeld = useRef(takesFocus)
  useEffect(() => {
    if (!takesFocus || !ref.current || !document.activeElement?.contains(ref.current)) return
    ref.current.focus()
    ref.current.select()
  }, [takesFocus])
  const onKeyDown = (event: KeyboardEvent): void => {
    if (!event.repeat) mayBeHeld.current = false
    else if (mayBeHeld.current && event.key.length === 1) event.preventDefault()
  }
  return { ref, onKeyDown }
}

type InTheWayProps = Pick<Props, 'words' | 'place' | 'ending' | 'check' | 'onChange'>

/** Why nothing can be written there as things stand, and ways out of it. */
function InTheWay({ words, place, ending, check, onChange }: InTheWayProps) {
  const obstacle = obstacleOf(place, check)
  const free = check?.freePath === undefined ? undefined : splitPath(check.freePath)
  return (
    <>
      {obstacle !== undefined && obstacle !== 'exists' && (
        <p className={styles.obstacle} role="alert">
          {obstacle === 'refusal' ? check?.refusal : words[obstacle]}
        </p>
      )}
      {check?.exists && (obstacle === undefined || obstacle === 'exists') && (
        <div className={styles.taken}>
          <Switch isOn={place.mayOverwrite} onChange={(mayOverwrite) => onChange({ mayOverwrite })}>
            {words.exists(`${place.name}.${ending}`)}
          </Switch>
        </div>
      )}
      {free && (obstacle === 'exists' || obstacle === 'isInWork') && (
        <div className={styles.row}>
          <Button size="small" onClick={() => onChange(free)}>
            {words.useFree(`${free.name}.${ending}`)}
          </Button>
        </div>
      )}
    </>
  )
}
