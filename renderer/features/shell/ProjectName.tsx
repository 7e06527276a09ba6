// What the shown project is called, where its person has named it.
import { useProjectFile } from '../../stores/projectFile.js'
import styles from './Shell.module.css'

export function ProjectName() {
  const file = useProjectFile((s) => s.file)
  if (!file || file.name === null) return null
  return (
    <span className={styles.project} title={file.path}>
      {file.name}
    </span>
  )
}
