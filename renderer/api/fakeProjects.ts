// The fake's projects: kept in memory, by path, with a revision for every save.
import { Api, ApiEvent } from '../../electron/shared/contract/api.js'
import { failing } from '../../electron/shared/contract/errors.js'
import { ProjectFile, isProjectName } from '../../electron/shared/contract/project.js'
import { Project } from '../../electron/shared/document/document.js'
import { message } from '../../electron/shared/words/sentences.js'

type Plain<Method> = Method extends (...args: infer Args) => Promise<infer Result>
  ? (...args: Args) => Result
  : never
type Answers = { [Name in keyof Api['project']]: Plain<Api['project'][Name]> }

interface Kept {
  project: Project
  revision: string
}

const first = '/heirloom/data/autosave.json'

const fileOf = (path: string): ProjectFile => ({
  path,
  name: path.startsWith('/heirloom/data/')
    ? null
    : (path.split('/').at(-1) ?? path).replace(/\.heirloom$/, ''),
})

/** Which names are taken is remembered, no more. */
function fakeCuts(): Pick<Answers, 'cutNotes' | 'saveCuts'> {
  const written = new Set<string>()
  return {
    cutNotes: (_, format) => (format === 'edl' ? [message('cutsEdlRate', { rate: '25' })] : []),
    saveCuts: (_, _format, path, mayOverwrite) => {
      if (written.has(path) && !mayOverwrite)
        throw failing('output-exists', 'outputExists', { name: path, folder: '/films' })
      written.add(path)
      return []
    },
  }
}

/** `saved`: everything saved so far, the newest last. */
export function fakeProjects(
  begun: Project | null,
  saved: Project[],
  emit: (event: ApiEvent) => void,
): Answers {
  const kept = new Map<string, Kept>()
  if (begun) kept.set(first, { project: begun, revision: '0' })
  const opened: string[] = []
  const open = (path: string): ProjectFile => {
    opened.splice(0, opened.length, path, ...opened.filter((one) => one !== path))
    emit({ type: 'recentProjects' })
    return fileOf(path)
  }
  const put = (path: string, project: Project): string => {
    const revision = `${saved.push(project)}`
    kept.set(path, { project, revision })
    emit({ type: 'project', path, revision })
    return revision
  }
  return {
    ...fakeCuts(),
    load: (wanted) => {
      const path = wanted ?? opened[0] ?? first
      const isFirst = opened.length === 0 && !kept.has(path)
      const { project = null, revision = '' } = kept.get(path) ?? {}
      if (!project && isProjectName(path) && fileOf(path).name !== null)
        throw failing('not-found', 'projectGone', { name: path, folder: '/films' })
      return { file: open(path), project, revision, notes: [], isFirst }
    },
    save: (path, project, revision) => {
      if (revision !== (kept.get(path)?.revision ?? '')) throw failing('project-changed', 'projectChanged')
      return { revision: put(path, project) }
    },
    begin: () => open(`/heirloom/data/untitled-${opened.length}.heirloom`),
    saveAs: (_, path, project, mayOverwrite) => {
      if (kept.has(path) && !mayOverwrite)
        throw failing('output-exists', 'outputExists', { name: path, folder: '/films' })
      return { file: open(path), revision: put(path, project) }
    },
    forget: (path) => {
      opened.splice(0, opened.length, ...opened.filter((one) => one !== path))
      emit({ type: 'recentProjects' })
      return null
    },
    recent: () =>
      opened.flatMap((path) => {
        const about = kept.get(path)?.project.media[0]?.name
        const { name } = fileOf(path)
        return name === null && about === undefined
          ? []
          : [{ ...fileOf(path), about, openedMs: Date.UTC(2026, 9, 2), isThere: kept.has(path) }]
      }),
  }
}
