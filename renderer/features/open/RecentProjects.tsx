// The projects that were open before, on the page that is there before there is a film.
import { openProject } from '../../stores/projectFiles.js'
import { projectLabel } from '../../../electron/shared/words/projectLabel.js'
import { useProjectFile } from '../../stores/projectFile.js'
import { useWords } from '../../stores/words.js'
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
          <li key={project.path}>
            <button
              type="button"
              onClick={() => void openProject(project.path)}
              title={project.name === null ? undefined : project.path}
            >
              <span>{projectLabel(project, recent, language)}</span>
              <small>{formatDate(language, new Date(project.openedMs))}</small>
            </button>
          </li>
        ))}
      </ul>
    </section>
  )
}
