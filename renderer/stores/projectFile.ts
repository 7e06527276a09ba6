// Which file the shown project is kept in, and which projects were open before. A tab that is loaded again shows the same one.
import { create } from 'zustand'
import { ProjectFile, RecentProject } from '../../electron/shared/contract/project.js'
import { api } from './host.js'
import { notifyFailure } from './session.js'

interface ProjectFileState {
  /** Undefined until the window knows. */
  file?: ProjectFile
  recent: readonly RecentProject[]
}

export const useProjectFile = create<ProjectFileState>()(() => ({ recent: [] }))

const storageKey = 'heirloom.project'

export function setProjectFile(file: ProjectFile): void {
  useProjectFile.setState({ file })
  document.title = file.name === null ? 'Heirloom' : `${file.name} – Heirloom`
  try {
    sessionStorage.setItem(storageKey, file.path)
  } catch {
    // Storage may be switched off: then the project that was open last is shown.
  }
}

/** What this tab showed before it was loaded again. */
export function rememberedPath(): string | null {
  try {
    return sessionStorage.getItem(storageKey)
  } catch {
    return null // storage may be switched off
  }
}

/** The list is told anew when that is done. */
export const forgetProject = (path: string): Promise<unknown> =>
  api().project.forget(path).catch(notifyFailure)

export const refreshRecentProjects = (): Promise<void> =>
  api()
    .project.recent()
    .then((recent) => useProjectFile.setState({ recent }), notifyFailure)
