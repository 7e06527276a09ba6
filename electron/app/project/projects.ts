// The projects of this computer's person: each in its file, opened, begun, saved, given a name, and listed for the next time.
import { rm, stat } from 'node:fs/promises'
import { dirname } from 'node:path'
import { readText } from '../../ffmpeg/openFile.js'
import { checkTarget } from '../../ffmpeg/target.js'
import { writeAtomic } from '../access/files.js'
import { type Failure, failing, toFailure } from '../../shared/contract/errors.js'
import type {
  LoadedProject,
  ProjectFile,
  RecentProject,
  SavedProject,
} from '../../shared/contract/project.js'
import type { Project } from '../../shared/document/document.js'
import { filesOf, isThere, readCopy } from './copies.js'
import { type Reach, located, withoutWays, written } from './locations.js'
import { type Places, createPlaces } from './places.js'
import { type OneProject, createProjectFile, hasKept } from './projectFile.js'
import { type Entry, createRecentProjects } from './recentProjects.js'

export interface Projects extends Pick<Places, 'isOwn' | 'fileOf'> {
  /** The one that was open last, else the first one without a name. */
  last(): Promise<string>
  /** It is open from now on, and the one that was open last. */
  load(path: string): Promise<LoadedProject>
  /** As `load` next time, without looking into it. */
  remember(path: string): Promise<void>
  save(path: string, project: Project, revision: string): Promise<SavedProject>
  begin(): Promise<ProjectFile>
  saveAs(
    from: string,
    to: string,
    project: Project,
    mayOverwrite: boolean,
  ): Promise<{ file: ProjectFile; revision: string }>
  recent(): Promise<RecentProject[]>
  /** The files that the projects which were open here, or the one of the last time, are made of. */
  sources(): Promise<string[]>
}

interface Options {
  reach: Reach
  /** The list of recent projects is another. */
  onRecent: () => void
  now?: () => number
}

/** The files that any project on this computer which Heirloom knows of, or a backup of one, is made of. */
export async function sourcesOfSaved(dataFolder: string): Promise<Set<string>> {
  const places = createPlaces(dataFolder)
  const named = (await createRecentProjects(dataFolder, places.isOwn).list()).map(({ path }) => path)
  const found = new Set<string>()
  for (const path of new Set([...(await places.all()), ...named]))
    for (const file of filesOf(await readCopy(path))) found.add(file)
  return found
}

/** What a project is made of, in a few words. */
const aboutOf = ({ media }: Project): string | undefined => media[0]?.name.slice(0, 200)

const ignored = (): void => undefined

const stemOf = ({ name, path }: ProjectFile): string => name ?? path

export function createProjects(dataFolder: string, { reach, onRecent, now }: Options): Projects {
  const places = createPlaces(dataFolder)
  const recents = createRecentProjects(dataFolder, places.isOwn)
  const { isOwn, fileOf } = places
  const known = new Map<string, OneProject>()
  /** Of those that were open here. */
  const sources = new Map<string, readonly string[]>()

  function one(path: string): OneProject {
    const project = known.get(path) ?? createProjectFile(places.placeOf(path), now)
    known.set(path, project)
    return project
  }

  /** A list to choose from, no more: a full disk costs no project. */
  const list = async (work: Promise<unknown>): Promise<void> => {
    await work.catch(ignored)
    onRecent()
  }

  function use(path: string, project: Project): void {
    sources.set(
      path,
      project.media.map(({ locations }) => locations.absolute),
    )
  }

  /** What belongs to the file no more becomes a project without a name. */
  async function setApart(kept: string, of: ProjectFile): Promise<Failure> {
    const path = places.fresh()
    await writeAtomic(path, await readText(kept))
    await rm(kept)
    await recents.opened(path)
    await recents.learn(path, stemOf(of))
    return toFailure(failing('project-kept', 'projectKeptApart', { name: stemOf(of) }))
  }

  async function load(path: string): Promise<LoadedProject> {
    const file = fileOf(path)
    const isFirst = (await recents.last()) === undefined
    const { project, revision, notes, apart } = await one(path).load()
    if (apart !== undefined) await setApart(apart, file).then((note) => notes.push(note), ignored) // it is tried again the next time
    const shown = project && (isOwn(path) ? project : await located(project, dirname(path), reach))
    if (shown) use(path, shown)
    await list(recents.opened(path).then(() => recents.learn(path, shown ? aboutOf(shown) : undefined)))
    return { file, project: shown, revision, notes, isFirst: isFirst && !shown }
  }

  const asSaved = (project: Project, to: string, from: string): Project =>
    isOwn(to) ? withoutWays(project) : written(project, dirname(to), dirname(from), reach)

  async function save(path: string, project: Project, revision: string): Promise<SavedProject> {
    const saved = await one(path).save(asSaved(project, path, path), revision)
    use(path, project)
    if (await recents.learn(path, aboutOf(project)).catch(() => false)) onRecent()
    return saved
  }

  /** One without a name that has one now, and nothing in it that the named one has not. */
  async function leave(from: string, project: Project): Promise<void> {
    const copy = await readCopy(from)
    if (copy.state !== 'whole' || JSON.stringify(copy.project) !== JSON.stringify(withoutWays(project)))
      return
    await one(from).remove()
    await recents.forget(from)
  }

  async function saveAs(
    from: string,
    to: string,
    project: Project,
    mayOverwrite: boolean,
  ): Promise<{ file: ProjectFile; revision: string }> {
    await checkTarget(to, [...sources.values()].flat(), mayOverwrite)
    const revision = await one(to).replace(asSaved(project, to, from))
    use(to, project)
    await list(recents.opened(to).then(() => recents.learn(to, aboutOf(project))))
    if (isOwn(from)) await list(leave(from, project))
    return { file: fileOf(to), revision }
  }

  const recentOf = async ({ path, about, openedMs }: Entry): Promise<RecentProject> => ({
    ...{ ...fileOf(path), about, openedMs },
    isThere: (await isThere(path)) || (await hasKept(places.placeOf(path))),
  })

  /** Those without a name that the list does not have: it may have been lost. */
  async function unlisted(listed: readonly Entry[]): Promise<Entry[]> {
    const found: Entry[] = []
    for (const path of [places.first, ...(await places.unnamed())]) {
      if (listed.some((entry) => entry.path === path)) continue
      const copy = await readCopy(path)
      const openedMs = copy.state === 'whole' ? (await stat(path)).mtimeMs : 0
      if (copy.state === 'whole') found.push({ path, openedMs, about: aboutOf(copy.project) })
    }
    return found
  }

  async function recent(): Promise<RecentProject[]> {
    const listed = await recents.list()
    const all = await Promise.all([...listed, ...(await unlisted(listed))].map(recentOf))
    return all.filter(({ name, about, isThere }) => name !== null || (about !== undefined && isThere))
  }

  return {
    ...{ isOwn, fileOf, load, save, saveAs, recent },
    last: async () => (await recents.last()) ?? places.first,
    remember: (path) => list(recents.opened(path)),
    begin: async () => {
      const path = places.fresh()
      await list(recents.opened(path))
      return fileOf(path)
    },
    sources: async () => {
      if (sources.size > 0) return [...new Set([...sources.values()].flat())]
      return filesOf(await readCopy((await recents.last()) ?? places.first))
    },
  }
}
