// What windows ask of the saved document.
import type { Api } from '../../shared/contract/api.js'
import type { Grants } from '../access/grants.js'
import type { Projects } from './projects.js'

export interface ProjectParts {
  grants: Grants
  projects: Projects
  /** A desktop window may open again what its person opened before; other doors have their shared folders. */
  isDesktop: boolean
  /** Every window hears what is saved now. */
  tell: (revision: string) => void
}

export function projectHandlers({ grants, projects, isDesktop, tell }: ProjectParts): Api['project'] {
  return {
    load: async () => {
      const loaded = await projects.load()
      // Written by us, and only with sources that were allowed then.
      if (isDesktop)
        for (const { locations } of loaded.project?.media ?? []) await grants.addFile(locations.absolute)
      return loaded
    },
    save: async (project, revision) => {
      // Loading grants them on the desktop.
      if (isDesktop) for (const { locations } of project.media) await grants.check(locations.absolute)
      const saved = await projects.save(project, revision)
      tell(saved)
      return saved
    },
  }
}
