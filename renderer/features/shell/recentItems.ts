// The recent projects as the last items of the File menu.
import { useTranslation } from 'react-i18next'
import { menuRecents } from '../../../electron/shared/words/commandNames.js'
import { nearest } from '../../../electron/shared/words/sentences.js'
import { projectLabel } from '../../../electron/shared/words/projectLabel.js'
import { useProjectFile } from '../../stores/projectFile.js'
import { openProject } from '../../stores/projectFiles.js'
import { MenuItem } from '../../ui/MenuBar.js'

export function useRecentItems(): readonly (MenuItem | null)[] {
  const { i18n } = useTranslation()
  const { recent, file } = useProjectFile()
  const others = recent.filter(({ path }) => path !== file?.path).slice(0, menuRecents)
  if (others.length === 0) return []
  return [
    null,
    ...others.map((project) => ({
      id: `recent ${project.path}`,
      label: projectLabel(project, recent, nearest(i18n.language)),
      onChoose: () => void openProject(project.path),
    })),
  ]
}
