// Weight files with their fingerprints, and whether they are the ones the authors published.
import { WeightFile } from '../../../electron/shared/contract/models.js'
import { useWords } from '../../stores/words.js'
import { formatBytes } from '../../ui/format.js'
import styles from './Models.module.css'

export function FileList({ title, files }: { title: string; files: readonly WeightFile[] }) {
  const { t, language } = useWords()
  return (
    <div className={styles.files}>
      <p className={styles.soft}>{title}</p>
      <ul className="selectable">
        {files.map((file) => (
          <li key={file.name}>
            <span>
              {file.name}, {formatBytes(language, file.bytes)}
            </span>
            <span className={styles.soft}>
              {t(file.isKnown ? 'models.facts.known' : 'models.facts.notKnown')}
            </span>
            <code className={styles.hash}>{file.hash}</code>
          </li>
        ))}
      </ul>
    </div>
  )
}
