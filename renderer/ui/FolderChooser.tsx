// Choosing one folder of another computer: walk there, then take it.
import { useState } from 'react'
import { Button } from './Button.js'
import { FolderBrowser, FolderPage, FolderWords } from './FolderBrowser.js'
import styles from './FolderBrowser.module.css'

interface Props {
  load: (path: string | null) => Promise<FolderPage>
  words: FolderWords & { take: string }
  onChoose: (folder: string) => void
}

export function FolderChooser({ load, words, onChoose }: Props) {
  const [folder, setFolder] = useState<string>()
  return (
    <div className={styles.chooser}>
      <FolderBrowser load={load} onFolder={setFolder} words={words} />
      <Button disabled={folder === undefined} onClick={() => folder !== undefined && onChoose(folder)}>
        {words.take}
      </Button>
    </div>
  )
}
