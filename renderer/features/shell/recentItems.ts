// The recent projects as the last items of the File menu.
import { menuRecents } from '../../../electron/shared/words/commandNames.js'
import { projectLabel } from '../../../electron/shared/words/projectLabel.js'
import { useProjectFile } from '../../stores/projectFile.js'
import { openProject } from '../../stores/projectFiles.js'
import { useWords } from '../../stores/words.js'
import { MenuItem } from '../../ui/MenuBar.js'

export function useRecentItems(): readonly (MenuItem | null)[] {
  const { language } = useWords()
  const { recent, file } = useProjectFile()
  const others = recent.filter(({ path }) => path !== file?.path).slice(0, menuRecents)
  if (others.length === 0) return []
  return [
    null,
    ...others.map((project) => ({
      id: `recent ${project.path}`,
      label: projectLabel(project, recent, language),
      onChoose: () => void openProject(project.path),
    })),
  ]
}
