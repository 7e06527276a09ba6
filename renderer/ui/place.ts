// Paths of both kinds of systems, as text.

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
