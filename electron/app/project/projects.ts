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
import { namesNotKnown } from '../../shared/document/cutList.js'
import { withAskedSpeeds } from '../../shared/document/edits/motion.js'
import type { Project } from '../../shared/document/document.js'
import { filesOf, isThere, readCopy } from './copies.js'
import { type Reach, located, withoutWays, written } from './locations.js'
import { type Places, createPlaces } from './places.js'
import { type OneProject, createProjectFile, hasKept } from './projectFile.js'
import { type Entry, type RecentProjects, createRecentProjects } from './recentProjects.js'

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
  /** It is not listed any more. */
  forget(path: string): Promise<void>
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

/** What the projects of one data folder share. */
interface Shelf {
  places: Places
  recents: RecentProjects
  reach: Reach
  onRecent: () => void
  /** The same one for the same path, always: its work is done in turn. */
  one: (path: string) => OneProject
  /** The files that those which were open here are made of. */
  sources: Map<string, readonly string[]>
}

/** A list to choose from, no more: a full disk costs no project. */
async function list({ onRecent }: Shelf, work: Promise<unknown>): Promise<void> {
  await work.catch(ignored)
  onRecent()
}

function use({ sources }: Shelf, path: string, project: Project): void {
  sources.set(
    path,
    project.media.map(({ locations }) => locations.absolute),
  )
}

/** What belongs to the file no more becomes a project without a name. */
async function setApart({ places, recents }: Shelf, kept: string, of: ProjectFile): Promise<Failure> {
  const path = places.fresh()
  await writeAtomic(path, await readText(kept))
  await rm(kept)
  await recents.opened(path)
  await recents.learn(path, stemOf(of))
  return toFailure(failing('project-kept', 'projectKeptApart', { name: stemOf(of) }))
}

async function load(shelf: Shelf, path: string): Promise<LoadedProject> {
  const { places, recents, reach } = shelf
  const file = places.fileOf(path)
  const isFirst = (await recents.list()).every((entry) => entry.path === path) // begun before, it may not have come to be saved
  const { project, revision, notes, apart } = await shelf.one(path).load()
  if (apart !== undefined) await setApart(shelf, apart, file).then((note) => notes.push(note), ignored) // it is tried again the next time
  const found = project && (places.isOwn(path) ? project : await located(project, dirname(path), reach))
  const mended = found && withAskedSpeeds(found, {})
  const shown = mended?.project ?? null
  if (shown) use(shelf, path, shown)
  const names = shown ? namesNotKnown(shown) : []
  if (names.length > 0) notes.push(toFailure(failing('project-damaged', 'projectNotKnown', { names })))
  if (mended && mended.names.length > 0)
    notes.push(toFailure(failing('project-damaged', 'projectSpeeds', { names: mended.names })))
  await list(
    shelf,
    recents.opened(path).then(() => recents.learn(path, shown ? aboutOf(shown) : undefined)),
  )
  return { file, project: shown, revision, notes, isFirst: isFirst && !shown }
}

const asSaved = ({ places, reach }: Shelf, project: Project, to: string, from: string): Project =>
  places.isOwn(to) ? withoutWays(project) : written(project, dirname(to), dirname(from), reach)

async function save(shelf: Shelf, path: string, project: Project, revision: string): Promise<SavedProject> {
  const saved = await shelf.one(path).save(asSaved(shelf, project, path, path), revision)
  use(shelf, path, project)
  if (await shelf.recents.learn(path, aboutOf(project)).catch(() => false)) shelf.onRecent()
  return saved
}

/** One without a name that has one now, and nothing in it that the named one has not. */
async function leave({ one, recents }: Shelf, from: string, project: Project): Promise<void> {
  const copy = await readCopy(from)
  if (copy.state !== 'whole' || JSON.stringify(copy.project) !== JSON.stringify(withoutWays(project))) return
  await one(from).remove()
  await recents.forget(from)
}

async function saveAs(
  shelf: Shelf,
  from: string,
  to: string,
  project: Project,
  mayOverwrite: boolean,
): Promise<{ file: ProjectFile; revision: string }> {
  const { places, recents, sources } = shelf
  await checkTarget(to, [...sources.values()].flat(), mayOverwrite)
  const revision = await shelf.one(to).replace(asSaved(shelf, project, to, from))
  use(shelf, to, project)
  await list(
    shelf,
    recents.opened(to).then(() => recents.learn(to, aboutOf(project))),
  )
  if (places.isOwn(from)) await list(shelf, leave(shelf, from, project))
  return { file: places.fileOf(to), revision }
}

async function begin(shelf: Shelf): Promise<ProjectFile> {
  const path = shelf.places.fresh()
  await list(shelf, shelf.recents.opened(path))
  return shelf.places.fileOf(path)
}

const recentOf = async (places: Places, { path, about, openedMs }: Entry): Promise<RecentProject> => ({
  ...{ ...places.fileOf(path), about, openedMs },
  isThere: (await isThere(path)) || (await hasKept(places.placeOf(path))),
})

/** Those without a name that the list does not have: it may have been lost. */
async function unlisted(places: Places, listed: readonly Entry[]): Promise<Entry[]> {
  const found: Entry[] = []
  for (const path of [places.first, ...(await places.unnamed())]) {
    if (listed.some((entry) => entry.path === path)) continue
    const copy = await readCopy(path)
    const openedMs = copy.state === 'whole' ? (await stat(path)).mtimeMs : 0
    if (copy.state === 'whole') found.push({ path, openedMs, about: aboutOf(copy.project) })
  }
  return found
}

async function recent({ places, recents }: Shelf): Promise<RecentProject[]> {
  const listed = await recents.list()
  const entries = [...listed, ...(await unlisted(places, listed))]
  const all = await Promise.all(entries.map((entry) => recentOf(places, entry)))
  return all.filter(({ name, about, isThere }) => name !== null || (about !== undefined && isThere))
}

const last = async ({ places, recents }: Shelf): Promise<string> => (await recents.last()) ?? places.first

async function sourcesOf(shelf: Shelf): Promise<string[]> {
  if (shelf.sources.size > 0) return [...new Set([...shelf.sources.values()].flat())]
  return filesOf(await readCopy(await last(shelf)))
}

function openShelf(dataFolder: string, { reach, onRecent, now }: Options): Shelf {
  const places = createPlaces(dataFolder)
  const recents = createRecentProjects(dataFolder, places.isOwn)
  const known = new Map<string, OneProject>()
  const one = (path: string): OneProject => {
    const project = known.get(path) ?? createProjectFile(places.placeOf(path), now)
    known.set(path, project)
    return project
  }
  return { places, recents, reach, onRecent, one, sources: new Map() }
}

export function createProjects(dataFolder: string, options: Options): Projects {
  const shelf = openShelf(dataFolder, options)
  const { isOwn, fileOf } = shelf.places
  return {
    ...{ isOwn, fileOf },
    last: () => last(shelf),
    load: (path) => load(shelf, path),
    remember: (path) => list(shelf, shelf.recents.opened(path)),
    save: (path, project, revision) => save(shelf, path, project, revision),
    begin: () => begin(shelf),
    saveAs: (from, to, project, mayOverwrite) => saveAs(shelf, from, to, project, mayOverwrite),
    recent: () => recent(shelf),
    forget: (path) => list(shelf, shelf.recents.forget(path)),
    sources: () => sourcesOf(shelf),
  }
}
