// What windows ask of projects. Paths are checked against the grants here; those without a name are Heirloom's own and open to every window.
import { basename, resolve } from 'node:path'
import type { Api } from '../../shared/contract/api.js'
import { failing } from '../../shared/contract/errors.js'
import { isProjectName } from '../../shared/contract/project.js'
import type { Project } from '../../shared/document/document.js'
import { type Grants, realPath } from '../access/grants.js'
import { cutNotes, openMedia, saveCuts } from './cuts.js'
import type { Projects } from './projects.js'

export interface ProjectParts {
  grants: Grants
  projects: Projects
  /** The videos that are open. */
  media: Parameters<typeof openMedia>[0] & { paths(): string[] }
  /** A desktop window may open again what its person opened before; other doors have their shared folders. */
  isDesktop: boolean
  /** Every window hears what is saved now. */
  tell: (path: string, revision: string) => void
}

const absolute = (media: Project['media']): string[] => media.map(({ locations }) => locations.absolute)

export function projectHandlers({ grants, projects, media, isDesktop, tell }: ProjectParts): Api['project'] {
  /** The very file that is read and written, links resolved. Fails with `not-allowed`, and where no project can be. */
  async function check(path: string): Promise<string> {
    if (projects.isOwn(path)) return resolve(path)
    if (!isProjectName(path)) throw failing('bad-argument', 'projectName', { name: basename(path) })
    const real = await realPath(await grants.check(path))
    if (!isProjectName(real)) throw failing('bad-argument', 'projectName', { name: basename(real) })
    return grants.check(real)
  }

  /** Loading grants them on the desktop. */
  async function checkMedia(project: Project): Promise<void> {
    if (isDesktop) await grants.checkAll(absolute(project.media))
  }

  return {
    load: async (path) => {
      const loaded = await projects.load(await check(path ?? (await projects.last())))
      if (isDesktop) await grants.addFiles(absolute(loaded.project?.media ?? []))
      return loaded
    },
    save: async (path, project, revision) => {
      await checkMedia(project)
      const checked = await check(path)
      const saved = await projects.save(checked, project, revision)
      tell(checked, saved.revision)
      return saved
    },
    begin: () => projects.begin(),
    cutNotes: (project, format) => cutNotes(project, format, openMedia(media)),
    saveCuts: async (project, format, path, mayOverwrite) => {
      const output = { format, path: await grants.check(await realPath(path)), mayOverwrite }
      const sources = [...(await projects.sources()), ...media.paths(), ...absolute(project.media)]
      return saveCuts(project, output, sources, openMedia(media))
    },
    saveAs: async (from, to, project, mayOverwrite) => {
      await checkMedia(project)
      const saved = await projects.saveAs(await check(from), await check(to), project, mayOverwrite)
      tell(saved.file.path, saved.revision)
      return saved
    },
    forget: async (path) => {
      if (!projects.isOwn(path)) await projects.forget(await grants.check(path))
      return null
    },
    recent: async () => {
      const list = await projects.recent()
      const allowed = await Promise.all(
        list.map(({ path }) => (projects.isOwn(path) ? Promise.resolve(true) : grants.isAllowed(path))),
      )
      return list.filter((_, i) => allowed[i])
    },
  }
}
