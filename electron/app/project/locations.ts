// Where the media of a named project lie: from its own folder, so that a project moved together with its films, or copied to another
// computer, finds them, and from the root of the disk, so that one moved without them does.
import { stat } from 'node:fs/promises'
import { dirname, isAbsolute, relative, resolve, sep } from 'node:path'
import { fingerprintOf } from '../../ffmpeg/fingerprint.js'
import { isFile } from '../../ffmpeg/openFile.js'
import type { Project } from '../../shared/document/document.js'
import type { Media } from '../../shared/document/media.js'
import { codeOf } from '../../shared/words/systemReason.js'
import { severalAtOnce } from '../access/files.js'

export interface Reach {
  /** Whether a window may open this file: of others it is not even told whether they are there. */
  isAllowed(path: string): Promise<boolean>
  /** Of an open source. */
  fingerprint(id: string): string | undefined
}

async function isMeant(path: string, { fingerprint }: Media): Promise<boolean> {
  if (fingerprint === undefined) return true
  return (await fingerprintOf(path, await stat(path)).catch(() => undefined)) === fingerprint
}

/** Which folders are there; each is asked about once, and none in one that is not: films that are missing have mostly gone together. */
function folders(): (path: string) => Promise<boolean> {
  const known = new Map<string, Promise<boolean>>()
  const look = async (path: string): Promise<boolean> => {
    const parent = dirname(path)
    if (parent !== path && !(await isThere(parent))) return false
    return stat(path).then(
      (found) => found.isDirectory(),
      (cause: unknown) => !/^(ENOENT|ENOTDIR)$/.test(codeOf(cause) ?? ''), // one that may not be looked at may be gone through
    )
  }
  const isThere = (path: string): Promise<boolean> => {
    const found = known.get(path) ?? look(path)
    known.set(path, found)
    return found
  }
  return isThere
}

/** Of one project file: its folder, what may be opened, and which folders are there. */
interface Search {
  folder: string
  reach: Reach
  isFolder: (path: string) => Promise<boolean>
}

/** Where it is, of two places that both have a file the one that has this media; undefined: nowhere. */
async function find(media: Media, { folder, reach, isFolder }: Search): Promise<string | undefined> {
  const { relative: beside, absolute } = media.locations
  const places = [...new Set([...(beside === undefined ? [] : [resolve(folder, beside)]), absolute])]
  const there: string[] = []
  for (const path of places)
    if ((await isFolder(dirname(resolve(path)))) && (await reach.isAllowed(path)) && (await isFile(path)))
      there.push(path)
  if (there.length < 2) return there[0]
  for (const path of there) if (await isMeant(path, media)) return path
  return there[0]
}

/** As the window takes it: `absolute` is where the media is. What is nowhere keeps both of its places. `folder`: of the project file. */
export async function located(project: Project, folder: string, reach: Reach): Promise<Project> {
  const search = { folder, reach, isFolder: folders() }
  const locate = async (media: Media): Promise<Media> => {
    const path = await find(media, search)
    return path === undefined ? media : { ...media, locations: { absolute: path } }
  }
  return { ...project, media: await severalAtOnce(project.media, locate) }
}

/** With forward slashes; undefined from another drive. */
function relativeTo(folder: string, path: string): string | undefined {
  if (!isAbsolute(path)) return undefined // of another kind of system
  const found = relative(folder, path)
  return found === '' || isAbsolute(found) ? undefined : found.split(sep).join('/')
}

/**
 * As it is saved in `folder`: with the way from there to each media, and with what is known of its content. What was nowhere keeps its
 * way, from the folder that it was loaded from.
 */
export function written(project: Project, folder: string, loadedFrom: string, reach: Reach): Project {
  const write = (media: Media): Media => {
    const { absolute, relative: kept } = media.locations
    const beside = relativeTo(folder, kept === undefined ? absolute : resolve(loadedFrom, kept))
    const fingerprint = media.fingerprint ?? reach.fingerprint(media.id)
    return {
      ...media,
      ...(fingerprint === undefined ? {} : { fingerprint }),
      locations: { ...(beside === undefined ? {} : { relative: beside }), absolute },
    }
  }
  return { ...project, media: project.media.map(write) }
}

/** Of a project without a name: it is never moved. */
export const withoutWays = (project: Project): Project => ({
  ...project,
  media: project.media.map((media) => ({ ...media, locations: { absolute: media.locations.absolute } })),
})
