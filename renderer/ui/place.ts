// Paths of both kinds of systems, as text; and whether a new file may stand at one.

export interface NamedPlace {
  /** With its last separator. */
  folder: string
  /** Without its extension. */
  name: string
  mayOverwrite: boolean
}

/** What is known of the file at a place. */
export interface PlaceCheck {
  exists: boolean
  isSource: boolean
  /** Why nothing can be written there, for people. */
  refusal?: string
  /** Other work is going to write it. */
  isInWork: boolean
  freePath?: string
}

/** File systems take 255 bytes; the ending and what marks an unfinished file need some of them. */
const maxNameBytes = 220

/** Why nothing can be written there as things stand. */
export function obstacleOf(
  { name, mayOverwrite }: NamedPlace,
  check: PlaceCheck | undefined,
): 'noName' | 'nameTooLong' | 'isSource' | 'refusal' | 'isInWork' | 'exists' | undefined {
  if (name.trim() === '') return 'noName'
  if (new TextEncoder().encode(name).length > maxNameBytes) return 'nameTooLong'
  if (check?.isSource) return 'isSource'
  if (check?.refusal !== undefined) return 'refusal'
  if (check?.isInWork) return 'isInWork'
  return check?.exists && !mayOverwrite ? 'exists' : undefined
}

/** "Lake 12.07.1994" has no ending; only what films, photos, projects and lists of cuts end in is one. */
export const withoutEnding = (name: string): string =>
  name.replace(
    /\.(mp4|m4v|mov|mkv|webm|avi|mpe?g|mts|m2ts|vob|dv|3gp|wmv|png|jpe?g|tiff?|heirloom|otio|fcpxml|edl|csv)$/i,
    '',
  )

/** Folder with its last separator, and name without extension. Understands both kinds of paths. */
export function splitPath(path: string): { folder: string; name: string } {
  const cut = Math.max(path.lastIndexOf('/'), path.lastIndexOf('\\')) + 1
  return { folder: path.slice(0, cut), name: withoutEnding(path.slice(cut)) }
}

/** A folder as a listing gives it, with the separator that a name can follow. */
export function withSeparator(folder: string): string {
  if (/[\\/]$/.test(folder)) return folder
  return folder + (folder.includes('\\') && !folder.includes('/') ? '\\' : '/')
}
