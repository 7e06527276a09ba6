// Names of files: as long as the system takes them, cut where a person would cut, and told apart from bytes that are no Unicode.
import { readdir } from 'node:fs/promises'
import { sep } from 'node:path'

/** What every file system that we know takes, in bytes of UTF-8 (Windows and macOS count letters and take more). */
const longest = 255

/** `name` with `ending`: shortened by whole characters, as people see them, until both fit. */
export function fitted(name: string, ending: string): string {
  const room = longest - Buffer.byteLength(ending)
  if (Buffer.byteLength(name) <= room) return name + ending
  let [kept, bytes] = ['', 0]
  for (const { segment } of new Intl.Segmenter().segment(name)) {
    bytes += Buffer.byteLength(segment)
    if (bytes > room) break
    kept += segment
  }
  return kept.trimEnd() + ending
}

/**
 * Whether something is there whose name is in bytes that are not Unicode, as on discs of old: what we are given has U+FFFD
 * in place of those, and no path that we could write reaches it.
 */
export async function isNotUnicode(path: string): Promise<boolean> {
  const parts = path.split(sep)
  const first = parts.findIndex((part) => part.includes('\uFFFD'))
  if (first < 0) return false
  const names = await readdir(parts.slice(0, first).join(sep) || sep, { encoding: 'buffer' }).catch(
    () => [], // the folder is not there either
  )
  return names.some((name) => {
    const text = name.toString('utf8')
    return text === parts[first] && !Buffer.from(text).equals(name)
  })
}
