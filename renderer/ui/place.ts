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
  isWritable: boolean
}

/** Why nothing can be written there as things stand. */
export function obstacleOf(
  { name, mayOverwrite }: NamedPlace,
  check: PlaceCheck | undefined,
): 'noName' | 'isSource' | 'notWritable' | 'exists' | undefined {
  if (name.trim() === '') return 'noName'
  if (check?.isSource) return 'isSource'
  if (check && !check.isWritable) return 'notWritable'
  return check?.exists && !mayOverwrite ? 'exists' : undefined
}

/** Folder with its last separator, and name without extension. Understands both kinds of paths. */
export function splitPath(path: string): { folder: string; name: string } {
  const cut = Math.max(path.lastIndexOf('/'), path.lastIndexOf('\\')) + 1
  return { folder: path.slice(0, cut), name: path.slice(cut).replace(/\.[A-Za-z0-9]{2,4}$/, '') }
}

/** A folder as a listing gives it, with the separator that a name can follow. */
export function withSeparator(folder: string): string {
  if (/[\\/]$/.test(folder)) return folder
  return folder + (folder.includes('\\') && !folder.includes('/') ? '\\' : '/')
}
