// The projects that were open before, on the page that is there before there is a film.
import { X } from 'lucide-react'
import { RecentProject } from '../../../electron/shared/contract/project.js'
import { projectLabel } from '../../../electron/shared/words/projectLabel.js'
import { openProject } from '../../stores/projectFiles.js'
import { forgetProject, useProjectFile } from '../../stores/projectFile.js'
import { useWords } from '../../stores/words.js'
import { IconButton } from '../../ui/Button.js'
import { formatDate } from '../../ui/format.js'
import styles from './Open.module.css'

export function RecentProjects() {
  const { t, language } = useWords()
  const { recent, file } = useProjectFile()
  const others = recent.filter(({ path }) => path !== file?.path)
  if (others.length === 0) return null
  return (
    <section className={styles.recent} aria-label={t('project.recent')}>
      <h2>{t('project.recent')}</h2>
      <ul>
        {others.map((project) => (
          <Recent key={project.path} project={project} label={projectLabel(project, recent, language)} />
        ))}
      </ul>
    </section>
  )
}

/** One that is not there can be taken off the list. */
function Recent({ project, label }: { project: RecentProject; label: string }) {
  const { t, language } = useWords()
  const { path, name, openedMs, isThere } = project
  return (
    <li>
      <button
        type="button"
        className={styles.entry}
        onClick={() => void openProject(path)}
        title={name === null ? undefined : path}
      >
        <span>{label}</span>
        <small>{formatDate(language, new Date(openedMs))}</small>
      </button>
      {!isThere && (
        <IconButton label={t('project.forget', { name: label })} onClick={() => void forgetProject(path)}>
          <X />
        </IconButton>
      )}
    </li>
  )
}
