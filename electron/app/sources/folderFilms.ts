// The films in a folder and in those inside it, by their names, in the order in which people see them. Hidden ones are left out, and no
// link is followed: it could lead round in a circle.
import { readdir } from 'node:fs/promises'
import { basename, join } from 'node:path'
import { failing } from '../../shared/contract/errors.js'
import { byName, isFilmName } from '../../shared/media/fileNames.js'
import { systemReason } from '../../shared/words/systemReason.js'

async function filmsBelow(folder: string): Promise<string[]> {
  const entries = (await readdir(folder, { withFileTypes: true }))
    .filter(({ name }) => !name.startsWith('.'))
    .sort(byName)
  const films = entries.filter((entry) => entry.isFile() && isFilmName(entry.name))
  const below: string[] = films.map(({ name }) => join(folder, name))
  for (const entry of entries)
    if (entry.isDirectory()) below.push(...(await filmsBelow(join(folder, entry.name))))
  return below
}

/** Fails with `not-found` when there are none. */
export async function filmsIn(folder: string): Promise<string[]> {
  const name = basename(folder)
  const films = await filmsBelow(folder).catch((cause: unknown) => {
    const values = { name, reason: systemReason(cause) }
    throw failing('source-unreadable', 'folderUnreadable', values, { cause })
  })
  if (films.length === 0) throw failing('not-found', 'folderNoFilms', { name })
  return films
}
