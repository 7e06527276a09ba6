// What projects are called in lists and menus.
import type { Language } from './catalogue.js'
import { lookup } from './lookup.js'
import { wordsIn } from './sentences.js'

interface Listed {
  path: string
  name: string | null
  about?: string
  isThere: boolean
}

const folderOf = (path: string): string => path.split(/[\\/]/).at(-2) ?? ''

/** "Holiday", of several of one name "Holiday (Summer)" with the folder, "Untitled (Tape 3.avi)", "Holiday (not there)". */
export function projectLabel(project: Listed, all: readonly Listed[], language: Language): string {
  const { path, name, about = '', isThere } = project
  const t = lookup(language)
  const beside = (what: string): string => t('project.of', { name: name ?? t('project.untitled'), what })
  if (name === null) return beside(about)
  const isOne = all.every((other) => other.path === path || other.name !== name)
  const missing = t('project.missing')
  if (!isThere) return beside(isOne ? missing : wordsIn(language, [folderOf(path), missing]))
  return isOne ? name : beside(folderOf(path))
}
